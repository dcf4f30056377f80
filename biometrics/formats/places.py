"""This module is where on an image of several fingers one of them is, and cuts it there (pure)."""

from biometrics.formats.images import MIN_SIDE_INCHES, DecodedImage
from biometrics.gray import GrayImage
from biometrics.rejections import ImageTooSmall, UnreadableRecord

Place = tuple[int, int, int, int]
"""Left, top, right and bottom, in the pixels that a record tells of its image; right and bottom lie outside."""
_PAST = 1
"""Some devices tell the first pixel outside as the last inside."""


def shared(one: Place, other: Place) -> float:
    """Tell how much of the smaller of two places lies in the other, from 0 to 1."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    if min(across, down) <= 0:
        return 0.0
    return across * down / min((right - left) * (bottom - top) for left, top, right, bottom in (one, other))


def is_within(place: Place, size: tuple[int, int]) -> bool:
    """Tell whether a place ends within an image of so many pixels, or one behind its last."""
    return place[2] <= size[0] + _PAST and place[3] <= size[1] + _PAST


def cut_out(decoded: DecodedImage, place: Place, declared: tuple[int, int]) -> GrayImage:
    """Cut out what lies at a place of an image of `declared` width and height.

    Raises:
        UnreadableRecord: the image is another one than its record tells, so that the place may be another finger's.
        ImageTooSmall: the place ends beyond the image, or shows too little of a finger.
    """
    if decoded.size != declared or decoded.is_turned:
        turned = ", turned by its Exif" if decoded.is_turned else ""
        raise UnreadableRecord(
            f"The record tells where the fingers are on an image of {_said(declared)} pixels; its image has "
            f"{_said(decoded.size)}{turned}. Send it as it was when its fingers were found."
        )
    width, height = declared
    left, top, right, bottom = place
    if not is_within(place, declared):
        raise ImageTooSmall(f"The record places a finger beyond the {_said(declared)} pixels of its image; correct it.")
    # Pixels that were not square are other ones now.
    across, down = decoded.image.width / width, decoded.image.height / height
    return _cropped(
        decoded.image,
        (round(left * across), round(top * down)),
        (round(min(right, width) * across), round(min(bottom, height) * down)),
    )


def _cropped(image: GrayImage, start: tuple[int, int], end: tuple[int, int]) -> GrayImage:
    (left, top), (right, bottom) = start, end
    if min(right - left, bottom - top) < MIN_SIDE_INCHES * image.dpi:
        raise ImageTooSmall("The record places a finger where the image has too few pixels; send it again.")
    rows = (image.pixels[row * image.width + left : row * image.width + right] for row in range(top, bottom))
    return GrayImage(right - left, bottom - top, b"".join(rows), image.dpi)


def _said(size: tuple[int, int]) -> str:
    return f"{size[0]} x {size[1]}"
