"""This module names the kinds of problem that services answer with (RFC 9457): the status and the meaning of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus

from hub.errors import (
    Conflict,
    IsthmusError,
    Misconfigured,
    NotAuthenticated,
    NotAuthorised,
    NotFound,
    Rejected,
    Retryable,
)

PATH = "/problems"
"""Where every service says what a kind of problem means; below it, by its code, lies the page of each."""

STATUS: list[tuple[type[IsthmusError], int]] = [
    (NotAuthenticated, 401),
    (NotAuthorised, 403),
    (NotFound, 404),
    (Conflict, 409),
    (Rejected, 422),
    (Retryable, 503),
    (Misconfigured, 500),
]
"""The one table from the kinds of failure to HTTP status codes; the first that fits counts."""


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """A kind of problem. `title` is the same for every problem of the kind."""

    code: str
    status: int
    title: str

    @property
    def type(self) -> str:
        """The URI reference that names the kind; relative, and answered by the service itself."""
        return f"{PATH}/{self.code}"


INVALID = ProblemKind("invalid-request", 422, "The request is not as the contract says")
UNSUPPORTED = ProblemKind("unsupported-media-type", 415, "The body is not JSON, or is not said to be")
NO_LENGTH = ProblemKind("length-required", 411, "The request does not say how long its body is")
TOO_LONG = ProblemKind("body-too-large", 413, "The body of the request is larger than a service reads")
FAILED = ProblemKind("internal-error", 500, "The service failed on the request")
EDGE = (INVALID, UNSUPPORTED, NO_LENGTH, TOO_LONG, FAILED)
"""What no class of error stands for: the edge itself finds it."""


def kind_of(failure: type[IsthmusError]) -> ProblemKind:
    """Give the kind that a class of failures belongs to: its own where it has a code, else that of its parent."""
    cls = next(cls for cls in failure.__mro__ if "code" in vars(cls))
    status = next((status for kind, status in STATUS if issubclass(cls, kind)), HTTPStatus.INTERNAL_SERVER_ERROR.value)
    meaning = (cls.__doc__ or cls.__name__).partition("\n")[0]  # a class of errors says what it means in its first line
    return ProblemKind(failure.code, status, meaning.rstrip("."))


def kinds() -> dict[str, ProblemKind]:
    """List, by their codes, all kinds that this process knows."""
    return {kind.code: kind for kind in (*EDGE, *(kind_of(cls) for cls in failures()))}


def failures(parent: type[IsthmusError] = IsthmusError) -> Iterator[type[IsthmusError]]:
    """Give all classes of failures that this process knows."""
    for cls in parent.__subclasses__():
        yield cls
        yield from failures(cls)
