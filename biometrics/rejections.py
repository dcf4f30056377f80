"""This module holds what the service refuses: each class names one thing that is wrong with what was sent."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from hub.errors import NotFound, Rejected, Retryable

if TYPE_CHECKING:
    from biometrics.formats.contents import MissingFinger


class UnknownFormat(Rejected):
    """The bytes are of no format that is known."""

    code = "unknown-format"


class WrongFormat(Rejected):
    """The bytes are of another kind than they are said to be."""

    code = "wrong-format"


class UndecodableImage(Rejected):
    """The bytes are no whole image of a known format."""

    code = "undecodable-image"


class ImageTooLarge(Rejected):
    """The image has more pixels, or shows more, than one finger has."""

    code = "image-too-large"


class ImageTooSmall(Rejected):
    """The image has too few pixels, or too coarse ones, to show a finger's ridges."""

    code = "image-too-small"


class BlankImage(Rejected):
    """The image shows no finger."""

    code = "blank-image"


class InvertedImage(Rejected):
    """The image shows white ridges on black, where black ridges on white are wanted."""

    code = "inverted-image"


class TurnedImage(Rejected):
    """The image shows the finger upside down."""

    code = "turned-image"


class MirroredImage(Rejected):
    """One of two images shows the finger as in a mirror."""

    code = "mirrored-image"

    def __init__(
        self,
        message: str = "The prints match only if one of them is mirrored; look which device, or program, turns left "
        "and right.",
    ) -> None:
        super().__init__(message)


class UnknownResolution(Rejected):
    """Nothing tells how many pixels of the image make an inch."""

    code = "unknown-resolution"


class ImpossibleResolution(Rejected):
    """The resolution that is told is none that a finger can be taken at."""

    code = "impossible-resolution"


class UnreadableTemplate(Rejected):
    """The bytes are no template of the format they claim."""

    code = "unreadable-template"


class NoMinutiae(UnreadableTemplate):
    """The template holds nothing that could be compared."""

    code = "no-minutiae"


class TooManyMinutiae(UnreadableTemplate):
    """The template holds more minutiae than the engine compares, or the format can say."""

    code = "too-many-minutiae"


class UnreadableRecord(Rejected):
    """The bytes are no whole record of images or templates."""

    code = "unreadable-record"


class NoFinger(Rejected):
    """The record is whole, but holds no finger that is asked for; `missing` are those that it says cannot be taken."""

    code = "no-finger"

    def __init__(self, message: str, missing: Iterable["MissingFinger"] = ()) -> None:
        super().__init__(message)
        self.missing = tuple(missing)


class SeveralFingers(Rejected):
    """There are several fingers where one is wanted."""

    code = "several-fingers"


class ViewDiffers(Rejected):
    """The view that goes with a template is not of the same print."""

    code = "view-differs"


class FingerDiffers(Rejected):
    """An image that is enrolled is not of the finger that the others of its record show."""

    code = "finger-differs"


class FingerContradicts(Rejected):
    """The record tells of another finger than the request."""

    code = "finger-contradicts"


class UnwritableTemplate(Rejected):
    """The format that is asked for cannot say what the templates hold."""

    code = "unwritable-template"


class QualityTooLow(Rejected):
    """The image shows too little of a finger for what it is meant for."""

    code = "quality-too-low"


class UnknownFingerprint(NotFound):
    """The gallery holds no such record."""

    code = "unknown-fingerprint"


class GalleryBehind(Retryable):
    """The gallery has not read as far as the answer needs."""

    code = "gallery-behind"


class GalleryFull(Retryable):
    """The gallery takes no more fingers until records are erased, or a person gives it more memory."""

    code = "gallery-full"

    def __init__(
        self,
        message: str = "The gallery is full and takes no more fingers until records are erased; raise "
        "ISTHMUS_HEAP_MEGABYTES, and start the service again.",
    ) -> None:
        super().__init__(message)


class QualityUnavailable(Retryable):
    """No process could be started that measures the quality of images."""

    code = "quality-unavailable"


class EngineOverloaded(Retryable):
    """The engine ran out of memory; it goes on, and the same call may succeed later."""

    code = "engine-overloaded"
