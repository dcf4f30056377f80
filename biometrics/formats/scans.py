"""This module tells whether all coded data of a JPEG image are there (ITU-T T.81)."""

import io
import re
from collections.abc import Iterator

from PIL import Image, ImageChops
from PIL.JpegImagePlugin import JpegImageFile

from biometrics.rejections import UndecodableImage

_MARKER = re.compile(rb"\xff([\x01-\xfe])")
"""A zero behind 0xFF is data (B.1.1.2 and B.1.1.5)."""
_SCAN, _END = 0xDA, 0xD9
_RESTARTS = range(0xD0, 0xD8)
"""Counted from 0 to 7 and over again in each scan (B.1.1.3)."""
_STANDALONE = frozenset({0x01, *range(0xD0, 0xDA)})
"""Markers that no length follows (B.1.1.3)."""
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Starts of frame (table B.1)."""
_PROGRESSIVE, _ARITHMETIC = frozenset({0xC2, 0xCA}), frozenset(range(0xC9, 0xD0))
_COEFFICIENTS = 64
_MOST_MARKERS = 200_000
"""A restart for each eight by eight pixels of the largest image; encoders write one a row of them, or none."""
_NONSENSE = bytes(37 * number % 255 for number in range(64))
"""Never 0xFF, so that it is no marker; and first zero, so that it makes none of a fill byte before it."""


def check_scans(data: bytes, decoded: Image.Image) -> None:
    """Refuse an image of which a decoder invented a part; it takes as long as decoding it.

    A decoder fills up what is missing, and only warns, which Pillow does not tell. So the image is decoded once more
    with nonsense behind each stretch of coded data: no decoder reads behind one that is whole, and skips what it does
    not know up to the next marker. Where a stretch is cut short, nonsense is decoded instead of what was invented.

    Arithmetic coding may leave out zeros at the end of a stretch (D.1.8), so that nothing can be told of it.

    Raises:
        UndecodableImage: something is missing.
    """
    refusal = UndecodableImage("The JPEG image is broken or cut short; send it again.")
    markers = list(_markers(data))
    if not _is_complete(data, markers):
        raise refusal
    if any(marker in _ARITHMETIC for marker, _, _ in markers):
        return
    with JpegImageFile(io.BytesIO(_with_nonsense(data, markers, refusal))) as again:
        again.load()
        if ImageChops.difference(decoded, again).getbbox():
            raise refusal


def _markers(data: bytes) -> Iterator[tuple[int, int, int]]:
    """List the markers of an image up to its end: each with where it begins, and where what it tells ends."""
    at = count = 0
    while found := _MARKER.search(data, at):
        marker, at = found[1][0], found.end()
        if marker not in _STANDALONE:
            at += max(int.from_bytes(data[at : at + 2]), 2)
        count += 1
        if count > _MOST_MARKERS:
            raise UndecodableImage("The JPEG image is in too many pieces; send it as a plain JPEG.")
        yield marker, found.start(), at
        if marker == _END:
            return


def _is_complete(data: bytes, markers: list[tuple[int, int, int]]) -> bool:
    """Tell whether there are scans of all components, and of progressive ones of all coefficients to their last bit."""
    left: dict[int, set[int]] = {}
    is_progressive = False
    for marker, start, end in markers:
        body = data[start + 4 : end]
        if marker in _FRAMES:
            is_progressive = marker in _PROGRESSIVE
            # Depth, height and width, their number, and of each its name, sampling and table (B.2.2).
            left = {name: set(range(_COEFFICIENTS)) for name in body[6 : 6 + 3 * body[5] : 3]}
        elif marker == _SCAN:
            # Their number, of each its name and tables, then from which coefficient to which, and to which bit (B.2.3).
            names, (first, last, bits) = body[1 : 1 + 2 * body[0] : 2], body[1 + 2 * body[0] :][:3]
            sent = range(_COEFFICIENTS) if not is_progressive else range(first, last + 1) if not bits & 15 else ()
            for name in names:
                left.get(name, set()).difference_update(sent)
    return not any(left.values())


def _with_nonsense(data: bytes, markers: list[tuple[int, int, int]], refusal: UndecodableImage) -> bytes:
    """Put nonsense behind each stretch of coded data, and a round of restarts behind each scan, for what lacks some.

    Raises:
        UndecodableImage: restarts are missing.
    """
    pieces: list[bytes] = []
    done = restarts = 0
    is_coded = False
    for marker, start, _ in markers:
        if is_coded:
            pieces += [data[done:start], _NONSENSE]
            done = start
            if marker not in _RESTARTS:
                pieces += [_nonsense_behind(restarts + more) for more in range(len(_RESTARTS))]
            elif marker != _RESTARTS[restarts % len(_RESTARTS)]:
                raise refusal
            restarts += 1
        if marker not in _RESTARTS:
            is_coded, restarts = marker == _SCAN, 0
    return b"".join([*pieces, data[done:]])


def _nonsense_behind(restarts: int) -> bytes:
    """Give a restart after so many, and nonsense that begins differently behind each of a round."""
    number = restarts % len(_RESTARTS)
    return bytes([0xFF, _RESTARTS[number]]) + _NONSENSE[number + 1 :]
