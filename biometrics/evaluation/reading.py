"""This module reads an image that is measured on, as the service reads it."""

from dataclasses import dataclass

from biometrics.evaluation.impressions import NotMeasurable
from biometrics.formats.contents import ImageSample
from biometrics.formats.images import Decoding
from biometrics.formats.reading import one_finger, read_file
from biometrics.formats.resolution import ResolutionNote
from biometrics.gray import GrayImage


@dataclass(frozen=True, slots=True)
class ReadImage:
    """An image of one finger; `doubts` say what contradicts its resolution, or makes it doubtful."""

    image: GrayImage
    doubts: tuple[str, ...] = ()


def read_image(data: bytes, decoding: Decoding) -> ReadImage:
    """Read a file that holds an image of one finger.

    Raises:
        UnknownResolution, ImpossibleResolution: nothing possible tells how large a pixel is.
        NotMeasurable: it holds a template.
        Rejected: it holds nothing that can be read, or no one finger.
    """
    sample = one_finger(read_file(data, decoding))
    if not isinstance(sample, ImageSample):
        raise NotMeasurable("The file holds a template; images are compared here.")
    return ReadImage(sample.image, tuple(note for note in sample.notes if isinstance(note, ResolutionNote)))
