"""This module holds the three kinds of failure: each class tells its catcher what to do next.

IsthmusError
├── Retryable       wait, then try again: nothing was wrong with what was asked
├── Rejected        never try again as it is: dead letter, or a 4xx answer
│   ├── NotAuthenticated, NotAuthorised, NotFound, Conflict
└── Misconfigured   stop: a person has to change something first
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


class IsthmusError(Exception):
    """The root of what this project raises. The text is one sentence without personal data; `code` is for programs."""

    code: ClassVar[str] = "error"


class Retryable(IsthmusError):
    """Something that is needed did not answer; the same attempt may succeed later."""

    code = "unavailable"


@dataclass(frozen=True, slots=True)
class FaultOfField:
    """One field that is wrong, and how; never its value.

    `line` and `column`, from 1, tell where in the field; `proposed` is the one character that may be meant there.
    """

    field: str
    fault: str
    line: int | None = None
    column: int | None = None
    proposed: str | None = None


class Rejected(IsthmusError):
    """What was given cannot be accepted as it is, now or later.

    `field` names the part that is wrong, never its value; `faults` tell more of it, where there is more to tell.
    """

    code = "rejected"

    def __init__(
        self, message: str, *, code: str | None = None, field: str | None = None, faults: Sequence[FaultOfField] = ()
    ) -> None:
        super().__init__(message)
        self.reason = code or type(self).code
        self.field: str | None = None
        self.faults = tuple(faults)
        if field:
            self.name(field)

    def name(self, field: str) -> None:
        """Say which part is wrong, where nobody has said it yet."""
        self.field = self.field or field
        self.faults = self.faults or (FaultOfField(self.field, self.reason),)


class NotAuthenticated(Rejected):
    """Nobody, or nobody known, is asking."""

    code = "not-authenticated"


class NotAuthorised(Rejected):
    """The one who asks may not."""

    code = "not-authorised"


class NotFound(Rejected):
    """There is nothing under this reference."""

    code = "not-found"


class Conflict(Rejected):
    """Somebody else is changing the same thing at this moment."""

    code = "conflict"


class Misconfigured(IsthmusError):
    """A setting, a file or the machine is not as the service needs it; the text says what to change."""

    code = "misconfigured"
