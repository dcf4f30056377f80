"""This module is what may be said of a gallery that has no room for all: nobody is told that a finger is not there."""

from collections.abc import Iterator
from contextlib import contextmanager

from biometrics.rejections import GalleryFull, UnknownFingerprint


def shortage(*, complete: bool) -> str:
    """Give what the audit says beside an answer of a gallery that does not hold all."""
    return "" if complete else ", gallery-full"


@contextmanager
def as_far_as_it_holds(*, complete: bool) -> Iterator[None]:
    """Let nobody be told that a finger is not there by a gallery that does not hold all.

    Raises:
        GalleryFull: instead of that.
    """
    try:
        yield
    except UnknownFingerprint:
        if complete:
            raise
        raise GalleryFull from None
