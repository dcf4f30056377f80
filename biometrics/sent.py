"""This module lets a refusal say which of the samples of a request it is of."""

from collections.abc import Iterator
from contextlib import contextmanager

from hub.errors import Rejected


@contextmanager
def refused_as(field: str) -> Iterator[None]:
    """Let a refusal name the field of the request that it is of, such as `samples.1`, unless it names one.

    Raises:
        Rejected: as it was raised.
    """
    try:
        yield
    except Rejected as error:
        error.name(field)
        raise
