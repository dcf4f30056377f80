"""This module tells whether an image shows several fingers beside each other, where that is sure (pure)."""

import math
from itertools import permutations

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.formats.ridges import ridge_period
from biometrics.gray import GrayImage
from biometrics.quality.touch import BLOCK, BLOCK_MM, MM
from biometrics.quality.upright import Flow, flow_of

Blocks = NDArray[np.bool_]
"""Which blocks of an image, as `quality.touch` cuts it, belong to something."""

WIDTH_MM, HEIGHT_MM = 8.0, 10.0
"""An oval of this size is the least that counts as a finger: the flat print of an adult's little finger is larger. What
a crease, a scar or dry skin parts from a finger seldom is."""
SHARED_MM = 5.0
"""Over this height two prints have to lie beside each other, with nothing between them. Below a fingertip lies the next
part of the same finger, but nothing beside it."""
UPPER_MM = 10.0
"""About so far below the top of a print lies its core, or further; above it ridges rise to the finger's middle from
both sides."""
TURN = 0.5
"""By so much the sine of the doubled angle has to change over each print, and back at the gap: some 15 degrees. The
flanks of a fingertip slope by 30 degrees and more, so that from one to the other it changes by 1.7."""
CLEAR = 0.25
"""The least mean coherence of a flow: below it there is none (`enhancement.coherence`). The sharp edge of what has no
ridges has one, and an oval's rises and falls as a fingertip's ridges do."""
RIDGES_MM = 0.25, 0.65
"""From ridge to ridge of a small child, and of an adult with wide ones, as prints are drawn (`enhancement.ridges`). Of
most that is dirt no period is found, or a longer one."""


def shows_several(image: GrayImage, printed: Blocks) -> bool:
    """Tell whether an image at 500 dpi shows several fingers; some 50 microseconds, and milliseconds where it may.

    Two large prints lie beside each other, and the ridges of each rise from its left and fall to its right, as those of
    a whole fingertip do. Those of one that is parted go on across the gap, or only rise before it and fall behind it.

    Args:
        image: that is looked at.
        printed: its blocks that show ridges.
    """
    prints = _large(printed)
    pairs = [pair for pair in permutations(prints, 2) if _are_beside(*pair)]
    if not pairs:
        return False
    flow = flow_of(image)
    return any(
        _are_two_tips(flow, left, right) and _has_ridges(image, left) and _has_ridges(image, right)
        for left, right in pairs
    )


def _large(printed: Blocks) -> list[Blocks]:
    """Give the connected parts of a print that are large enough for a finger."""
    count, parts, told, _ = cv2.connectedComponentsWithStats(printed.astype(np.uint8), connectivity=8)
    least = math.pi / 4 * WIDTH_MM * HEIGHT_MM
    return [
        parts == number
        for number in range(1, count)
        if told[number, cv2.CC_STAT_WIDTH] * BLOCK_MM >= WIDTH_MM
        and told[number, cv2.CC_STAT_HEIGHT] * BLOCK_MM >= HEIGHT_MM
        and told[number, cv2.CC_STAT_AREA] * BLOCK_MM**2 >= least
    ]


def _are_beside(left: Blocks, right: Blocks) -> bool:
    """Tell whether one print ends before the other begins, wherever both are."""
    both = left.any(axis=1) & right.any(axis=1)
    if int(both.sum()) * BLOCK_MM < SHARED_MM:
        return False
    ends = left.shape[1] - 1 - np.argmax(left[both][:, ::-1], axis=1)
    return bool((ends < np.argmax(right[both], axis=1)).all())


def _are_two_tips(flow: Flow, left: Blocks, right: Blocks) -> bool:
    """Tell whether ridges rise and fall over one print, and again over the other; not where one has no flow."""
    (rise, fall), (rise_again, fall_again) = _slopes(flow, left), _slopes(flow, right)
    return all(turn > TURN for turn in (fall - rise, fall - rise_again, fall_again - rise_again))


def _has_ridges(image: GrayImage, part: Blocks) -> bool:
    """Tell whether a print repeats as ridges do; dirt seldom does."""
    rows, columns = (np.flatnonzero(part.any(axis=axis)) * BLOCK for axis in (1, 0))
    gray = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width)
    period = ridge_period(gray[rows[0] : rows[-1] + BLOCK, columns[0] : columns[-1] + BLOCK])
    return period is not None and RIDGES_MM[0] <= period * MM <= RIDGES_MM[1]


def _slopes(flow: Flow, part: Blocks) -> tuple[float, float]:
    """Give how the ridges of a print slope on its left and on its right flank, above the core: the mean sine.

    It is positive where they fall to the right, for an image's y axis points down; not a number where there is no flow.
    """
    columns, rows = (np.flatnonzero(part.any(axis=axis)) for axis in (0, 1))
    middle = (columns[0] + columns[-1]) / 2
    height = min((rows[-1] + 1 - rows[0]) / 2, UPPER_MM / BLOCK_MM)
    down, across = np.ogrid[: part.shape[0], : part.shape[1]]
    upper = part & (down < rows[0] + height)
    return _mean_sine(flow, upper & (across < middle)), _mean_sine(flow, upper & (across > middle))


def _mean_sine(flow: Flow, flank: Blocks) -> float:
    # A block of the flow is as wide as two of these, and was looked at in the middle.
    looked_at = flank[1::2, 1::2]
    seen = flow[: looked_at.shape[0], : looked_at.shape[1]][looked_at]
    sure = float(np.abs(seen).sum())
    return float(seen.imag.sum()) / sure if sure > CLEAR * seen.size else math.nan
