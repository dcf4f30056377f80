"""This module reads the header of WSQ images (FBI IAFIS-IC-0110): size and resolution, before anything is decoded."""

import re
import struct

from biometrics.rejections import UndecodableImage

_FRAME = 0xA2
_COMMENT = 0xA8
_BLOCK = 0xA3
"""Where the coded data of a subband begin, and with them what is no segment any more."""
_PPI = re.compile(rb"NIST_COM\s.*?^PPI\s+(\d{1,5})\s*$", re.MULTILINE | re.DOTALL)
"""Such a comment begins so: looked for on each of its lines, a file of such lines would take as long as its sender
likes."""


def wsq_header(data: bytes) -> tuple[int, int, int | None]:
    """Give width, height and, where a comment of NIST's software tells it, the pixels to an inch.

    Raises:
        UndecodableImage: the header ends before it tells.
    """
    size = (0, 0)
    ppi: int | None = None
    for marker, body in _segments(data):
        if marker == _FRAME and len(body) >= 6:  # noqa: PLR2004  what is read below
            # Black and white as one byte each, then height and width (IAFIS-IC-0110, B.2.4). Of several frames, which
            # no encoder writes, a decoder may make room for any.
            height, width = struct.unpack(">HH", body[2:6])
            size = max(size, (width, height), key=lambda each: each[0] * each[1])
        elif marker == _COMMENT and (found := _PPI.match(body)):
            ppi = int(found[1])
    if not any(size):
        raise UndecodableImage("The WSQ image's header is broken or cut short; send it again.")
    return *size, ppi


def _segments(data: bytes) -> list[tuple[int, bytes]]:
    """List the segments (0xFF, marker, 16-bit length that counts itself) that come before the coded data."""
    found = []
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != _BLOCK:  # noqa: PLR2004  a marker begins with it
        length = int.from_bytes(data[at + 2 : at + 4])
        if length < 2:  # noqa: PLR2004  the length's own bytes
            break
        found.append((data[at + 1], data[at + 4 : at + 2 + length]))
        at += 2 + length
    return found
