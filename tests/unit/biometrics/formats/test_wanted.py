"""Which of what a record holds is the one finger that is wanted of it."""

import pytest

from biometrics.formats.minutiae import MinutiaeFormat
from biometrics.formats.minutiae_writing import write_minutiae
from biometrics.formats.positions import Position
from biometrics.formats.reading import one_finger
from biometrics.rejections import SeveralFingers
from contracts.records import FingerPosition
from tests.unit.biometrics.formats.made import PIXELS, an2k, finger, fir_2005, read, type_14_of

NOBODY_SAYS = type_14_of(0)


@pytest.mark.parametrize("edition", MinutiaeFormat)
def test_a_finger_that_is_said_to_be_unknown_is_none_that_is_wanted(edition):
    data = write_minutiae([finger(position=Position.RIGHT_RING)], edition)
    for record in (data, fir_2005((4, PIXELS), compression=0), an2k(type_14_of(4))):
        assert read(record, finger=FingerPosition.UNKNOWN) == read(record)
    two = read(an2k(type_14_of(4), NOBODY_SAYS), finger=FingerPosition.UNKNOWN)
    with pytest.raises(SeveralFingers):
        one_finger(two)
