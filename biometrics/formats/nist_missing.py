"""This module is which fingers an ANSI/NIST-ITL transaction tells to be missing, and why.

Records of type 14 tell it in 14.018. Those of types 3 and 4 have no place for it: of their fingers the FBI's EBTS tells
it in the record of the person (2.084 AMP, finger and code), of type 2, whose fields others number as they like.
"""

from collections.abc import Iterable, Iterator

from biometrics.formats.nist_records import NistRecord, as_number
from biometrics.formats.positions import Missing, Position, position_of

_PERSON, _IMAGE = 2, 14
_PERSONS_FIELD, _IMAGES_FIELD = 84, 18
_REASONS = {"XX": Missing.AMPUTATED, "UP": Missing.BANDAGED}
"""Amputated, and unable to print (ITL 1-2011, table 37)."""
_BY_STRENGTH = (Missing.AMPUTATED, Missing.BANDAGED, Missing.UNKNOWN)


def missing_of(record: NistRecord) -> Iterator[tuple[Position, Missing]]:
    """Read which fingers a record of a person or of an image tells to be amputated or bandaged; others tell nothing."""
    if record.type == _PERSON:
        # Elsewhere the field may be another: what has not the form of this one is.
        for position, code in _told(record, _PERSONS_FIELD):
            if position.finger and code in _REASONS:
                yield position, _REASONS[code]
    elif record.type == _IMAGE:
        for position, code in _told(record, _IMAGES_FIELD):
            # Of a whole hand, each of its fingers.
            for each in [Position(finger) for finger in sorted(position.fingers)] or [position]:
                yield each, _REASONS.get(code, Missing.UNKNOWN)


def _told(record: NistRecord, field: int) -> Iterator[tuple[Position, str]]:
    """Read fingers and codes."""
    for item in record.field(field):
        position = as_number(item[0])
        if position is not None:
            yield position_of(position), item[1].strip().upper() if len(item) > 1 else ""


def strongest(told: Iterable[tuple[Position, Missing]], notes: list[str]) -> dict[Position, Missing]:
    """Give the reason for which each finger is missing, of several the strongest, and note that there are several."""
    reasons: dict[Position, set[Missing]] = {}
    for position, reason in told:
        reasons.setdefault(position.plain_or_rolled, set()).add(reason)
    missing: dict[Position, Missing] = {}
    for position, several in reasons.items():
        missing[position] = next(reason for reason in _BY_STRENGTH if reason in several)
        if len(several) > 1:
            others = " and ".join(reason for reason in _BY_STRENGTH if reason in several - {missing[position]})
            notes.append(
                f"the {position.said} is told to be missing as {missing[position]} and as {others}; the first counts"
            )
    return missing
