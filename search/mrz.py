"""This module reads machine readable zones of travel documents: TD1, TD2, TD3 and the visas MRV-A, MRV-B.

Source: ICAO Doc 9303, 8th edition, parts 3 (check digits, 4.9; codes, 5), 4 (TD3), 5 (TD1), 6 (TD2) and 7 (visas).
A check digit that is wrong means that a field was misread: the error names the field, never what was read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from contracts.dates import PartialDate
from contracts.identity import DocumentRef, DocumentType, PersonName, Sex
from hub.errors import Rejected

FILLER = "<"
_WEIGHTS = (7, 3, 1)
_CHARACTERS = re.compile(r"^[A-Z0-9<]+$", re.ASCII)
_VALUES = {str(digit): digit for digit in range(10)} | {chr(65 + n): 10 + n for n in range(26)} | {FILLER: 0}
_COUNTRY = re.compile(r"^[A-Z]{3}$", re.ASCII)
# Germany alone writes one letter (Doc 9303-3, 5); the rest of the project uses the three of ISO 3166-1.
_SHORT_CODES = {"D<<": "DEU"}
_TYPES = {
    "P": DocumentType.PASSPORT,
    "V": DocumentType.VISA,
    "I": DocumentType.IDENTITY_CARD,
    "A": DocumentType.IDENTITY_CARD,
    "C": DocumentType.IDENTITY_CARD,
}
_PERMIT_CODES = {"AR", "IR", "CR", "RP", "RT"}
_SEXES = {"F": Sex.FEMALE, "M": Sex.MALE, "<": Sex.UNSPECIFIED, "X": Sex.UNSPECIFIED}


class Field(StrEnum):
    """The fields of a zone, as errors name them."""

    ZONE = "mrz"
    NUMBER = "mrz.document_number"
    BIRTH_DATE = "mrz.birth_date"
    EXPIRY_DATE = "mrz.expiry_date"
    OPTIONAL = "mrz.optional_data"
    COMPOSITE = "mrz.composite"
    NAME = "mrz.name"
    ISSUER = "mrz.issuer"


class MrzRejected(Rejected):
    """A machine readable zone cannot be read."""

    code = "mrz-rejected"


@dataclass(frozen=True, slots=True)
class Zone:
    """What a machine readable zone says of a document and its holder."""

    document: DocumentRef
    name: PersonName | None
    name_is_cut: bool
    nationality: str | None
    birth_date: PartialDate | None
    sex: Sex


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the fields of a format stand: line, first column, and the column after the last."""

    lines: int
    width: int
    name: tuple[int, int, int]
    issuer: tuple[int, int, int]
    number: tuple[int, int, int]
    nationality: tuple[int, int, int]
    birth: tuple[int, int, int]
    sex: tuple[int, int, int]
    expiry: tuple[int, int, int]
    overflow: tuple[int, int, int] | None
    optional_check: tuple[int, int, int] | None
    composite: tuple[tuple[int, int, int], ...]
    composite_at: tuple[int, int] | None


_TD3 = _Layout(
    2, 44, (0, 5, 44), (0, 2, 5), (1, 0, 9), (1, 10, 13), (1, 13, 19), (1, 20, 21), (1, 21, 27),
    None, (1, 28, 42), ((1, 0, 10), (1, 13, 20), (1, 21, 43)), (1, 43),
)  # fmt: skip
_TD2 = _Layout(
    2, 36, (0, 5, 36), (0, 2, 5), (1, 0, 9), (1, 10, 13), (1, 13, 19), (1, 20, 21), (1, 21, 27),
    (1, 28, 35), None, ((1, 0, 10), (1, 13, 20), (1, 21, 35)), (1, 35),
)  # fmt: skip
_TD1 = _Layout(
    3, 30, (2, 0, 30), (0, 2, 5), (0, 5, 14), (1, 15, 18), (1, 0, 6), (1, 7, 8), (1, 8, 14),
    (0, 15, 30), None, ((0, 5, 30), (1, 0, 7), (1, 8, 15), (1, 18, 29)), (1, 29),
)  # fmt: skip
_MRV_A = _Layout(
    2, 44, (0, 5, 44), (0, 2, 5), (1, 0, 9), (1, 10, 13), (1, 13, 19), (1, 20, 21), (1, 21, 27),
    None, None, (), None,
)  # fmt: skip
_MRV_B = _Layout(
    2, 36, (0, 5, 36), (0, 2, 5), (1, 0, 9), (1, 10, 13), (1, 13, 19), (1, 20, 21), (1, 21, 27),
    None, None, (), None,
)  # fmt: skip


