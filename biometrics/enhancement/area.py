"""This module tells which part of an image shows ridges that can be trusted (pure)."""

import cv2
import numpy as np
from numpy.typing import NDArray

# Coarse samples suffice: an area is not known more exactly than a ridge is wide.
_COARSE = 2
_BRIDGED = 11  # pixels at 250 dpi: gaps of two ridges are closed, specks of two ridges dropped
_SMALLEST = 0.15  # of the largest part: what is smaller is a speck or another finger's edge
_EDGE = 2  # pixels: there the last ridge is cut


def ridge_area(trusted: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Make whole areas of single pixels that are trusted: gaps closed, specks and the cut edge left out."""
    rows, columns = trusted.shape
    small = cv2.resize(
        trusted.astype(np.uint8) * 255, (-(-columns // _COARSE), -(-rows // _COARSE)), interpolation=cv2.INTER_AREA
    )
    coarse = (small > 127).astype(np.uint8)  # noqa: PLR2004  the half of 255
    margin = _BRIDGED // _COARSE + 1
    framed = cv2.copyMakeBorder(coarse, *(margin,) * 4, borderType=cv2.BORDER_REPLICATE)
    around = _disc(_BRIDGED // _COARSE)
    closed = cv2.morphologyEx(framed, cv2.MORPH_CLOSE, around)
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, around)[margin:-margin, margin:-margin]
    count, parts, told, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(opened))
    if count > 1:
        sizes = told[1:, cv2.CC_STAT_AREA]
        opened = np.isin(parts, np.flatnonzero(sizes >= _SMALLEST * sizes.max()) + 1).astype(np.uint8)
    fine = cv2.resize(opened.astype(np.float32), (columns, rows), interpolation=cv2.INTER_LINEAR)
    whole = (fine > 0.5).astype(np.uint8)  # noqa: PLR2004  the half
    return np.asarray(cv2.erode(whole, _disc(2 * _EDGE + 1), borderType=cv2.BORDER_REPLICATE), dtype=np.bool_)


def _disc(width: int) -> NDArray[np.uint8]:
    width |= 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width)), dtype=np.uint8)
