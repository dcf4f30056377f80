"""This module proposes what a misread zone really says, from the characters that readers take for one another.

A letter that stands where only digits can, or the other way round, is replaced by what it looks like; in a code, where
that makes one that is known. Where the whole zone is then valid, that is the proposal. Where a check digit is still
wrong there is none: it tells that a character was misread, and leaves open which (modulo 10, a change at nearly every
place explains it). What may have been read is then listed, look-alikes first, and a person chooses. No code is
proposed that nobody bears. Check digits cannot tell G from 6, or any two characters whose values differ by ten (Doc
9303-3, 4.9).
"""

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations, islice, product, zip_longest

from search.mrz.check_digits import FILLER
from search.mrz.codes import kind_of_code
from search.mrz.fields import FaultKind, Field
from search.mrz.layouts import Layout, Span, has_length, layout_of
from search.mrz.reading import Reading, examine, may_hold

_DIGIT_OF = {
    "O": "0",
    "Q": "0",
    "D": "0",
    "I": "1",
    "L": "1",
    "Z": "2",
    "A": "4",
    "S": "5",
    "G": "6",
    "T": "7",
    "B": "8",
}
_LETTER_OF = {"0": "O", "1": "I", "2": "Z", "4": "A", "5": "S", "6": "G", "7": "T", "8": "B"}
_LETTERS_OF = {"0": "OQD", "1": "IL", **{digit: letter for digit, letter in _LETTER_OF.items() if digit not in "01"}}
_LIKE_DIGITS = {"0": "68", "1": "47", "3": "8", "5": "6", "6": "058", "7": "1", "8": "0369", "4": "19", "9": "48"}
_DIGITS = "0123456789"
_CHARACTERS = _DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CODES = (Field.ISSUER, Field.NATIONALITY)
_MAY_BE_SLIPS = {FaultKind.CHECK_DIGIT, FaultKind.DATE}
_MOST_CANDIDATES = 10
_MOST_PLACES = 40  # beyond which so much is wrong that no correction means anything

Place = tuple[int, int]
_Others = Callable[[str, Container[str]], str]


