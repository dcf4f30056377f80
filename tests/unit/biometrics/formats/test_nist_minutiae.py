"""Minutiae of ANSI/NIST-ITL transactions: of which finger they are, and whether they or an image are compared."""

import pytest

from biometrics.formats.contents import ImageSample, TemplateSample
from biometrics.formats.positions import Position
from biometrics.formats.reading import one_finger
from biometrics.rejections import NoMinutiae, Rejected, UndecodableImage, UnreadableRecord
from contracts.records import FingerPosition
from tests.unit.biometrics.formats.made import PIXELS, an2k, minutiae, read, text_record, type_4, type_14, type_14_of

IMAGES = [type_4(PIXELS, 2), type_14_of(2), type_14(PIXELS, "2", f024="2\x1f80")]
every_image = pytest.mark.parametrize("image", IMAGES, ids=["4", "14", "14-quality"])
asked = pytest.mark.parametrize("finger", [None, FingerPosition.RIGHT_INDEX])


@every_image
@asked
@pytest.mark.parametrize("count", [0, 40, 101])
def test_an_image_wins_over_minutiae_and_what_is_wrong_with_these_is_a_note(image, finger, count):
    theirs = minutiae(count) if count else minutiae(f136="0", f137="")
    for record in (an2k(image, theirs), an2k(theirs, image)):
        contents = read(record, finger=finger)
        sample = one_finger(contents)
        assert isinstance(sample, ImageSample)
        assert len([*contents.notes, *sample.notes]) == (count != 40)


@every_image
@asked
@pytest.mark.parametrize(
    "odd", [{"f136": "3"}, {"f131": ""}, {"f131": "9000", "f132": "9000"}, {"f137": "1\x1ffar"}], ids=str
)
def test_minutiae_that_cannot_be_read_are_passed_over_beside_an_image_and_refused_alone(image, finger, odd):
    contents = read(an2k(minutiae(**odd), image), finger=finger)
    assert isinstance(one_finger(contents), ImageSample)
    assert "passed over" in contents.notes[0]
    with pytest.raises(Rejected):
        read(an2k(minutiae(**odd)), finger=finger)
    with pytest.raises(Rejected):
        read(an2k(minutiae(**odd), type_14_of(7)), finger=finger)
    assert read(an2k(minutiae(**odd), type_14_of(7)), finger=FingerPosition.LEFT_INDEX).samples


@asked
@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("count", [0, 101])
def test_minutiae_that_cannot_be_compared_are_passed_over_beside_others_of_their_finger(count, order, finger):
    theirs = minutiae(count) if count else minutiae(f136="0", f137="")
    contents = read(an2k(*[theirs, minutiae(40)][::order]), finger=finger)
    sample = one_finger(contents)
    assert len(sample.finger.minutiae) == 40
    assert [note.partition(": ")[0] for note in contents.notes_of(sample)] == [
        "beside what was read, something was passed over"
    ]


@pytest.mark.parametrize(("told", "held"), [("2", 1), ("0", 1), ("2\x1e3", 2), ("7", 2)])
def test_a_record_of_no_minutiae_is_passed_over_unless_it_alone_is_of_its_finger(told, held):
    contents = read(an2k(minutiae(f002="02", f136="0", f137="", f134=told), type_14_of(2)))
    assert (len(contents.samples), len(contents.notes)) == (held, 2 - held)


IAFIS_OF_NONE = 9, text_record(9, {2: "01", 3: "1", 4: "U", 14: "02", 15: "0", 23: ""})


@pytest.mark.parametrize(
    "record",
    [minutiae(f136="0", f137=""), minutiae(f136="0", f137=" \x1f"), minutiae(f136="", f137=""), IAFIS_OF_NONE],
    ids=["incits", "blanks", "not-counted", "iafis"],
)
@asked
def test_a_record_of_no_minutiae_is_whole_and_holds_none(record, finger):
    with pytest.raises(NoMinutiae):
        one_finger(read(an2k(record), finger=finger))


def test_of_the_fields_of_minutiae_those_are_read_that_hold_some():
    for position in ({"f014": "02"}, {}):
        record = minutiae(f136="0", f137="", f015="1", f023="001\x1f21951869281", **position)
        (sample,) = read(an2k(record)).samples
        assert (sample.capture.position, len(sample.finger.minutiae)) == (Position.RIGHT_INDEX, 1)
    (sample,) = read(an2k(minutiae(f014="02", f015="0", f023=""))).samples
    assert len(sample.finger.minutiae) == 40


