"""What follows the images of ISO/IEC 19794-4:2011: where their fingers are, and which are missing."""

import struct

import pytest

from biometrics.formats.positions import Missing, Position
from biometrics.rejections import ImageTooSmall, NoFinger, Rejected, UnreadableRecord
from contracts.records import FingerPosition
from tests.unit.biometrics.formats.made import (
    SLAP,
    annotation,
    bir,
    cbeff,
    corners,
    encoded,
    extended,
    fir_2011,
    ramp,
    read,
    segmentation,
)

PNG = encoded(ramp(), "PNG")
OF_SLAP = encoded(SLAP, "PNG")
PIXELS = SLAP.tobytes()
LEFT, RIGHT = corners(0, 0, 399, 499), corners(400, 0, 799, 499)
NOTHING = corners(0, 0, 0, 0)
AMPUTATED, UNUSABLE = 1, 2
BROKEN = "where the fingers of an image are is told in a way that is not read, and was passed over"


def slap(*behind, position=14, compression=6, data=OF_SLAP):
    return fir_2011((position, data, *behind), size=(800, 500), compression=compression)


def of_one(*behind, position=7):
    return fir_2011((position, PNG, *behind), compression=6)


def positions(contents):
    return [each.capture.position for each in contents.samples]


def missing(contents):
    return [(each.position, each.reason) for each in contents.missing]


@pytest.mark.parametrize(("compression", "data"), [(6, OF_SLAP), (0, PIXELS)])
def test_an_image_is_cut_into_the_fingers_whose_corners_it_tells(compression, data):
    told = segmentation((7, 70, RIGHT), (8, 255, [(0, 10), (399, 498)]))
    contents = read(slap(told, compression=compression, data=data))
    index, middle = contents.samples
    assert (contents.notes, index.notes) == ((), ())
    assert (index.capture.position, index.capture.quality) == (Position.LEFT_INDEX, 70)
    assert (index.image.width, index.image.height) == (400, 500)
    assert index.image.pixels == SLAP.crop((400, 0, 800, 500)).tobytes()
    assert (middle.capture.position, middle.capture.quality) == (Position.LEFT_MIDDLE, None)
    assert middle.image.pixels == SLAP.crop((0, 10, 400, 499)).tobytes()


def test_a_finger_that_lies_askew_is_cut_with_all_its_corners():
    askew = [(100, 50), (300, 20), (350, 300), (120, 350)]
    (sample,) = read(slap(segmentation((9, 50, askew)))).samples
    assert (sample.image.width, sample.image.height) == (251, 331)


def test_the_one_finger_of_an_image_that_names_it_is_taken_as_it_is():
    (sample,) = read(of_one(segmentation((7, 70, corners(10, 10, 150, 150))))).samples
    assert (sample.image.width, sample.image.height, sample.capture.quality) == (200, 250, 80)


def test_a_finger_of_a_slap_that_nobody_names_is_one_of_its_fingers():
    contents = read(slap(segmentation((0, 50, LEFT), (7, 50, RIGHT)), annotation((10, AMPUTATED))))
    unknown = contents.samples[0].capture
    assert (unknown.position, unknown.among) == (Position.UNKNOWN, {7, 8, 9})
    inside = read(cbeff(bir(slap(segmentation((0, 50, LEFT), (8, 50, RIGHT))), "Left IndexFinger")))
    assert positions(inside) == [Position.UNKNOWN, Position.LEFT_MIDDLE]


def test_several_places_of_one_finger_are_doubtful():
    samples = read(slap(segmentation((7, 50, LEFT), (7, 60, RIGHT)))).samples
    assert all("doubtful: several places of the image are the left index" in each.notes for each in samples)
    assert [each.capture.quality for each in samples] == [None, None]