@dataclass(frozen=True, slots=True)
class Change:
    """One character that was read as another; `line` and `column` count from 1.

    Where a line was too long or too short, `proposed` or `read` is empty at its end.
    """

    field: Field
    line: int
    column: int
    read: str
    proposed: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A valid zone, and what it changes."""

    lines: tuple[str, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """What a misread zone may say: the one `proposal` that is sure enough, or `candidates` for a person to judge."""

    proposal: Proposal | None
    candidates: tuple[Proposal, ...] = ()


def correct(reading: Reading, this_year: int) -> Correction | None:
    """Look for what a zone with faults says. None where it has none, or nothing is found."""
    if reading.is_acceptable or reading.layout is None:
        return None
    filled = _filled_up(reading.lines, reading.layout)
    forced = _forced(filled, reading.layout)
    coded, is_sure = _with_known_codes(filled, forced, layout_of(forced) or reading.layout)
    right = [lines for lines in coded if examine(lines, this_year).is_acceptable]
    found = [_proposal(reading.lines, lines, layout_of(lines)) for lines in right]
    if is_sure and len(found) == 1:
        return Correction(found[0])
    of_checks = chain.from_iterable(_candidates(reading, lines, this_year) for lines in coded)
    candidates = tuple(islice(found or of_checks, _MOST_CANDIDATES))
    return Correction(None, candidates) if candidates else None


def _candidates(reading: Reading, lines: tuple[str, ...], this_year: int) -> tuple[Proposal, ...]:
    """Give the valid zones that look-alikes and misread digits explain, likeliest first."""
    repaired = examine(lines, this_year)
    if repaired.layout is None or any(fault.kind not in _MAY_BE_SLIPS for fault in repaired.faults):
        return ()
    places = _places_in_doubt(repaired, repaired.layout)
    if len(places) > _MOST_PLACES:
        return ()
    search = _Search(reading.lines, lines, repaired.layout, places, this_year)
    digits = {(check.digit.line, check.digit.start) for check in repaired.layout.checks}
    of_digits = replace(search, places=[place for place in places if place in digits])
    single = dict.fromkeys((*search.found(1, _look_alikes), *search.found(1, _like_digits), *of_digits.found(1, _any)))
    double = () if single else search.found(2, _look_alikes)
    return tuple(single or double or search.found(1, _any))[:_MOST_CANDIDATES]


def _with_known_codes(
    filled: Sequence[str], forced: tuple[str, ...], layout: Layout
) -> tuple[list[tuple[str, ...]], bool]:
    """Give the zones in which issuer and nationality, where they were misread, are codes that are known.

    Tells also whether they are sure: of each there is one look-alike alone, or it stands there as it was read. The
    other code of the zone may be meant as well as a look-alike, where what was read of this one does not tell.
    """
    if not has_length(forced, layout):
        return [forced], True
    zones, is_sure = [forced], True
    for field in _CODES:
        if not (spans := layout.fields.get(field, ())):
            continue
        (span,) = spans
        read, code = span.of(filled), span.of(forced)
        codes = [code]
        if read != code or not may_hold(field).issuperset(code):
            alike = list(_codes_like(read, _look_alikes))
            codes = list(dict.fromkeys((*_as_elsewhere(read, field, filled, layout), *alike)))
            is_sure &= len(alike) == 1 and codes == alike
            codes = codes if alike else list(dict.fromkeys((*codes, *_codes_like(read, _only_letter(read)))))
        is_sure &= all(kind_of_code(code) is not None for code in codes)
        zones = [_with(zone, span, code) for zone in zones for code in codes]
    return zones, is_sure


def _as_elsewhere(read: str, field: Field, lines: Sequence[str], layout: Layout) -> Iterator[str]:
    """Give the other code of a zone, where this one may be the same: most bear a document of their own state."""
    for other in _CODES:
        if other is not field and (spans := layout.fields.get(other, ())):
            code = spans[0].of(lines)
            may_be = all(mine == its or mine not in may_hold(field) for mine, its in zip(read, code, strict=True))
            if may_be and kind_of_code(code) is not None:
                yield code


def _codes_like(read: str, others: _Others) -> Iterator[str]:
    """Give the known codes that stand there if what can be none of a code's characters was misread."""
    allowed = may_hold(Field.ISSUER)
    choices = (character if character in allowed else others(character, allowed) for character in read)
    yield from filter(kind_of_code, map("".join, product(*choices)))


def _only_letter(read: str) -> _Others:
    """Try any letter for the character that can be none of a code's, if there is one alone."""
    letters = _CHARACTERS if sum(character not in may_hold(Field.ISSUER) for character in read) == 1 else ""
    return lambda _character, allowed: "".join(letter for letter in letters if letter in allowed)


def _with(lines: Sequence[str], span: Span, text: str) -> tuple[str, ...]:
    return tuple(
        f"{line[: span.start]}{text}{line[span.end :]}" if row == span.line else line for row, line in enumerate(lines)
    )


def _filled_up(lines: tuple[str, ...], layout: Layout) -> tuple[str, ...]:
    """Give lines that end with fillers their length: readers miscount what has no shape."""
    return tuple(
        line.rstrip(FILLER).ljust(layout.width, FILLER) if line.endswith(FILLER) and len(line) != layout.width else line
        for line in lines
    )


def _forced(lines: Sequence[str], layout: Layout) -> tuple[str, ...]:
    """Replace characters that cannot stand where they stand by what they look like."""
    if not has_length(lines, layout):
        return tuple(lines)
    fitted = layout_of(lines) or layout
    digits = {(check.digit.line, check.digit.start) for check in fitted.checks}
    return tuple(
        "".join(_fitting(character, fitted, (row, column), digits) for column, character in enumerate(line))
        for row, line in enumerate(lines)
    )


