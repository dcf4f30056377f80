"""This module takes an image apart into the waves that ridges can be, block by block, and puts it together (pure).

Only waves of ridge periods are looked at: that is known before, so two small
products of matrices do what a fast Fourier transform does, with all blocks at once.
"""

from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from biometrics.enhancement.contrast import Field

Waves = NDArray[np.complex64]

# Pixels at 250 dpi, three to four ridges: enough to tell direction and period, few enough that they are straight.
BLOCK = 16
STEP = BLOCK // 4
# Highest frequency looked at, in periods a block: ridges of 2 pixels (0.2 mm), the finest that pixels can show.
HIGHEST = 8
_WINDOW_DEVIATION = BLOCK / 4
_ACROSS = np.arange(HIGHEST + 1)
_DOWN = np.arange(-HIGHEST, HIGHEST + 1)
COUNT = _ACROSS.size * _DOWN.size


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the blocks of an image lie: block (i, j) begins at row i * STEP - MARGIN, column j * STEP - MARGIN."""

    rows: int
    columns: int
    image: tuple[int, int]

    @classmethod
    def over(cls, image: tuple[int, int]) -> "Grid":
        """Lay blocks over an image so that each pixel lies in sixteen."""
        rows, columns = (-(-(side + MARGIN) // STEP) for side in image)
        return cls(rows, columns, image)

    @property
    def padded(self) -> tuple[int, int]:
        """The size of the image with what the blocks need around it."""
        return (self.rows * STEP + BLOCK, self.columns * STEP + BLOCK)


MARGIN = BLOCK - STEP


def take_apart(image: Field, grid: Grid) -> Waves:
    """Give the waves of each block: an array of rows x columns x COUNT."""
    padded = np.zeros(grid.padded, dtype=np.float32)
    rows, columns = grid.image
    padded[MARGIN : MARGIN + rows, MARGIN : MARGIN + columns] = image
    blocks = sliding_window_view(padded, (BLOCK, BLOCK))[::STEP, ::STEP][: grid.rows, : grid.columns]
    across, down = _bases()
    halfway = ((blocks * _window()).reshape(-1, BLOCK) @ across).view(np.complex64)
    turned = halfway.reshape(-1, BLOCK, _ACROSS.size).transpose(0, 2, 1).reshape(-1, BLOCK)
    return (turned @ down).reshape(grid.rows, grid.columns, COUNT)


def put_together(waves: Waves, grid: Grid) -> Field:
    """Give the image of which these are the waves of the blocks; they overlap and are blended."""
    across, down = _bases()
    halfway = (waves.reshape(-1, _DOWN.size) @ down.conj().T).reshape(-1, _ACROSS.size, BLOCK).transpose(0, 2, 1)
    # The waves with a negative number across are the conjugates of the others: twice the real part stands for both.
    twice = np.where(_ACROSS == 0, 1, 2).astype(np.float32).repeat(2)
    blocks = np.ascontiguousarray(halfway).view(np.float32).reshape(-1, twice.size) @ (across * twice).T
    blocks = blocks.reshape(grid.rows, grid.columns, BLOCK, BLOCK)
    blocks *= _fade()
    total = _laid(blocks, grid)
    total /= _weight(grid)
    rows, columns = grid.image
    return total[MARGIN : MARGIN + rows, MARGIN : MARGIN + columns]


def _laid(blocks: Field, grid: Grid) -> Field:
    """Add blocks up where they lie; those that touch but do not overlap are laid at once."""
    total = np.zeros(grid.padded, dtype=np.float32)
    overlap = BLOCK // STEP
    for i in range(overlap):
        for j in range(overlap):
            some = blocks[i::overlap, j::overlap]
            rows, columns = some.shape[:2]
            down, right = i * STEP, j * STEP
            place = total[down : down + rows * BLOCK, right : right + columns * BLOCK]
            place.reshape(rows, BLOCK, columns, BLOCK)[...] += some.transpose(0, 2, 1, 3)
    return total


@lru_cache(maxsize=16)
def _weight(grid: Grid) -> Field:
    """Give what all blocks together weigh in each pixel."""
    one = _fade() * _window() * np.float32(BLOCK**2)
    return np.maximum(_laid(np.tile(one, (grid.rows, grid.columns, 1, 1)), grid), np.float32(1))


def energy(waves: Waves) -> Field:
    """Give the energy of each wave, with that of its conjugate."""
    return (waves.real**2 + waves.imag**2) * multiplicity()


@cache
def multiplicity() -> Field:
    """Tell for how many frequencies each wave stands: two, and one where there is none across."""
    return np.where(_ACROSS == 0, 1, 2).astype(np.float32).repeat(_DOWN.size)


@cache
def bank(directions: int, periods: tuple[float, ...], angle_spread: float, period_spread: float) -> Field:
    """Make filters that let pass waves near one direction and one period: directions x periods x COUNT, from 0 to 1.

    Args:
        directions: how many, evenly from 0 to pi; the direction in which the wave runs, across the ridges.
        periods: in pixels.
        angle_spread: deviation of the Gaussian over angles, in radians.
        period_spread: deviation of the Gaussian over the logarithm of the period.
    """
    frequency = np.hypot(_ACROSS[:, None], _DOWN[None, :]).ravel() / BLOCK
    angle = np.arctan2(_DOWN[None, :], _ACROSS[:, None]).ravel()
    wanted = np.pi * np.arange(directions)[:, None, None] / directions
    off_angle = np.angle(np.exp(2j * (angle - wanted))) / 2
    off_period = np.log(np.maximum(frequency, 1e-6) * np.asarray(periods)[None, :, None])
    passed = np.exp(-((off_angle / angle_spread) ** 2) / 2 - (off_period / period_spread) ** 2 / 2)
    return np.asarray(passed * (frequency > 0), dtype=np.float32)


@cache
def _bases() -> tuple[Field, Waves]:
    """Give the waves themselves: one a column; those across as real and imaginary parts in turns."""
    at = np.arange(BLOCK)
    across = np.exp(-2j * np.pi * np.outer(at, _ACROSS) / BLOCK).astype(np.complex64)
    down = np.exp(-2j * np.pi * np.outer(at, _DOWN) / BLOCK).astype(np.complex64)
    return across.view(np.float32), down


@cache
def _window() -> Field:
    """Give the Gaussian through which a block is looked at."""
    off = np.arange(BLOCK) - (BLOCK - 1) / 2
    one = np.exp(-((off / _WINDOW_DEVIATION) ** 2) / 2)
    return np.outer(one, one).astype(np.float32)


@cache
def _fade() -> Field:
    """Give the weight with which a block is blended into its neighbours: none at its edge (Hann)."""
    one = np.hanning(BLOCK + 2)[1:-1]
    return np.outer(one, one).astype(np.float32)
