"""This module turns what a client sends as an image into gray pixels, and refuses what is no image of a finger."""

import io
import struct
import zlib
from collections.abc import Callable
from enum import StrEnum

import numpy as np
from PIL import Image

from biometrics.gray import GrayImage
from biometrics.rejections import BlankImage, ImageTooLarge, ImageTooSmall, UndecodableImage

# Four fingers at once at 500 dpi take 1600 x 1500 (ANSI/NIST-ITL type 14); a single one at 1000 dpi takes less.
MAX_PIXELS = 4_000_000
# A finger at 500 dpi needs more than 6 mm each way to show anything that can be compared.
MIN_SIDE_INCHES = 0.25
# Below this spread of gray values there is no ridge: the noise of a clean scanner is less.
MIN_CONTRAST = 16

WsqDecoder = Callable[[bytes], tuple[int, int, bytes]]


class ImageFormat(StrEnum):
    """How an image is written."""

    PNG = "png"
    JPEG = "jpeg"
    WSQ = "wsq"
    RAW = "raw"


def decode_image(data: bytes, dpi: int, decode_wsq: WsqDecoder) -> GrayImage:
    """Decode a PNG, JPEG or WSQ file, told apart by its first bytes.

    Gray files keep their values: no gamma, no profile is applied; the engine compares what the scanner saw.

    Raises:
        UndecodableImage, ImageTooLarge, ImageTooSmall, BlankImage: what is wrong with it.
    """
    image_format = recognise(data)
    check_size(*declared_size(data, image_format), dpi)
    if image_format is ImageFormat.WSQ:
        width, height, pixels = decode_wsq(data)
        check_size(width, height, dpi)
        return checked(width, height, pixels, dpi)
    try:
        with Image.open(io.BytesIO(data), formats=[image_format.value.upper()]) as opened:
            # A file may declare its size twice, and Pillow takes the last: that one makes room.
            check_size(*opened.size, dpi)
            opened.load()
            gray = _to_gray(opened)
    except (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error, Image.DecompressionBombError):
        raise UndecodableImage(
            f"The {image_format.value.upper()} image is broken or cut short; send it again."
        ) from None
    return checked(gray.width, gray.height, gray.tobytes(), dpi)


def raw_image(data: bytes, width: int, height: int, dpi: int) -> GrayImage:
    """Take gray pixels as they are.

    Raises:
        UndecodableImage, ImageTooLarge, ImageTooSmall, BlankImage: what is wrong with them.
    """
    check_size(width, height, dpi)
    return checked(width, height, data, dpi)


def recognise(data: bytes) -> ImageFormat:
    """Tell the format by the first bytes.

    Raises:
        UndecodableImage: none that is known.
    """
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return ImageFormat.PNG
    if data.startswith(b"\xff\xd8\xff"):
        return ImageFormat.JPEG
    if data.startswith(b"\xff\xa0"):
        return ImageFormat.WSQ
    raise UndecodableImage("The file is no PNG, JPEG or WSQ image; send one of these, or raw pixels with their size.")


def declared_size(data: bytes, image_format: ImageFormat) -> tuple[int, int]:
    """Read width and height from the header, before anything is decoded.

    Raises:
        UndecodableImage: the header ends before it tells.
    """
    if image_format is ImageFormat.PNG and data[12:16] == b"IHDR" and len(data) >= 24:  # noqa: PLR2004  PNG, 11.2.1
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if image_format is ImageFormat.JPEG:
        return _size_in_segments(data, _JPEG_FRAMES, 3)
    if image_format is ImageFormat.WSQ:
        # After the length: black and white as one byte each, then height and width (IAFIS-IC-0110, B.2.4).
        return _size_in_segments(data, frozenset({0xA2}), 4)
    raise UndecodableImage("The image's header is cut short; send it again.")


# Start of frame, in all its variants (ITU-T T.81, table B.1).
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def _size_in_segments(data: bytes, frames: frozenset[int], skipped: int) -> tuple[int, int]:
    """Walk the segments (0xFF, kind, 16-bit length) to the frame's; `skipped` bytes lie before the height there."""
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:  # noqa: PLR2004  every marker begins with it
            break
        if data[at + 1] == 0xFF:  # noqa: PLR2004  a fill byte
            at += 1
            continue
        kind, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        if kind in frames:
            found = data[at + 2 + skipped : at + 6 + skipped]
            if len(found) == 4:  # noqa: PLR2004  two 16-bit numbers
                height, width = struct.unpack(">HH", found)
                return width, height
            break
        at += 2 + length
    raise UndecodableImage("The image's header is broken or cut short; send it again.")


def check_size(width: int, height: int, dpi: int) -> None:
    """Refuse sizes that no image of a finger has.

    Raises:
        ImageTooLarge, ImageTooSmall: and by how much.
    """
    if width * height > MAX_PIXELS:
        raise ImageTooLarge(
            f"The image declares {width} x {height} pixels, more than {MAX_PIXELS}; send one finger at 500 dpi.",
        )
    if min(width, height) < MIN_SIDE_INCHES * dpi:
        raise ImageTooSmall(
            f"The image of {width} x {height} pixels at {dpi} dpi shows too little of a finger; send 6 mm or more, "
            "and the true dpi."
        )


def checked(width: int, height: int, pixels: bytes, dpi: int) -> GrayImage:
    """Make a gray image of pixels that fill it and show something.

    Raises:
        UndecodableImage: too few or too many pixels.
        BlankImage: all of about one tone.
    """
    if len(pixels) != width * height:
        raise UndecodableImage(f"{len(pixels)} bytes do not fill {width} x {height} pixels; send one byte a pixel.")
    values = np.frombuffer(pixels, dtype=np.uint8)
    if int(values.max()) - int(values.min()) < MIN_CONTRAST:
        raise BlankImage("The image is blank; take the finger again.")
    return GrayImage(width, height, pixels, dpi)


def _to_gray(image: Image.Image) -> Image.Image:
    if image.mode == "L":
        return image
    if image.mode in {"I", "I;16", "I;16B"}:
        return Image.fromarray((np.asarray(image, dtype=np.uint32) >> 8).clip(0, 255).astype(np.uint8))
    if "A" in image.mode or "transparency" in image.info:
        # What is transparent is not touched by the finger: white.
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image.convert("RGBA")).convert("L")
    return image.convert("L")
