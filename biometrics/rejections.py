"""This module holds what the service refuses: each class names one thing that is wrong with what was sent."""

from hub.errors import NotFound, Rejected, Retryable


class UndecodableImage(Rejected):
    """The bytes are no whole image of a known format."""

    code = "undecodable-image"


class ImageTooLarge(Rejected):
    """The image declares more pixels than a finger has."""

    code = "image-too-large"


class ImageTooSmall(Rejected):
    """The image has too few pixels, or too coarse ones, to show a finger's ridges."""

    code = "image-too-small"


class BlankImage(Rejected):
    """The image shows no finger."""

    code = "blank-image"


class UnreadableTemplate(Rejected):
    """The bytes are no template of the format they claim."""

    code = "unreadable-template"


class UnknownFingerprint(NotFound):
    """The gallery holds no such record."""

    code = "unknown-fingerprint"


class GalleryBehind(Retryable):
    """The gallery has not read as far as the answer needs."""

    code = "gallery-behind"


class EngineOverloaded(Retryable):
    """The engine ran out of memory; it goes on, and the same call may succeed later."""

    code = "engine-overloaded"
