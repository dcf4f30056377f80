"""This module proposes what a misread zone really says, from the characters that readers take for one another.

A letter that stands where only digits can, or the other way round, is replaced by what it looks like. Where a check
digit is still wrong, look-alikes are tried in what it guards. What makes the whole zone valid is a correction if
nothing else as likely does; several, or ones that rest on no look-alike, are candidates among which a person chooses.
Check digits cannot tell G from 6, or any two characters whose values differ by ten (Doc 9303-3, 4.9).
"""

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice, product, zip_longest

from search.mrz.check_digits import FILLER
from search.mrz.fields import FaultKind, Field
from search.mrz.layouts import Layout, has_length, layout_of
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
    """What a misread zone may say: the one `proposal` that look-alikes allow, or `candidates` for a person to judge."""

    proposal: Proposal | None
    candidates: tuple[Proposal, ...] = ()


def correct(reading: Reading, this_year: int) -> Correction | None:
    """Look for what a zone with faults says. None where it has none, or nothing is found."""
    if reading.is_acceptable or reading.layout is None:
        return None
    lines = _forced(_filled_up(reading.lines, reading.layout), reading.layout)
    repaired = examine(lines, this_year)
    if repaired.is_acceptable:
        return Correction(_proposal(reading.lines, lines, repaired.layout))
    if repaired.layout is None or any(fault.kind not in _MAY_BE_SLIPS for fault in repaired.faults):
        return None
    places = _places_in_doubt(repaired, repaired.layout)
    if len(places) > _MOST_PLACES:
        return None
    return _searched(_Search(reading.lines, lines, repaired.layout, places, this_year))


def _searched(search: "_Search") -> Correction | None:
    """Try what is likeliest first: one look-alike; then another digit, a misread check digit, two look-alikes."""
    likeliest = search.found(1, _look_alikes)
    if len(likeliest) == 1:
        return Correction(likeliest[0])
    digits = {(check.digit.line, check.digit.start) for check in search.layout.checks}
    of_digits = replace(search, places=[place for place in search.places if place in digits])
    single = likeliest or dict.fromkeys((*search.found(1, _like_digits), *of_digits.found(1, _any)))
    double = () if likeliest else search.found(2, _look_alikes)
    if len(double) == 1 and not single:
        return Correction(double[0])
    candidates = (*single, *double) or search.found(1, _any)
    return Correction(None, candidates[:_MOST_CANDIDATES]) if candidates else None


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
