"""This module tells which way round the tones of an image are: ridges dark on a light ground, or inverted (pure).

Ridges are dark, and what does not touch the sensor is light (ISO/IEC 19794-4:2005, 6.4, and FBI EBTS, appendix F).
"""

from contextlib import suppress
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from biometrics.enhancement.contrast import contrast, even_out, print_area
from biometrics.enhancement.scaling import looked_at
from biometrics.gray import GrayImage
from biometrics.rejections import ImageTooSmall

Pixels = NDArray[np.uint8]

# Pixels at an edge that are looked at.
_EDGE = 8
# Of the range of tones in the middle of an image, where the finger is, how much counts as dark, and on how many sides
# of the image how many per cent of the pixels have to be: more than ridges take, of a wet finger too.
_DARK = 0.25
_DARK_SIDES, _MOST = 3, 80
# The share of a row's pixels that may be light by chance, such as a sensor's that are broken.
_FEW = 0.02
_SPREAD = (5, 95)
# As where a print is looked for (`enhancement.views`), but only where it is clear.
_WINDOW, _FAINTEST, _CLEAR = 6.0, 0.15, 0.35
# Pixels at 250 dpi: of less nothing is told.
_FEWEST = 500
_NOTHING = 1e-6


class Tone(Enum):
    """Which way round the tones of an image are."""

    DARK_RIDGES = "dark ridges"
    DOUBTFUL = "doubtful"
    INVERTED = "inverted"


def tone_of(image: GrayImage) -> Tone:
    """Tell it by what lies around the print, and if that is dark by the print itself; half a millisecond for most.

    Around a print nothing touches. Where that is dark, the image is inverted, or has dark bands beside it, or somebody
    painted over what is no print. Without the bands it is no longer dark around; and whether a print is painted around
    its ridges tell: they are narrower than valleys, but for wet fingers, so that most of a print is light, and its
    tones spread further to the dark side.
    """
    values = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width)
    rows, columns = values.shape
    low, high = np.percentile(values[rows // 4 : rows - rows // 4, columns // 4 : columns - columns // 4], _SPREAD)
    dark = low + _DARK * (high - low)
    if not _is_dark_around(values, dark):
        return Tone.DARK_RIDGES
    shown = _shown(values, dark)
    if _is_dark_around(shown, dark):
        within = GrayImage(shown.shape[1], shown.shape[0], shown.tobytes(), image.dpi)
        with suppress(ImageTooSmall):
            return Tone.INVERTED if _skewness(within) > 0 else Tone.DOUBTFUL
    return Tone.DOUBTFUL


def _is_dark_around(values: Pixels, dark: float) -> bool:
    sides = (values[:_EDGE], values[-_EDGE:], values[:, :_EDGE], values[:, -_EDGE:])
    return sum(bool(np.percentile(side, _MOST) <= dark) for side in sides) >= _DARK_SIDES


def _shown(values: Pixels, dark: float) -> Pixels:
    """Cut off the rows and columns at the edges that are dark but for a few pixels."""
    light = values > dark
    down, across = (np.flatnonzero(light.mean(axis=axis) > _FEW) for axis in (1, 0))
    return values[down[0] : down[-1] + 1, across[0] : across[-1] + 1] if down.size and across.size else values


def _skewness(image: GrayImage) -> float:
    """Give the skewness of the tones of the print, its pressure evened out; 0 where hardly any of it is clear.

    Raises:
        ImageTooSmall: the image shows less than 3 mm.
    """
    gray = looked_at(image)
    local = contrast(gray, _WINDOW)
    even = even_out(gray, print_area(local, _FAINTEST), _WINDOW)[print_area(local, _CLEAR)]
    if even.size < _FEWEST:
        return 0.0
    apart = even - even.mean()
    return float((apart**3).mean() / (even.std() + _NOTHING) ** 3)
