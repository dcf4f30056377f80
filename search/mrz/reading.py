"""This module reads machine readable zones of travel documents, and says of each fault in which field and place it is.

Source: ICAO Doc 9303, 8th edition, parts 3 to 7. A check digit that is wrong means that a field was misread. `examine`
takes any text; `search.mrz.refusal` is for those who need a zone without faults.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from contracts.dates import PartialDate
from contracts.identity import PersonName, Sex
from search.mrz.check_digits import FILLER, VALUES, check_digit
from search.mrz.codes import SEXES, CodeKind, country, kind_of_code
from search.mrz.dates import NoDate, read_date
from search.mrz.fields import Fault, FaultKind, Field, Remark
from search.mrz.layouts import Check, Format, Layout, has_length, layout_of
from search.mrz.names import name_of, read_name
from search.mrz.zone import Zone

_FORGIVEN = str.maketrans({"\u00ab": "<<", "\u2039": "<", "\uff1c": "<"})
_FORGIVEN |= {ord(small): small.upper() for small in "abcdefghijklmnopqrstuvwxyz"}  # no others: ß would become two
# Control characters, soft hyphens, spaces of no width, signs of direction, byte order marks (Unicode, Cc and Cf).
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_SPACES = re.compile(r"\s+")
_JOINED = {88: 2, 72: 2, 90: 3}  # lines of a zone that came as one, by the length of all
_DOCUMENTS_FOR = 50  # years ahead of today that a date of expiry may lie; what lies further is of the last century
_DIGITS = frozenset("0123456789")
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_MAY_HOLD: Mapping[Field, frozenset[str]] = {
    Field.CODE: _LETTERS | {FILLER} | _DIGITS,
    Field.ISSUER: _LETTERS | {FILLER},
    Field.NATIONALITY: _LETTERS | {FILLER},
    Field.NAME: _LETTERS | {FILLER},
    Field.GIVEN: _LETTERS | {FILLER},
    Field.BIRTH_DATE: _DIGITS | {FILLER},
    Field.EXPIRY_DATE: _DIGITS | {FILLER},
    Field.SEX: frozenset(SEXES),
}
_NOT_OF_A_STATE = {CodeKind.NONE, CodeKind.ORGANISATION}
# Belgium counts the filler after the ninth place of a long document number; Doc 9303-5 leaves it out.
_COUNTS_THE_FILLER = "BEL"


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a zone.

    `lines` are as they were compared: capitals, without spaces. `checks` tells of each check digit whether it agrees.
    `zone` holds whatever could be read, also of fields at fault; it is None where the format could not be told.
    """

    lines: tuple[str, ...]
    layout: Layout | None = None
    zone: Zone | None = None
    checks: Mapping[Field, bool] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def format(self) -> Format | None:
        """The format of the zone."""
        return self.layout.format if self.layout else None

    @property
    def is_valid(self) -> bool:
        """Whether nothing is wrong by the rules of the format."""
        return not self.faults

    @property
    def is_acceptable(self) -> bool:
        """Whether nothing is wrong but what a state is known to write otherwise."""
        return all(fault.practice is not None for fault in self.faults)

    @property
    def uncertain(self) -> frozenset[Field]:
        """The fields that were perhaps misread: those at fault; if the composite is, also what nothing else guards."""
        named = {fault.field for fault in self.faults if fault.practice is None}
        if Field.COMPOSITE in named and self.layout is not None:
            guarded = {check.field for check in self.layout.checks}
            (composite,) = (check for check in self.layout.checks if check.field is Field.COMPOSITE)
            covered = {self.layout.field_at(*place) for span in composite.covers for place in span.places()}
            named |= covered - guarded
        return frozenset(named)


