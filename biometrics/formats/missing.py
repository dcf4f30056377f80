"""This module is what follows for the parts of a record from fingers that it says cannot be taken."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from biometrics.formats.contents import MissingFinger, Part, TemplateSample, Unread
from biometrics.formats.positions import Missing, Position, said
from contracts.records import FingerPosition

_BY_STRENGTH = (Missing.AMPUTATED, Missing.BANDAGED, Missing.UNKNOWN)
_AMPUTATED = "what shows the {} was passed over: the record says that it is amputated"
_YET_SHOWN = "doubtful: the {} is told to be {}, and is shown all the same; it was read"


def strongest(told: Iterable[MissingFinger], notes: list[str]) -> tuple[MissingFinger, ...]:
    """Give each finger once, with the strongest reason of several, and note that there are several."""
    reasons: dict[Position, set[Missing]] = {}
    for each in told:
        reasons.setdefault(each.position.plain_or_rolled, set()).add(each.reason)
    found: list[MissingFinger] = []
    for position, several in reasons.items():
        first, *others = (reason for reason in _BY_STRENGTH if reason in several)
        found.append(MissingFinger(position, first))
        if others:
            notes.append(
                f"the {position.said} is told to be missing as {first} and as {' and '.join(others)}; the first counts"
            )
    return tuple(found)


def fingers_of(missing: Iterable[MissingFinger], reason: Missing | None = None) -> frozenset[FingerPosition]:
    """Give the fingers that are missing, for any reason or for one."""
    told = (each.position.finger for each in missing if reason is None or each.reason is reason)
    return frozenset(finger for finger in told if finger)


def without_amputated(
    held: Iterable[Part | Unread], missing: Iterable[MissingFinger], notes: list[str]
) -> Iterator[Part | Unread]:
    """Give what may show a finger that is not amputated, as none that is missing, and note the others.

    What shows a finger that is missing for another reason is doubtful: one of the two is wrong.
    """
    missing = tuple(missing)
    gone, amputated = fingers_of(missing), fingers_of(missing, Missing.AMPUTATED)
    reasons = {each.position.finger: each.reason for each in missing}
    for each in held:
        fingers = each.capture.fingers
        # Another part may show what one could not; nothing shows a finger that is not there.
        if fingers and fingers <= amputated:
            notes.append(_AMPUTATED.format(said(fingers, " and the ")))
        elif isinstance(each, Unread):
            yield each
        elif fingers and fingers <= gone:
            left = fingers - amputated
            name = each.capture.position.said if each.capture.position else said(left)
            all_bandaged = all(reasons[finger] is Missing.BANDAGED for finger in left)
            note = _YET_SHOWN.format(name, Missing.BANDAGED if all_bandaged else "missing")
            yield _noted(_among(each, left), note)
        else:
            yield _among(each, fingers - gone)


def _among(part: Part, fingers: frozenset[FingerPosition]) -> Part:
    """Say of a part that is one of several fingers which of them are left."""
    if not part.capture.among:
        return part
    capture = replace(part.capture, among=fingers)
    if isinstance(part, TemplateSample):
        return replace(part, finger=replace(part.finger, capture=capture))
    return replace(part, capture=capture)


def _noted(part: Part, note: str) -> Part:
    return replace(part, notes=(*part.notes, note))
