"""This module turns what is sent as an image into gray pixels, and refuses what is no image of a finger."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from biometrics.formats.kinds import Family, SampleFormat, recognise
from biometrics.formats.opening import (
    MAX_DECODED_PIXELS,
    MAX_PIXELS,
    ON_ITS_SIDE,
    TURNS,
    Header,
    check_pixels,
    gray_of,
    header_of,
    opened,
    orientation_of,
)
from biometrics.formats.resampling import resampled
from biometrics.formats.resolution import (
    Dpi,
    Resolution,
    ResolutionNote,
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

# A finger at 500 dpi needs more than 6 mm each way to show anything that can be compared.
MIN_SIDE_INCHES = 0.25
# Below this spread of gray values there is no ridge: the noise of a clean scanner is less.
MIN_CONTRAST = 16
# An estimate is right within a third, of a child's finger it is lower: beyond these a told resolution is in doubt.
DOUBTFUL = (0.6, 1.5)

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
    """Gray pixels, who told their resolution, and what was odd about them.

    `size` is the width and height that they had before they were brought to 500 dpi, `is_turned` whether the file said
    that they are to be turned, or mirrored, to be seen.
    """

    image: GrayImage
    size: tuple[int, int]
    source: ResolutionSource
    notes: tuple[str, ...] = ()
    is_turned: bool = False

    @property
    def cost(self) -> int:
        """What it counts among the pixels of a record: those that are kept, or a third of those that were decoded."""
        decoded = self.size[0] * self.size[1]
        return max(self.image.width * self.image.height, decoded * MAX_PIXELS // MAX_DECODED_PIXELS)


def decode_image(data: bytes, decoding: Decoding, record_dpi: Dpi | None = None) -> DecodedImage:
    """Decode a file of an image format that tells itself by its first bytes.

    Gray files keep their values: no gamma, no profile is applied; the engine compares what the scanner saw. Pixels stay
    as they are at whatever resolution, except that those that are not square, or very many, are resampled to 500 dpi.

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
    is_turned = False
    if kind is SampleFormat.WSQ:
        resolution = _accepted(_wsq_header(data), decoding, record_dpi)
        width, height, pixels = decoding.decode_wsq(data)
        check_pixels(width, height, MAX_PIXELS)
        _check(width, height, resolution)
    else:
        with opened(data, kind) as image:
            orientation = orientation_of(image)
            is_turned = orientation in TURNS
            if record_dpi and orientation in ON_ITS_SIDE:
                record_dpi = record_dpi[::-1]
            resolution = _accepted(header_of(image), decoding, record_dpi)
            gray = gray_of(image, data)
        width, height, pixels = gray.width, gray.height, gray.tobytes()
    return replace(_finished(width, height, pixels, resolution, decoding), is_turned=is_turned)


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
    if kind is SampleFormat.WSQ:
        header = _wsq_header(data)
    else:
        with opened(data, kind) as image:
            header = header_of(image)
    return header.width, header.height


def _check(width: int, height: int, resolution: Resolution | None) -> None:
    """Refuse sizes that no image of a finger has, in pixels or in inches.

    Raises:
        ImageTooLarge, ImageTooSmall: and by how much.
    """
    check_pixels(width, height)
    if resolution is None:
        return
    across, down = resolution.dpi
    # No image shows more than are kept at 500 dpi, to which it may be brought.
    is_standard = agree((STANDARD_DPI, STANDARD_DPI), resolution.dpi)
    if (width * height if is_standard else width / across * height / down * STANDARD_DPI**2) > MAX_PIXELS:
        raise ImageTooLarge(
            f"The image of {width} x {height} pixels at {across:.0f} dpi is larger than a hand; send the true dpi."
        )
    if width < MIN_SIDE_INCHES * across or height < MIN_SIDE_INCHES * down:
        raise ImageTooSmall(
            f"The image of {width} x {height} pixels at {across:.0f} dpi shows too little of a finger; send 6 mm or "
            "more, and the true dpi."
        )


def _accepted(header: Header, decoding: Decoding, record_dpi: Dpi | None) -> Resolution | None:
    """Choose the resolution of an image that is to be decoded, and refuse what is not."""
    resolution = _resolved(decoding, record_dpi, header.dpi, header.ratio)
    _check(header.width, header.height, resolution)
    return resolution


def _resolved(
    decoding: Decoding, record_dpi: Dpi | None, file_dpi: Dpi | None, ratio: Dpi | None = None
) -> Resolution | None:
    """Choose the resolution; nothing where nobody tells it, or what is told is to be replaced by an estimate."""
    try:
        return resolve(decoding.dpi, record_dpi, file_dpi, ratio)
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
    elif decoding.doubt:
        resolution = _doubted(values, resolution)
    across, _ = resolution.dpi
    image = GrayImage(width, height, pixels, round(across))
    notes = resolution.notes
    is_square = agree(resolution.dpi, (across, across))
    if not is_square or width * height > MAX_PIXELS:
        image = resampled(image, resolution.dpi)
        reason = f"it has more than {MAX_PIXELS} pixels" if is_square else "its pixels are not square"
        notes = (*notes, f"brought to {STANDARD_DPI} dpi: {reason}")
    if decoding.doubt:
        notes = (*notes, *_NOTES_OF_TONE[tone_of(image)])
    return DecodedImage(image, (width, height), resolution.source, notes)


_NOTES_OF_TONE = {
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
    """Hold what is told against the ridges: programs write resolutions that nobody measured, and people guess them."""
    dpi = estimate_dpi(values, roughly=True)
    told = sum(resolution.dpi) / 2
    if dpi is None or DOUBTFUL[0] * told <= dpi <= DOUBTFUL[1] * told:
        return resolution
    note = ResolutionNote(f"doubtful: the ridges look like {dpi} dpi, not {told:.0f}")
    return replace(resolution, notes=(*resolution.notes, note))


def _wsq_header(data: bytes) -> Header:
    """Read the header; WSQ is made for 500 dpi (IAFIS-IC-0110), at which no image has more than are kept."""
    width, height, ppi = wsq_header(data)
    check_pixels(width, height, MAX_PIXELS)
    return Header(width, height, None if ppi is None else (ppi, ppi))
