"""This module tells when a table is compared or read whole again: often enough, and never for most of the time."""

from collections.abc import Callable

SHARE = 0.05  # of the time at most goes into reading wholes, whatever the size of the table
_MOST_DOUBLINGS = 30


class Pace:
    """When the next reading of a whole is due: `every_s` seconds after the last, or later where that took long.

    A reading that broke off is begun again at once: what vanished meanwhile must not stay in force for long. Where one
    after the other breaks off, they come ever later, at last as late as after one that went through: a source must not
    be read all the time because something else is away. `clock` counts seconds.
    """

    def __init__(self, every_s: float, clock: Callable[[], float]) -> None:
        self._every_s = every_s
        self._clock = clock
        self._broken = 0
        self._next = 0.0

    def is_due(self) -> bool:
        """Tell whether it is time to."""
        return self._clock() >= self._next

    def went_through(self, took_s: float) -> None:
        """Note that a reading which asked the source for so long has ended."""
        self._broken = 0
        self._next = self._clock() + self._pause_s(took_s)

    def broke_off(self, took_s: float) -> None:
        """Note that a reading which asked the source for so long was given up."""
        longer_s = self._every_s * (2 ** min(self._broken, _MOST_DOUBLINGS) - 1)
        self._broken += 1
        self._next = self._clock() + min(longer_s, self._pause_s(took_s))

    def _pause_s(self, took_s: float) -> float:
        return max(self._every_s, took_s / SHARE)
