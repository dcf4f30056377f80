"""This module selects which images of a finger a record holds: over several encounters the best stay."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from biometrics.comparing import Comparing, Views
from biometrics.decision import VERIFY_FALSE_MATCH_RATE, decide
from biometrics.mirror import matches_mirrored
from biometrics.rejections import FingerDiffers, MirroredImage
from biometrics.samples import Extractor, Reading, carried
from biometrics.sent import refused_as
from contracts.records import FingerTemplate

# An event carries eight templates of a finger (`FingerprintV1`).
MOST_TEMPLATES = 8


class Selection:
    """Puts what is held of a finger and what comes new together; blocks while the engine compares."""

    def __init__(self, extractor: Extractor, comparing: Comparing) -> None:
        self._extractor = extractor
        self._comparing = comparing

    def keep(self, held: Sequence[Views], fresh: Sequence[Reading]) -> list[FingerTemplate]:
        """Give the templates of a finger's next version: of all images, or of the most typical if they are too many.

        Raises:
            FingerDiffers: a new image matches none of those that are held, or, of a first enrolment, none before it.
            MirroredImage: it does not, and would in a mirror.
        """
        images = [*held, *(reading.views for reading in fresh)]
        templates = [(*carried(self._extractor, views), *views.beside) for views in held]
        templates += [reading.carried for reading in fresh]
        chosen = list(range(len(images)))
        if len(images) > 1:
            scores = np.array([self._comparing.scores(each, images) for each in images])
            self._check_same_finger(images, scores, len(held))
            chosen = typical(scores, [len(each) for each in templates])
        return [template for place in chosen for template in templates[place]]

    def _check_same_finger(self, images: Sequence[Views], scores: NDArray[np.float64], held: int) -> None:
        """Compare each new image with all that are held; where none is, with those before it."""
        for image in range(max(held, 1), len(scores)):
            known = held or image
            if decide(float(scores[image, :known].max()), VERIFY_FALSE_MATCH_RATE, known).match:
                continue
            with refused_as(f"samples.{image - held}"):
                if matches_mirrored(self._comparing, images[image], images[:known]):
                    raise MirroredImage
                raise FingerDiffers(
                    "An image does not match the others under the key; take it again, or enrol it under a key of its "
                    "own."
                )


def typical(scores: NDArray[np.float64], sizes: Sequence[int], most: int = MOST_TEMPLATES) -> list[int]:
    """Choose the images that are most like all the others, in their order; a later one wins over an equal earlier one.

    An image stays with all its templates, or goes with them.

    Mean similarity, the method MDIST of Uludag, Ross and Jain (Biometric template selection and update: a case study in
    fingerprints, Pattern Recognition 37, 2004), which was as good as clustering there: an image that shows another
    part of the finger, or little of it, is like none of the others.

    Args:
        scores: of each image with each, in both directions.
        sizes: how many templates each image has.
        most: how many templates at most.
    """
    alike = scores + scores.T
    np.fill_diagonal(alike, 0)
    order = sorted(range(len(scores)), key=lambda place: (-alike[place].sum(), -place))
    chosen: list[int] = []
    for place in order:
        if sizes[place] <= most:
            most -= sizes[place]
            chosen.append(place)
    return sorted(chosen)
