"""This module reads zones for those who need one without faults, and tells of others what is wrong and may be meant.

What it says holds no character that was read: places, and the characters that may be meant there.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

from hub.errors import FaultOfField, Rejected
from search.mrz.correction import Change, correct
from search.mrz.fields import FaultKind, Field
from search.mrz.reading import Reading, examine
from search.mrz.zone import Zone

CHECK_DIGIT = "mrz-check-digit"
PROPOSED, POSSIBLE = "mrz-proposed", "mrz-possible"
"""How a character is called that is proposed with all others that are so, and one that may be meant in their stead."""
MOST_FAULTS, MOST_TOLD = 20, 4


class MrzRejected(Rejected):
    """A machine readable zone cannot be read."""

    code = "mrz-rejected"


def read_mrz(lines: Sequence[str], this_year: int) -> Zone:
    """Read a zone without faults; lower case and spaces, as scanners and people give them, are forgiven.

    Raises:
        MrzRejected: the lines are no zone, or something in them is wrong; `field` says which field is, `faults` tell
            of all, with what may be meant.
    """
    reading = examine(lines, this_year)
    if not reading.is_acceptable:
        if examine(lines[::-1], this_year).is_acceptable:
            raise MrzRejected("The lines stand upside down; give the upper one first.", field=_name(Field.ZONE))
        raise _refusal(reading, this_year)
    assert reading.zone is not None
    return reading.zone


def _refusal(reading: Reading, this_year: int) -> MrzRejected:
    first = next(fault for fault in reading.faults if fault.practice is None)
    faults = tuple(islice(_faults(reading), MOST_FAULTS))
    meant = tuple(islice(_meant(reading, this_year), MOST_FAULTS))
    told = first.sentence
    if meant:
        told = f"{told.removesuffix('.')}, or compare the document: it may have {_in_words(meant)}."
    return MrzRejected(told, code=_code(first.kind), field=_name(first.field), faults=(*faults, *meant))


def _faults(reading: Reading) -> Iterator[FaultOfField]:
    for fault in reading.faults:
        if fault.practice is None:
            yield FaultOfField(_name(fault.field), _code(fault.kind), fault.line, fault.column)


def _meant(reading: Reading, this_year: int) -> Iterator[FaultOfField]:
    """Give the characters of the one correction; else, of several, those that each make the zone valid alone."""
    found = correct(reading, this_year)
    if found is None:
        return
    if found.proposal is not None:
        yield from (_change(change, PROPOSED) for change in found.proposal.changes if change.proposed)
    for candidate in found.candidates:
        if len(candidate.changes) == 1:
            yield _change(candidate.changes[0], POSSIBLE)


def _in_words(meant: Sequence[FaultOfField]) -> str:
    """Say what may be meant, the first of it, as a sentence goes on."""
    places = [f"{each.proposed} at line {each.line}, column {each.column}" for each in meant[:MOST_TOLD]]
    return (" and " if meant[0].fault == PROPOSED else " or ").join(places)


def _change(change: Change, fault: str) -> FaultOfField:
    return FaultOfField(_name(change.field), fault, change.line, change.column, change.proposed)


def _name(field: Field) -> str:
    return "mrz" if field is Field.ZONE else f"mrz.{field}"


def _code(kind: FaultKind) -> str:
    return CHECK_DIGIT if kind is FaultKind.CHECK_DIGIT else MrzRejected.code
