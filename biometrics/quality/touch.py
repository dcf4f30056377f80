"""This module looks at how a finger was put on the sensor: how much of it, where, how dark, how wet (pure)."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from biometrics.gray import STANDARD_DPI, GrayImage

MM = 25.4 / STANDARD_DPI
"""Millimetres of a pixel at 500 dpi."""
BLOCK = 16
"""Pixels: nearly two ridges of an adult, so that each block of a print has dark and light."""
BLOCK_MM = BLOCK * MM
_CLEAREST = 90
_PRINT_SHARE = 0.3
"""Of the deviation of the clearest blocks: what has less is not print, but its shadow or a latent one beside it."""
_NOISE = 6.0
"""Gray levels that blocks of a clean scanner deviate by, at most."""
_TAIL = 10
"""Per cent of a block's pixels that are left out on each side: dirt and pores."""


@dataclass(frozen=True, slots=True)
class Touch:
    """How a finger was put on the sensor, as the image shows it.

    Attributes:
        area: square millimetres that show ridges.
        contrast: gray levels between ridges and valleys.
        ridge_share: share of the print that is darker than the middle between ridge and valley; a half, where both are
            as wide.
        margins: millimetres without print at the left, the right, the top and the bottom of the image.
        printed: which blocks show ridges, row by row.
    """

    area: float
    contrast: float
    ridge_share: float
    margins: tuple[float, float, float, float]
    printed: NDArray[np.bool_] = field(compare=False, repr=False)


def look_at(image: GrayImage) -> Touch | None:
    """Look at an image at 500 dpi; some milliseconds. Nothing where it shows no print."""
    blocks = _blocks(image)
    deviation = blocks.std(axis=2)
    printed = deviation > max(_PRINT_SHARE * float(np.percentile(deviation, _CLEAREST)), _NOISE)
    if not printed.any():
        return None
    low, high = np.percentile(blocks[printed], (_TAIL, 100 - _TAIL), axis=1)
    ridges = blocks[printed] < ((low + high) / 2)[:, None]
    across, down = np.flatnonzero(printed.any(axis=0)), np.flatnonzero(printed.any(axis=1))
    rows, columns = printed.shape
    margins = (across[0], columns - 1 - across[-1], down[0], rows - 1 - down[-1])
    left, right, top, bottom = (float(blocks) * BLOCK_MM for blocks in margins)
    return Touch(
        area=float(printed.sum()) * BLOCK_MM**2,
        contrast=float(np.median(high - low)),
        ridge_share=float(ridges.mean()),
        margins=(left, right, top, bottom),
        printed=printed,
    )


def _blocks(image: GrayImage) -> NDArray[np.float32]:
    """Cut an image into whole blocks: rows, columns, the pixels of each."""
    rows, columns = image.height // BLOCK, image.width // BLOCK
    gray = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width).astype(np.float32)
    whole = gray[: rows * BLOCK, : columns * BLOCK].reshape(rows, BLOCK, columns, BLOCK)
    return np.ascontiguousarray(whole.swapaxes(1, 2)).reshape(rows, columns, BLOCK * BLOCK)
