"""This module reads what a JPEG 2000 image declares, before a decoder makes room for it (ISO/IEC 15444-1)."""

import re
import struct
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from biometrics.formats.resolution import METRES_TO_AN_INCH, Dpi
from biometrics.rejections import UndecodableImage

_CODESTREAM = b"\xff\x4f\xff\x51"
"""Start of codestream, and its size right behind (A.4.1 and A.5.1)."""
_CODESTREAM_BOX = b"jp2c"
_SIGNATURE_BOX = b"jP  "
_HEADER_BOX, _RESOLUTION_BOX, _CAPTURE_BOX = b"jp2h", b"res ", b"resc"
_CAPTURED = struct.Struct(">HHHHbb")
"""Pixels to a metre, down and across: numerators, denominators, and exponents of ten, which may be negative."""
_MOST_BOXES = 64
_SIZE = struct.Struct(">HHIIIIIIIIH")
_TILE_PART = b"\xff\x90"
_TILE_PART_FORM = struct.Struct(">2sHHIBB")
"""Its marker, the length of its header, tile, length in all, number, and of how many (A.4.2)."""
_NO_LENGTH = frozenset(bytes([second]) for second in range(0x30, 0x40))
"""Second bytes of markers that no length follows (A.1.1)."""
_MOST_MARKERS = 1_000
"""In the main header, of which encoders write ten or so."""
_MOST_TILE_PARTS = 100_000
"""Of 32 x 32 pixels there are twelve thousand tiles, which no encoder parts further."""
_COMPONENTS = len(_CODESTREAM) + _SIZE.size - 2
_MOST_COMPONENTS = 4
"""Colours and opacity: what is read. A decoder makes room for each in each tile before it looks how many there are."""
_MOST_TILES = 4096
_SMALLEST_TILE = 32 * 32
"""A decoder keeps a table of tiles before it has seen one: a large image may have many, a small one need not."""
_MOST_PIECES = 100_000
"""Precincts and code-blocks: a decoder makes room for each before it reads one. Real images have up to some hundreds,
and one of twelve million pixels in the smallest usual code-blocks, of 32 x 32, fifteen thousand."""
_MOST_LAYERS = 1_000
"""An encoder writes one to twenty; a decoder keeps a mark for each layer of each precinct."""
_CODING = re.compile(rb"\xff[\x52\x53]")
_CODING_STYLE = b"\x52"
"""Markers of how all components (COD) or one of them (COC) are coded (A.6.1 and A.6.2)."""
_WHOLE = 15
"""The exponent of precincts where none is told: as large as any image."""
_LEVELS, _MOST_LEVELS = 5, 32
"""The bytes from the levels up to the precincts, and how many levels there may be (table A.15)."""


def codestream_size(data: bytes) -> tuple[int, int]:
    """Give width and height of an image on its reference grid, whatever its boxes say.

    Raises:
        UndecodableImage: there is no codestream, or its size is cut short or absurd, or it has more colours than are.
    """
    return _size(data)[0]


def check_tiles(data: bytes) -> None:
    """Refuse an image of which a tile is missing, or part of one: decoders leave it black.

    Raises:
        UndecodableImage: one is, or the size is broken.
    """
    _, tiles = _size(data)
    parts, told = Counter[int](), dict[int, int]()
    for tile, of_how_many in islice(_tile_parts(data), _MOST_TILE_PARTS):
        parts[tile] += 1
        told[tile] = max(told.get(tile, 1), of_how_many)
    if not all(tile in told and parts[tile] >= told[tile] for tile in range(tiles)):
        raise UndecodableImage("The JPEG 2000 image is broken or cut short; send it again.")


def _tile_parts(data: bytes) -> Iterator[tuple[int, int]]:
    """List the parts of tiles that are whole: of which tile each is, and how many that has, 0 where it does not tell.

    Behind the main header each tells where the next begins, but the last may go on to the end.
    """
    at = _codestream_start(data) + 2
    for _ in range(_MOST_MARKERS):
        if not data.startswith(b"\xff", at) or data.startswith(_TILE_PART, at):
            break
        at += 2 if data[at + 1 : at + 2] in _NO_LENGTH else 2 + int.from_bytes(data[at + 2 : at + 4])
    while data.startswith(_TILE_PART, at) and at + _TILE_PART_FORM.size <= len(data):
        _, _, tile, length, _, of_how_many = _TILE_PART_FORM.unpack_from(data, at)
        at += length
        if at > len(data):
            return
        yield tile, of_how_many
        if length < _TILE_PART_FORM.size:
            return


