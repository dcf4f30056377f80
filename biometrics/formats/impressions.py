"""This module is the one list of codes for how a finger was put down, and what each edition of a standard has of it."""

from enum import IntEnum

from contracts.records import ImpressionType


class Impression(IntEnum):
    """Impression types (ANSI/NIST-ITL 1-2011, table 7; INCITS 378-2009, table 8; ISO/IEC 19794-4:2011, table 9)."""

    LIVE_PLAIN = 0
    LIVE_ROLLED = 1
    NONLIVE_PLAIN = 2
    NONLIVE_ROLLED = 3
    LATENT = 4
    LATENT_TRACING = 5
    LATENT_PHOTO = 6
    LATENT_LIFT = 7
    SWIPE = 8
    VERTICAL_ROLL = 9
    LIVE_PALM = 10
    NONLIVE_PALM = 11
    LATENT_PALM = 12
    LATENT_PALM_TRACING = 13
    LATENT_PALM_PHOTO = 14
    LATENT_PALM_LIFT = 15
    OPTICAL_CONTACT_PLAIN = 20
    OPTICAL_CONTACT_ROLLED = 21
    OTHER_CONTACT_PLAIN = 22
    OTHER_CONTACT_ROLLED = 23
    OPTICAL_CONTACTLESS_PLAIN = 24
    OPTICAL_CONTACTLESS_ROLLED = 25
    OTHER_CONTACTLESS_PLAIN = 26
    OTHER_CONTACTLESS_ROLLED = 27
    OTHER = 28
    UNKNOWN = 29

    @property
    def word(self) -> ImpressionType | None:
        """The standard's word for it; none where nobody told, or told of a palm."""
        return ImpressionType.__members__.get(self.name)


_KNOWN = frozenset(Impression)
CONTACTLESS_2005 = 9
"""The editions of 2004 and 2005 have four bits, where 9 is a live scan without contact (INCITS 378-2004, table 4)."""
_NEAREST = {
    Impression.OPTICAL_CONTACT_PLAIN: Impression.LIVE_PLAIN,
    Impression.OPTICAL_CONTACT_ROLLED: Impression.LIVE_ROLLED,
    Impression.OTHER_CONTACT_PLAIN: Impression.LIVE_PLAIN,
    Impression.OTHER_CONTACT_ROLLED: Impression.LIVE_ROLLED,
    Impression.VERTICAL_ROLL: Impression.LIVE_ROLLED,
}
_CONTACTLESS = range(Impression.OPTICAL_CONTACTLESS_PLAIN, Impression.OTHER_CONTACTLESS_ROLLED + 1)
_FOUR_BITS = range(16)


def impression_of(code: int) -> Impression:
    """Give the impression type of a code; a reserved one says nothing, and is `UNKNOWN`."""
    return Impression(code) if code in _KNOWN else Impression.UNKNOWN


def impression_of_2005(code: int) -> Impression:
    """Give the impression type of a code of the editions of 2004 and 2005."""
    return Impression.OPTICAL_CONTACTLESS_PLAIN if code == CONTACTLESS_2005 else impression_of(code)


def code_of_2005(impression: Impression) -> int:
    """Give the nearest code of the editions of 2004 and 2005: they have none for "unknown", and 0 is what is usual."""
    if impression in _CONTACTLESS:
        return CONTACTLESS_2005
    nearest = _NEAREST.get(impression, impression)
    return nearest if nearest in _FOUR_BITS else Impression.LIVE_PLAIN
