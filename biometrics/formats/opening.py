"""This module opens images by Pillow: what they declare is checked before they are decoded, and they come out gray."""

import io
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile

from biometrics.formats.codestreams import captured_dpi, check_pieces, check_tiles, codestream_size
from biometrics.formats.densities import BROKEN, densities, of_exif
from biometrics.formats.directories import check_directories
from biometrics.formats.kinds import SampleFormat
from biometrics.formats.resolution import Dpi, counted
from biometrics.formats.scans import check_scans
from biometrics.formats.segments import check_chunks, check_segments, exif_of_png, png_size
from biometrics.rejections import ImageTooLarge, ImageTooSmall, UndecodableImage

# Pillow warns of each broken tag: a hundred kilobytes of them would write megabytes into the log, and Python keeps each
# warning for good. What matters is refused.
warnings.filterwarnings("ignore", module=r"PIL\.")

# Four fingers at once at 500 dpi take 1600 x 1500 (ANSI/NIST-ITL type 14); a single one at 1000 dpi takes less.
MAX_PIXELS = 4_000_000
# At 1000 dpi they take 3200 x 3000 (FBI EBTS, appendix F), and a quarter more is for those who cut generously. What has
# more than are kept is brought to 500 dpi once it is decoded.
MAX_DECODED_PIXELS = 12_000_000


@dataclass(frozen=True, slots=True)
class Header:
    """What an image tells before it is decoded.

    `ratio` is pixels to a length that it does not tell, across and down, where it tells nothing more.
    """

    width: int
    height: int
    dpi: Dpi | None
    ratio: Dpi | None = None


def check_pixels(width: int, height: int, most: int = MAX_DECODED_PIXELS) -> None:
    """Refuse more pixels than are decoded, and none at all.

    Args:
        width: of the image.
        height: of the image.
        most: how many are.

    Raises:
        ImageTooLarge, ImageTooSmall: and by how much.
    """
    size = f"{counted(width)} x {counted(height)}"
    if min(width, height) < 1:
        raise ImageTooSmall(f"The image declares {size} pixels; send one that has some.")
    if width * height > most:
        raise ImageTooLarge(
            f"The image declares {size} pixels, more than {most}; send one finger at 500 dpi.",
        )


def header_of(image: ImageFile.ImageFile) -> Header:
    """Read what an image tells of itself, as it is to be seen."""
    width, height = image.size
    dpi, ratio = densities(image)
    if orientation_of(image) in ON_ITS_SIDE:
        dpi, ratio = dpi and dpi[::-1], ratio and ratio[::-1]
        if not isinstance(image, TiffImageFile):  # of which Pillow has turned the size, but not the resolution
            width, height = height, width
    return Header(width, height, dpi, ratio)


_DECLARED = {SampleFormat.PNG: png_size, SampleFormat.JPEG_2000: codestream_size}
_BOUNDS: dict[SampleFormat, Callable[[bytes], None]] = {
    SampleFormat.PNG: check_chunks,
    SampleFormat.JPEG: check_segments,
    SampleFormat.JPEG_2000: check_pieces,
    SampleFormat.TIFF: check_directories,
}
_OPENERS: dict[SampleFormat, Callable[[io.BytesIO], ImageFile.ImageFile]] = {
    SampleFormat.PNG: PngImageFile,
    SampleFormat.JPEG: JpegImageFile,
    SampleFormat.JPEG_2000: Jpeg2KImageFile,
    SampleFormat.BMP: BmpImageFile,
    SampleFormat.TIFF: TiffImageFile,
}


@contextmanager
def opened(data: bytes, kind: SampleFormat) -> Iterator[ImageFile.ImageFile]:
    """Open an image without decoding it, check what it declares, and refuse it at whatever Pillow raises.

    Pillow's own readers are called, not `Image.open`: that would warn of large images before their size can be told.
    """
    declared = _DECLARED[kind](data) if kind in _DECLARED else None
    if declared:
        check_pixels(*declared)
    if kind in _BOUNDS:
        _BOUNDS[kind](data)
    try:
        with _OPENERS[kind](io.BytesIO(data)) as image:
            # A file may declare its size twice, and Pillow takes the last: that one makes room.
            check_pixels(*image.size)
            if isinstance(image, Jpeg2KImageFile):
                _check_jpeg_2000(image, data, declared)
                # Pillow takes what is negative for large.
                image.info["dpi"] = captured_dpi(data)
            if isinstance(image, PngImageFile) and (exif := exif_of_png(data)):
                # It may come behind the pixels, where Pillow has not looked yet.
                image.info["exif"] = exif
            if isinstance(image, TiffImageFile):
                _check_tiff(image)
            if isinstance(image, BmpImageFile) and image.tile[0].codec_name == _RUNS:
                raise UndecodableImage("The BMP image is compressed; send one that is not.")
            if _holds_several(image):
                raise UndecodableImage("The file holds several images; send each in a file of its own.")
            yield image
    except BROKEN:
        raise UndecodableImage(f"The {kind.upper()} image is broken or cut short; send it again.") from None


_RUNS = "bmp_rle"
"""What decodes runs (RLE) byte by byte, in Python, and takes seconds; no device is known to write them."""
_GRAY = frozenset({"L", "I;16"})