@pytest.mark.parametrize(
    "told",
    [
        segmentation((7, 50, LEFT), count=2),
        segmentation((7, 50, LEFT), (8, 50, RIGHT), count=1),
        segmentation((7, 50, LEFT[:1])),
        segmentation((7, 50, [])),
        segmentation(*[(7, 50, LEFT)] * 21),
        extended(1, b""),
        extended(1, bytes(9)),
    ],
    ids=["short", "long", "corner", "none", "many", "nothing", "cut"],
)
def test_places_that_are_broken_are_a_note_and_refuse_nothing(told):
    contents = read(slap(told))
    assert (positions(contents), contents.notes) == ([Position.LEFT_FOUR], (BROKEN,))


def test_of_no_segments_nothing_is_to_be_noted():
    contents = read(slap(segmentation()))
    assert (positions(contents), contents.notes) == ([Position.LEFT_FOUR], ())


def test_fingers_that_the_position_excludes_leave_the_image_whole():
    contents = read(slap(segmentation((2, 50, LEFT), (8, 50, RIGHT))))
    assert positions(contents) == [Position.LEFT_FOUR]
    assert contents.notes[0].startswith("doubtful: an image tells where fingers are that its position excludes")


def test_the_first_pixel_outside_may_be_told_as_the_last():
    whole = slap(segmentation((7, 50, corners(0, 0, 400, 500)), (8, 50, corners(400, 0, 800, 500))))
    assert positions(read(whole)) == [Position.LEFT_INDEX, Position.LEFT_MIDDLE]


@pytest.mark.parametrize("broken", [corners(0, 0, 399, 502), corners(5, 5, 5, 5), corners(5, 5, 20, 20)])
def test_a_place_that_is_broken_refuses_its_own_finger_alone(broken):
    told = slap(segmentation((7, 50, broken), (8, 50, RIGHT)))
    assert positions(read(told, finger=FingerPosition.LEFT_MIDDLE)) == [Position.LEFT_MIDDLE]
    for wanted in (None, FingerPosition.LEFT_INDEX):
        with pytest.raises(Rejected):
            read(told, finger=wanted)


@pytest.mark.parametrize("compression", [0, 5])
def test_an_empty_view_of_a_finger_that_cannot_be_used_is_none_whatever_its_form(compression):
    data = bytearray(fir_2011((7, b"", annotation((7, UNUSABLE))), compression=compression))
    at = bytes(data).rindex(struct.pack(">HHHH", 500, 500, 500, 500)) + 8
    data[at] = 0
    contents = read(bytes(data))
    assert (contents.samples, missing(contents)) == ((), [(Position.LEFT_INDEX, Missing.BANDAGED)])
    assert contents.notes == ()


def test_of_what_is_told_twice_of_an_image_the_first_counts():
    contents = read(slap(segmentation((7, 50, LEFT)), segmentation((8, 50, RIGHT))))
    assert positions(contents) == [Position.LEFT_INDEX]
    assert contents.notes == ("where the fingers of an image are is told once more, and the first counts",)
    annotated = read(of_one(annotation((8, AMPUTATED)), annotation((9, AMPUTATED))))
    assert missing(annotated) == [(Position.LEFT_MIDDLE, Missing.AMPUTATED)]
    assert annotated.notes == ("which fingers are missing is told once more of an image, and the first counts",)


def test_a_place_with_too_few_pixels_refuses_its_own_finger():
    record = slap(segmentation((7, 50, corners(0, 0, 20, 20)), (8, 50, RIGHT)))
    assert positions(read(record, finger=FingerPosition.LEFT_MIDDLE)) == [Position.LEFT_MIDDLE]
    with pytest.raises(ImageTooSmall):
        read(record, finger=FingerPosition.LEFT_INDEX)


def test_more_fingers_of_all_images_than_any_person_has_are_refused():
    many = segmentation(*[(7, 50, LEFT)] * 20)
    images = [(14, OF_SLAP, many)] * 11
    with pytest.raises(UnreadableRecord, match="more than 200"):
        read(fir_2011(*images, size=(800, 500), compression=6))


