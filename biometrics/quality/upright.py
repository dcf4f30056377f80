"""This module tells by the flow of its ridges whether a print is upside down (pure)."""

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.enhancement.contrast import blur, contrast, print_area
from biometrics.enhancement.scaling import looked_at
from biometrics.gray import GrayImage
from biometrics.synthetic.orientation import Pattern, orientation_field, place_singularities

Flow = NDArray[np.complex64]
"""The direction of ridges in each block as a doubled angle, so that a ridge has one; longer where it is surer."""

MARGIN = 0.2
"""By how much the flow turned by half must be more like that of a finger than it is upright, both 1 at most. Of 262
prints of six sources, all upright, none is by more than 0.12, of 300 invented ones one is; turned, 6 of 10 are."""
# Pixels at 250 dpi of a block, 1.6 mm, and at 500.
_BLOCK, _BLOCK_AT_500 = 16, 32
# As where noise is told from ridges (`enhancement.coherence`).
_WINDOW, _FAINTEST, _SMOOTHED, _GATHERED = 6.0, 0.25, 1.0, 8.0
_NOTHING = np.float32(1e-3)
# The flow of each class of fingers: the mean of so many invented ones, over half axes (blocks) of 26 by 32 mm.
_FINGERS, _SEED = 150, 1
_ACROSS, _DOWN = 8, 10
# How far the middle of a finger may lie from that of its print: 6.5 mm, in blocks.
_AWAY = 4
# How much of a class's flow has to lie on the print, as a share of the most that can.
_LEAST_SHARE = 0.3


def is_upside_down(image: GrayImage) -> bool:
    """Tell whether a print is upside down, where that is sure; some milliseconds.

    Loops and arches turn their backs to the finger's tip. Whorls have two, and are told by what lies below, or not.

    Raises:
        ImageTooSmall: the image shows less than 3 mm.
    """
    upright, turned = likeness(flow_of(image))
    return turned - upright > MARGIN


def flow_of(image: GrayImage) -> Flow:
    """Give the flow of the ridges, 0 where there is no print.

    By the structure tensor of the gray values (Bazen and Gerez 2002, see `enhancement.coherence`).
    """
    gray = looked_at(image)
    printed = print_area(contrast(gray, _WINDOW), _FAINTEST)
    smooth = blur(gray, _SMOOTHED)
    across, down = cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    xx, yy, xy = (blur(np.asarray(each), _GATHERED) for each in (across * across, down * down, across * down))
    # Ridges run across the gradient: half a turn of the doubled angle.
    flow = np.where(printed, -(xx - yy + 2j * xy) / (xx + yy + _NOTHING), 0)
    return np.ascontiguousarray(flow[_BLOCK // 2 :: _BLOCK, _BLOCK // 2 :: _BLOCK], dtype=np.complex64)


def likeness(flow: Flow) -> tuple[float, float]:
    """Give how like a flow is to that of the likeliest class of fingers, and to the likeliest upside down."""
    printed = (flow != 0).astype(np.complex64)
    if not printed.any():
        return 0.0, 0.0
    middle = np.argwhere(printed).mean(axis=0)
    rows, columns = np.indices(flow.shape)
    near = np.hypot(rows - middle[0], columns - middle[1]) <= _AWAY
    energy = float(np.square(np.abs(flow)).sum())

    def most_alike(expected: Flow) -> float:
        alike = _correlated(flow, expected).real
        seen = _correlated(printed, np.square(np.abs(expected)).astype(np.complex64)).real
        return float((alike / np.sqrt(np.maximum(seen, _LEAST_SHARE * seen.max()) * energy))[near].max())

    # Half a turn of the image is a whole one of the doubled angle.
    return max(map(most_alike, _classes())), max(most_alike(each[::-1, ::-1]) for each in _classes())


@cache
def _classes() -> tuple[Flow, ...]:
    """Give the mean flow of each class, upright."""
    rng = np.random.default_rng(_SEED)
    shape = (2 * _DOWN + 1, 2 * _DOWN + 1)
    down, across = np.indices(shape) - _DOWN
    inside = np.square(across / _ACROSS) + np.square(down / _DOWN) < 1

    def flow(pattern: Pattern) -> Flow:
        field = orientation_field(shape, _BLOCK_AT_500, pattern, place_singularities(pattern, rng), rng)
        # The model's y axis points up, an image's down.
        return np.asarray(np.exp(-2j * field) * inside, dtype=np.complex64)

    means = [sum(flow(pattern) for _ in range(_FINGERS)) / _FINGERS for pattern in Pattern]
    return tuple(np.asarray(each, dtype=np.complex64) for each in means)


def _correlated(flow: Flow, part: Flow) -> Flow:
    """Lay a part over each block of a flow, which is 0 outside: the sums of the products, by Fourier's transform."""
    shape = [a + b for a, b in zip(flow.shape, part.shape, strict=True)]
    whole = np.fft.ifft2(np.fft.fft2(flow, shape) * np.fft.fft2(np.conj(part[::-1, ::-1]), shape))
    row, column = (side // 2 for side in part.shape)
    return np.asarray(whole[row : row + flow.shape[0], column : column + flow.shape[1]], dtype=np.complex64)
