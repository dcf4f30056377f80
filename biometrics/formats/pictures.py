"""This module writes gray images as PNG files that tell their resolution."""

import io

from PIL import Image

from biometrics.gray import GrayImage


def write_png(image: GrayImage) -> bytes:
    """Write an image, gray values as they are, with its resolution (PNG, 11.3.4.3: pixels to a metre)."""
    written = io.BytesIO()
    picture = Image.frombytes("L", (image.width, image.height), image.pixels)
    picture.save(written, "PNG", dpi=(image.dpi, image.dpi))
    return written.getvalue()
