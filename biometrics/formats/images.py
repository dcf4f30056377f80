"""This module turns what is sent as an image into gray pixels, and refuses what is no image of a finger."""

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile

from biometrics.formats.declared_sizes import codestream_size, png_size
from biometrics.formats.kinds import Family, SampleFormat, recognise
from biometrics.formats.resampling import resampled
from biometrics.formats.resolution import (
    Dpi,
    Resolution,
    ResolutionSource,
    agree,
    is_possible,
    resolve,
    unknown,
)
from biometrics.formats.ridges import estimate_dpi
from biometrics.formats.tone import Tone, tone_of
from biometrics.formats.wsq import wsq_header
from biometrics.gray import STANDARD_DPI, GrayImage
from biometrics.rejections import (
    BlankImage,
    ImageTooLarge,
    ImageTooSmall,
    ImpossibleResolution,
    UndecodableImage,
)

# Four fingers at once at 500 dpi take 1600 x 1500 (ANSI/NIST-ITL type 14); a single one at 1000 dpi takes less.
MAX_PIXELS = 4_000_000
# A finger at 500 dpi needs more than 6 mm each way to show anything that can be compared.
MIN_SIDE_INCHES = 0.25
# Below this spread of gray values there is no ridge: the noise of a clean scanner is less.
MIN_CONTRAST = 16
# An estimate is right within a third, of a child's finger it is lower: beyond these a told resolution is in doubt.
DOUBTFUL = (0.6, 1.5)
# Scans of a JPEG: an encoder writes ten or so. Of empty ones each takes the decoder a millisecond, and twelve bytes.
MOST_SCANS = 100

