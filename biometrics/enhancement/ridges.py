"""This module finds how ridges run: direction and period for each block, smooth over neighbours (pure)."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.enhancement.contrast import Field
from biometrics.enhancement.waves import Waves, bank, energy

DIRECTIONS = 24
# From the finest ridges of small children (0.25 mm) to the widest of adults (0.65 mm), in pixels at 250 dpi; steps of
# an eighth, which is what a block can tell apart.
PERIODS = tuple(float(2.45 * 1.125**n) for n in range(9))
_ANGLE_SPREAD, _PERIOD_SPREAD = 0.25, 0.22
# Deviation in blocks over which energy is gathered: 6 pixels, a ridge to either side.
_GATHERED = 1.5
# Deviation in blocks over which periods are smoothed: ridges turn fast, but keep their width.
_PERIOD_SMOOTHED = 3.0


@dataclass(frozen=True, slots=True)
class Ridges:
    """How ridges run in each block: number of the direction (across them), number of the period."""

    direction: NDArray[np.intp]
    period: NDArray[np.intp]


def find_ridges(waves: Waves, smoothed: float) -> Ridges:
    """Find direction and period of the ridges from the waves of all blocks.

    Args:
        waves: of the blocks.
        smoothed: deviation in blocks over which directions are smoothed.
    """
    rows, columns, count = waves.shape
    filters = bank(DIRECTIONS, PERIODS, _ANGLE_SPREAD, _PERIOD_SPREAD)
    found = smooth(energy(waves), _GATHERED)
    total = found.sum(axis=2) + np.float32(1e-6)
    by_period = np.square(filters).transpose(1, 0, 2).reshape(-1, count)
    passed = (found.reshape(-1, count) @ by_period.T).reshape(rows, columns, len(PERIODS), DIRECTIONS)
    direction, trust = _directions(passed.max(axis=2), total, smoothed)
    along = np.take_along_axis(passed, direction[:, :, None, None], axis=3)[..., 0]
    return Ridges(direction, _periods(along, trust))


def _directions(strength: Field, total: Field, deviation: float) -> tuple[NDArray[np.intp], Field]:
    """Give the direction of each block, averaged with its neighbours as doubled angles, and how much it is trusted."""
    turned = (
        np.exp(2j * np.pi * np.arange(DIRECTIONS) / DIRECTIONS).astype(np.complex64).view(np.float32).reshape(-1, 2)
    )
    mean = strength @ turned
    length = np.hypot(mean[..., 0], mean[..., 1]) + np.float32(1e-9)
    trust = np.square(strength.max(axis=2) / total * length / (strength.sum(axis=2) + np.float32(1e-6)))
    smoothed = smooth(mean * (trust / length)[..., None], deviation)
    angle = np.arctan2(smoothed[..., 1], smoothed[..., 0]) / 2
    return np.round(angle / np.pi * DIRECTIONS).astype(np.intp) % DIRECTIONS, trust


def _periods(along: Field, trust: Field) -> NDArray[np.intp]:
    """Give the period of each block from the energy of each period along its direction."""
    sharp = (along / (along.max(axis=2, keepdims=True) + np.float32(1e-9)) + np.float32(1e-3)) ** 4
    number = (sharp @ np.arange(along.shape[2], dtype=np.float32)) / sharp.sum(axis=2)
    both = smooth(np.stack([number * trust, trust], axis=2), _PERIOD_SMOOTHED)
    mean = both[..., 0] / (both[..., 1] + np.float32(1e-9))
    return np.clip(np.round(mean), 0, along.shape[2] - 1).astype(np.intp)


def smooth(field: NDArray[np.float32], deviation: float) -> NDArray[np.float32]:
    """Smooth what each block has over its neighbours, by a Gaussian of `deviation` blocks."""
    radius = max(1, int(np.ceil(2.5 * deviation)))
    weights = np.exp(-((np.arange(-radius, radius + 1) / deviation) ** 2) / 2)
    weights = (weights / weights.sum()).astype(np.float32)[:, None]
    for _ in range(2):
        rows, columns, count = field.shape
        flat = np.ascontiguousarray(field).reshape(rows, columns * count)
        done = cv2.filter2D(flat, cv2.CV_32F, weights, borderType=cv2.BORDER_REPLICATE)
        field = np.asarray(done, dtype=np.float32).reshape(rows, columns, count).transpose(1, 0, 2)
    return field
