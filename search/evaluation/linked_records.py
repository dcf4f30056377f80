"""This module reads the records that linkage is measured on: a map tells which columns hold which field. It is pure.

What cannot be read of a record is noted, and the record stays.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product
from typing import Any

from contracts.countries import state_of
from search.evaluation.dates import NOT_READ, ORDER_NOT_TOLD, OrderNotTold, date_text, read_date
from search.evaluation.people import (
    LONGEST_NAME,
    MOST_COUNTRIES,
    MOST_DATES,
    MOST_DOCUMENTS,
    MOST_NAMES,
    Countries,
    Values,
    order_of_dates,
    too_many,
)
from search.evaluation.tables import SEPARATOR, Fault, NotMeasurable, Row, Table
from search.linkage.names import Words, words
from search.linkage.persons import LinkRecord, NameParts, one_sex, plain

CONTRACT_NAMES = {
    "id": ("id", "record", "reference"),
    "name": ("name", "names", "full", "full_name"),
    "given": ("given", "given_name", "given_names", "first_name", "forename"),
    "family": ("family", "family_name", "last_name", "surname"),
    "birth_date": ("birth_date", "birth_dates", "date_of_birth", "dob"),
    "birth_place": ("birth_place", "place_of_birth"),
    "sex": ("sex", "gender"),
    "nationality": ("nationality", "nationalities"),
    "document": ("document", "documents", "document_number"),
}
"""The fields of the contract, each with the names by which a map may call it."""
_CONTRACT = {name: field for field, names in CONTRACT_NAMES.items() for name in names}
_PARTED = ("given", "family")
MOST_TEXTS = 20
"""Of one record: places of birth, and values of each extra field; keys grow with their product with the names."""


@dataclass(frozen=True, slots=True)
class FieldMap:
    """Which columns hold which field of the contract; all others that are named are extra fields, compared as text."""

    columns: Mapping[str, tuple[str, ...]]

    @property
    def extras(self) -> tuple[str, ...]:
        """The fields beyond identity data."""
        return tuple(field for field in self.columns if field not in CONTRACT_NAMES)

    @property
    def told(self) -> str:
        """What the map was taken for: which columns are fields of the contract, and which are compared as text."""
        written = {name: f"{name} = {' + '.join(columns)}" for name, columns in self.columns.items()}
        known = ", ".join(text for name, text in written.items() if name in CONTRACT_NAMES)
        extras = ", ".join(written[name] for name in self.extras)
        both = "name" in self.columns and not self.columns.keys().isdisjoint(_PARTED)
        return "; ".join(
            [
                f"contract fields: {known}",
                *([f"compared as text: {extras}"] if extras else []),
                *(["given and family count before name"] if both else []),
            ]
        )


def read_map(text: str) -> FieldMap:
    """Read a map, TOML: contract field = column, or a list of columns that are one value when joined by a space.

    Raises:
        NotMeasurable: it is no TOML, names no columns, gives a field twice, or lacks the identifier.
    """
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise NotMeasurable(f'The map is no TOML ({wrong}); write lines such as: id = "number".') from None
    except RecursionError:
        raise NotMeasurable('The map is no TOML that can be read; write lines such as: id = "number".') from None
    columns: dict[str, tuple[str, ...]] = {}
    called: dict[str, str] = {}
    for key, named in _flat(read):
        name = _CONTRACT.get(key, key)
        if name in columns:
            raise NotMeasurable(f"The map gives {name} twice, as {called[name]} and as {key}; keep one of the two.")
        columns[name], called[name] = named, key
    if "id" not in columns:
        raise NotMeasurable('The map has no id; name the column that identifies a record: id = "number".')
    return FieldMap(columns)


def _flat(table: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value)
            continue
        named = value if isinstance(value, list) else [value]
        if not named or not all(isinstance(each, str) and each.strip() for each in named):
            raise NotMeasurable(f"The map gives no column for {key}; write the name of a column, or a list of names.")
        yield key, tuple(each.strip() for each in named)


def check_columns(tables: Sequence[Table], fields: FieldMap) -> None:
    """Refuse a map that names a column which no file has: what is compared would lack it silently.

    Raises:
        NotMeasurable: there is one.
    """
    there = {column: None for table in tables for column in table.columns if column}
    for name, columns in fields.columns.items():
        missing = next((column for column in columns if column not in there), None)
        if missing is not None:
            raise NotMeasurable(f"No file has the column {missing} that the map gives {name}; use: {', '.join(there)}.")


@dataclass(slots=True)
class _Gathered:
    """What the rows of one record hold, the first of which is on `line`."""

    line: int
    names: list[NameParts] = field(default_factory=list)
    birth_dates: list[str] = field(default_factory=list)
    sexes: list[str] = field(default_factory=list)
    nationalities: list[str] = field(default_factory=list)
    birth_places: list[str] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    extras: dict[str, list[str]] = field(default_factory=dict)

    def shortened(self) -> Iterator[str]:
        """Leave out what is more than a record may have, as where the map names no identifier; say what that is."""
        lists: list[tuple[str, list[Any], int]] = [
            ("name", self.names, MOST_NAMES),
            ("birth_date", self.birth_dates, MOST_DATES),
            ("nationality", self.nationalities, MOST_COUNTRIES),
            ("birth_place", self.birth_places, MOST_TEXTS),
            ("document", self.documents, MOST_DOCUMENTS),
            *((extra, values, MOST_TEXTS) for extra, values in self.extras.items()),
        ]
        for name, values, most in lists:
            values[:] = dict.fromkeys(values)
            if len(values) > most:
                yield too_many(name, most)
                del values[most:]


def records_of(
    table: Table, fields: FieldMap, source: str, countries: Countries
) -> tuple[list[LinkRecord], list[Fault]]:
    """Make the records of one file; several values stand in a cell parted by `|`, and rows of one id are one record.

    Raises:
        NotMeasurable: the file lacks a column of the identifier.
    """
    missing = [column for column in fields.columns["id"] if column not in table.columns]
    if missing:
        raise NotMeasurable(f"{source} has no column {missing[0]}; its columns are: {', '.join(table.columns)}.")
    gathered: dict[str, _Gathered] = {}
    faults = []
    rows = [_mapped(row, fields) for row in table.rows]
    month_first = order_of_dates(rows)
    for row in rows:
        ids = row.values("id")
        if not ids:
            faults.append(Fault(row.line, "the record has no identifier; it is passed over"))
            continue
        held = gathered.setdefault(ids[0], _Gathered(row.line))
        told = [*_add(held, row, fields, countries), *_add_dates(held, row, month_first)]
        faults += [Fault(row.line, text, counts=True) for text in told]
    faults += [Fault(held.line, text, counts=True) for held in gathered.values() for text in held.shortened()]
    return [_record(name, source, held) for name, held in gathered.items()], faults


def lines_of_more_rows(table: Table, fields: FieldMap) -> list[int]:
    """Give the lines of the rows that bear the identifier of a row above, and so add to its record."""
    seen: set[str] = set()
    lines = []
    for row in table.rows:
        ids = _mapped(row, fields).values("id")[:1]
        if not seen.isdisjoint(ids):
            lines.append(row.line)
        seen.update(ids)
    return lines


def _mapped(row: Row, fields: FieldMap) -> Row:
    """Give a row its fields instead of its columns; several columns make one value."""
    cells = {
        name: row.text(columns[0])
        if len(columns) == 1
        else " ".join(filter(None, (row.text(column).replace(SEPARATOR, " ") for column in columns)))
        for name, columns in fields.columns.items()
    }
    return Row(row.line, cells)


def _add(held: _Gathered, row: Row, fields: FieldMap, countries: Countries) -> list[str]:
    """Add a row to a record; give what cannot be read of it."""
    values = Values(row, countries)
    full = [NameParts(full=words(name)) for name in values.names()]
    parts = [row.values(part) or ("",) for part in _PARTED]
    if not any(map(any, parts)):
        held.names += full
    elif any(len(name) > LONGEST_NAME for each in parts for name in each):
        values.faults.append(f"a name has more than {LONGEST_NAME} characters")
    else:
        each_with_each = islice(product(*parts), MOST_NAMES + 1)  # one more than may be, so that it is told
        held.names += (NameParts(*map(_words, names)) for names in each_with_each)
    held.nationalities += values.codes()
    held.documents += values.numbers()
    held.sexes += filter(None, [values.sex()])
    held.birth_places += map(plain, row.values("birth_place"))
    for name in fields.extras:
        held.extras.setdefault(name, []).extend(map(plain, row.values(name)))
    return [f"{fault}; it is left out" for fault in values.faults]


def _add_dates(held: _Gathered, row: Row, month_first: bool | None) -> list[str]:
    """Add the birth dates of a row; give what is wrong with them. A slip may be all that is, so all are compared."""
    faults = []
    for text in row.values("birth_date"):
        try:
            read_date(text, month_first)
        except OrderNotTold as wrong:
            date = str(wrong.year)
            faults.append(f"{ORDER_NOT_TOLD}; its year alone counts")
        except ValueError:
            date = date_text(text, month_first)
            faults.append(f"{NOT_READ}; it is compared as it is written")
        else:
            date = date_text(text, month_first)
        held.birth_dates += filter(None, [date])
    return faults


def _words(text: str) -> Words:
    return words(text) if text else ()


def _record(name: str, source: str, held: _Gathered) -> LinkRecord:
    return LinkRecord(
        id=name,
        source=source,
        names=tuple(dict.fromkeys(each for each in held.names if each.all)),
        birth_dates=tuple(dict.fromkeys(held.birth_dates)),
        sex=one_sex({*held.sexes}),
        nationalities=tuple(dict.fromkeys(map(state_of, held.nationalities))),
        birth_places=tuple(dict.fromkeys(held.birth_places)),
        documents=tuple(dict.fromkeys(held.documents)),
        extras={extra: tuple(dict.fromkeys(values)) for extra, values in held.extras.items() if values},
    )
