"""This module tells how much of an image is print in which nothing runs one way: noise, where ridges should be (pure).

Of that the engine makes thousands of minutiae before it drops all but the best, and what it takes grows with the area.
"""

import cv2
import numpy as np

from biometrics.enhancement.contrast import Field, blur, contrast, print_area
from biometrics.enhancement.scaling import DPI, looked_at
from biometrics.gray import GrayImage
from biometrics.rejections import BlankImage

MOST_NOISE = 0.45
"""Square inches of print without a direction, times their share of the print: the most that is extracted. Of 282 real
prints the worst has 0.23, and 0.30 with its ridges thickened; of 200 invented ones that nobody watched 0.27. Noise of a
common sensor's size (0.56 square inches) has more than this, that of the largest image 2 and more."""
# Deviations in pixels at 250 dpi: of the smoothing before gradients are taken, below half a ridge; of the window over
# which they are compared, two ridges to either side. Who changes them measures anew what was set with them: here
# `MOST_NOISE` and `_COHERENT`; of the flow (`quality.upright`) `MARGIN`, `LEAD`, and that a block is two windows wide.
_SMOOTHED, _WINDOW = 1.0, 8.0
# As where a print is looked for (`views`): what has less contrast is not print.
_PRINT_WINDOW, _FAINTEST = 6.0, 0.15
# Coherence is 1 where all gradients run one way, and 0 where they run every way. In a window of so many pixels nine
# tenths of noise have less than 0.27.
_COHERENT = 0.3
_NOTHING = np.float32(1e-3)


def check_coherent(image: GrayImage) -> None:
    """Refuse an image that shows more noise than any print has; some ten milliseconds, and nothing for small ones.

    How far gradients run one way is told by their structure tensor: the difference of its eigenvalues by their sum
    (Bazen and Gerez 2002, "Systematic methods for the computation of the directional fields").

    Raises:
        BlankImage: it does.
        ImageTooSmall: it is smaller than 3 mm.
    """
    if image.width * image.height <= MOST_NOISE * image.dpi**2:
        return
    if noise_of(image) > MOST_NOISE:
        raise BlankImage("The image shows noise where ridges should be; take the finger again, and give the true dpi.")


def noise_of(image: GrayImage) -> float:
    """Give the square inches of print in which nothing runs one way, times their share of the print.

    So little of a large print counts for little, and a print that has nothing else counts as a whole.

    Raises:
        ImageTooSmall: the image is smaller than 3 mm.
    """
    gray = looked_at(image)
    difference, cross, total = structure(gray)
    coherence = np.hypot(difference, cross) / total
    printed = print_area(contrast(gray, _PRINT_WINDOW), _FAINTEST)
    noise = int((printed & (coherence < _COHERENT)).sum())
    return noise / DPI**2 * noise / max(1, int(printed.sum()))


def structure(gray: Field) -> tuple[Field, Field, Field]:
    """Give the structure tensor of gray values at 250 dpi, gathered around each pixel.

    Of the gradients: the difference of their squares across and down, twice their product, and the sum of their
    squares, never 0. The first two are the doubled angle of the gradient, as long as it is sure.
    """
    smooth = blur(gray, _SMOOTHED)
    across, down = cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    xx, yy, xy = (blur(np.asarray(each), _WINDOW) for each in (across * across, down * down, across * down))
    return xx - yy, 2 * xy, xx + yy + _NOTHING