def examine(lines: Sequence[str], this_year: int) -> Reading:
    """Read whatever was given, name every fault and what else is worth knowing. Nothing that is given is an error."""
    cleaned = clean(lines)
    visible = tuple(_INVISIBLE.sub("", line) for line in cleaned)
    layout = layout_of(visible)
    if visible != cleaned and layout is not None and has_length(visible, layout):
        return Reading(cleaned, layout, faults=tuple(_invisible_characters(cleaned)))
    layout = layout_of(cleaned)
    if layout is None:
        return Reading(cleaned, faults=(Fault(Field.ZONE, FaultKind.LINES, 1, 1),))
    strange = tuple(_strange_characters(cleaned, layout))
    if not has_length(cleaned, layout):
        return Reading(cleaned, layout, faults=(*_wrong_lengths(cleaned, layout), *strange))
    if any(character not in VALUES for line in cleaned for character in line):
        return Reading(cleaned, layout, faults=strange)
    checks = {check.field: check.agrees(cleaned) for check in layout.checks}
    faults = [*_wrong_digits(cleaned, layout), *strange]
    birth, no_birth = _date(cleaned, layout, Field.BIRTH_DATE, this_year)
    expiry, no_expiry = _date(cleaned, layout, Field.EXPIRY_DATE, this_year + _DOCUMENTS_FOR)
    faults += [fault for fault in (no_birth, no_expiry) if fault is not None]
    zone = _zone(cleaned, layout, birth, expiry)
    if zone.number is None:
        start = layout.fields[Field.NUMBER][0]
        faults.append(Fault(Field.NUMBER, FaultKind.EMPTY, start.line + 1, start.start + 1))
    return Reading(cleaned, layout, zone, checks, tuple(faults), tuple(_remarks(cleaned, layout, zone)))


def clean(lines: Sequence[str]) -> tuple[str, ...]:
    """Bring lines to capitals without spaces, part a zone that came as one line, and leave empty lines out."""
    cleaned = [_SPACES.sub("", line.translate(_FORGIVEN)) for line in lines]
    cleaned = [line for line in cleaned if line]
    if len(cleaned) == 1 and (parts := _JOINED.get(len(cleaned[0]))):
        width = len(cleaned[0]) // parts
        return tuple(cleaned[0][start : start + width] for start in range(0, len(cleaned[0]), width))
    return tuple(cleaned)


def may_hold(field: Field) -> frozenset[str]:
    """Give the characters that may stand in a field."""
    return _MAY_HOLD.get(field, frozenset(VALUES))


def _strange_characters(lines: Sequence[str], layout: Layout) -> Iterator[Fault]:
    """Name characters that no zone holds, that their field cannot hold, and check digits that are no digits."""
    if not has_length(lines, layout):
        return
    for name, spans in layout.fields.items():
        for span in spans:
            for line, column in span.places():
                if lines[line][column] not in may_hold(name):
                    yield Fault(name, FaultKind.CHARACTER, line + 1, column + 1)
    for check in layout.checks:
        if check.digit.of(lines) not in VALUES:
            yield Fault(check.field, FaultKind.CHARACTER, check.digit.line + 1, check.digit.start + 1)


def _invisible_characters(lines: Sequence[str]) -> Iterator[Fault]:
    """Name characters that nobody sees, and but for which the zone has its length."""
    for place, line in enumerate(lines):
        for found in _INVISIBLE.finditer(line):
            yield Fault(Field.ZONE, FaultKind.CHARACTER, place + 1, found.start() + 1)


def _wrong_lengths(lines: Sequence[str], layout: Layout) -> Iterator[Fault]:
    for place, line in enumerate(lines):
        if len(line) != layout.width:
            yield Fault(Field.ZONE, FaultKind.LENGTH, place + 1, min(len(line), layout.width) + 1)


def _wrong_digits(lines: Sequence[str], layout: Layout) -> Iterator[Fault]:
    for check in layout.checks:
        if not check.agrees(lines):
            practice = _COUNTS_THE_FILLER if _counts_the_filler(lines, layout, check) else None
            digit = check.digit
            yield Fault(
                check.field, FaultKind.CHECK_DIGIT, digit.line + 1, digit.start + 1, check.wanted(lines), practice
            )