@pytest.mark.parametrize(
    ("code", "fingers", "reason"),
    [
        (9, [Position.LEFT_RING], Missing.AMPUTATED),
        (12, [Position.LEFT_THUMB], Missing.AMPUTATED),
        (15, [Position.RIGHT_THUMB, Position.LEFT_THUMB], Missing.BANDAGED),
    ],
)
def test_annotations_tell_which_fingers_are_missing(code, fingers, reason):
    told = annotation((code, AMPUTATED if reason is Missing.AMPUTATED else UNUSABLE))
    contents = read(of_one(told))
    assert (positions(contents), contents.notes) == ([Position.LEFT_INDEX], ())
    assert missing(contents) == [(finger, reason) for finger in fingers]
    with pytest.raises(NoFinger, match=f"is {reason}"):
        read(of_one(told), finger=FingerPosition(fingers[0]))


def test_of_several_reasons_the_strongest_counts():
    record = fir_2011((7, PNG, annotation((8, UNUSABLE))), (9, PNG, annotation((8, AMPUTATED))), compression=6)
    contents = read(record)
    assert missing(contents) == [(Position.LEFT_MIDDLE, Missing.AMPUTATED)]
    assert contents.notes == ("the left middle is told to be missing as amputated and as bandaged; the first counts",)


def test_what_shows_an_amputated_finger_alone_is_passed_over():
    record = fir_2011((7, PNG), (8, PNG, annotation((8, AMPUTATED), (7, UNUSABLE))), compression=6)
    contents = read(record)
    assert positions(contents) == [Position.LEFT_INDEX]
    assert contents.notes == ("what shows the left middle was passed over: the record says that it is amputated",)
    alone = read(of_one(annotation((7, AMPUTATED))))
    assert (alone.samples, missing(alone)) == ((), [(Position.LEFT_INDEX, Missing.AMPUTATED)])


def test_an_empty_image_or_place_of_a_missing_finger_is_none():
    empty = fir_2011((7, PNG), (8, b"", annotation((8, UNUSABLE))), compression=6)
    assert (positions(read(empty)), missing(read(empty))) == ([Position.LEFT_INDEX], [(8, Missing.BANDAGED)])
    places = segmentation((7, 50, LEFT), (8, 0, corners(0, 0, 0, 0)))
    assert positions(read(slap(places, annotation((8, UNUSABLE))))) == [Position.LEFT_INDEX]
    none = slap(segmentation((7, 0, corners(0, 0, 0, 0))), annotation(*[(each, UNUSABLE) for each in (7, 8, 9, 10)]))
    contents = read(none)
    assert (contents.samples, len(contents.missing)) == ((), 4)
    assert contents.notes == ("an image was passed over: all fingers whose places it tells are missing",)


def test_an_image_that_names_its_finger_shows_it_though_its_place_is_empty_and_it_is_told_to_be_missing():
    contents = read(of_one(segmentation((7, 0, NOTHING)), annotation((7, UNUSABLE))))
    assert positions(contents) == [Position.LEFT_INDEX]
    assert "doubtful: the left index is told to be bandaged" in contents.samples[0].notes[0]


@pytest.mark.parametrize("told", [annotation((0, AMPUTATED)), annotation((7, 3)), annotation((21, UNUSABLE))])
def test_an_annotation_of_no_finger_or_for_no_reason_is_a_note(told):
    contents = read(of_one(told))
    assert (positions(contents), contents.missing) == ([Position.LEFT_INDEX], ())
    assert contents.notes == ("an annotation of no finger, or with no reason that is known, was passed over",)


@pytest.mark.parametrize("data", [b"", b"\2\7\1", b"\1\7\1\0", b"\1", b"\x15" + b"\7\1" * 21])
def test_annotations_that_are_broken_are_a_note(data):
    contents = read(of_one(extended(2, data), annotation((9, AMPUTATED))))
    assert missing(contents) == [(Position.LEFT_RING, Missing.AMPUTATED)]
    assert contents.notes == ("which fingers are missing is told in a way that is not read, and was passed over",)


