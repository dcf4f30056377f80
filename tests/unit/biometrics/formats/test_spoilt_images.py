"""What is wrong with one image of a record refuses no finger that something else is of."""

import pytest

from biometrics.formats.positions import Position
from biometrics.formats.reading import one_finger
from biometrics.rejections import ImageTooLarge, NoFinger, Rejected, UndecodableImage, UnreadableRecord
from contracts.records import FingerPosition
from tests.unit.biometrics.formats.made import (
    PIXELS,
    SLAP,
    an2k,
    encoded,
    fir_2011,
    minutiae,
    ramp,
    read,
    ridges,
    slap_of,
    type_4,
    type_14,
    type_14_of,
)
from tests.unit.biometrics.formats.test_nist_minutiae import asked

CUT_SHORT = encoded(SLAP, "PNG")[:300]
GOOD = 3, 300, 499, 30, 279
SPOILT = [
    slap_of(GOOD, (2, 790, 999, 30, 279)),
    slap_of(GOOD, (2, 219, 20, 30, 279)),
    slap_of(GOOD, (2, 0, 0, 0, 0)),
    type_14(CUT_SHORT, "2", compression="PNG"),
    type_14(PIXELS, "2", f009="3000", f010="3000"),
    type_14(bytes(200 * 250), "2"),
    type_14(PIXELS, "2", f006="wide"),
    type_14(CUT_SHORT, "13", (800, 500), "PNG", f021="2\x1f20\x1f219\x1f30\x1f279"),
]
spoilt = pytest.mark.parametrize(
    "image", SPOILT, ids=["beside", "across", "zeros", "cut", "dpi", "blank", "size", "slap-cut"]
)


@spoilt
@asked
@pytest.mark.parametrize("good", [type_14_of(2), minutiae()], ids=["image", "minutiae"])
def test_what_is_wrong_with_an_image_is_a_note_where_something_else_is_of_its_finger(image, finger, good):
    for records in ((image, good), (good, image)):
        contents = read(an2k(*records), finger=finger)
        assert Position.RIGHT_INDEX in {each.capture.position for each in contents.samples}
        (note,) = contents.notes
        assert "passed over" in note
    if finger:
        assert one_finger(contents).capture.position is Position.RIGHT_INDEX


@spoilt
@asked
def test_what_is_wrong_with_an_image_refuses_its_finger_where_nothing_else_is_of_it(image, finger):
    for records in ((image,), (image, image), (image, type_14_of(7)), (minutiae(f137="1\x1ffar"), image)):
        with pytest.raises(Rejected):
            read(an2k(*records), finger=finger)
    assert read(an2k(image, type_14_of(7)), finger=FingerPosition.LEFT_INDEX).notes == ()


def test_an_image_that_is_cut_short_refuses_each_of_its_fingers_that_nothing_else_shows():
    places = "\x1e".join("\x1f".join(map(str, place)) for place in ((2, 20, 219, 30, 279), GOOD))
    card = [type_14_of(2), type_14(CUT_SHORT, "13", (800, 500), "PNG", f021=places)]
    assert read(an2k(*card), finger=FingerPosition.RIGHT_INDEX).samples
    for finger in (None, FingerPosition.RIGHT_MIDDLE):
        with pytest.raises(UndecodableImage):
            read(an2k(*card), finger=finger)
    assert len(read(an2k(*card, type_14_of(3))).samples) == 2


def test_a_record_of_more_images_that_cannot_be_decoded_than_any_has_is_refused():
    """Each takes as long as one that can be; and of one image that is cut into many fingers it is tried once."""
    broken = type_14(CUT_SHORT, "2", compression="PNG")
    assert read(an2k(type_14_of(2), *[broken] * 10)).samples
    with pytest.raises(UndecodableImage):
        read(an2k(type_14_of(2), *[broken] * 11))
    places = "\x1e".join("2\x1f20\x1f219\x1f30\x1f279" for _ in range(20))
    slap_cut = type_14(CUT_SHORT, "13", (800, 500), "PNG", f021=places)
    assert read(an2k(type_14_of(2), *[slap_cut] * 10)).samples


def test_images_that_are_too_many_pixels_together_are_refused_though_one_of_them_is_enough():
    large = type_14(encoded(ridges(9.0, 2000, 2000), "PNG"), "2", (2000, 2000), "PNG")
    with pytest.raises(ImageTooLarge, match="record"):
        read(an2k(*[large] * 11))


def test_a_take_of_a_finger_that_cannot_be_decoded_is_passed_over_in_a_record_of_images():
    good = encoded(ramp(), "PNG")
    record = fir_2011((2, good[:300]), (2, good), compression=5)
    assert one_finger(read(record)).capture.position is Position.RIGHT_INDEX
    with pytest.raises(UndecodableImage):
        read(fir_2011((2, good[:300]), (3, good), compression=5))


def short_record(length, position=7, kind=4):
    """A record of type 3 or 4 that ends within its header."""
    head = type_4(b"", position, kind=kind)[1][4:length]
    return kind, length.to_bytes(4) + head


@pytest.mark.parametrize("length", [4, 5, 11, 12, 17])
@pytest.mark.parametrize("kind", [3, 4])
def test_an_image_that_ends_within_its_header_refuses_no_other_finger(length, kind):
    card = an2k(short_record(length, kind=kind), type_14_of(2))
    assert one_finger(read(card, finger=FingerPosition.RIGHT_INDEX)).capture.position is Position.RIGHT_INDEX
    with pytest.raises(UnreadableRecord, match="ends within its header"):
        read(card)
    with pytest.raises(UnreadableRecord, match="ends within its header"):
        read(an2k(short_record(length, kind=kind)))


def test_an_image_that_ends_within_its_header_is_of_the_finger_that_is_told_before_or_of_any():
    named, unnamed = an2k(short_record(12), type_14_of(2)), an2k(short_record(11), type_14_of(2))
    for card, finger in ((named, FingerPosition.LEFT_INDEX), (unnamed, FingerPosition.LEFT_INDEX)):
        with pytest.raises(UnreadableRecord, match="ends within its header"):
            read(card, finger=finger)
    with pytest.raises(NoFinger):
        read(named, finger=FingerPosition.RIGHT_THUMB)
    with pytest.raises(UnreadableRecord, match="ends within its header"):
        read(unnamed, finger=FingerPosition.RIGHT_THUMB)
    assert "passed over" in read(an2k(short_record(12), type_14_of(7))).notes[0]
    with pytest.raises(UnreadableRecord, match="ends within its header"):
        read(an2k(short_record(11), type_14_of(7)))
