"""This module reads the parts of a record: images are decoded and cut, templates held to their resolution."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import ParamSpec, TypeVar

from biometrics.formats.contents import ImagePart, ImageSample, Part, Sample, TemplateSample, Unread
from biometrics.formats.images import DecodedImage, Decoding, decode_image, raw_image
from biometrics.formats.minutiae import dpi_of, per_cm
from biometrics.formats.opening import MAX_PIXELS
from biometrics.formats.places import cut_out
from biometrics.formats.resolution import resolve
from biometrics.rejections import ImageTooLarge, UnknownResolution
from hub.errors import Rejected

P = ParamSpec("P")
R = TypeVar("R")

MAX_RECORD_PIXELS = 10 * MAX_PIXELS
"""Of all images of a record: ten fingers, each as large as any may be."""
_MOST_BROKEN = 10
"""Images of a record that cannot be decoded: each may take as long as the largest that can be."""


def read_parts(parts: Iterable[Part], decoding: Decoding) -> Iterator[Sample | Unread]:
    """Read the parts of a record, images one after the other, each decoded once; what cannot be read is told.

    Raises:
        Rejected: the images have more pixels than those of a record may have, or too many cannot be decoded.
    """
    pixels = broken = 0
    last: tuple[bytes, DecodedImage | Rejected] | None = None
    for part in parts:
        if isinstance(part, TemplateSample):
            yield _told(part, _tried(_resolved, part, decoding.dpi))
            continue
        if last is None or last[0] is not part.data:
            last = part.data, _tried(_decoded, part, decoding)
            if isinstance(last[1], Rejected):
                broken += 1
                if broken > _MOST_BROKEN:
                    raise last[1]
            else:
                pixels += _check_sum(pixels, last[1].cost)
        decoded = last[1]
        sample = decoded if isinstance(decoded, Rejected) else _tried(_sample, part, decoded)
        if part.crop is not None and isinstance(sample, ImageSample):
            # Cut out, the same pixels take room again.
            pixels += _check_sum(pixels, sample.image.width * sample.image.height)
        yield _told(part, sample)


def _tried(read: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R | Rejected:
    """Read something, or give what is wrong with it."""
    try:
        return read(*args, **kwargs)
    except Rejected as fault:
        return fault


def _told(part: Part, found: Sample | Rejected) -> Sample | Unread:
    return Unread(part.capture, found) if isinstance(found, Rejected) else found


def _decoded(part: ImagePart, decoding: Decoding) -> DecodedImage:
    if part.raw:
        return raw_image(part.data, *part.declared, decoding, part.dpi)
    return decode_image(part.data, decoding, part.dpi)


def _check_sum(pixels: int, more: int) -> int:
    """Give how many pixels an image adds to those of its record.

    Raises:
        ImageTooLarge: they are too many together.
    """
    if pixels + more > MAX_RECORD_PIXELS:
        raise ImageTooLarge(f"The record's images have more than {MAX_RECORD_PIXELS} pixels; part it.")
    return more


def _sample(part: ImagePart, decoded: DecodedImage) -> ImageSample:
    notes = (*part.notes, *decoded.notes)
    if part.crop is not None:
        return ImageSample(cut_out(decoded, part.crop, part.declared), decoded.source, part.capture, notes)
    if decoded.size != part.declared:
        notes = (
            *notes,
            f"the record tells {part.declared[0]} x {part.declared[1]} pixels; the image's own size counts",
        )
    return ImageSample(decoded.image, decoded.source, part.capture, notes)


def _resolved(sample: TemplateSample, caller: int | None) -> TemplateSample:
    """Hold a template's resolution to what images are held to; one of no minutiae needs none."""
    finger = sample.finger
    if not finger.minutiae:
        return sample
    found = resolve(caller, (dpi_of(finger.x_per_cm), dpi_of(finger.y_per_cm)), None)
    if found is None:
        raise UnknownResolution("The template tells no resolution; say its dpi.")
    if caller is not None:
        finger = replace(finger, x_per_cm=per_cm(caller), y_per_cm=per_cm(caller))
    return replace(sample, finger=finger, notes=(*sample.notes, *found.notes))
