"""This module tells the person at the sensor what would make a better image: only what they can change (pure)."""

from collections.abc import Iterator
from enum import StrEnum

from biometrics.quality.nfiq2 import Nfiq2
from biometrics.quality.touch import MM, Touch

FOREGROUND = "SufficientFingerprintForeground"
MINUTIAE = "FingerprintImageWithMinutiae"
CLEARNESS = "OCL_Bin10_Mean"
"""The measures of NFIQ 2 that are asked: pixels of the print, count of minutiae, and how clearly ridges run one way in
each block, 0 to 1."""
SMALLEST_AREA = 50_000 * MM**2
"""Square millimetres: NFIQ 2's own threshold of sufficient foreground (`ActionableQualityFeedbackThreshold`)."""
FREE_MM = 2.0
"""With less room at every edge the sensor is full, and nobody can put more of a finger on it."""
ASIDE_MM = 3.0
"""Room at one edge that would do a print good that the other edge cuts."""
FORWARD_MM = 6.0
"""Below, a print always goes on to the finger's joint: only much room above says that the pad is not there."""
FEWEST_MINUTIAE = 12
"""As many as courts of many countries ask to agree; NFIQ 2's own threshold, 5, lets pass what matches nothing."""
MOST_MINUTIAE = 150
"""A whole rolled finger has about a hundred: more are broken ridges and dirt."""
LOWEST_CONTRAST = 32.0
"""An eighth of the gray values."""
DRY, WET = 0.25, 0.6
"""Shares of the print that is dark; ridges of a finger that is neither take a third to a half."""
CLEAR = 0.5


class Advice(StrEnum):
    """What is wrong, in the order in which it is said; what to do is `text`."""

    NO_FINGER = "no-finger"
    INVERTED = "inverted"
    SEVERAL = "several-fingers"
    UPSIDE_DOWN = "upside-down"
    TOO_LITTLE = "too-little-finger"
    MOVE_LEFT = "move-left"
    MOVE_RIGHT = "move-right"
    MOVE_FORWARD = "move-forward"
    MOVE_BACK = "move-back"
    TOO_DRY = "too-dry"
    TOO_WET = "too-wet"
    TOO_FAINT = "too-faint"
    FEW_RIDGES = "few-ridges"
    UNCLEAR = "unclear-ridges"
    AGAIN = "again"

    @property
    def text(self) -> str:
        """What to do, in one sentence."""
        return _TEXTS[self]


_TEXTS = {
    Advice.NO_FINGER: "Put the finger on the sensor; the image shows none.",
    Advice.INVERTED: "Send the image with black ridges on white: it is inverted.",
    Advice.SEVERAL: "Put one finger alone on the sensor: the image is of several beside each other.",
    Advice.UPSIDE_DOWN: "Turn the image or the sensor by half a turn: the print is upside down.",
    Advice.TOO_LITTLE: "Lay the whole pad of the finger flat on the sensor, not its tip.",
    Advice.MOVE_LEFT: "Move the finger to the left; its right side is cut.",
    Advice.MOVE_RIGHT: "Move the finger to the right; its left side is cut.",
    Advice.MOVE_FORWARD: "Move the finger forward; its tip is far from the sensor's edge.",
    Advice.MOVE_BACK: "Draw the finger back; its tip is cut.",
    Advice.TOO_DRY: "Moisten the finger a little, or breathe on it, and press harder; it is too dry.",
    Advice.TOO_WET: "Dry the finger and the sensor, and press less; it is too wet.",
    Advice.TOO_FAINT: "Clean the sensor and press a little harder; there is too little contrast.",
    Advice.FEW_RIDGES: "Turn the pad of the finger to the sensor; too few ridges can be told apart.",
    Advice.UNCLEAR: "Clean finger and sensor, and hold still; the ridges are not clear.",
    Advice.AGAIN: "Take the finger again: clean, flat, still, and in the middle of the sensor.",
}


def advise(nfiq2: Nfiq2, touch: Touch | None) -> tuple[Advice, ...]:
    """Say what would make a better image, the most effective first; where nothing stands out, to take it again."""
    if touch is None:
        return (Advice.NO_FINGER,)
    return (*_of_place(nfiq2, touch), *_of_skin(touch), *_of_ridges(nfiq2)) or (Advice.AGAIN,)


def _of_place(nfiq2: Nfiq2, touch: Touch) -> Iterator[Advice]:
    area = nfiq2.measures[FOREGROUND] * MM**2 if FOREGROUND in nfiq2.measures else touch.area
    if area < SMALLEST_AREA and max(touch.margins) >= FREE_MM:
        yield Advice.TOO_LITTLE
    left, right, top, bottom = touch.margins
    # The image shows the finger as somebody sees it who looks down on the hand: its left is the sensor's left.
    for cut, free, enough, advice in (
        (left, right, ASIDE_MM, Advice.MOVE_RIGHT),
        (right, left, ASIDE_MM, Advice.MOVE_LEFT),
        (top, bottom, ASIDE_MM, Advice.MOVE_BACK),
        (bottom, top, FORWARD_MM, Advice.MOVE_FORWARD),
    ):
        if cut == 0 and free >= enough:
            yield advice


def _of_skin(touch: Touch) -> Iterator[Advice]:
    if touch.contrast < LOWEST_CONTRAST:
        yield Advice.TOO_FAINT
    if touch.ridge_share < DRY:
        yield Advice.TOO_DRY
    elif touch.ridge_share > WET:
        yield Advice.TOO_WET


def _of_ridges(nfiq2: Nfiq2) -> Iterator[Advice]:
    minutiae = nfiq2.measures.get(MINUTIAE)
    if minutiae is not None and minutiae < FEWEST_MINUTIAE:
        yield Advice.FEW_RIDGES
    clearness = nfiq2.measures.get(CLEARNESS)
    if (clearness is not None and clearness < CLEAR) or (minutiae is not None and minutiae > MOST_MINUTIAE):
        yield Advice.UNCLEAR