def read_mrz(lines: Sequence[str], this_year: int) -> Zone:
    """Read a zone; lower case and spaces, as scanners and people give them, are forgiven.

    Raises:
        MrzRejected: the lines are no zone, or a check digit is wrong; `field` says which.
    """
    cleaned = [line.upper().replace(" ", "") for line in lines]
    layout = _layout(cleaned)
    zone = _Lines(cleaned)
    number = _number(zone, layout)
    _must_fit(zone[layout.birth], zone.after(layout.birth), Field.BIRTH_DATE)
    _must_fit(zone[layout.expiry], zone.after(layout.expiry), Field.EXPIRY_DATE)
    if layout.optional_check is not None:
        optional, digit = zone[layout.optional_check], zone.after(layout.optional_check)
        if optional.strip(FILLER) or digit != FILLER:  # an empty field may leave its digit out (part 4, 4.2.2.2)
            _must_fit(optional, digit, Field.OPTIONAL)
    if layout.composite_at is not None:
        line, column = layout.composite_at
        _must_fit("".join(zone[part] for part in layout.composite), cleaned[line][column], Field.COMPOSITE)
    names, is_cut = _name(zone[layout.name])
    code = cleaned[0][:2]
    kind = DocumentType.RESIDENCE_PERMIT if code in _PERMIT_CODES else _TYPES.get(code[0], DocumentType.OTHER)
    document = DocumentRef(
        number=number,
        type=kind,
        issuer=_country(zone[layout.issuer]),
        valid_until=_date(zone[layout.expiry], this_year + 50, Field.EXPIRY_DATE),
    )
    return Zone(
        document=document,
        name=names,
        name_is_cut=is_cut,
        nationality=_country(zone[layout.nationality]),
        birth_date=_date(zone[layout.birth], this_year, Field.BIRTH_DATE),
        sex=_SEXES.get(zone[layout.sex], Sex.UNKNOWN),
    )


def check_digit(text: str) -> str:
    """Give the check digit of a field: weights 7, 3, 1 from the left, modulo 10 (Doc 9303-3, 4.9)."""
    return str(sum(_VALUES[character] * _WEIGHTS[place % 3] for place, character in enumerate(text)) % 10)


class _Lines:
    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines

    def __getitem__(self, place: tuple[int, int, int]) -> str:
        line, start, end = place
        return self._lines[line][start:end]

    def after(self, place: tuple[int, int, int]) -> str:
        line, _, end = place
        return self._lines[line][end]


def _layout(lines: Sequence[str]) -> _Layout:
    if not all(_CHARACTERS.match(line) for line in lines):
        raise MrzRejected("The zone holds characters that no zone has; scan it again.", field=Field.ZONE)
    visa = "".join(lines).startswith("V")
    for layout in (_MRV_A, _MRV_B) if visa else (_TD1, _TD2, _TD3):
        if len(lines) == layout.lines and all(len(line) == layout.width for line in lines):
            return layout
    raise MrzRejected(
        "A zone has 2 lines of 44 or 36 characters, or 3 of 30; scan it again, fillers included.", field=Field.ZONE
    )


def _must_fit(text: str, digit: str, field: Field) -> None:
    wanted = check_digit(text)
    if digit == wanted or (digit == FILLER and wanted == "0" and not text.strip(FILLER)):
        return
    raise MrzRejected(
        f"The check digit of {field.value} is wrong; scan the zone again.", code="mrz-check-digit", field=field
    )


def _number(zone: _Lines, layout: _Layout) -> str:
    """Give the document number; what is longer than nine characters goes on in the optional field (part 5, 4.2.2.1)."""
    number, digit = zone[layout.number], zone.after(layout.number)
    if digit == FILLER and layout.overflow is not None and (more := zone[layout.overflow].split(FILLER)[0]):
        number, digit = number + more[:-1], more[-1]
    _must_fit(number, digit, Field.NUMBER)
    plain = number.replace(FILLER, "")
    if not plain:
        raise MrzRejected("The zone holds no document number; type it in.", field=Field.NUMBER)
    return plain


def _name(field: str) -> tuple[PersonName | None, bool]:
    """Part the names: `<<` stands between the primary and the secondary identifier, `<` between their words."""
    is_cut = not field.endswith(FILLER)  # a field that is full must be taken for cut (part 4, 4.2.3)
    family, _, given = field.strip(FILLER).partition(FILLER * 2)
    parts = [" ".join(part.replace(FILLER, " ").split()) or None for part in (family, given)]
    return (PersonName(family=parts[0], given=parts[1]) if any(parts) else None), is_cut


def _country(code: str) -> str | None:
    plain = _SHORT_CODES.get(code, code)
    return plain if _COUNTRY.match(plain) else None


def _date(field: str, latest_year: int, name: Field) -> PartialDate | None:
    """Read YYMMDD, of which fillers stand for what is unknown (part 3, 4.8); the latest century that is possible."""
    year, month, day = field[:2], field[2:4], field[4:6]
    if not year.isdigit():
        return None
    century = latest_year // 100 * 100
    full = century + int(year)
    full -= 100 if full > latest_year else 0
    known_month = int(month) if month.isdigit() and month != "00" else None
    known_day = int(day) if day.isdigit() and day != "00" and known_month is not None else None
    try:
        return PartialDate(full, known_month, known_day)
    except ValueError:
        raise MrzRejected(f"{name.value} is no date; scan the zone again.", field=name) from None
