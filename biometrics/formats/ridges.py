"""This module estimates an image's resolution from the distance of its ridges, where nobody tells it."""

import numpy as np
from numpy.typing import NDArray

from biometrics.gray import STANDARD_DPI

ADULT_PERIOD = 9.0
"""Pixels from ridge to ridge of an adult's finger at 500 dpi, 0.46 mm: the mean among people, whose own lies within a
third of it. Children's ridges are closer: of them an estimate is too low."""
_PERIODS = (3, 30)
"""Pixels: below, nothing is resolved; above, it is not ridges that repeat."""
_SMALL, _MIDDLE, _LARGE = 32, 64, 128
_PERIODS_A_SIDE = 6
_FEWEST_PERIODS = 3
"""A block shows this many: what changes more slowly over it, such as its light, repeats by chance."""
_NEAR = 1.6
"""Steps of the spectrum that a single wave takes under the window."""
_CLEAR = 0.25
"""The share of a block's spectrum that its strongest wave has where there are parallel ridges and little else."""
_FEWEST = 3
_LOWEST_CONTRAST = 8.0
_MOST_BLOCKS = 300
"""Of a large image every so many blocks are looked at: memory does not grow with it."""
_FEW_BLOCKS = 24
"""Enough to tell half from whole."""

_Gray = NDArray[np.float32]


def estimate_dpi(pixels: NDArray[np.uint8], *, roughly: bool = False) -> int | None:
    """Estimate pixels to an inch from the dominant period of the ridges; right within a third for an adult.

    Args:
        pixels: gray values, rows by columns.
        roughly: look at few blocks, and once: a millisecond or two instead of ten.

    Returns:
        Nothing where too few blocks show parallel ridges.
    """
    period = ridge_period(pixels, roughly=roughly)
    return None if period is None else round(period / ADULT_PERIOD * STANDARD_DPI)


def ridge_period(pixels: NDArray[np.uint8], *, roughly: bool = False) -> float | None:
    """Give the dominant period of the ridges, in pixels; see `estimate_dpi`.

    Blocks are transformed by Fourier; the strongest wave of each that has a clear one gives its period, the weighted
    median over the image its result. A second pass, with blocks of six periods, sharpens it.
    """
    gray = pixels.astype(np.float32)
    side = _LARGE if min(gray.shape) >= 3 * _LARGE else _MIDDLE
    period = _period(gray, side, _FEW_BLOCKS if roughly else _MOST_BLOCKS)
    if period is None or roughly:
        return period
    side = 2 * round(min(max(_PERIODS_A_SIDE * period, _SMALL), _LARGE) / 2)
    return _period(gray, side) or period


def _period(gray: _Gray, side: int, most: int = _MOST_BLOCKS) -> float | None:
    """Give the median of the periods of `most` blocks, in pixels."""
    if min(gray.shape) < side:
        return None
    grid = np.lib.stride_tricks.sliding_window_view(gray, (side, side))[:: side // 2, :: side // 2]
    count = grid.shape[0] * grid.shape[1]
    # Picked before they are copied: all of them take four times the image's room.
    blocks = grid[np.unravel_index(np.arange(0, count, -(-count // most)), grid.shape[:2])]
    contrast = blocks.std(axis=(1, 2))
    blocks = blocks[contrast >= max(_LOWEST_CONTRAST, float(np.percentile(contrast, 90)) / 2)]
    if len(blocks) < _FEWEST:
        return None
    down, across = np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None, :]
    frequency = np.hypot(down, across).astype(np.float32)
    window = (np.hanning(side)[:, None] * np.hanning(side)[None, :]).astype(np.float32)
    waves = np.fft.rfft2((blocks - blocks.mean(axis=(1, 2), keepdims=True)) * window)
    spectra = waves.real * waves.real + waves.imag * waves.imag
    # Uneven pressure and light change slowly and are strong: weighted by frequency they do not hide the ridges.
    lowest = max(1 / _PERIODS[1], _FEWEST_PERIODS / side)
    ridges = (frequency >= lowest) & (frequency <= 1 / _PERIODS[0])
    spectra = (spectra * np.where(ridges, frequency, 0)).reshape(len(blocks), -1)
    strongest = spectra.argmax(axis=1)
    flat_down = np.broadcast_to(down, frequency.shape).ravel().astype(np.float32)
    flat_across = np.broadcast_to(across, frequency.shape).ravel().astype(np.float32)
    away_down, away_across = flat_down - flat_down[strongest, None], flat_across - flat_across[strongest, None]
    near = away_down * away_down + away_across * away_across <= (_NEAR / side) ** 2
    wave = (spectra * near).sum(axis=1)
    share = wave / np.maximum(spectra.sum(axis=1), np.finfo(np.float32).tiny)
    # What is strongest at the edge is the foot of something slower.
    clear = (share > _CLEAR) & (frequency.ravel()[strongest] > lowest + 1 / side)
    if clear.sum() < _FEWEST:
        return None
    periods = wave[clear] / (spectra * near * frequency.ravel()).sum(axis=1)[clear]
    order = np.argsort(periods)
    weights = np.cumsum(share[clear][order])
    return float(periods[order][np.searchsorted(weights, weights[-1] / 2)])
