"""This module walks the directories of TIFF images and of Exif, and refuses more than would keep a decoder busy."""

import struct
from collections.abc import Iterator

from biometrics.rejections import UndecodableImage

_ORDERS = {b"II": "<", b"MM": ">"}
_LITTLE = "<"
_FIRST = slice(4, 8)
_PLACES = frozenset({273, 279, 324, 325})
"""Where strips and tiles begin, and how long they are (TIFF 6.0, sections 8 and 15)."""
_TRANSFER = 301
"""A curve of tones, of as many numbers as there are tones: 65,536 of 16 bits (TIFF 6.0, section 20)."""
_ADDED = frozenset({34665, 34853, 40965})
"""Where the directories begin that a camera adds (Exif 2.3, 4.6.3)."""
_PLACE = frozenset({(4, 1), (13, 1)})
"""Kind and count of what tells where a directory begins: one LONG or IFD."""
_BYTES = frozenset({1, 2, 7})
"""BYTE, ASCII and UNDEFINED: profiles and texts, of which a decoder makes one object, however long they are."""
_MOST_VALUES = 20_000
"""Of 2,500 rows, each a strip of its own, in three colours apart, there are 15,000. A decoder makes an object of each
number, and reads each strip by itself."""
_MOST_DIRECTORIES = 10
"""That of the image, of a second one, which is refused later, and those that a camera adds."""


def check_directories(data: bytes) -> None:
    """Refuse a TIFF image of more strips, tiles and other numbers than an encoder writes, before a decoder sees them.

    What a decoder looks into is walked: the directories of the first two images, and those that a camera adds.
    BigTIFF is no format that is read.

    Raises:
        UndecodableImage: there are; or too many directories; or one of which no place is told.
    """
    order = _ORDERS.get(data[:2], _LITTLE)
    first = _number(data[_FIRST], order)
    refusal = UndecodableImage("The TIFF image has too many values or directories; send it as a plain TIFF.")
    waiting, seen, values = [first], set[int](), 0
    while waiting:
        at = waiting.pop()
        if at in seen:
            continue
        seen.add(at)
        if len(seen) > _MOST_DIRECTORIES:
            raise refusal
        for tag, kind, count, value in _entries(data, at, order):
            if (kind not in _BYTES or tag in _PLACES) and tag != _TRANSFER:
                values += count
            if tag in _ADDED:
                if (kind, count) not in _PLACE:
                    raise UndecodableImage("The TIFF image is broken or cut short; send it again.")
                waiting.append(_number(value, order))
            if values > _MOST_VALUES:
                raise refusal
        if at == first and (following := _following(data, at, order)):
            waiting.append(following)


def check_exif(exif: bytes) -> None:
    """Refuse Exif of more numbers than a camera writes, in the directory that a decoder looks into.

    What is larger than all of it is broken, and no decoder reads it.

    Raises:
        UndecodableImage: there are.
    """
    order = _ORDERS.get(exif[:2], _LITTLE)
    counts = (
        count
        for _, kind, count, _ in _entries(exif, _number(exif[_FIRST], order), order)
        if kind not in _BYTES and count <= len(exif)
    )
    if sum(counts) > _MOST_VALUES:
        raise UndecodableImage("The image's Exif has too many values; send it without Exif.")


def _entries(data: bytes, at: int, order: str) -> Iterator[tuple[int, int, int, bytes]]:
    """List tag, kind, count and value of each whole entry of a directory (TIFF 6.0, section 2)."""
    form = struct.Struct(f"{order}HHI4s")
    count = _number(data[at : at + 2], order)
    body = data[at + 2 : at + 2 + form.size * count]
    yield from form.iter_unpack(body[: len(body) // form.size * form.size])


def _following(data: bytes, at: int, order: str) -> int:
    end = at + 2 + 12 * _number(data[at : at + 2], order)
    return _number(data[end : end + 4], order)


def _number(told: bytes, order: str) -> int:
    return int.from_bytes(told, "little" if order == _LITTLE else "big")
