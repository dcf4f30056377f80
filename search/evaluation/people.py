"""This module reads persons and queries from the rows of a table. It is pure.

What cannot be read of a person is left out and noted; the person stays. A query that cannot be read is not asked.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from contracts.dates import PartialDate
from contracts.identity import DocumentRef, IdentityData, PersonName, Sex, document_number
from contracts.query import Criteria
from contracts.records import PersonV1
from contracts.references import record_ref
from search.evaluation.countries import THREE_LETTERS
from search.evaluation.dates import NOT_READ, ORDER_NOT_TOLD, OrderNotTold, month_comes_first, read_date
from search.evaluation.tables import Fault, Row
from search.linkage.persons import one_sex, sex_code
from search.mrz.codes import is_known
from search.names.parse import parse

RECORD_COLUMNS = ("id", "name")
QUERY_COLUMNS = ("name", "expected_id")
SYSTEM, STREAM = "evaluation", "person"
LONGEST_NAME, MOST_NAMES, MOST_DATES, MOST_COUNTRIES, MOST_DOCUMENTS, LONGEST_NUMBER = 300, 200, 20, 20, 50, 40
"""As the contracts allow of one person."""
MOST_ASKED = 10
"""As `contracts.query.Criteria` allows of each field."""

_UNKNOWN = {"", "u", "unknown"}

Countries = Callable[[str], Sequence[str]]
"""Reads the codes (ISO 3166-1 alpha-3) of the countries that a text names; of what it does not know a ValueError."""


@dataclass(slots=True)
class People:
    """The persons of a table as records of the repository, and the id that the table gives each."""

    events: list[PersonV1] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Query:
    """One query: what is asked, and whom it should find; nobody, for a negative.

    `criteria` is nothing where the row cannot be asked; then `fault` says why.
    """

    row: Row
    criteria: Criteria | None
    expected: frozenset[str]
    fault: str = ""


def too_many(column: str, most: int) -> str:
    """Say that a record has more values than one may have."""
    return f"the record has more than {most} values of {column}; those behind are left out"


@dataclass(slots=True)
class _Gathered:
    line: int
    names: dict[str, None] = field(default_factory=dict)
    dates: dict[PartialDate, None] = field(default_factory=dict)
    countries: dict[str, None] = field(default_factory=dict)
    documents: dict[str, None] = field(default_factory=dict)
    sexes: set[Sex] = field(default_factory=set)

    def shortened(self) -> Iterator[str]:
        """Leave out what is more than a record may have; say what that is."""
        for column, values, most in (
            ("name", self.names, MOST_NAMES),
            ("birth_date", self.dates, MOST_DATES),
            ("nationality", self.countries, MOST_COUNTRIES),
            ("document", self.documents, MOST_DOCUMENTS),
        ):
            if len(values) > most:
                yield too_many(column, most)
                for value in [*values][most:]:
                    del values[value]


def people_of(rows: Iterable[Row], countries: Countries) -> People:
    """Read persons; rows of the same id add to one person."""
    rows = [*rows]
    month_first = order_of_dates(rows)
    people = People()
    gathered: dict[str, _Gathered] = {}
    for row in rows:
        ident = row.text("id")
        if not ident:
            people.faults.append(Fault(row.line, "the record has no id; it is passed over"))
            continue
        values = Values(row, countries, month_first)
        held = gathered.setdefault(ident, _Gathered(row.line))
        held.names |= dict.fromkeys(values.names())
        held.dates |= dict.fromkeys(values.dates())
        held.countries |= dict.fromkeys(values.codes())
        held.documents |= dict.fromkeys(values.numbers())
        held.sexes |= {*filter(None, [values.sex()])}
        people.faults += [Fault(row.line, f"{text}; it is left out", counts=True) for text in values.faults]
        people.faults += [Fault(row.line, f"{text}; its year alone counts", counts=True) for text in values.doubts]
    for number, (ident, held) in enumerate(gathered.items(), 1):
        if not held.names:
            people.faults.append(Fault(held.line, "the record has no name that can be compared; it is left out"))
            continue
        people.faults += [Fault(held.line, text, counts=True) for text in held.shortened()]
        event = _event(number, held)
        people.events.append(event)
        people.ids[event.record] = ident
    return people


def queries_of(rows: Iterable[Row], countries: Countries) -> list[Query]:
    """Read queries; several ids in `expected_id`, parted by `|`, mean that any of them is right."""
    rows = [*rows]
    month_first = order_of_dates(rows)
    return [_query(row, Values(row, countries, month_first)) for row in rows]


def order_of_dates(rows: Iterable[Row]) -> bool | None:
    """Tell whether the birth dates of a table have the month before the day, None where they do not tell."""
    return month_comes_first(text for row in rows for text in row.values("birth_date"))


def _query(row: Row, values: "Values") -> Query:
    expected = frozenset(row.values("expected_id"))
    names, dates, codes, numbers = list(values.names()), values.dates(), values.codes(), values.numbers()
    sex = values.sex()
    faults = values.faults + values.doubts
    if len(dates) > 1:
        faults.append("a query has one birth date")
    if max(len(names), len(codes), len(numbers)) > MOST_ASKED:
        faults.append(f"a query has at most {MOST_ASKED} values of a field")
    if not (names or numbers or faults):
        faults.append("neither name nor document is asked for")
    if faults:
        return Query(row, None, expected, "; ".join(faults))
    criteria = Criteria(
        names=tuple(PersonName(full=name) for name in names),
        birth_date=next(iter(dates), None),
        sex=sex,
        nationalities=tuple(codes),
        documents=tuple(DocumentRef(number=number) for number in numbers),
    )
    return Query(row, criteria, expected)


def _event(number: int, held: _Gathered) -> PersonV1:
    record = record_ref(SYSTEM, STREAM, str(number))
    return PersonV1(
        system=SYSTEM,
        record=record,
        subject=record,
        identity=IdentityData(
            names=tuple(PersonName(full=name) for name in held.names),
            birth_dates=tuple(held.dates),
            sex=Sex(one_sex(held.sexes) or Sex.UNKNOWN),
            nationalities=tuple(held.countries),
        ),
        documents=tuple(DocumentRef(number=written) for written in held.documents),
    )


class Values:
    """Reads the values of a row, and notes in `faults` what cannot be read, without saying what stands there."""

    def __init__(self, row: Row, countries: Countries, month_first: bool | None = None) -> None:
        self._row = row
        self._countries = countries
        self._month_first = month_first
        self.faults: list[str] = []
        self.doubts: list[str] = []
        """What is certain of a value in part, and is read as far."""

    def names(self) -> list[str]:
        """Give the names that can be compared."""
        found = []
        for name in self._row.values("name"):
            if len(name) > LONGEST_NAME:
                self.faults.append(f"a name has more than {LONGEST_NAME} characters")
            elif not parse(name).parts:
                self.faults.append("a name has no letter or digit that can be compared")
            else:
                found.append(name)
        return found

    def dates(self) -> list[PartialDate]:
        """Give the birth dates; of one that does not tell the day from the month, its year."""
        found = []
        for text in self._row.values("birth_date"):
            try:
                found.append(read_date(text, self._month_first))
            except OrderNotTold as wrong:
                found.append(wrong.year)
                self.doubts.append(ORDER_NOT_TOLD)
            except ValueError:
                self.faults.append(NOT_READ)
        return found

    def codes(self) -> list[str]:
        """Give the nationalities: codes (ISO 3166-1 alpha-3, and those of ICAO Doc 9303-3, section 5).

        They may be written so, in two letters (ISO 3166-1 alpha-2), or by their names.
        """
        found: list[str] = []
        for text in self._row.values("nationality"):
            code = THREE_LETTERS.get(text.upper(), text.upper())
            try:
                codes = (code,) if is_known(code) else self._countries(text)
            except ValueError:
                codes = ()
            if not codes:
                self.faults.append("a nationality is no country that is known here")
            found += codes
        return list(dict.fromkeys(found))

    def numbers(self) -> list[str]:
        """Give the document numbers."""
        found = []
        for text in self._row.values("document"):
            number = document_number(text)
            if 1 <= len(number) <= LONGEST_NUMBER:
                found.append(number)
            else:
                self.faults.append(f"a document number has 1 to {LONGEST_NUMBER} letters and digits")
        return list(dict.fromkeys(found))

    def sex(self) -> Sex | None:
        """Give the sex, if it is told."""
        text = self._row.text("sex")
        code = sex_code(text)
        if not code and text.lower() not in _UNKNOWN:
            self.faults.append("a sex is F, M or X")
        return Sex(code) if code else None
