"""This module tells by the flow of its ridges whether a print is upside down (pure)."""

from functools import cache

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from biometrics.enhancement.coherence import structure
from biometrics.enhancement.contrast import contrast, print_area
from biometrics.enhancement.scaling import looked_at
from biometrics.gray import GrayImage
from biometrics.synthetic.orientation import Pattern, orientation_field, place_singularities

Flow = NDArray[np.complex64]
"""The direction of ridges in each block as a doubled angle, so that a ridge has one; longer where it is surer."""

MARGIN, LEAD = 0.2, 0.05
"""By how much the flow turned by half must be more like that of a finger than it is upright, and than it is turned in
any other way; 1 is the most."""
# Pixels at 250 dpi of a block, 1.6 mm, and at 500.
_BLOCK, _BLOCK_AT_500 = 16, 32
# As where a print is drawn (`enhancement.views`).
_WINDOW, _FAINTEST = 6.0, 0.25
_NOTHING = np.float32(1e-3)
# The flow of each class of fingers: the mean of so many invented ones, over half axes (blocks) of 26 by 32 mm.
_FINGERS, _SEED = 150, 1
_ACROSS, _DOWN = 8, 10
# Degrees, to the left, by which a finger may lean on the sensor, and half a turn.
_UPRIGHT, _HALF = 0, 180
_TURNS = (_UPRIGHT, 30, 60, 90, -30, -60, -90, _HALF)
# How far the middle of a finger may lie from that of its print: 6.5 mm, in blocks.
_AWAY = 4
# How much of a class's flow has to lie on the print, as a share of the most that can.
_LEAST_SHARE = 0.3


def is_upside_down(image: GrayImage) -> bool:
    """Tell whether a print is upside down, where that is sure; some milliseconds, 0.3 s for the largest image.

    Loops and arches turn their backs to the finger's tip. Whorls have two, and are told by what lies below, or not.

    Raises:
        ImageTooSmall: the image shows less than 3 mm.
    """
    alike = likeness(flow_of(image))
    half = alike.pop(_HALF)
    return half - alike[_UPRIGHT] > MARGIN and half - max(alike.values()) > LEAD


def flow_of(image: GrayImage) -> Flow:
    """Give the flow of the ridges, 0 where there is no print; see `enhancement.coherence.structure`."""
    gray = looked_at(image)
    printed = print_area(contrast(gray, _WINDOW), _FAINTEST)
    difference, cross, total = structure(gray)
    # Ridges run across the gradient: half a turn of the doubled angle.
    flow = np.where(printed, -(difference + 1j * cross) / total, 0)
    return np.ascontiguousarray(flow[_BLOCK // 2 :: _BLOCK, _BLOCK // 2 :: _BLOCK], dtype=np.complex64)


def likeness(flow: Flow) -> dict[int, float]:
    """Give how like a flow is to that of the likeliest class of fingers, turned by each of so many degrees."""
    printed = flow != 0
    if not printed.any():
        return dict.fromkeys(_TURNS, 0.0)
    rows, columns = np.round(np.argwhere(printed).mean(axis=0)).astype(int)
    around = _around(flow, rows, columns)
    shown = (around != 0).astype(np.float32)
    energy = float(np.square(np.abs(flow)).sum())

    def most_alike(expected: Flow) -> NDArray[np.float32]:
        # Not by matrix products, which start threads, and wait for processors that others have.
        seen = np.einsum("pk,tk->pt", shown, np.square(np.abs(expected)))
        alike = np.einsum("pk,tk->pt", around, expected.conj()).real
        return np.asarray(
            (alike / np.sqrt(np.maximum(np.maximum(seen, _LEAST_SHARE * seen.max(axis=0)), _NOTHING) * energy)).max(
                axis=0
            )
        )

    found = np.max([most_alike(expected) for expected in _classes()], axis=0)
    return dict(zip(_TURNS, found.tolist(), strict=True))


def _around(flow: Flow, row: int, column: int) -> Flow:
    """Give what lies around each block near one: a block a row, as far as a finger may reach, 0 outside of the flow."""
    wide = np.pad(flow, _AWAY + _DOWN)
    parts = sliding_window_view(wide, (2 * _DOWN + 1, 2 * _DOWN + 1))
    down, across = np.indices((2 * _AWAY + 1, 2 * _AWAY + 1))
    near = np.hypot(down - _AWAY, across - _AWAY) <= _AWAY
    return parts[row : row + 2 * _AWAY + 1, column : column + 2 * _AWAY + 1][near].reshape(int(near.sum()), -1)


@cache
def _classes() -> tuple[Flow, ...]:
    """Give the mean flow of each class, in each turn a row."""
    rng = np.random.default_rng(_SEED)
    shape = (2 * _DOWN + 1, 2 * _DOWN + 1)
    down, across = np.indices(shape) - _DOWN
    inside = np.square(across / _ACROSS) + np.square(down / _DOWN) < 1

    def mean(pattern: Pattern) -> Flow:
        fields = [
            orientation_field(shape, _BLOCK_AT_500, pattern, place_singularities(pattern, rng), rng)
            for _ in range(_FINGERS)
        ]
        # The model's y axis points up, an image's down.
        return np.asarray(np.exp(-2j * np.array(fields)).mean(axis=0) * inside, dtype=np.complex64)

    upright = [mean(pattern) for pattern in Pattern]
    return tuple(np.array([_turned(each, degrees).ravel() for degrees in _TURNS]) for each in upright)


def _turned(flow: Flow, degrees: int) -> Flow:
    """Turn a flow to the left, its places and its directions."""
    middle = (float(_DOWN), float(_DOWN))
    turn = cv2.getRotationMatrix2D(middle, degrees, 1)
    real, imaginary = (cv2.warpAffine(part, turn, flow.shape) for part in (flow.real.copy(), flow.imag.copy()))
    return np.asarray((real + 1j * imaginary) * np.exp(-2j * np.deg2rad(degrees)), dtype=np.complex64)