def _check_jpeg_2000(image: Jpeg2KImageFile, data: bytes, declared: tuple[int, int] | None) -> None:
    """Refuse an image of two sizes, without all of its tiles, or in colours with more pixels than are kept.

    Each colour takes as long as gray does: a second for the most pixels that are decoded.

    Raises:
        ImageTooLarge, UndecodableImage: which.
    """
    if image.size != declared:
        raise UndecodableImage("The JPEG 2000 image declares two sizes; send it again.")
    check_tiles(data)
    if image.mode not in _GRAY:
        check_pixels(*image.size, most=MAX_PIXELS)


def _check_tiff(image: TiffImageFile) -> None:
    """Refuse tiles too large to decode one, and samples of which Pillow does not tell how large they may be.

    Raises:
        ImageTooLarge, UndecodableImage: which.
    """
    if _TILE_WIDTH in image.tag_v2 or _TILE_LENGTH in image.tag_v2:
        check_pixels(image.tag_v2[_TILE_WIDTH], image.tag_v2[_TILE_LENGTH])
    if not (
        set(image.tag_v2.get(_BITS, _READ_BITS)) <= _READ_BITS
        and set(image.tag_v2.get(_SIGN, (_UNSIGNED,))) == {_UNSIGNED}
    ):
        raise UndecodableImage("The TIFF image's pixels are in a form that is not read; send 8 or 16 bits, unsigned.")


def _holds_several(image: ImageFile.ImageFile) -> bool:
    if "mp" in image.info:  # a JPEG's table of the images in it (CIPA DC-007, 5)
        return True
    if not isinstance(image, TiffImageFile):
        return int(getattr(image, "n_frames", 1)) > 1
    try:
        image.seek(1)  # counting all that a file declares would take as long as its sender likes
    except EOFError:
        return False
    return True


_ORIENTATION, _PHOTOMETRIC, _BITS, _SIGN, _TILE_WIDTH, _TILE_LENGTH = 274, 262, 258, 339, 322, 323
"""Tags of TIFF 6.0: sections 8 (Baseline), 15 (Tiled Images) and 19 (Data Sample Format)."""
_WHITE_IS_ZERO, _UNSIGNED = 0, 1
_READ_BITS = frozenset({1, 2, 4, 8, 16})
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What brings an image upright whose `Orientation` is one of these."""
ON_ITS_SIDE = frozenset({5, 6, 7, 8})


def orientation_of(image: ImageFile.ImageFile) -> int | None:
    """Tell how a TIFF, a JPEG or a PNG is to be turned; nothing where it is not, or what tells it is broken."""
    if isinstance(image, TiffImageFile):
        found = image.tag_v2.get(_ORIENTATION)
    elif isinstance(image, JpegImageFile | PngImageFile):
        found = of_exif(image, _ORIENTATION)
    else:
        return None
    return found if isinstance(found, int) else None


def gray_of(image: ImageFile.ImageFile, data: bytes) -> Image.Image:
    """Decode an image of some bytes, in gray and turned as it is to be seen; Pillow itself turns a TIFF.

    Raises:
        UndecodableImage: a part of a JPEG is missing.
    """
    transparent = _transparent_gray(image)
    image.load()
    if isinstance(image, JpegImageFile):
        check_scans(data, image)
    gray = _without_colours(image, transparent)
    orientation = orientation_of(image)
    if isinstance(image, TiffImageFile) or orientation not in TURNS:
        return gray
    return gray.transpose(TURNS[orientation])


def _transparent_gray(image: ImageFile.ImageFile) -> int | None:
    """Give the gray value, as it will be decoded, that a PNG says is transparent (tRNS; W3C PNG, 11.3.2.1)."""
    told = image.info.get("transparency")
    if image.mode not in {"L", "I;16"} or not isinstance(told, int):
        return None
    # Pillow spreads the values of two and of four bits over all grays, but not this one.
    return told * _STEPS.get(str(image.tile[0].args), 1)


_STEPS = {"L;2": 85, "L;4": 17}


def _without_colours(image: ImageFile.ImageFile, transparent: int | None) -> Image.Image:
    # What is transparent is not touched by the finger: white.
    if image.mode == "L" and transparent is None:
        return image
    if image.mode == "L" or image.mode.startswith("I;16"):
        gray = _of_eight_bits(image)
        return Image.fromarray(
            gray if transparent is None else np.where(np.asarray(image) == transparent, _WHITE, gray)
        )
    if "A" in image.mode or "transparency" in image.info:
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image.convert("RGBA")).convert("L")
    return image.convert("L")


_WHITE = np.uint8(255)


def _of_eight_bits(image: ImageFile.ImageFile) -> NDArray[np.uint8]:
    values = np.asarray(image)
    if image.mode == "L":
        return values
    values = (values >> 8).astype(np.uint8)
    # Of 8 bits Pillow minds which end of the scale is white, of 16 it does not.
    is_inverted = isinstance(image, TiffImageFile) and image.tag_v2.get(_PHOTOMETRIC, _WHITE_IS_ZERO) == _WHITE_IS_ZERO
    return ~values if is_inverted else values
