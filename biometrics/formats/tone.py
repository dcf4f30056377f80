"""This module tells which way round the tones of an image are: ridges dark on a light ground, or inverted (pure).

Ridges are dark, and what does not touch the sensor is light (ISO/IEC 19794-4:2005, 6.4, and FBI EBTS, appendix F).
"""

from contextlib import suppress
from enum import Enum

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.enhancement.contrast import Area, Field, blur, contrast, even_out, print_area
from biometrics.enhancement.scaling import DPI, looked_at
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
# Pixels at 250 dpi that are taken together where what lies around a print is looked at: 0.4 mm, less than a ridge and
# its valley.
_STEP = 4
# What has less than this of the contrast of the clearest ridges is ground, which takes half of the image's edge where a
# print does not fill it. A print is as large as an oval of 8 by 10 mm (`quality.several`).
_FLAT, _HALF = 0.25, 0.5
_PRINT = np.pi / 4 * 8 * 10 * (DPI / 25.4 / _STEP) ** 2
# The ground is compared with the print within 1 mm: how far, in steps, and the deviation of the window.
_NEAR, _WIDE = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5)), 2.5
# A correlation of less is no trend.
_TREND = 0.3
_NOTHING = 1e-6


class Tone(Enum):
    """Which way round the tones of an image are."""

    DARK_RIDGES = "dark ridges"
    DOUBTFUL = "doubtful"
    INVERTED = "inverted"


def tone_of(image: GrayImage) -> Tone:
    """Tell it by what lies around the print, and if that is dark by the print itself; two milliseconds for most.

    Around a print nothing touches. Where that is dark, the image is inverted, or has dark bands beside it, or somebody
    painted over what is no print. Without the bands it is no longer dark around; and whether a print is painted around
    its ridges tell: they are narrower than valleys, but for wet fingers, so that most of a print is light, and its
    tones spread further to the dark side.

    Where a print reaches the edges, or its ground is neither dark nor light, the ground is compared with the print
    beside it, and the print has to fade into it.
    """
    values = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width)
    rows, columns = values.shape
    low, high = np.percentile(values[rows // 4 : rows - rows // 4, columns // 4 : columns - columns // 4], _SPREAD)
    dark = low + _DARK * (high - low)
    is_dark = _is_dark_around(values, dark)
    shown = _shown(values, dark)
    with suppress(ImageTooSmall):
        gray = looked_at(GrayImage(shown.shape[1], shown.shape[0], shown.tobytes(), image.dpi))
        local = contrast(gray, _WINDOW)
        if is_dark and _is_dark_around(shown, dark):
            return Tone.INVERTED if _skewness(gray, local) > 0 else Tone.DOUBTFUL
        if _fades_into_dark(gray, local) and _skewness(gray, local) > 0:
            return Tone.INVERTED
    return Tone.DOUBTFUL if is_dark else Tone.DARK_RIDGES


def _is_dark_around(values: Pixels, dark: float) -> bool:
    sides = (values[:_EDGE], values[-_EDGE:], values[:, :_EDGE], values[:, -_EDGE:])
    return sum(bool(np.percentile(side, _MOST) <= dark) for side in sides) >= _DARK_SIDES


def _shown(values: Pixels, dark: float) -> Pixels:
    """Cut off the rows and columns at the edges that are dark but for a few pixels."""
    light = values > dark
    down, across = (np.flatnonzero(np.count_nonzero(light, axis=axis) > _FEW * light.shape[axis]) for axis in (1, 0))
    return values[down[0] : down[-1] + 1, across[0] : across[-1] + 1] if down.size and across.size else values


def _fades_into_dark(gray: Field, local: Field) -> bool:
    """Tell whether a print lies on a ground that is darker than it, and is the darker the fainter it is.

    Where ridges are dark it is so in the midst of a wet finger, whose valleys close. So the ground has to take half of
    the image's edge, and the print to be as large as one that is whole.

    Args:
        gray: as it is looked at.
        local: its contrast around each pixel.
    """
    size = (gray.shape[1] // _STEP, gray.shape[0] // _STEP)
    coarse, faint = (
        np.asarray(cv2.resize(each, size, interpolation=cv2.INTER_AREA), np.float32) for each in (gray, local)
    )
    clear = print_area(faint, _CLEAR)
    ground, share = _at_edge(~print_area(faint, _FLAT))
    if clear.sum() < _PRINT or share < _HALF:
        return False
    near = ground & (cv2.dilate(clear.astype(np.uint8), _NEAR) > 0)
    weight = clear.astype(np.float32)
    beside = blur(coarse * weight, _WIDE) / (blur(weight, _WIDE) + np.float32(_NOTHING))
    if not near.any() or 100 * (coarse < beside)[near].mean() < _MOST:
        return False
    printed = print_area(faint, _FAINTEST)
    tone = blur(coarse, _WINDOW / _STEP)
    return float(np.corrcoef(faint[printed], tone[printed])[0, 1]) > _TREND


def _at_edge(area: Area) -> tuple[Area, float]:
    """Give the parts of an area that reach the edge of the image, and how much of that they take."""
    _, parts = cv2.connectedComponents(area.astype(np.uint8), connectivity=4)
    edge = np.concatenate((parts[0], parts[-1], parts[:, 0], parts[:, -1]))
    reaches = np.zeros(int(parts.max()) + 1, dtype=np.bool_)
    reaches[edge] = True
    return np.asarray(reaches[parts] & area), float((edge > 0).mean())


def _skewness(gray: Field, local: Field) -> float:
    """Give the skewness of the tones of a print, its pressure evened out; 0 where hardly any of it is clear.

    Args:
        gray: as it is looked at.
        local: its contrast around each pixel.
    """
    even = even_out(gray, print_area(local, _FAINTEST), _WINDOW)[print_area(local, _CLEAR)]
    if even.size < _FEWEST:
        return 0.0
    apart = even - even.mean()
    return float((apart * apart * apart).mean() / (even.std() + _NOTHING) ** 3)
