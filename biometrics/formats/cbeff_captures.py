"""This module is which finger a record of a CBEFF document tells, and what follows for what the record holds.

Its `Subtype` is a list of words, of sides and of fingers, in any number (ISO/IEC 19785-3, in the schema of MOSIP).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from biometrics.formats.contents import Part, Parts, TemplateSample
from biometrics.formats.minutiae import Capture
from biometrics.formats.positions import Position, said
from contracts.records import FingerPosition

_SIDES = ("left", "right")
_DIGITS = ("thumb", "indexfinger", "middlefinger", "ringfinger", "littlefinger")
_NOBODY_KNOWS = "unknown"
"""No word of the schema; MOSIP writes it of a finger that nobody names."""
_OTHER_FINGER = "doubtful: the document tells the {}; the record's {} counts"
_ONE_OF_SEVERAL = "doubtful: the document tells the {} alone, and its record holds several fingers"
_OTHER_WORDS = "doubtful: the document tells what is shown in words that its schema does not have; {}"
_ANOTHER_SHOWN = "doubtful: the {} told to be an exception, in whose record the {} stands; it was read"


def capture_of(subtype: str, quality: int | None) -> Capture:
    """Give what a record tells: its finger, or those that its words leave open; no word leaves all of them.

    A word that the schema does not have may be of any part of the body (`LeftPalm`, `Left Palm`). It takes back what is
    told beside it: what no record inside names is no finger then, as a palm is none.
    """
    words = set(subtype.lower().split()) - {_NOBODY_KNOWS}
    if not words.issubset((*_SIDES, *_DIGITS)):
        return Capture(Position.UNKNOWN_RIDGES, quality=quality)
    sides = words.intersection(_SIDES) or _SIDES
    digits = words.intersection(_DIGITS) or _DIGITS
    names = (f"{side}_{digit.removesuffix('finger')}" for side in sides for digit in digits if words)
    fingers = frozenset(FingerPosition[name.upper()] for name in names)
    if len(fingers) == 1:
        return Capture(Position(*fingers), quality=quality)
    return Capture(quality=quality, among=fingers)


def told_around(read: Parts, outer: Capture) -> Parts:
    """Fill what parts of a record do not tell from the document around it, and note where the two are at odds.

    A document that tells one finger does not tell which of several it is: each that the record does not name may be no
    other one, and none of them is taken for it.
    """
    several = len(read.parts) + len(read.unread) > 1
    filling = replace(outer, position=Position.UNKNOWN, among=outer.fingers) if several and outer.fingers else outer
    return replace(
        read,
        parts=tuple(_told(part, filling, tuple(_doubts(part.capture, outer, several))) for part in read.parts),
        unread=tuple(replace(each, capture=_filled(each.capture, filling)) for each in read.unread),
    )


def exceptions(parts: Sequence[Part], told: Capture, notes: list[str]) -> list[Position]:
    """Give what a record that is an exception is of, as it says or else as it shows; note what is shown instead."""
    shown = list(dict.fromkeys(part.capture.position for part in parts if part.capture.position))
    if told.fingers and any(not told.fingers >= part.capture.fingers for part in parts):
        others = " and the ".join(each.said for each in shown) or "finger of another position"
        is_or_are = "is" if len(told.fingers) == 1 else "are"
        notes.append(_ANOTHER_SHOWN.format(f"{said(told.fingers, ' and the ')} {is_or_are}", others))
    if told.among:
        return _each(told.among)
    # Of a hand, each of its fingers.
    of = [told.position] if told.position else shown or [Position.UNKNOWN]
    return [finger for position in of for finger in _each(position.fingers) or [position]]


def _each(fingers: frozenset[FingerPosition]) -> list[Position]:
    return [Position(finger) for finger in sorted(fingers)]


def _told(part: Part, outer: Capture, doubts: tuple[str, ...]) -> Part:
    capture, notes = _filled(part.capture, outer), (*part.notes, *doubts)
    if isinstance(part, TemplateSample):
        return replace(part, finger=replace(part.finger, capture=capture), notes=notes)
    return replace(part, capture=capture, notes=notes)


def _filled(inner: Capture, outer: Capture) -> Capture:
    quality = outer.quality if inner.quality is None else inner.quality
    if inner.position or inner.among:
        return replace(inner, quality=quality)
    return replace(inner, position=outer.position, quality=quality, among=outer.among)


def _doubts(inner: Capture, outer: Capture, several: bool) -> Iterator[str]:
    """Note where a record and the document around it tell different fingers, or the document alone and not which."""
    name = inner.position.said if inner.position else said(inner.among)
    if outer.position is Position.UNKNOWN_RIDGES:
        yield _OTHER_WORDS.format(f"the record's {name} counts" if name else "it counts as no finger")
    elif not name:
        if several and outer.position:
            yield _ONE_OF_SEVERAL.format(outer.position.said)
    elif outer.fingers and not outer.fingers & inner.fingers:
        yield _OTHER_FINGER.format(said(outer.fingers), name)
