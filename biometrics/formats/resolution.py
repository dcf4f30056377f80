"""This module decides what an image's resolution is: it is told or estimated, and never assumed (pure)."""

from dataclasses import dataclass
from enum import StrEnum

from biometrics.rejections import ImpossibleResolution, UnknownResolution

LOWEST_DPI, HIGHEST_DPI = 100, 2000
"""Below, ridges are no more than four pixels apart; above, no finger scanner works. 72 and 96, which programs write
into files that nobody told a resolution, are below."""
METRES_TO_AN_INCH = 0.0254
_MOST_SAID = 999_999
SAME = 0.02
"""Resolutions that differ by less are the same: 197 pixels to a centimetre are 500.4 dpi."""


class ResolutionSource(StrEnum):
    """Who tells the resolution."""

    CALLER = "caller"
    RECORD = "record"
    FILE = "file"
    ESTIMATE = "estimate"


class ResolutionNote(str):
    """A note of what contradicts the resolution that counts, or makes it doubtful."""

    __slots__ = ()


Dpi = tuple[float, float]
"""Pixels to an inch, across and down."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What an image's resolution is, who tells it, and who tells another one."""

    dpi: Dpi
    source: ResolutionSource
    notes: tuple[str, ...] = ()


def resolve(caller: int | None, record: Dpi | None, file: Dpi | None, ratio: Dpi | None = None) -> Resolution | None:
    """Choose: what the caller says wins, then what the record says that the image lies in, then the image's own header.

    Of pixels that the file says are not square, the caller's one number says nothing: a record's two win.

    Nothing is returned where nobody tells; a zero tells nothing. Where the header tells no more than the `ratio` of
    pixels across to those down, and that they are not square, only a record tells both.

    Raises:
        ImpossibleResolution: what wins is none that a finger can be taken at.
        UnknownResolution: pixels that are not square are told one number for both ways, or none.
    """
    told: list[tuple[ResolutionSource, Dpi]] = []
    if caller is not None:
        told.append((ResolutionSource.CALLER, (caller, caller)))
    if record is not None and all(record):
        told.append((ResolutionSource.RECORD, record))
    if file is not None and all(file):
        told.append((ResolutionSource.FILE, file))
    is_stretched = ratio is not None and not is_square(ratio)
    if is_stretched and record is not None and is_possible(record):
        # One number says nothing of pixels that are not square; a record has two.
        told.sort(key=lambda each: each[0] is not ResolutionSource.RECORD)
    if is_stretched and (not told or told[0][0] is ResolutionSource.CALLER):
        raise not_square("file")
    if not told:
        return None
    source, dpi = told[0]
    if not is_possible(dpi):
        raise ImpossibleResolution(
            f"The {source} tells {said(dpi)} dpi, at which no finger is taken; say the true resolution, "
            "or ask for an estimate."
        )
    notes = tuple(
        ResolutionNote(f"the {other} tells {said(another)} dpi; the {source}'s {said(dpi)} counts")
        for other, another in told[1:]
        if not agree(dpi, another)
    )
    if is_stretched and is_square(dpi):
        contradiction = f"the file tells that its pixels are not square; the {source}'s {said(dpi)} counts"
        notes = (*notes, ResolutionNote(contradiction))
    return Resolution(dpi, source, notes)


def unknown() -> UnknownResolution:
    """Give what is raised where nobody tells."""
    return UnknownResolution("Nothing tells the image's resolution; say its dpi, or ask for an estimate.")


def not_square(told_by: str) -> UnknownResolution:
    """Give what is raised where something tells no more of its pixels than that they are not square."""
    return UnknownResolution(
        f"The {told_by} tells that its pixels are not square, and not how large they are; send square ones, or a "
        f"{told_by} that tells the resolution across and down."
    )


def is_square(ratio: Dpi) -> bool:
    """Tell whether there are as many pixels to a length across as down."""
    return agree(ratio, (ratio[0], ratio[0]))


def is_possible(dpi: Dpi) -> bool:
    """Tell whether a finger can be taken at a resolution."""
    return all(LOWEST_DPI <= each <= HIGHEST_DPI for each in dpi)


def agree(one: Dpi, other: Dpi) -> bool:
    """Tell whether two resolutions are the same, but for rounding."""
    return all(abs(a - b) <= SAME * a for a, b in zip(one, other, strict=True))


def said(dpi: Dpi) -> str:
    """Write a resolution: one number where both are the same."""
    across, down = (counted(each) for each in dpi)
    return across if across == down else f"{across} x {down}"


def counted(number: float) -> str:
    """Write a number that a file tells; of an absurd one not all of its digits."""
    return f"{number:.0f}" if number <= _MOST_SAID else f"over {_MOST_SAID}"
