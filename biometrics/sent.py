"""This module is what a request tells of its samples: which of them is refused, and which finger each is of."""

from collections.abc import Iterator
from contextlib import contextmanager

from biometrics.samples import Reading
from biometrics.wire import Sample
from contracts.records import FingerPosition
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


def finger_of(reading: Reading, sample: Sample) -> FingerPosition:
    """Tell which finger it is: what the sample tells wins over what the caller says of it."""
    return reading.capture.position.finger or sample.finger or FingerPosition.UNKNOWN


def fingers_of(reading: Reading, sample: Sample) -> frozenset[FingerPosition]:
    """Tell the fingers of which a sample is one; none where neither it nor the caller says."""
    finger = finger_of(reading, sample)
    return frozenset({finger}) if finger else reading.capture.among