@asked
def test_an_empty_template_is_nothing_beside_which_a_broken_image_could_be_passed_over(finger):
    broken = type_14(b"no image", "2", compression="PNG")
    with pytest.raises(UndecodableImage):
        read(an2k(minutiae(f136="0", f137=""), broken), finger=finger)


@pytest.mark.parametrize("told", ["2", "0", ""])
def test_an_empty_template_needs_no_resolution(told):
    empty = minutiae(f136="0", f137="", f131="", f132="", f134=told)
    assert isinstance(one_finger(read(an2k(empty, type_14_of(2)))), ImageSample)
    with pytest.raises(NoMinutiae):
        one_finger(read(an2k(empty)))


ONE_OF_IAFIS = {"f136": "0", "f137": "", "f015": "1", "f023": "001\x1f21951869281"}


@pytest.mark.parametrize(
    ("fields", "position", "doubts"),
    [
        (ONE_OF_IAFIS | {"f014": ""}, 2, []),
        (ONE_OF_IAFIS | {"f014": "00"}, 2, []),
        (ONE_OF_IAFIS | {"f014": "03"}, 3, ["tell the right index; the right middle counts"]),
        (ONE_OF_IAFIS | {"f014": "20"}, 20, []),
        ({"f134": "", "f014": "03"}, 3, []),
        ({"f134": "2", "f014": "03"}, 2, ["tell the right middle; the right index counts"]),
        ({"f134": "2\x1e3", "f014": "03"}, 0, []),
        ({"f134": "2", "f014": "03\x1e04"}, 2, ["tell the right middle or right ring; the right index counts"]),
        ({"f134": "2\x1e3", "f014": "04"}, 0, ["tell the right ring; the right index or right middle counts"]),
    ],
    ids=str,
)
def test_the_finger_of_minutiae_is_told_by_either_form_of_their_fields(fields, position, doubts):
    (sample,) = read(an2k(minutiae(**fields))).samples
    assert sample.capture.position == position
    assert [note.removeprefix("doubtful: other fields of the record ") for note in sample.notes] == doubts


def test_minutiae_that_cannot_be_read_are_of_any_finger_that_their_fields_tell():
    theirs = minutiae(f137="1\x1ffar", f014="03")
    for finger in (FingerPosition.RIGHT_INDEX, FingerPosition.RIGHT_MIDDLE):
        with pytest.raises(UnreadableRecord):
            read(an2k(theirs), finger=finger)
    with pytest.raises(UnreadableRecord):
        read(an2k(theirs, type_14_of(2)))
    assert read(an2k(theirs, type_14_of(2), type_14_of(3))).notes


def test_a_record_that_announces_minutiae_and_holds_none_is_refused():
    with pytest.raises(UnreadableRecord, match="another number"):
        read(an2k(minutiae(f136="3", f137="")))


@pytest.mark.parametrize(("quality", "winner"), [(79, TemplateSample), (None, ImageSample), (81, ImageSample)])
def test_minutiae_win_where_both_tell_a_quality_and_theirs_is_better(quality, winner):
    image = type_14_of(2) if quality is None else type_14(PIXELS, "2", f024=f"2\x1f{quality}")
    assert isinstance(one_finger(read(an2k(image, minutiae(f135="80")))), winner)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({5: "AA", 6: "02", 12: "01\x1f0100020045"}, "in the older fields 9.005 to 9.012"),
        ({300: "0\x1f0", 331: "100\x1f200\x1f45"}, "in the extended features, 9.300 on"),
        ({14: "02", 15: "1"}, "but not in 9.023"),
        ({128: "300", 134: "2"}, "but not in 9.137"),
        ({200: "001"}, "in fields of a maker's own"),
        ({6: "02", 200: "001"}, "9.012 and fields of a maker's own"),
        ({}, "holds no minutiae"),
    ],
    ids=["older", "extended", "iafis", "incits", "maker", "two", "none"],
)
def test_the_note_says_in_which_fields_minutiae_are_that_are_passed_over(fields, said):
    theirs = 9, text_record(9, {2: "01", 3: "1", 4: "U"} | fields)
    (note,) = read(an2k(type_14_of(2), theirs)).notes
    assert "type 9 was passed over" in note
    assert said in note
