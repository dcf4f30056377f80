"""This module evens out an image of a finger: pressed hard or lightly, every ridge gets the same contrast (pure)."""

import cv2
import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]
Area = NDArray[np.bool_]

# Deviation in gray levels below which contrast is the noise of a sensor, and is not raised.
NOISE = np.float32(3.0)
# What is further from the local mean than this many deviations is dirt or a hole.
HIGHEST = 2.5
_NOTHING = np.float32(1e-3)


def contrast(gray: Field, deviation: float) -> Field:
    """Give the standard deviation of the gray values around each pixel, in a Gaussian window of `deviation` pixels."""
    apart = gray - blur(gray, deviation)
    return np.sqrt(blur(apart * apart, deviation))


def print_area(local_contrast: Field, share: float) -> Area:
    """Tell where there is contrast enough for a print: `share` of what its clearest tenth has, if that is no noise."""
    highest = float(np.percentile(local_contrast[::2, ::2], 90))
    return local_contrast > (share * highest if highest > NOISE else np.inf)


def even_out(gray: Field, area: Area, deviation: float) -> Field:
    """Bring the gray values around each pixel to mean 0 and deviation 1; 0 outside the area.

    Only pixels of the area count for mean and deviation, so that a print's edge comes out like its middle.

    Args:
        gray: the image.
        area: where there is a print.
        deviation: of the Gaussian window, in pixels: one ridge period takes out every change of pressure.
    """
    inside = area.astype(np.float32)
    weight = blur(inside, deviation) + _NOTHING
    apart = (gray - blur(gray * inside, deviation) / weight) * inside
    variance = blur(apart * apart, deviation) / weight
    even = np.clip(apart / np.sqrt(variance + NOISE * NOISE), -HIGHEST, HIGHEST)
    return np.asarray(even, dtype=np.float32)


def share_along(ridges: Field, even: Field, deviation: float) -> tuple[Field, Field]:
    """Give the strength of the ridges that were drawn, and its share of the whole contrast that was there."""
    strength = blur(ridges * ridges, deviation)
    return strength, strength / (blur(even * even, deviation) + _NOTHING)


def level(ridges: Field, strength: Field) -> Field:
    """Bring ridges to the same strength everywhere: waves of deviation 1."""
    return np.asarray(ridges / (np.sqrt(strength) + _NOTHING), dtype=np.float32)


def blur(field: Field, deviation: float) -> Field:
    """Smooth a field by a Gaussian."""
    return np.asarray(cv2.GaussianBlur(field, (0, 0), deviation, borderType=cv2.BORDER_REFLECT), dtype=np.float32)
