"""This module reads how large a pixel is of what the headers of image files tell, both ways."""

import math
import struct
import zlib
from collections.abc import Sequence
from typing import Any

from PIL import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from biometrics.formats.minutiae import INCH_CM
from biometrics.formats.resolution import Dpi

BROKEN = (
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
_NO_UNIT, _INCH, _CENTIMETRE = 0, 1, 2
"""Units of JFIF 1.02."""
_EXIF_INCH, _EXIF_CENTIMETRE = 2, 3
"""Units of Exif 2.3, 4.6.4, which are inches where it tells none."""
_X_RESOLUTION, _Y_RESOLUTION, _UNIT = 282, 283, 296


def densities(image: ImageFile.ImageFile) -> tuple[Dpi | None, Dpi | None]:
    """Give pixels to an inch, across and down; and where none are told, pixels to a length that is not told either.

    The latter tell whether pixels are square (JFIF 1.02, units 0; W3C PNG, 11.3.4.3; TIFF 6.0, `ResolutionUnit` 1).
    """
    if isinstance(image, JpegImageFile):
        return _of_jpeg(image)
    dpi = _absolute(image.info.get("dpi"))
    return dpi, None if dpi else _pair(image.info.get("aspect", image.info.get("resolution")))


def _of_jpeg(image: JpegImageFile) -> tuple[Dpi | None, Dpi | None]:
    """Read JFIF, and Exif where that tells no unit: of it Pillow takes what is told across for both."""
    unit = image.info.get("jfif_unit")
    if unit in {_INCH, _CENTIMETRE}:
        return _absolute(image.info.get("dpi")), None
    told = _pair([of_exif(image, _X_RESOLUTION), of_exif(image, _Y_RESOLUTION)])
    exif_unit = of_exif(image, _UNIT)
    if told and exif_unit in {None, _EXIF_INCH}:
        return _absolute(told), None
    if told and exif_unit == _EXIF_CENTIMETRE:
        return _absolute((told[0] * INCH_CM, told[1] * INCH_CM)), None
    return None, told or (_pair(image.info.get("jfif_density")) if unit == _NO_UNIT else None)


def of_exif(image: JpegImageFile | PngImageFile, tag: int) -> Any:
    """Give what a camera tells of an image; nothing where it does not, or what tells it is broken."""
    if "exif" not in image.info:
        return None
    try:
        return image.getexif().get(tag)
    except BROKEN:
        return None


def _absolute(told: Any) -> Dpi | None:
    """Read a resolution; Pillow takes one pixel to an inch where a TIFF tells nothing."""
    found = _pair(told)
    return found if found and max(found) > 1 else None


def _pair(told: Sequence[Any] | None) -> Dpi | None:
    """Read two numbers; broken ones, and zeros, tell nothing."""
    try:
        across, down = (float(each) for each in told or ())
    except (TypeError, ValueError, ArithmeticError):
        return None
    return (across, down) if min(across, down) > 0 and math.isfinite(across + down) else None
