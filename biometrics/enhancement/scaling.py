"""This module brings an image to the resolution at which ridges are looked at: 250 dots an inch (pure)."""

import cv2
import numpy as np

from biometrics.enhancement.contrast import Field
from biometrics.gray import GrayImage
from biometrics.rejections import ImageTooSmall

DPI = 250
# Sensors leave a frame around the image: 0.2 mm of it are not looked at.
_FRAME = 2
# Four blocks: less is no finger.
_SMALLEST_SIDE = 32


def looked_at(image: GrayImage) -> Field:
    """Give the image at the resolution that is worked at, its frame replaced by what lies inside of it.

    Raises:
        ImageTooSmall: it shows no more than a few ridges.
    """
    size = (scaled(image.width, image.dpi, DPI), scaled(image.height, image.dpi, DPI))
    if min(size) < _SMALLEST_SIDE:
        raise ImageTooSmall("The image shows less than 3 mm of a finger; take the whole finger, and give the true dpi.")
    pixels = np.frombuffer(image.pixels, dtype=np.uint8).reshape(image.height, image.width)
    how = cv2.INTER_AREA if image.dpi > DPI else cv2.INTER_CUBIC
    gray = cv2.resize(pixels, size, interpolation=how).astype(np.float32)
    inner = gray[_FRAME:-_FRAME, _FRAME:-_FRAME]
    return np.asarray(cv2.copyMakeBorder(inner, *(_FRAME,) * 4, borderType=cv2.BORDER_REFLECT_101), dtype=np.float32)


def scaled(side: int, dpi: int, wanted: int) -> int:
    """Give the pixels of a side at another resolution."""
    return max(1, round(side * wanted / dpi))
