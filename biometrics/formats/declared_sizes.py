"""This module reads the sizes that PNG and JPEG 2000 declare first, before a decoder reads any further."""

import struct

from biometrics.rejections import UndecodableImage

_CODESTREAM = b"\xff\x4f\xff\x51"
"""Start of codestream, and its size right behind (ISO/IEC 15444-1, A.4.1 and A.5.1)."""
_PNG_SIZE = slice(16, 24)
_SIZE = struct.Struct(">HHIIIIIIIIH")
_MOST_TILES = 4096
"""A decoder keeps a table of tiles before it has seen one: 4 million pixels in tiles of 32 x 32."""


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
    start = data.find(_CODESTREAM)
    found = data[start + len(_CODESTREAM) :][: _SIZE.size]
    if start < 0 or len(found) < _SIZE.size:
        raise refusal
    _, _, right, bottom, left, top, tile_width, tile_height, tile_left, tile_top, _ = _SIZE.unpack(found)
    if not (left < right and top < bottom and tile_width and tile_height):
        raise refusal
    across = -(-(right - min(tile_left, right)) // tile_width)
    down = -(-(bottom - min(tile_top, bottom)) // tile_height)
    if across * down > _MOST_TILES:
        raise refusal
    return right - left, bottom - top
