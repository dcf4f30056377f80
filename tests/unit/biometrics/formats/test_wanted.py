"""Which of what a record holds is the one finger that is wanted of it."""

import pytest

from biometrics.formats.contents import ImageSample
from biometrics.formats.minutiae import MinutiaeFormat
from biometrics.formats.minutiae_writing import write_minutiae
from biometrics.formats.positions import Position
from biometrics.formats.reading import one_finger
from biometrics.rejections import NoFinger, Rejected, SeveralFingers
from contracts.records import FingerPosition
from tests.unit.biometrics.formats.made import (
    PIXELS,
    an2k,
    encoded,
    finger,
    fir_2005,
    fir_2011,
    minutiae,
    ramp,
    read,
    text_record,
    type_4,
    type_14,
    type_14_of,
)

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


FEET, PALMS = (60, 61, 64, 79), (81, 84, 86)


@pytest.mark.parametrize("code", [*FEET, *PALMS])
def test_a_foot_a_palm_and_a_wrist_are_no_finger_that_is_wanted(code):
    said = "sole or toe" if code in FEET else "palm or wrist"
    one = fir_2005((code, PIXELS), compression=0)
    two = fir_2011((code, encoded(ramp(), "PNG")), compression=6)
    for record in (one, two, an2k(type_14_of(code)), an2k(type_4(PIXELS, code)), an2k(minutiae(f134=str(code)))):
        with pytest.raises(NoFinger, match="left index"):
            read(record, finger=FingerPosition.LEFT_INDEX)
        with pytest.raises(SeveralFingers, match=said):
            one_finger(read(record))


def test_a_finger_or_a_palm_may_be_that_finger_and_no_other():
    for record in (an2k(type_4(PIXELS, [2, 21])), an2k(type_14(PIXELS, "2\x1e60"))):
        (sample,) = read(record, finger=FingerPosition.RIGHT_INDEX).samples
        assert (sample.capture.position, sample.capture.among) == (Position.UNKNOWN, {2})
        with pytest.raises(NoFinger, match="left index"):
            read(record, finger=FingerPosition.LEFT_INDEX)


def test_several_parts_of_a_hand_that_are_no_finger_are_none_that_is_wanted():
    for record in (an2k(type_4(PIXELS, [21, 23])), an2k(type_14(PIXELS, "21\x1e23"))):
        with pytest.raises(NoFinger, match="left index"):
            read(record, finger=FingerPosition.LEFT_INDEX)


def test_minutiae_that_name_no_finger_are_of_the_one_that_the_image_of_their_number_names():
    untold = minutiae(f134="0")
    for image in (type_4(PIXELS, 1), type_14_of(1)):
        contents = read(an2k(image, untold))
        assert [each.capture.position for each in contents.samples] == [Position.RIGHT_THUMB] * 2
        assert contents.notes == ()
        with pytest.raises(NoFinger, match="left index"):
            read(an2k(untold, image), finger=FingerPosition.LEFT_INDEX)
    slapped = read(an2k(untold, type_14_of(13))).samples[0].capture
    assert (slapped.position, slapped.among) == (Position.UNKNOWN, {2, 3, 4, 5})
    assert read(an2k(untold, type_14(PIXELS, "2\x1e3"))).samples[0].capture.among == {2, 3}
    assert read(an2k(untold, type_14_of(21))).samples[0].capture.position is Position.RIGHT_PALM


def test_a_number_that_several_images_have_tells_nothing_of_minutiae():
    contents = read(an2k(minutiae(f134="0"), type_14_of(1), type_14_of(2)))
    assert contents.samples[0].capture.position is Position.UNKNOWN
    several = read(an2k(type_14_of(2), *[minutiae(f134="0")] * 3))
    assert [each.capture.position for each in several.samples[1:]] == [Position.UNKNOWN] * 3
    with pytest.raises(SeveralFingers):
        one_finger(several)
    palm = 15, text_record(15, {2: "01", 3: "10", 4: "X"})
    assert read(an2k(minutiae(f134="0"), type_14_of(1), palm)).samples[0].capture.position is Position.UNKNOWN
    other = read(an2k(minutiae(f134="0"), type_14(PIXELS, "1", f002="02")))
    assert other.samples[0].capture.position is Position.UNKNOWN


@pytest.mark.parametrize("image", [type_14_of(7), type_14_of(14), type_14(PIXELS, "7\x1e8"), type_14_of(21)])
def test_minutiae_and_an_image_of_one_number_and_different_fingers_are_doubtful(image):
    (note,) = read(an2k(minutiae(f134="2"), image)).notes
    assert note.startswith("doubtful: minutiae of the right index have the number of an image of the ")


@pytest.mark.parametrize("image", [type_14_of(2), type_14_of(13), type_14(PIXELS, "2\x1e3"), type_14_of(0)])
def test_minutiae_of_a_finger_that_the_image_of_their_number_may_show_are_not_doubted(image):
    assert read(an2k(minutiae(f134="2"), image)).notes == ()
