"""This module reads the sizes that PNG and JPEG 2000 declare first, before a decoder reads any further."""

import struct

from biometrics.rejections import UndecodableImage

_CODESTREAM = b"\xff\x4f\xff\x51"
"""Start of codestream, and its size right behind (ISO/IEC 15444-1, A.4.1 and A.5.1)."""
_CODESTREAM_BOX = b"jp2c"
_SIGNATURE_BOX = b"jP  "
_MOST_BOXES = 64
_PNG_SIZE = slice(16, 24)
_SIZE = struct.Struct(">HHIIIIIIIIH")
_MOST_TILES = 4096
_SMALLEST_TILE = 32 * 32
"""A decoder keeps a table of tiles before it has seen one: a large image may have many, a small one need not."""


def png_size(data: bytes) -> tuple[int, int]:
    """Give width and height of the first chunk (W3C PNG, 11.2.1).

    Raises:
        UndecodableImage: it is another chunk, or is cut short.
    """
    if data[12:16] != b"IHDR" or len(data) < _PNG_SIZE.stop:
        raise UndecodableImage("The PNG image's header is broken or cut short; send it again.")
    width, height = struct.unpack(">II", data[_PNG_SIZE])
    return width, height


def codestream_size(data: bytes) -> tuple[int, int]:
    """Give width and height of a JPEG 2000 image on its reference grid, whatever its boxes say.

    Raises:
        UndecodableImage: there is no codestream, or its size is cut short or absurd.
    """
    refusal = UndecodableImage("The JPEG 2000 image's header is broken or cut short; send it again.")
    start = _codestream_start(data)
    found = data[start + len(_CODESTREAM) : start + len(_CODESTREAM) + _SIZE.size]
    if not data.startswith(_CODESTREAM, start) or len(found) < _SIZE.size:
        raise refusal
    _, _, right, bottom, left, top, tile_width, tile_height, tile_left, tile_top, _ = _SIZE.unpack(found)
    if not (left < right and top < bottom and tile_width and tile_height):
        raise refusal
    across = -(-(right - min(tile_left, right)) // tile_width)
    down = -(-(bottom - min(tile_top, bottom)) // tile_height)
    width, height = right - left, bottom - top
    if across * down > max(_MOST_TILES, width * height // _SMALLEST_TILE):
        raise refusal
    return width, height


def _codestream_start(data: bytes) -> int:
    """Walk the boxes to the first codestream, as decoders do (ISO/IEC 15444-1, I.4); 0 where it is bare."""
    if data[4:8] != _SIGNATURE_BOX:
        return 0
    at = 0
    for _ in range(_MOST_BOXES):
        length, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        header = 8
        if length == 1:  # a longer length follows
            length, header = int.from_bytes(data[at + 8 : at + 16]), 16
        if kind == _CODESTREAM_BOX:
            return at + header
        if length < header:
            break
        at += length
    return len(data)