def _fitting(character: str, layout: Layout, place: Place, digits: set[Place]) -> str:
    if place in digits:
        return _DIGIT_OF.get(character, character)
    allowed = may_hold(layout.field_at(*place))
    if character in allowed:
        return character
    return next(
        (other for other in (_DIGIT_OF.get(character), _LETTER_OF.get(character)) if other in allowed), character
    )


def _places_in_doubt(reading: Reading, layout: Layout) -> list[Place]:
    """Give the places of which one must be wrong: under each check that fails, less what a check that agrees guards.

    The composite alone covers what no other guards; if it alone fails and everything is guarded, itself is in doubt.
    """
    guarded: set[Place] = set()
    doubted: set[Place] = set()
    failing = {fault.field for fault in reading.faults if fault.practice is None}
    for check in layout.checks:
        places = {place for span in (*check.covers, check.digit) for place in span.places()}
        if check.field not in failing:
            guarded |= places
        else:
            doubted |= places
    return sorted(doubted - guarded)


def _look_alikes(character: str, allowed: Container[str]) -> str:
    others = _DIGIT_OF.get(character, "") + _LETTERS_OF.get(character, "")
    return "".join(other for other in others if other in allowed)


def _like_digits(character: str, allowed: Container[str]) -> str:
    return "".join(other for other in _LIKE_DIGITS.get(character, "") if other in allowed)


def _any(character: str, allowed: Container[str]) -> str:
    """Give what else of its kind may stand there: a digit for a digit or where only one can, a letter for a letter."""
    if character == FILLER:
        return _DIGITS if allowed is _DIGITS else ""
    return "".join(
        other
        for other in _CHARACTERS
        if other in allowed and other != character and other.isdigit() == character.isdigit()
    )


@dataclass(frozen=True, slots=True)
class _Search:
    """Tries other characters at the places in doubt of `lines`, which came of the `given` ones."""

    given: tuple[str, ...]
    lines: tuple[str, ...]
    layout: Layout
    places: Sequence[Place]
    this_year: int

    def found(self, count: int, others: _Others) -> tuple[Proposal, ...]:
        """Give the valid zones that differ in `count` places, no more than are worth listing."""
        valid = (
            _proposal(self.given, changed, self.layout)
            for changed in self._changed(count, others)
            if self._is_right(changed)
        )
        return tuple(islice(valid, _MOST_CANDIDATES))

    def _is_right(self, lines: tuple[str, ...]) -> bool:
        # Cheap first; the number is left to `examine`, which knows what states do with long ones.
        agree = all(check.agrees(lines) for check in self.layout.checks if check.field is not Field.NUMBER)
        return agree and examine(lines, self.this_year).is_acceptable

    def _changed(self, count: int, others: _Others) -> Iterator[tuple[str, ...]]:
        digits = {(check.digit.line, check.digit.start) for check in self.layout.checks}
        choices = {}
        for row, column in self.places:
            allowed = _DIGITS if (row, column) in digits else may_hold(self.layout.field_at(row, column))
            if choice := others(self.lines[row][column], allowed):
                choices[row, column] = choice
        for chosen in combinations(choices, count):
            for characters in product(*(choices[place] for place in chosen)):
                rows = [*self.lines]
                for (row, column), character in zip(chosen, characters, strict=True):
                    rows[row] = rows[row][:column] + character + rows[row][column + 1 :]
                yield tuple(rows)


def _proposal(given: tuple[str, ...], lines: tuple[str, ...], layout: Layout | None) -> Proposal:
    assert layout is not None
    changes = [
        Change(layout.field_at(row, column), row + 1, column + 1, old, new)
        for row, line in enumerate(lines)
        for column, (old, new) in enumerate(zip_longest(given[row], line, fillvalue=""))
        if old != new
    ]
    return Proposal(lines, tuple(changes))
