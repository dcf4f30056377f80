"""This module tells by the bytes alone that a template of the engine's own is as the engine writes it (pure)."""

import re

# CBOR, RFC 8949, 3.1: numbers to 23 in one byte, larger ones after 0x18 and 0x19; 0xfa is a float of four bytes; arrays
# and texts of up to 23 tell their length in one byte, longer ones in the next.
_TEXT = rb"(?:[\x60-\x77]|\x78.)"
_NUMBER = rb"(?:[\x00-\x17]|\x18.|\x19..)"
# Below 16,384: what a position of the standards holds (14 bits; ISO/IEC 19794-2:2005, 7.5.2.2).
_POSITION = rb"(?:\x18.|[\x00-\x17]|\x19[\x00-\x3f].)"
_ANGLE = rb"\xfa...."
# From 1 to 100, the most that the engine finds.
_ARRAY = rb"(?:\x98[\x18-\x64]|[\x81-\x97])"
_WRITTEN = re.compile(
    rb"\xbfgversion" + _TEXT + rb"[0-9.]+(?:-java)?ewidth" + _NUMBER + rb"fheight" + _NUMBER
    + rb"jpositionsX" + _ARRAY + _POSITION + rb"*+"
    + rb"jpositionsY" + _ARRAY + _POSITION + rb"*+"
    + rb"jdirections" + _ARRAY + rb"(?:" + _ANGLE + rb")*+"
    + rb"etypes" + _TEXT + rb"[EB]*+\xff",
    re.DOTALL,
)  # fmt: skip


def is_as_written(data: bytes) -> bool:
    """Tell whether a template has the form that the engine gives it: then no more than 100 minutiae are in it.

    It takes some microseconds, for reading templates is what fills the gallery. No part may come twice, so that the
    lengths that are looked at are those that the engine reads; whether they are all the same, it looks itself.
    Positions are neither negative nor larger than can be written. What has another form may still be a template.
    """
    return _WRITTEN.fullmatch(data) is not None
