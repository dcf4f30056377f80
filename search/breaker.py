"""This module stops asking a system that does not answer, and tries it again after a while."""

import time
from collections.abc import Callable

FAILURES = 3
PAUSE_S = 10.0


class Breaker:
    """Opens after some failures in a row; when its pause is over one question may try, and closes it if it succeeds."""

    def __init__(
        self, *, failures: int = FAILURES, pause_s: float = PAUSE_S, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._allowed = failures
        self._pause_s = pause_s
        self._clock = clock
        self._failed = 0
        self._opened_at: float | None = None
        self._is_tried = False

    @property
    def is_open(self) -> bool:
        """Whether questions are held back now."""
        return self._opened_at is not None and self._clock() - self._opened_at < self._pause_s

    def admits(self) -> bool:
        """Tell whether to ask now; of several that ask when the pause is over, the first alone is let through."""
        if self._opened_at is None:
            return True
        if self.is_open:
            return False
        self._opened_at = self._clock()
        self._is_tried = True
        return True

    def succeeded(self) -> None:
        """Take note of an answer."""
        self._failed = 0
        self._opened_at = None
        self._is_tried = False

    def failed(self) -> None:
        """Take note that no answer came in time."""
        self._failed += 1
        self._is_tried = False
        if self._failed >= self._allowed:
            self._opened_at = self._clock()

    def given_up(self) -> None:
        """Take note that a question was withdrawn before anything came of it: was it the one that tries, another may.

        Where it was an older one, which nobody waits for any more, one more tries than would have.
        """
        if self._is_tried:
            self._is_tried = False
            self._opened_at = self._clock() - self._pause_s