WsqDecoder = Callable[[bytes], tuple[int, int, bytes]]
"""Gives width, height and gray pixels of a WSQ image; raises `UndecodableImage`."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """How images are read.

    Attributes:
        decode_wsq: what decodes WSQ.
        dpi: what the caller says; it wins over what file and record tell.
        estimate: whether the resolution may be estimated from the ridges where nothing possible is told.
        doubt: whether resolution and tones are held against what the image shows, for a note; some two milliseconds.
    """

    decode_wsq: WsqDecoder
    dpi: int | None = None
    estimate: bool = False
    doubt: bool = True


@dataclass(frozen=True, slots=True)
class DecodedImage:
    """Gray pixels, who told their resolution, and what was odd about them."""

    image: GrayImage
    source: ResolutionSource
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Header:
    """What an image tells before it is decoded."""

    width: int
    height: int
    dpi: Dpi | None


def decode_image(data: bytes, decoding: Decoding, record_dpi: Dpi | None = None) -> DecodedImage:
    """Decode a file of an image format that tells itself by its first bytes.

    Gray files keep their values: no gamma, no profile is applied; the engine compares what the scanner saw. Pixels stay
    as they are at whatever resolution, except that those that are not square are resampled to 500 dpi.

    Args:
        data: the file.
        decoding: how to read it.
        record_dpi: what the record tells that the image lies in.

    Raises:
        UndecodableImage, ImageTooLarge, ImageTooSmall, BlankImage: what is wrong with it.
        UnknownResolution, ImpossibleResolution: nothing possible tells how large a pixel is.
    """
    kind = recognise(data)
    if kind is None or kind.family is not Family.IMAGE:
        raise UndecodableImage(
            "The file is no PNG, JPEG, JPEG 2000, WSQ, BMP or TIFF image; send one of these, or raw pixels with their "
            "size."
        )
    header = _header(data, kind)
    resolution = _resolved(decoding, record_dpi, header.dpi)
    _check(header.width, header.height, resolution)
    if kind is SampleFormat.WSQ:
        width, height, pixels = decoding.decode_wsq(data)
        _check(width, height, resolution)
    else:
        with _opened(data, kind) as opened:
            opened.load()
            gray = _to_gray(opened)
        width, height, pixels = gray.width, gray.height, gray.tobytes()
    return _finished(width, height, pixels, resolution, decoding)


def raw_image(data: bytes, width: int, height: int, decoding: Decoding, record_dpi: Dpi | None = None) -> DecodedImage:
    """Take gray pixels as they are, one byte each.

    Raises:
        UndecodableImage, ImageTooLarge, ImageTooSmall, BlankImage: what is wrong with them.
        UnknownResolution, ImpossibleResolution: nothing possible tells how large a pixel is.
    """
    resolution = _resolved(decoding, record_dpi, None)
    _check(width, height, resolution)
    return _finished(width, height, data, resolution, decoding)


def declared_size(data: bytes) -> tuple[int, int]:
    """Read width and height from the header of an image, before anything is decoded.

    Raises:
        UndecodableImage: it is none, or its header ends before it tells.
    """
    kind = recognise(data)
    if kind is None or kind.family is not Family.IMAGE:
        raise UndecodableImage("An image of the record is of no known format; send the record again.")
    header = _header(data, kind)
    return header.width, header.height


def check_pixels(width: int, height: int) -> None:
    """Refuse more pixels than are decoded, and none at all.

    Raises:
        ImageTooLarge, ImageTooSmall: and by how much.
    """
    if min(width, height) < 1:
        raise ImageTooSmall(f"The image declares {width} x {height} pixels; send one that has some.")
    if width * height > MAX_PIXELS:
        raise ImageTooLarge(
            f"The image declares {width} x {height} pixels, more than {MAX_PIXELS}; send one finger at 500 dpi.",
        )


def _check(width: int, height: int, resolution: Resolution | None) -> None:
    """Refuse sizes that no image of a finger has, in pixels or in inches.

    Raises:
        ImageTooLarge, ImageTooSmall: and by how much.
    """
    check_pixels(width, height)
    if resolution is None:
        return
    across, down = resolution.dpi
    # Where it is brought to 500 dpi, it must not grow beyond what is decoded either.
    if (width / across) * (height / down) * STANDARD_DPI**2 > MAX_PIXELS:
        raise ImageTooLarge(
            f"The image of {width} x {height} pixels at {across:.0f} dpi is larger than a hand; send the true dpi."
        )
    if width < MIN_SIDE_INCHES * across or height < MIN_SIDE_INCHES * down:
        raise ImageTooSmall(
            f"The image of {width} x {height} pixels at {across:.0f} dpi shows too little of a finger; send 6 mm or "
            "more, and the true dpi."
        )


def _resolved(decoding: Decoding, record_dpi: Dpi | None, file_dpi: Dpi | None) -> Resolution | None:
    """Choose the resolution; nothing where nobody tells it, or what is told is to be replaced by an estimate."""
    try:
        return resolve(decoding.dpi, record_dpi, file_dpi)
    except ImpossibleResolution:
        if not decoding.estimate:
            raise
        return None


def _finished(
    width: int, height: int, pixels: bytes, resolution: Resolution | None, decoding: Decoding
) -> DecodedImage:
    """Make a gray image of pixels that fill it and show something.

    Raises:
        UndecodableImage: too few or too many pixels.
        BlankImage: all of about one tone.
        UnknownResolution: nobody tells it, and no estimate was asked for, or none could be made.
    """
    if len(pixels) != width * height:
        raise UndecodableImage(f"{len(pixels)} bytes do not fill {width} x {height} pixels; send one byte a pixel.")
    values = np.frombuffer(pixels, dtype=np.uint8).reshape(height, width)
    if int(values.max()) - int(values.min()) < MIN_CONTRAST:
        raise BlankImage("The image is blank; take the finger again.")
    if resolution is None:
        if not decoding.estimate:
            raise unknown()
        resolution = _estimated(values)
        _check(width, height, resolution)
    elif decoding.doubt and resolution.source is ResolutionSource.FILE:
        resolution = _doubted(values, resolution)
    across, _ = resolution.dpi
    image = GrayImage(width, height, pixels, round(across))
    notes = resolution.notes
    if not agree(resolution.dpi, (across, across)):
        image = resampled(image, resolution.dpi)
        notes = (*notes, f"brought to {STANDARD_DPI} dpi: its pixels are not square")
    if decoding.doubt:
        notes = (*notes, *_of_tone[tone_of(image)])
    return DecodedImage(image, resolution.source, notes)


_of_tone = {
    Tone.DARK_RIDGES: (),
    Tone.DOUBTFUL: ("doubtful: dark around the print; if its ridges are white, send it with black ones",),
    Tone.INVERTED: ("doubtful: white ridges on black, as it seems; send it with black ones",),
}


def _estimated(values: NDArray[np.uint8]) -> Resolution:
    dpi = estimate_dpi(values)
    if dpi is None or not is_possible((dpi, dpi)):
        raise unknown()
    return Resolution((dpi, dpi), ResolutionSource.ESTIMATE, (f"{dpi} dpi is an estimate from the ridges' distance",))


def _doubted(values: NDArray[np.uint8], resolution: Resolution) -> Resolution:
    """Hold what a file alone tells against the ridges: programs write resolutions that nobody measured."""
    dpi = estimate_dpi(values, roughly=True)
    told = sum(resolution.dpi) / 2
    if dpi is None or DOUBTFUL[0] * told <= dpi <= DOUBTFUL[1] * told:
        return resolution
    return replace(resolution, notes=(*resolution.notes, f"doubtful: the ridges look like {dpi} dpi, not {told:.0f}"))


def _header(data: bytes, kind: SampleFormat) -> _Header:
    """Read what an image tells of itself.

    Raises:
        UndecodableImage: the header ends before it tells, or there are several images.
    """
    if kind is SampleFormat.WSQ:
        width, height, ppi = wsq_header(data)
        return _Header(width, height, None if ppi is None else (ppi, ppi))
    if kind in _DECLARED:
        check_pixels(*_DECLARED[kind](data))
    if kind is SampleFormat.JPEG and data.count(_SCAN) > MOST_SCANS:
        raise UndecodableImage(f"The JPEG image has more than {MOST_SCANS} scans; send it as a plain JPEG.")
    with _opened(data, kind) as opened:
        width, height = opened.size
        told = opened.info.get("dpi")
        if _holds_several(opened):
            raise UndecodableImage("The file holds several images; send each in a file of its own.")
    if kind is SampleFormat.JPEG_2000 and codestream_size(data) != (width, height):
        raise UndecodableImage("The JPEG 2000 image declares two sizes; send it again.")
    # Pillow takes one pixel to an inch where a TIFF tells nothing.
    return _Header(width, height, (float(told[0]), float(told[1])) if told and max(told) > 1 else None)


_SCAN = b"\xff\xda"
"""Start of scan (ITU-T T.81, table B.1); coded data never holds these two bytes."""
_DECLARED = {SampleFormat.PNG: png_size, SampleFormat.JPEG_2000: codestream_size}
_OPENERS: dict[SampleFormat, Callable[[io.BytesIO], ImageFile.ImageFile]] = {
    SampleFormat.PNG: PngImageFile,
    SampleFormat.JPEG: JpegImageFile,
    SampleFormat.JPEG_2000: Jpeg2KImageFile,
    SampleFormat.BMP: BmpImageFile,
    SampleFormat.TIFF: TiffImageFile,
}
_BROKEN = (
    ArithmeticError,
    EOFError,
    LookupError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    Warning,
    struct.error,
    zlib.error,
)
"""What Pillow raises at files that are not what they begin like; warnings where they are errors."""


@contextmanager
def _opened(data: bytes, kind: SampleFormat) -> Iterator[ImageFile.ImageFile]:
    """Open an image without decoding it, check the size, and refuse it at whatever Pillow raises.

    Pillow's own readers are called, not `Image.open`: that would warn of large images before their size can be told.
    """
    try:
        with _OPENERS[kind](io.BytesIO(data)) as image:
            # A file may declare its size twice, and Pillow takes the last: that one makes room.
            check_pixels(*image.size)
            yield image
    except _BROKEN:
        raise UndecodableImage(f"The {kind.upper()} image is broken or cut short; send it again.") from None


def _holds_several(image: ImageFile.ImageFile) -> bool:
    if not isinstance(image, TiffImageFile):
        return int(getattr(image, "n_frames", 1)) > 1
    try:
        image.seek(1)  # counting all that a file declares would take as long as its sender likes
    except EOFError:
        return False
    return True


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
