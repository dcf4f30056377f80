"""This module draws the ridges of a finger anew: one image in, views of it out, each clearer than the image.

A view takes other things for noise than the engine does on the image as it is. A minutia that the engine finds in one
of them by chance, it does not find in the other: both scores together tell fingers apart far better than either alone.

Everything is measured at 250 dots an inch, where a ridge of an adult is four to five pixels wide, and drawn at 500.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from biometrics.enhancement.area import ridge_area
from biometrics.enhancement.contrast import Area, Field, contrast, even_out, level, print_area, share_along
from biometrics.enhancement.ridges import DIRECTIONS, PERIODS, find_ridges
from biometrics.enhancement.scaling import looked_at, scaled
from biometrics.enhancement.waves import Grid, bank, put_together, take_apart
from biometrics.gray import STANDARD_DPI, GrayImage
from biometrics.rejections import BlankImage

# Deviations of the windows in which the print is found, and in which ridges are brought to one strength, in pixels.
_PRINT_WINDOW, _STRENGTH_WINDOW = 6.0, 3.5
# The least contrast of anything that may be a print, as a share of the clearest tenth.
_FAINTEST = 0.15
# A print of which less is left, in pixels (a square of 3 mm), has no two minutiae to compare.
_SMALLEST_AREA = 900
_BLACK_TO_WHITE, _WHITE = 127.5, 255


@dataclass(frozen=True, slots=True)
class View:
    """How an image is drawn anew.

    Attributes:
        name: what it is called in figures.
        version: of all that draws it. It rises with every change of the drawing, for views of different versions are
            not to be compared with each other.
        contrast_window: deviation of the window in which contrast is evened out, in pixels at 250 dpi.
        smoothed: deviation over which directions are smoothed, in blocks of 4 pixels.
        sharpness: 1 draws ridges as waves, 4 nearly black and white.
        faintest: share of the contrast of the clearest tenth that a place must have.
        evidence: share of its contrast that must run along the ridges there; 0 trusts all that has contrast.
    """

    name: str
    version: int
    contrast_window: float
    smoothed: float
    sharpness: float
    faintest: float
    evidence: float


# Noise without a direction leaves up to an eighth of its energy in a filter that follows it as the bank does: an image
# whose print has no more, in the middle of all places, shows no ridges.
_RIDGES = 0.125

# Ridges of adults are 4 to 5 pixels apart: a window of one and a half periods; evidence is half of noise's.
SOFT = View("soft", version=1, contrast_window=6.0, smoothed=0.6, sharpness=1.5, faintest=0.25, evidence=0.06)
VIEWS = (SOFT,)
"""The views that are shipped, beside the image as it is."""

# How far from the direction (radians) and from the period (logarithm) of the ridges waves still pass.
ANGLE_SPREAD, PERIOD_SPREAD = 0.35, 0.45


def enhance(image: GrayImage, views: tuple[View, ...] = VIEWS) -> tuple[GrayImage, ...]:
    """Draw the views of an image; at 500 dpi, black ridges on white, white where there are none.

    The same image gives the same views.

    Raises:
        ImageTooSmall: it is smaller than 3 mm.
        BlankImage: no part of it shows ridges.
    """
    size = (scaled(image.width, image.dpi, STANDARD_DPI), scaled(image.height, image.dpi, STANDARD_DPI))
    gray = looked_at(image)
    local_contrast = contrast(gray, _PRINT_WINDOW)
    printed = print_area(local_contrast, _FAINTEST)
    grid = Grid.over(gray.shape)
    filters = bank(DIRECTIONS, PERIODS, ANGLE_SPREAD, PERIOD_SPREAD)
    found = []
    for view in views:
        even = even_out(gray, printed, view.contrast_window)
        waves = take_apart(even, grid)
        ridges = find_ridges(waves, view.smoothed)
        drawn = put_together(waves * filters[ridges.direction, ridges.period], grid)
        strength, evidence = share_along(drawn, even, _STRENGTH_WINDOW)
        area = ridge_area(print_area(local_contrast, view.faintest) & (evidence > view.evidence))
        if int(area.sum()) < _SMALLEST_AREA or float(np.median(evidence[area])) < _RIDGES:
            raise BlankImage("The image shows no ridges; take the finger again.")
        found.append(_drawn(level(drawn, strength) * np.float32(view.sharpness), area, size))
    return tuple(found)


def _drawn(levels: Field, area: Area, size: tuple[int, int]) -> GrayImage:
    """Draw waves as gray pixels, white outside of the area."""
    fine = cv2.resize(levels, size, interpolation=cv2.INTER_CUBIC)
    # Three quarters: a wave's crest just reaches black.
    gray = _BLACK_TO_WHITE + _BLACK_TO_WHITE * np.clip(fine * np.float32(0.75), -1, 1)
    outside = cv2.resize((~area).astype(np.float32), size, interpolation=cv2.INTER_LINEAR) > 0.5  # noqa: PLR2004  half
    gray[outside] = _WHITE
    columns, rows = size
    return GrayImage(columns, rows, gray.astype(np.uint8).tobytes())
