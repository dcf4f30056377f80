"""This module holds where the fields of each format stand.

Sources: ICAO Doc 9303, 8th edition, parts 4 (TD3), 5 (TD1), 6 (TD2) and 7 (MRV-A, MRV-B); for the French identity card
of 1988 to 2021, two lines of 36 and no ICAO format, the order of its zone as its specimens show it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from search.mrz.check_digits import FILLER, VALUES, check_digit
from search.mrz.fields import Field


class Format(StrEnum):
    """The formats of zones."""

    TD1 = "TD1"
    TD2 = "TD2"
    TD3 = "TD3"
    MRV_A = "MRV-A"
    MRV_B = "MRV-B"
    FRENCH_CARD = "FRA-ID"


class Span(NamedTuple):
    """A piece of one line: the line, the first column and the column after the last, from 0."""

    line: int
    start: int
    end: int

    def of(self, lines: Sequence[str]) -> str:
        """Cut the piece out."""
        return lines[self.line][self.start : self.end]

    def places(self) -> Iterator[tuple[int, int]]:
        """Give line and column of each character."""
        return ((self.line, column) for column in range(self.start, self.end))


@dataclass(frozen=True, slots=True)
class Check:
    """A check digit: the field that it guards, what it is computed over, and where it stands."""

    field: Field
    covers: tuple[Span, ...]
    digit: Span

    def wanted(self, lines: Sequence[str]) -> str:
        """Compute the digit that should stand there."""
        return check_digit("".join(span.of(lines) for span in self.covers))

    def agrees(self, lines: Sequence[str]) -> bool:
        """Tell whether the right digit stands there.

        A field that is empty may leave its digit out (Doc 9303-4, 4.2.2.2); a composite never may.
        """
        found = self.digit.of(lines)
        if any(character not in VALUES for span in self.covers for character in span.of(lines)):
            return False
        if found == FILLER and self.field is not Field.COMPOSITE:
            return not any(span.of(lines).strip(FILLER) for span in self.covers)
        return found == self.wanted(lines)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the fields of a format stand. A field may have two pieces, as a document number of more than nine."""

    format: Format
    lines: int
    width: int
    fields: Mapping[Field, tuple[Span, ...]]
    checks: tuple[Check, ...]
    overflow: Span | None = None

    def text(self, field: Field, lines: Sequence[str]) -> str:
        """Give what stands in a field, empty where the format does not have it."""
        return "".join(span.of(lines) for span in self.fields.get(field, ()))

    def field_at(self, line: int, column: int) -> Field:
        """Tell which field a place belongs to, a check digit to the field that it guards."""
        for field, spans in self.fields.items():
            if any(span.line == line and span.start <= column < span.end for span in spans):
                return field
        for check in self.checks:
            if check.digit.line == line and check.digit.start == column:
                return check.field
        return Field.ZONE

    def fitted(self, lines: Sequence[str]) -> "Layout":
        """Give the layout with a long document number taken in: it goes on in the optional data (9303-5, 4.2.2.1).

        A filler stands where its check digit would; the rest, the check digit and a filler open the optional data.
        """
        if self.overflow is None:
            return self
        (start,), number_check = self.fields[Field.NUMBER], self.checks[0]
        rest = self.overflow.of(lines).split(FILLER)[0]
        if number_check.digit.of(lines) != FILLER or FILLER in start.of(lines) or not rest:
            return self
        line, first, end = self.overflow
        digit = Span(line, first + len(rest) - 1, first + len(rest))
        number = (start, Span(line, first, digit.start))
        fields = {**self.fields, Field.NUMBER: number, Field.OPTIONAL: (Span(line, digit.end, end),)}
        return replace(
            self, fields=MappingProxyType(fields), checks=(Check(Field.NUMBER, number, digit), *self.checks[1:])
        )


def _check(field: Field, line: int, start: int, end: int) -> Check:
    """Give the check of a field whose digit follows it."""
    return Check(field, (Span(line, start, end),), Span(line, end, end + 1))


def _two_lines(
    name: Format, width: int, optional: Span, *, overflow: bool, composite: tuple[Span, ...], own_digit: bool = False
) -> Layout:
    """Give a format of two lines: they differ in their width, and in what guards the optional data."""
    fields = {
        Field.CODE: (Span(0, 0, 2),),
        Field.ISSUER: (Span(0, 2, 5),),
        Field.NAME: (Span(0, 5, width),),
        Field.NUMBER: (Span(1, 0, 9),),
        Field.NATIONALITY: (Span(1, 10, 13),),
        Field.BIRTH_DATE: (Span(1, 13, 19),),
        Field.SEX: (Span(1, 20, 21),),
        Field.EXPIRY_DATE: (Span(1, 21, 27),),
        Field.OPTIONAL: (optional,),
    }
    checks = [_check(Field.NUMBER, 1, 0, 9), _check(Field.BIRTH_DATE, 1, 13, 19), _check(Field.EXPIRY_DATE, 1, 21, 27)]
    if own_digit:
        checks.append(_check(Field.OPTIONAL, *optional))
    if composite:
        checks.append(Check(Field.COMPOSITE, composite, Span(1, width - 1, width)))
    return Layout(name, 2, width, MappingProxyType(fields), tuple(checks), optional if overflow else None)