def test_comments_and_what_makers_add_are_passed_over_with_a_note():
    contents = read(of_one(extended(3, b"abc"), extended(0x100, bytes(9)), annotation((9, AMPUTATED))))
    assert contents.notes == ("a comment, or what its maker adds to an image, was passed over",)
    assert missing(contents) == [(Position.LEFT_RING, Missing.AMPUTATED)]


@pytest.mark.parametrize("left", [b"\0", b"\0\2", b"\0\2\0", bytes(4), b"\0\2\0\3", b"\0\2\0\6\1", b"\xff" * 60_000])
def test_what_else_follows_an_image_is_a_note(left):
    contents = read(of_one(annotation((9, AMPUTATED)), left))
    assert contents.notes == (f"{len(left)} bytes behind an image were left out",)
    assert (len(contents.samples), len(contents.missing)) == (1, 1)


def test_of_very_many_blocks_the_first_are_read():
    contents = read(of_one(extended(3, b"") * 21, annotation((9, AMPUTATED))))
    assert (contents.missing, contents.notes[-1]) == ((), "11 bytes behind an image were left out")


def test_what_a_record_inside_of_a_document_tells_of_missing_fingers_is_kept():
    told = of_one(annotation((8, AMPUTATED), (9, UNUSABLE)))
    exception = '<others><entry key="EXCEPTION">true</entry></others>'
    document = cbeff(
        bir(told, "Left IndexFinger"),
        bir(PNG, "Left MiddleFinger"),
        bir(b"", "Left RingFinger", extra=exception),
        bir(b"", "Left Thumb", extra=exception * 2),
    )
    contents = read(document, 500)
    assert positions(contents) == [Position.LEFT_INDEX]
    assert missing(contents) == [
        (Position.LEFT_MIDDLE, Missing.AMPUTATED),
        (Position.LEFT_RING, Missing.BANDAGED),
        (Position.LEFT_THUMB, Missing.UNKNOWN),
    ]
    assert any("left middle was passed over" in note for note in contents.notes)
    many = cbeff(*[bir(of_one(annotation(*[(each, UNUSABLE) for each in range(1, 11)])), "Left IndexFinger")] * 30)
    assert len(read(many).samples) == 30


@pytest.mark.parametrize("position", [0, 7])
@pytest.mark.parametrize(
    "places",
    [[(7, 50, NOTHING)] * 2, [(7, 50, NOTHING), (0, 50, NOTHING)], [(7, 50, corners(0, 0, 900, 900))]],
    ids=["zeros", "unknown", "beyond"],
)
def test_an_image_none_of_whose_places_can_be_used_stays_whole(position, places):
    contents = read(of_one(segmentation(*places), position=position))
    assert [(each.capture.position, each.image.width) for each in contents.samples] == [(Position(position), 200)]
    assert contents.notes == (BROKEN,)


@pytest.mark.parametrize("place", [RIGHT, corners(0, 0, 799, 499), corners(420, 10, 799, 499)])
def test_an_amputated_finger_is_at_no_place_and_hides_none_beside_it(place):
    told = segmentation((7, 50, RIGHT), (8, 50, place))
    contents = read(slap(told, annotation((8, AMPUTATED))))
    assert [(each.capture.position, each.notes) for each in contents.samples] == [(Position.LEFT_INDEX, ())]
    with pytest.raises(UnreadableRecord, match="two fingers at one place"):
        read(slap(told, annotation((8, UNUSABLE))))


@pytest.mark.parametrize("code", [21, 29, 60])
def test_what_is_no_finger_has_no_place_of_one(code):
    contents = read(slap(segmentation((7, 50, LEFT)), position=code))
    assert positions(contents) == [Position(code)]
    assert contents.notes[0].startswith("doubtful: an image tells where fingers are that its position excludes")


def test_two_fingers_at_one_place_are_refused_whatever_the_record_says_of_its_resolution():
    place = corners(100, 100, 299, 399)
    told = fir_2011(
        (14, OF_SLAP, segmentation((7, 50, place), (8, 50, place))), size=(800, 500), dpi=1000, compression=6
    )
    with pytest.raises(UnreadableRecord, match="two fingers at one place"):
        read(told, 500)
