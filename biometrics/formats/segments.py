"""This module walks the parts of PNG and JPEG images, and refuses more than would keep a decoder busy for long."""

import re
import struct
from collections.abc import Iterator

from biometrics.formats.directories import check_exif
from biometrics.rejections import UndecodableImage

_PNG_SIZE = slice(16, 24)
_PNG_START = 8
_MOST_CHUNKS = 10_000
"""Of twelve million gray pixels in chunks of 8 kB, as encoders write them, there are 1,500, of four million in colours
and of 16 bits four thousand."""
_PROFILE = b"iCCP"
_EXIF_CHUNK = b"eXIf"
_LAST_CHUNK = b"IEND"

_SEGMENT = re.compile(rb"\xff([\x01-\xfe])")
_SCAN = b"\xff\xda"
"""Start of scan (ITU-T T.81, table B.1); coded data never holds these two bytes."""
_STANDALONE = {0x01, *range(0xD0, 0xDA)}
"""Markers that no length follows (B.1.1.3)."""
_EXIF_SEGMENT = b"\xe1"
_EXIF = b"Exif\0\0"
MOST_SCANS = 32
"""An encoder writes ten or so, of four colours eighteen. Of the largest image each takes the decoder 20 ms, twice."""
_MOST_SEGMENTS = 1_000
_MOST_EXIF = 100
"""Of 64 kB each, as are all segments: a few hold a profile of colours, one what a camera tells."""
_MOST_BETWEEN = 64
"""Bytes before the first scan that are in no segment; encoders write none, or fill up to a whole number of words."""


def png_size(data: bytes) -> tuple[int, int]:
    """Give width and height of a PNG image by its first chunk (W3C PNG, 11.2.1).

    Raises:
        UndecodableImage: it is another chunk, or is cut short.
    """
    if data[12:16] != b"IHDR" or len(data) < _PNG_SIZE.stop:
        raise UndecodableImage("The PNG image's header is broken or cut short; send it again.")
    width, height = struct.unpack(">II", data[_PNG_SIZE])
    return width, height


def check_chunks(data: bytes) -> None:
    """Refuse a PNG image of more chunks than an encoder writes.

    Raises:
        UndecodableImage: it is; or it has several profiles of colours, each of which a decoder unpacks; or Exif of too
            many numbers.
    """
    profiles = 0
    for chunks, (kind, start, end) in enumerate(_chunks(data)):
        profiles += kind == _PROFILE
        if chunks >= _MOST_CHUNKS or profiles > 1:
            raise UndecodableImage("The PNG image is in too many chunks; send it as a plain PNG.")
        if kind == _EXIF_CHUNK:
            check_exif(data[start:end].removeprefix(_EXIF))


def exif_of_png(data: bytes) -> bytes:
    """Give the Exif of a PNG image, wherever it is (W3C PNG, 11.3.3.6): nothing where there is none."""
    return next((data[start:end] for kind, start, end in _chunks(data) if kind == _EXIF_CHUNK), b"")


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """List the kinds of the chunks, up to the last, and where what is in them begins and ends (W3C PNG, 5.3)."""
    at, kind = _PNG_START, b""
    while at < len(data) and kind != _LAST_CHUNK:
        kind, start = data[at + 4 : at + 8], at + 8
        at = start + int.from_bytes(data[at : at + 4]) + 4
        yield kind, start, at - 4


def check_segments(data: bytes) -> None:
    """Refuse a JPEG image of more segments than an encoder writes.

    Raises:
        UndecodableImage: too many scans; or, before the first of them, too many segments, or bytes in none; or Exif of
            too many numbers.
    """
    at, segments, between, exif = 2, 0, 0, list[bytes]()
    while at < len(data):
        found = _SEGMENT.search(data, at)
        between += (found.start() if found else len(data)) - at
        if segments > _MOST_SEGMENTS or len(exif) > _MOST_EXIF or between > _MOST_BETWEEN:
            raise UndecodableImage("The JPEG image is in too many segments, or has gaps; send it as a plain JPEG.")
        if found is None:
            break
        if found[0] == _SCAN:
            # A profile of colours before it may hold any bytes.
            if data.count(_SCAN, found.start()) > MOST_SCANS:
                raise UndecodableImage(f"The JPEG image has more than {MOST_SCANS} scans; send it as a plain JPEG.")
            break
        segments += 1
        at = found.end()
        start = at + 2
        if found[1][0] not in _STANDALONE:
            at += max(int.from_bytes(data[at : at + 2]), 2)
        if found[1] == _EXIF_SEGMENT:
            exif.append(data[start:at])
    # Decoders join what is in pieces, and take the name off twice.
    named = b"".join(each.removeprefix(_EXIF) for each in exif if each.startswith(_EXIF))
    check_exif(named.removeprefix(_EXIF))