_TD3 = _two_lines(
    Format.TD3,
    44,
    Span(1, 28, 42),
    overflow=False,
    composite=(Span(1, 0, 10), Span(1, 13, 20), Span(1, 21, 43)),
    own_digit=True,
)
_TD2 = _two_lines(
    Format.TD2,
    36,
    Span(1, 28, 35),
    overflow=True,
    composite=(Span(1, 0, 10), Span(1, 13, 20), Span(1, 21, 35)),
)
_MRV_A = _two_lines(Format.MRV_A, 44, Span(1, 28, 44), overflow=False, composite=())
_MRV_B = _two_lines(Format.MRV_B, 36, Span(1, 28, 36), overflow=False, composite=())
_TD1 = Layout(
    Format.TD1,
    3,
    30,
    MappingProxyType(
        {
            Field.CODE: (Span(0, 0, 2),),
            Field.ISSUER: (Span(0, 2, 5),),
            Field.NUMBER: (Span(0, 5, 14),),
            Field.OPTIONAL: (Span(0, 15, 30),),
            Field.BIRTH_DATE: (Span(1, 0, 6),),
            Field.SEX: (Span(1, 7, 8),),
            Field.EXPIRY_DATE: (Span(1, 8, 14),),
            Field.NATIONALITY: (Span(1, 15, 18),),
            Field.OPTIONAL_2: (Span(1, 18, 29),),
            Field.NAME: (Span(2, 0, 30),),
        }
    ),
    (
        _check(Field.NUMBER, 0, 5, 14),
        _check(Field.BIRTH_DATE, 1, 0, 6),
        _check(Field.EXPIRY_DATE, 1, 8, 14),
        Check(Field.COMPOSITE, (Span(0, 5, 30), Span(1, 0, 7), Span(1, 8, 15), Span(1, 18, 29)), Span(1, 29, 30)),
    ),
    Span(0, 15, 30),
)
# Only citizens bore it, and it states no date of expiry. The optional data are the office that issued it.
_FRENCH_CARD = Layout(
    Format.FRENCH_CARD,
    2,
    36,
    MappingProxyType(
        {
            Field.CODE: (Span(0, 0, 2),),
            Field.ISSUER: (Span(0, 2, 5),),
            Field.NAME: (Span(0, 5, 30),),
            Field.OPTIONAL: (Span(0, 30, 36),),
            Field.NUMBER: (Span(1, 0, 12),),
            Field.GIVEN: (Span(1, 13, 27),),
            Field.BIRTH_DATE: (Span(1, 27, 33),),
            Field.SEX: (Span(1, 34, 35),),
        }
    ),
    (
        _check(Field.NUMBER, 1, 0, 12),
        _check(Field.BIRTH_DATE, 1, 27, 33),
        Check(Field.COMPOSITE, (Span(0, 0, 36), Span(1, 0, 35)), Span(1, 35, 36)),
    ),
)

LAYOUTS: Mapping[Format, Layout] = MappingProxyType(
    {layout.format: layout for layout in (_TD1, _TD2, _TD3, _MRV_A, _MRV_B, _FRENCH_CARD)}
)


def layout_of(lines: Sequence[str]) -> Layout | None:
    """Tell the format of lines by their number, their length and their first letter; the nearest, if lengths are off.

    Returns:
        None where no format has that many lines, or lines nearly as long.
    """
    longest = max(map(len, lines), default=0)
    is_visa = lines[0].startswith("V") if lines else False
    of_lines = {
        2: (_MRV_A, _MRV_B) if is_visa else (_TD3, _TD2),
        3: (_TD1,),
    }.get(len(lines), ())
    near = min(of_lines, key=lambda layout: abs(layout.width - longest), default=None)
    if near is None or abs(near.width - longest) > _FAR:
        return None
    if not has_length(lines, near):
        return near
    fitted = near.fitted(lines)
    if near is _TD2 and lines[0].startswith("IDFRA"):
        of_td2, of_card = (sum(check.agrees(lines) for check in layout.checks) for layout in (fitted, _FRENCH_CARD))
        return fitted if of_td2 > of_card else _FRENCH_CARD
    return fitted


def has_length(lines: Sequence[str], layout: Layout) -> bool:
    """Tell whether all lines are as long as the format wants them."""
    return all(len(line) == layout.width for line in lines)


_FAR = 4
"""How many characters a line may be off and still be told: half of what parts the two nearest formats."""
