"""This module says which rows of a legacy table a live question asks for. It is pure.

What is asked is kept apart from the values: questions of one shape have one statement, which is written once.
"""

from collections.abc import Iterable, Iterator
from itertools import chain, count
from typing import Any, NamedTuple

import sqlalchemy as sa

from adapters.declaration import Lookup, NameColumns
from contracts.identity import PersonName
from contracts.query import Criteria

MAX_SPLITS = 8

Part = tuple[str, tuple[str, ...]]
"""A column and the forms of which it has to hold one, in any upper or lower case."""


class Shape(NamedTuple):
    """What is asked, without the values: rows with one of some document numbers, or with a name and a birth date.

    A name has several readings, each of some columns; each column may hold one of some forms.
    """

    documents: int
    readings: tuple[tuple[tuple[str, int], ...], ...]
    born: bool


class Question(NamedTuple):
    """A shape with the values that belong to it, under the names that `condition` gives them."""

    shape: Shape
    values: dict[str, Any]


def question_of(lookup: Lookup, criteria: Criteria) -> Question | None:
    """Give what a table is asked; nothing where it cannot be asked for this."""
    documents = [document.number for document in criteria.documents] if lookup.document else []
    readings = [reading for name in criteria.names for columns in lookup.names for reading in _readings(columns, name)]
    if not documents and not readings:
        return None
    born = lookup.birth is not None and criteria.birth_date is not None and bool(readings)
    shape = Shape(
        len(documents), tuple(tuple((column, len(forms)) for column, forms in reading) for reading in readings), born
    )
    forms = chain.from_iterable(forms for reading in readings for _, forms in reading)
    values: dict[str, Any] = {
        **{f"document_{at}": number for at, number in enumerate(documents)},
        **{f"name_{at}": form for at, form in enumerate(forms)},
    }
    if lookup.birth is not None and criteria.birth_date is not None and born:
        year = criteria.birth_date.year
        values["born"] = year if _is_year(lookup) else lookup.birth[1].format(year=f"{year:04d}")
    return Question(shape, values)


def condition(lookup: Lookup, shape: Shape) -> sa.ColumnElement[bool]:
    """Write what a shape asks for, with a parameter for each value."""
    parts: list[sa.ColumnElement[bool]] = []
    if lookup.document:
        column: sa.ColumnClause[Any] = sa.column(lookup.document)
        parts.extend(column == sa.bindparam(f"document_{at}", type_=sa.String) for at in range(shape.documents))
    if shape.readings:
        numbers = count()
        named = sa.or_(
            *(sa.and_(*(_is_one_of(column, forms, numbers) for column, forms in reading)) for reading in shape.readings)
        )
        parts.append(sa.and_(named, _born(lookup)) if shape.born else named)
    return sa.or_(*parts)


def _is_one_of(column: str, forms: int, numbers: Iterator[int]) -> sa.ColumnElement[bool]:
    upper = sa.func.upper(sa.column(column))
    # Quicker to send than a list of a length of its own.
    return sa.or_(*(upper == sa.bindparam(f"name_{next(numbers)}", type_=sa.String) for _ in range(forms)))


def _born(lookup: Lookup) -> sa.ColumnElement[bool]:
    """Narrow to a year; a row that says none may be the one."""
    assert lookup.birth is not None
    column: sa.ColumnClause[Any] = sa.column(lookup.birth[0])
    if _is_year(lookup):
        return sa.or_(column == sa.bindparam("born", type_=sa.Integer), column.is_(None))
    return sa.or_(column.like(sa.bindparam("born", type_=sa.String)), column.is_(None), column == "")


def _is_year(lookup: Lookup) -> bool:
    return lookup.birth is not None and lookup.birth[1] == "{year}"


def _readings(columns: NameColumns, name: PersonName) -> Iterator[tuple[Part, ...]]:
    if columns.full:
        yield ((columns.full, _forms(whole_names(name))),)
    if columns.family:
        for family, given in parted_names(name):
            last = (columns.family, _forms([family]))
            yield (last, (columns.given, _forms([given]))) if given and columns.given else (last,)


def whole_names(name: PersonName) -> list[str]:
    """Give the ways to write a name on one line: given names first, or family name first."""
    if name.full:
        return [name.full]
    parts = [part for part in (name.given, name.family) if part]
    return list(dict.fromkeys((" ".join(parts), " ".join(reversed(parts)))))


def parted_names(name: PersonName) -> list[tuple[str, str | None]]:
    """Give the ways to part a name into family and given; a whole one may be parted at any blank, in both orders."""
    if name.family or not name.full:
        return [(name.family or name.given or "", name.given if name.family else None)]
    words = name.full.split()[: MAX_SPLITS + 1]
    if len(words) == 1:
        return [(words[0], None)]
    cuts = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    return [*((last, first) for first, last in cuts), *cuts]


def _forms(values: Iterable[str]) -> tuple[str, ...]:
    """Give values in upper case: databases differ about letters beyond ASCII, so both forms are looked for."""
    return tuple(sorted({form for value in values for form in (value.upper(), _ascii_upper(value))}))


def _ascii_upper(text: str) -> str:
    return "".join(character.upper() if character.isascii() else character for character in text)
