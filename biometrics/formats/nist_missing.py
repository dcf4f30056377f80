"""This module is which fingers an ANSI/NIST-ITL transaction tells to be missing, and why.

Records of type 14 tell it in 14.018. Those of types 3 and 4 have no place for it: of their fingers the FBI's EBTS tells
it in the record of the person (2.084 AMP, finger and code), of type 2, whose fields others number as they like.
"""

import re
from collections.abc import Iterator

from biometrics.formats.contents import MissingFinger
from biometrics.formats.nist_records import NistRecord, as_number
from biometrics.formats.positions import Missing, Position, position_of

_PERSON, _IMAGE = 2, 14
_PERSONS_FIELD, _IMAGES_FIELD = 84, 18
_CODE = re.compile("[A-Z]{2}")
_REASONS = {"XX": Missing.AMPUTATED, "UP": Missing.BANDAGED}
"""Amputated, and unable to print (ITL 1-2011, table 37)."""


def missing_of(record: NistRecord) -> Iterator[MissingFinger]:
    """Read which fingers a record of a person or of an image tells to be amputated or bandaged; others tell nothing."""
    if record.type == _PERSON:
        # Elsewhere the field may be another: what has not the form of this one is.
        for position, code in _told(record, _PERSONS_FIELD):
            if position.finger and code in _REASONS:
                yield MissingFinger(position, _REASONS[code])
    elif record.type == _IMAGE:
        for position, code in _told(record, _IMAGES_FIELD):
            # Of a whole hand, each of its fingers.
            for each in [Position(finger) for finger in sorted(position.fingers)] or [position]:
                yield MissingFinger(each, _REASONS.get(code, Missing.UNKNOWN))


def not_read(record: NistRecord) -> Iterator[str]:
    """Note what may tell of a missing finger, and is not read."""
    if record.type == _PERSON:
        for position, code in _told(record, _PERSONS_FIELD):
            is_read = position.finger and code in _REASONS
            if position.fingers and _CODE.fullmatch(code) and not is_read:
                yield f"field 2.084 tells of the {position.said} in a way that is not read, and was passed over"
    elif record.type == _IMAGE:
        items = record.field(_IMAGES_FIELD)
        if any(each[0].strip() and as_number(each[0]) is None for each in items):
            yield "which finger is missing is told in a way that is not read, and was passed over"


def _told(record: NistRecord, field: int) -> Iterator[tuple[Position, str]]:
    """Read fingers and codes."""
    for item in record.field(field):
        position = as_number(item[0])
        if position is not None:
            yield position_of(position), item[1].strip().upper() if len(item) > 1 else ""