def _counts_the_filler(lines: Sequence[str], layout: Layout, check: Check) -> bool:
    pieces = [span.of(lines) for span in check.covers]
    if layout.text(Field.ISSUER, lines) != _COUNTS_THE_FILLER or check.field is not Field.NUMBER or len(pieces) == 1:
        return False
    return check_digit(FILLER.join(pieces)) == check.digit.of(lines)


def _date(
    lines: Sequence[str], layout: Layout, name: Field, latest_year: int
) -> tuple[PartialDate | None, Fault | None]:
    """Read a date, or say where it is none; letters in it are told as such elsewhere."""
    text = layout.text(name, lines)
    if not text or not frozenset(text) <= may_hold(name):
        return None, None
    try:
        return read_date(text, latest_year), None
    except NoDate as wrong:
        (span,) = layout.fields[name]
        return None, Fault(name, FaultKind.DATE, span.line + 1, span.start + wrong.at + 1)


def _zone(lines: Sequence[str], layout: Layout, birth: PartialDate | None, expiry: PartialDate | None) -> Zone:
    name, is_cut = _name(lines, layout)
    issuer = country(layout.text(Field.ISSUER, lines))
    is_french_card = layout.format is Format.FRENCH_CARD
    return Zone(
        format=layout.format,
        code=layout.text(Field.CODE, lines),
        number=layout.text(Field.NUMBER, lines).replace(FILLER, "") or None,
        issuer=issuer,
        name=name,
        name_is_cut=is_cut,
        nationality=issuer if is_french_card else country(layout.text(Field.NATIONALITY, lines)),
        birth_date=birth,
        sex=SEXES.get(layout.text(Field.SEX, lines), Sex.UNKNOWN),
        expiry_date=expiry,
        optional=_optional(lines, layout),
        optional_2=layout.text(Field.OPTIONAL_2, lines).rstrip(FILLER),
    )


def _optional(lines: Sequence[str], layout: Layout) -> str:
    """Give the optional data, without the filler that parts them from a long number (9303-5, 4.2.2.1)."""
    text = layout.text(Field.OPTIONAL, lines).rstrip(FILLER)
    return text.removeprefix(FILLER) if len(layout.fields[Field.NUMBER]) > 1 else text


def _name(lines: Sequence[str], layout: Layout) -> tuple[PersonName | None, bool]:
    text = layout.text(Field.NAME, lines)
    if layout.format is not Format.FRENCH_CARD:
        return read_name(text)
    given = layout.text(Field.GIVEN, lines)  # its given names are parted by two fillers, one is a hyphen
    return name_of(text, given), not text.endswith(FILLER) or not given.endswith(FILLER)


def _remarks(lines: Sequence[str], layout: Layout, zone: Zone) -> Iterator[Remark]:
    if zone.name is None:
        yield Remark.NAME_MISSING
    elif zone.name_is_cut:
        yield Remark.NAME_CUT
    if layout.format is not Format.FRENCH_CARD and len(re.findall("<<+[^<]", layout.text(Field.NAME, lines))) > 1:
        yield Remark.NAME_PARTED_TWICE
    if kind_of_code(layout.text(Field.ISSUER, lines)) is None:
        yield Remark.UNKNOWN_ISSUER
    nationality = kind_of_code(layout.text(Field.NATIONALITY, lines))
    if Field.NATIONALITY in layout.fields and nationality is None:
        yield Remark.UNKNOWN_NATIONALITY
    elif nationality in _NOT_OF_A_STATE:
        yield Remark.NO_NATIONALITY
    if zone.birth_date is None or not zone.birth_date.is_whole:
        yield Remark.BIRTH_INCOMPLETE
    elif zone.expiry_date is not None and zone.birth_date.year > zone.expiry_date.year:
        yield Remark.BIRTH_AFTER_EXPIRY
