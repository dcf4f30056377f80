"""This module tells how much of an image is print in which nothing runs one way: noise, where ridges should be (pure).

Of that the engine makes thousands of minutiae before it drops all but the best, and what it takes grows with the area.
"""

import cv2
import numpy as np

from biometrics.enhancement.contrast import blur, contrast, print_area
from biometrics.enhancement.scaling import DPI, looked_at
from biometrics.gray import GrayImage
from biometrics.rejections import BlankImage

MOST_SQUARE_INCHES_OF_NOISE = 1.0
"""The most print without a direction that is extracted: twice what the worst of 282 real prints has (0.51, rolled in
ink on 2.4 square inches; 0.68 with its ridges thickened; all others 0.33 at most), a third of what noise of the largest
image has (2.8)."""
# Deviations in pixels at 250 dpi: of the smoothing before gradients are taken, below half a ridge; of the window over
# which they are compared, two ridges to either side.
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
    if image.width * image.height <= MOST_SQUARE_INCHES_OF_NOISE * image.dpi**2:
        return
    if noise_square_inches(image) > MOST_SQUARE_INCHES_OF_NOISE:
        raise BlankImage("The image shows noise where ridges should be; take the finger again, and give the true dpi.")


def noise_square_inches(image: GrayImage) -> float:
    """Give the area of print in which nothing runs one way.

    Raises:
        ImageTooSmall: the image is smaller than 3 mm.
    """
    gray = looked_at(image)
    smooth = blur(gray, _SMOOTHED)
    across, down = cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    xx, yy, xy = (blur(np.asarray(each), _WINDOW) for each in (across * across, down * down, across * down))
    coherence = np.hypot(xx - yy, 2 * xy) / (xx + yy + _NOTHING)
    noise = print_area(contrast(gray, _PRINT_WINDOW), _FAINTEST) & (coherence < _COHERENT)
    return float(noise.sum()) / DPI**2
