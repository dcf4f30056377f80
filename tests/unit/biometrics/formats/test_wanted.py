"""Which of what a record holds is the one finger that is wanted of it."""

import pytest

from biometrics.formats.contents import ImageSample
from biometrics.formats.minutiae import MinutiaeFormat
from biometrics.formats.minutiae_writing import write_minutiae
from biometrics.formats.positions import Position
from biometrics.formats.reading import one_finger
from biometrics.rejections import NoFinger, Rejected, SeveralFingers
from contracts.records import FingerPosition
from tests.unit.biometrics.formats.made import PIXELS, an2k, finger, fir_2005, minutiae, read, type_14, type_14_of

INDEX, MIDDLE, RING = FingerPosition.RIGHT_INDEX, FingerPosition.RIGHT_MIDDLE, FingerPosition.RIGHT_RING
TWO_OR_THREE = type_14(PIXELS, "2\x1e3")
NOBODY_SAYS = type_14_of(0)
UNTOLD_BROKEN = type_14(PIXELS, "0", f006="wide")
RING_BROKEN = type_14(PIXELS, "4", f006="wide")


@pytest.mark.parametrize("edition", MinutiaeFormat)
def test_a_finger_that_is_said_to_be_unknown_is_none_that_is_wanted(edition):
    data = write_minutiae([finger(position=Position.RIGHT_RING)], edition)
    for record in (data, fir_2005((4, PIXELS), compression=0), an2k(type_14_of(4))):
        assert read(record, finger=FingerPosition.UNKNOWN) == read(record)
    two = read(an2k(type_14_of(4), NOBODY_SAYS), finger=FingerPosition.UNKNOWN)
    with pytest.raises(SeveralFingers):
        one_finger(two)


@pytest.mark.parametrize("beside", [(), (type_14_of(4),), (type_14_of(4), type_14_of(7)), (RING_BROKEN,)])
@pytest.mark.parametrize("image", [TWO_OR_THREE, NOBODY_SAYS], ids=["one-of-two", "untold"])
def test_the_only_image_that_may_be_the_finger_is_it_whatever_is_beside_it(image, beside):
    for records in ((image, *beside), (*beside, image)):
        (sample,) = read(an2k(*records), finger=INDEX).samples
        assert sample.capture.position is Position.UNKNOWN


@pytest.mark.parametrize("image", [TWO_OR_THREE, NOBODY_SAYS], ids=["one-of-two", "untold"])
@pytest.mark.parametrize(
    "beside",
    [NOBODY_SAYS, TWO_OR_THREE, type_14_of(13), type_14_of(40), UNTOLD_BROKEN],
    ids=["untold", "one-of-two", "four", "both", "broken"],
)
def test_it_is_none_where_something_else_may_be_or_show_the_finger(image, beside):
    for records in ((image, beside), (beside, image)):
        with pytest.raises(Rejected):
            read(an2k(*records), finger=INDEX)


def test_what_is_another_finger_or_one_of_others_is_not_the_one_that_is_wanted():
    for record in (an2k(type_14_of(4)), an2k(TWO_OR_THREE, type_14_of(4)), an2k(type_14_of(13))):
        with pytest.raises(NoFinger, match="left thumb"):
            read(record, finger=FingerPosition.LEFT_THUMB)


def test_what_names_the_finger_is_it_whatever_else_may_be():
    for wanted in (INDEX, RING):
        (sample,) = read(an2k(NOBODY_SAYS, type_14_of(4), type_14_of(2)), finger=wanted).samples
        assert sample.capture.position.finger is wanted


@pytest.mark.parametrize(("templates", "is_taken"), [(0, True), (1, True), (2, False)])
def test_an_image_is_the_finger_beside_no_more_minutiae_than_may_be_made_of_it(templates, is_taken):
    card = an2k(type_14_of(0), *[minutiae(f134="0")] * templates)
    if is_taken:
        assert isinstance(read(card, finger=FingerPosition.LEFT_INDEX).samples[0], ImageSample)
    else:
        with pytest.raises(NoFinger):
            read(card, finger=FingerPosition.LEFT_INDEX)