def _size(data: bytes) -> tuple[tuple[int, int], int]:
    """Read width and height, and how many tiles they are in; see `codestream_size`."""
    refusal = UndecodableImage("The JPEG 2000 image's header is broken or cut short; send it again.")
    start = _codestream_start(data)
    found = data[start + len(_CODESTREAM) : start + len(_CODESTREAM) + _SIZE.size]
    if not data.startswith(_CODESTREAM, start) or len(found) < _SIZE.size:
        raise refusal
    _, _, right, bottom, left, top, tile_width, tile_height, tile_left, tile_top, components = _SIZE.unpack(found)
    if not (left < right and top < bottom and tile_width and tile_height and 0 < components <= _MOST_COMPONENTS):
        raise refusal
    across = -(-(right - min(tile_left, right)) // tile_width)
    down = -(-(bottom - min(tile_top, bottom)) // tile_height)
    width, height = right - left, bottom - top
    if across * down > max(_MOST_TILES, width * height // _SMALLEST_TILE):
        raise refusal
    return (width, height), across * down


def check_pieces(data: bytes) -> None:
    """Refuse an image that is cut into more pieces than any needs, in any of its tiles.

    Raises:
        UndecodableImage: it is, or its size is broken.
    """
    width, height = codestream_size(data)
    start = _codestream_start(data)
    components = int.from_bytes(data[start + _COMPONENTS : start + _COMPONENTS + 2])
    for layers, levels, precincts in _styles(data, start):
        if layers > _MOST_LAYERS or _pieces(width, height, levels, precincts) * components > _MOST_PIECES:
            raise UndecodableImage("The JPEG 2000 image is cut into too many pieces; send it in usual code-blocks.")


def captured_dpi(data: bytes) -> Dpi | None:
    """Give the resolution at which an image was taken, as its boxes tell it (I.5.3.7.1): pixels to an inch."""
    told = _box(_box(_box(data, _HEADER_BOX), _RESOLUTION_BOX), _CAPTURE_BOX)
    if len(told) < _CAPTURED.size:
        return None
    down, of_down, across, of_across, exponent_down, exponent_across = _CAPTURED.unpack_from(told)
    if not (of_down and of_across):
        return None
    return (
        across / of_across * 10.0**exponent_across * METRES_TO_AN_INCH,
        down / of_down * 10.0**exponent_down * METRES_TO_AN_INCH,
    )


def _box(data: bytes, wanted: bytes) -> bytes:
    """Give what is in the first box of a kind; nothing where there is none."""
    return next((data[start:end] for kind, start, end in _boxes(data) if kind == wanted), b"")


def _codestream_start(data: bytes) -> int:
    """Walk the boxes to the first codestream, as decoders do (I.4); 0 where it is bare."""
    if data[4:8] != _SIGNATURE_BOX:
        return 0
    return next((start for kind, start, _ in _boxes(data) if kind == _CODESTREAM_BOX), len(data))


def _boxes(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """List kind, start and end of boxes, without their headers."""
    at = 0
    for _ in range(_MOST_BOXES):
        length, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        header = 8
        if length == 1:  # a longer length follows
            length, header = int.from_bytes(data[at + 8 : at + 16]), 16
        yield kind, at + header, at + length if length else len(data)
        if length < header:
            return
        at += length


def _styles(data: bytes, start: int) -> Iterator[tuple[int, bytes, bytes]]:
    """List how the codestream says that it is cut: layers; levels and code-blocks; the precincts of each resolution.

    They are looked for everywhere, for any tile-part may tell them anew, and decoders do not agree on where one begins.
    Coded data look like one, of the length that its own numbers ask for, once in thirty thousand million bytes.
    """
    for found in _CODING.finditer(data, start):
        at = found.end()
        length = int.from_bytes(data[at : at + 2])
        body = data[at + 2 : at + length]
        # Before the levels come the flag and progression, layers and transform, or the component (a byte, of so few)
        # and the flag; behind them the code-blocks' width and height, their style, and the wavelet.
        is_whole = data[at - 1 : at] == _CODING_STYLE
        flag, levels = (body[:1], body[5:]) if is_whole else (body[1:2], body[2:])
        if len(levels) < _LEVELS or levels[0] > _MOST_LEVELS:
            continue
        precincts = levels[_LEVELS:]
        if len(precincts) == (levels[0] + 1 if flag[0] & 1 else 0):
            yield int.from_bytes(body[2:4]) if is_whole else 1, levels[:3], precincts


def _pieces(width: int, height: int, levels: bytes, precincts: bytes) -> int:
    """Count precincts and code-blocks of a component over its resolutions, from the smallest on (B.5 to B.7)."""
    last = levels[0]
    count = 0
    for resolution in range(last + 1):
        told = precincts[resolution] if precincts else _WHOLE | _WHOLE << 4
        precinct_and_block = 1, 1
        for side, precinct, block in ((width, told & 15, levels[1] & 15), (height, told >> 4, levels[2] & 15)):
            shown = -(-side >> (last - resolution))
            # Bands are half as large as what they add to, and so are the precincts on them; three share the blocks.
            inside = min(block + 2, max(precinct - (resolution > 0), 0))
            precinct_and_block = (
                precinct_and_block[0] * -(-shown >> precinct),
                precinct_and_block[1] * -(-shown >> inside),
            )
        count += sum(precinct_and_block)
    return count
