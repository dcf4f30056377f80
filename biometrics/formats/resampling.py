"""This module brings images to 500 dpi, for which enhancement, quality and the standards are made."""

from PIL import Image

from biometrics.formats.resolution import Dpi, agree
from biometrics.gray import STANDARD_DPI, GrayImage

COARSE_DPI = 300
"""Below, the engine makes less of an image than of one that is resampled here: of three sets at 250 dpi, mean scores of
the same finger rose from 135 to 161, from 70 to 88 and from 84 to 104; from 350 dpi on there is no difference."""


def legible(image: GrayImage) -> GrayImage:
    """Give an image as the engine makes most of it: resampled where it is coarse, else with its own pixels."""
    return at_standard(image) if image.dpi < COARSE_DPI else image


def at_standard(image: GrayImage) -> GrayImage:
    """Give an image at 500 dpi; one that has it, but for rounding, stays as it is, to the last bit."""
    return resampled(image, (image.dpi, image.dpi))


def resampled(image: GrayImage, dpi: Dpi) -> GrayImage:
    """Bring an image to 500 dpi whose pixels need not be square.

    Lanczos' filter over three lobes, stretched where the image shrinks, so that no ridge aliases.

    Args:
        image: its own resolution is not looked at.
        dpi: across and down.
    """
    if agree((STANDARD_DPI, STANDARD_DPI), dpi):
        return GrayImage(image.width, image.height, image.pixels, STANDARD_DPI)
    size = (
        max(1, round(image.width * STANDARD_DPI / dpi[0])),
        max(1, round(image.height * STANDARD_DPI / dpi[1])),
    )
    scaled = Image.frombytes("L", (image.width, image.height), image.pixels).resize(size, Image.Resampling.LANCZOS)
    return GrayImage(*size, scaled.tobytes(), STANDARD_DPI)
