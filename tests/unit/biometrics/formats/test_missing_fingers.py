"""ANSI/NIST-ITL transactions: what is left of an image of several fingers where some of them are missing."""

import pytest

from biometrics.formats.positions import Missing, Position
from biometrics.formats.reading import one_finger
from biometrics.rejections import ImageTooSmall, NoFinger, UndecodableImage, UnreadableRecord
from contracts.records import FingerPosition
from tests.unit.biometrics.formats.made import (
    SLAP,
    an2k,
    encoded,
    minutiae,
    ramp,
    read,
    text_record,
    type_4,
    type_14,
    type_14_of,
)

PNG = encoded(SLAP, "PNG")
MIDDLE = type_14(ramp().tobytes(), "8")
every_reason = pytest.mark.parametrize("reason", ["XX", "UP"])


def slap(*places, position="43", size=(800, 500), **more):
    told = "\x1e".join("\x1f".join(map(str, place)) for place in places)
    return type_14(PNG, position, size, "PNG", **({"f021": told} if places else {}) | more)


@every_reason
@pytest.mark.parametrize("elsewhere", [False, True], ids=["own", "elsewhere"])
def test_an_image_that_cannot_be_read_refuses_none_that_is_missing(reason, elsewhere):
    missing = {"f018": f"7\x1f{reason}"}
    broken = [slap(size=("", "")), type_14(b"", "7", **missing)] if elsewhere else [slap(size=("", ""), **missing)]
    contents = read(an2k(*broken, MIDDLE))
    assert one_finger(contents).capture.position is Position.LEFT_MIDDLE
    assert "does not tell its size" in contents.notes[0]
    with pytest.raises(UnreadableRecord, match="size"):
        read(an2k(*broken))
    with pytest.raises(UnreadableRecord, match="size"):
        read(an2k(*broken), finger=FingerPosition.LEFT_MIDDLE)
    with pytest.raises(NoFinger, match="left index"):
        read(an2k(*broken, MIDDLE), finger=FingerPosition.LEFT_INDEX)


def test_what_is_left_of_an_image_that_cannot_be_read_is_refused_where_nothing_else_shows_it():
    with pytest.raises(UnreadableRecord, match="size"):
        read(an2k(slap(position="14", size=("", ""), f018="7\x1fXX"), MIDDLE))


@pytest.mark.parametrize("position", ["43", "7\x1e8"])
def test_an_image_that_cannot_be_read_of_fingers_that_are_all_missing_is_of_no_other(position):
    broken = slap(position=position, size=("", ""), f018="7\x1fXX\x1e8\x1fXX")
    with pytest.raises(NoFinger, match="right index"):
        read(an2k(broken), finger=FingerPosition.RIGHT_INDEX)
    alone = read(an2k(broken))
    assert (alone.samples, len(alone.missing)) == ((), 2)
    assert "left index and the left middle was passed over" in alone.notes[0]
    assert one_finger(read(an2k(broken, type_14(ramp().tobytes(), "2")))).capture.position is Position.RIGHT_INDEX


@pytest.mark.parametrize(
    ("broken", "fault"),
    [(PNG[:200], UndecodableImage), (b"no image", UndecodableImage), (encoded(ramp(20, 20), "PNG"), ImageTooSmall)],
    ids=["cut", "garbage", "small"],
)
@pytest.mark.parametrize("position", ["43", "7\x1e8"])
@every_reason
def test_an_image_that_breaks_in_decoding_refuses_none_that_is_missing(broken, fault, position, reason):
    slapped = type_14(broken, position, (800, 500), "PNG", f018=f"7\x1f{reason}")
    contents = read(an2k(slapped, MIDDLE))
    assert one_finger(contents).capture.position is Position.LEFT_MIDDLE
    assert "passed over" in contents.notes[0]
    with pytest.raises(fault):
        read(an2k(slapped))
    with pytest.raises(fault):
        read(an2k(slapped, type_14(ramp().tobytes(), "2")))


def test_what_shows_a_bandaged_finger_too_small_to_be_read_refuses_none_beside_it():
    places = (7, 20, 22, 20, 22), (8, 300, 499, 30, 279)
    contents = read(an2k(slap(*places, f018="7\x1fUP")))
    assert one_finger(contents).capture.position is Position.LEFT_MIDDLE
    assert "too few pixels" in contents.notes[0]
    assert [each.position for each in contents.missing] == [Position.LEFT_INDEX]


@pytest.mark.parametrize("position", ["43", "7\x1e8"])
def test_an_image_of_amputated_fingers_alone_is_none_and_of_others_one_of_those(position):
    gone = slap(position=position, f018="7\x1fXX\x1e8\x1fXX")
    assert one_finger(read(an2k(gone, type_14(ramp().tobytes(), "2")))).capture.position is Position.RIGHT_INDEX
    assert read(an2k(gone)).samples == ()
    (kept,) = read(an2k(slap(position=position, f018="7\x1fXX\x1e8\x1fUP"))).samples
    assert FingerPosition.LEFT_MIDDLE in kept.capture.fingers


@pytest.mark.parametrize("position", ["13", "2\x1e3", "0"])
def test_an_amputated_finger_is_at_no_place_and_hides_none_beside_it(position):
    place = 20, 219, 30, 279
    contents = read(an2k(slap((2, *place), (3, *place), position=position, f018="3\x1fXX")))
    assert [(each.capture.position, each.notes) for each in contents.samples] == [(Position.RIGHT_INDEX, ())]
    with pytest.raises(UnreadableRecord, match="two fingers at one place"):
        read(an2k(slap((2, *place), (3, *place), position=position, f018="3\x1fUP")))


ZEROS = ((7, 0, 0, 0, 0), (8, 0, 0, 0, 0))


@every_reason
@pytest.mark.parametrize("position", ["43", "7\x1e8", "0"])
def test_an_image_all_of_whose_places_are_empty_and_of_missing_fingers_is_none(reason, position):
    gone = slap(*ZEROS, position=position, f018=f"7\x1f{reason}\x1e8\x1f{reason}")
    alone = read(an2k(gone))
    assert (alone.samples, [each.position for each in alone.missing]) == (
        (),
        [Position.LEFT_INDEX, Position.LEFT_MIDDLE],
    )
    assert "all fingers whose places it tells are missing" in alone.notes[0]
    with pytest.raises(NoFinger) as refused:
        one_finger(alone)
    assert refused.value.missing == alone.missing
    beside = type_14(ramp().tobytes(), "2")
    assert one_finger(read(an2k(gone, beside))).capture.position is Position.RIGHT_INDEX


def test_an_image_of_other_fingers_than_those_whose_empty_places_it_tells_is_still_one():
    half = slap(*ZEROS, position="14", f018="7\x1fXX\x1e8\x1fXX")
    assert read(an2k(half)).samples[0].capture.position is Position.LEFT_FOUR
    named = slap((7, 0, 0, 0, 0), position="7", f018="7\x1fUP")
    assert one_finger(read(an2k(named))).capture.position is Position.LEFT_INDEX


ANNOUNCED = "an image of the {} was announced and is not there"


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (type_14(b"", "7"), "left index"),
        (type_14(b"", "14"), "left four"),
        (type_14(b"", "14", f018="7\x1fXX"), "left four"),
        (type_14(b"", "7\x1e8", f018="7\x1fXX"), "left index or left middle"),
        (type_14(b"", "7", f018="8\x1fXX"), "left index"),
        (type_14(b"", "21"), "right palm"),
    ],
    ids=["one", "slap", "slap-missing-one", "either", "another-missing", "palm"],
)
def test_an_image_that_is_announced_and_not_there_is_noted(record, said):
    contents = read(an2k(record, type_14_of(2)))
    assert ANNOUNCED.format(said) in contents.notes
    assert one_finger(contents).capture.position is Position.RIGHT_INDEX
    with pytest.raises(NoFinger, match="left index"):
        read(an2k(record, type_14_of(2)), finger=FingerPosition.LEFT_INDEX)


@pytest.mark.parametrize("position", ["0", ""])
def test_an_image_of_no_told_finger_that_is_announced_and_not_there_is_noted(position):
    with pytest.raises(NoFinger, match="an image was announced and is not there"):
        read(an2k(type_14(b"", position)))
    assert read(an2k(type_14(b"", position), type_14_of(2))).notes == ("an image was announced and is not there",)


@pytest.mark.parametrize(
    "records",
    [
        [type_14(b"", "7", f018="7\x1fXX")],
        [type_14(b"", "11", f018="1\x1fUP")],
        [type_14(b"", "7"), type_14(b"", "8", f018="7\x1fUP\x1e8\x1fXX")],
        [type_14(b"", "43", f018="7\x1fUP\x1e8\x1fXX")],
        [type_14(b"", "", f018="7\x1fUP")],
        [type_14(b"", "0", f018="7\x1fUP")],
    ],
    ids=["own", "thumb", "elsewhere", "slap", "no-position", "unknown"],
)
def test_what_is_announced_of_missing_fingers_alone_is_not_noted(records):
    assert read(an2k(*records, type_14_of(2))).notes == ()


def described(*missing):
    """A type 2 record of the FBI's EBTS: a person, and which fingers are missing."""
    told = "\x1e".join("\x1f".join(each) for each in missing)
    return 2, text_record(2, {2: "00", 18: "INVENTED,PERSON", 84: told})


PIXELS = ramp().tobytes()


def test_fingers_that_the_record_of_a_person_calls_missing_are_kept():
    card = an2k(described(("08", "XX"), (" 09 ", "up")), type_4(PIXELS, 2))
    contents = read(card)
    assert [(each.position, each.reason) for each in contents.missing] == [
        (Position.LEFT_MIDDLE, Missing.AMPUTATED),
        (Position.LEFT_RING, Missing.BANDAGED),
    ]
    assert (len(contents.samples), contents.notes) == (1, ())
    with pytest.raises(NoFinger, match="left middle is amputated"):
        read(card, finger=FingerPosition.LEFT_MIDDLE)


@pytest.mark.parametrize("kind", [3, 4])
def test_an_image_of_fixed_places_is_not_read_of_a_finger_that_the_record_of_a_person_calls_amputated(kind):
    contents = read(an2k(described(("02", "XX")), type_4(PIXELS, 2, kind=kind), type_4(PIXELS, 3, kind=kind)))
    assert [each.capture.position for each in contents.samples] == [Position.RIGHT_MIDDLE]
    assert "right index was passed over" in contents.notes[0]


def test_a_transaction_of_missing_fingers_alone_holds_them():
    assert [each.position for each in read(an2k(described(("06", "XX")))).missing] == [Position.LEFT_THUMB]


def test_of_what_two_records_say_of_a_missing_finger_the_strongest_counts():
    contents = read(an2k(described(("07", "UP")), type_14(b"", "7", f018="7\x1fXX"), type_4(PIXELS, 2)))
    assert [(each.position, each.reason) for each in contents.missing] == [(Position.LEFT_INDEX, Missing.AMPUTATED)]


@pytest.mark.parametrize(
    "told",
    [("08",), ("08", ""), ("08", "SR"), ("XX", "08"), ("0", "XX"), ("21", "XX"), ("14", "XX"), ("", ""), ("A LABEL",)],
    ids=str,
)
def test_what_has_not_the_form_of_a_missing_finger_is_another_domains_field(told):
    """Type 2 is of whoever agreed on it (ITL 1-2011, 8.2): the number may mean anything elsewhere."""
    contents = read(an2k(described(told), type_4(PIXELS, 8)))
    assert (contents.missing, len(contents.samples)) == ((), 1)


@pytest.mark.parametrize(
    "record",
    [described(("08", "SR")), described(("14", "XX")), type_14(PIXELS, "7", f018="RM\x1fXX")],
    ids=["code", "hand", "no-number"],
)
def test_what_may_tell_of_a_missing_finger_and_is_not_read_is_noted(record):
    (note,) = read(an2k(record, type_4(PIXELS, 2))).notes
    assert note.endswith("not read, and was passed over")
    assert read(an2k(described(("A LABEL",), ("08", "ABC"), ("0", "SR")), type_4(PIXELS, 2))).notes == ()


SHOWN = "doubtful: the {} is told to be {}, and is shown all the same; it was read"


@pytest.mark.parametrize(
    ("told", "records", "said"),
    [
        ("7\x1fUP", [type_14(PIXELS, "7", f018="7\x1fUP")], ("left index", "bandaged")),
        ("7\x1fUP", [type_4(PIXELS, 7)], ("left index", "bandaged")),
        ("7", [type_14_of(7)], ("left index", "missing")),
        ("6\x1fUP", [type_14_of(12)], ("plain left thumb", "bandaged")),
        ("2\x1fUP", [minutiae()], ("right index", "bandaged")),
        ("7\x1fUP\x1e8\x1fUP", [type_14(PIXELS, "7\x1e8")], ("left index or left middle", "bandaged")),
        ("7\x1fUP\x1e8", [type_14(PIXELS, "7\x1e8")], ("left index or left middle", "missing")),
        ("7\x1fXX\x1e8\x1fUP", [type_14(PIXELS, "7\x1e8")], ("left middle", "bandaged")),
        ("8\x1fUP", [slap((7, 20, 219, 30, 279), (8, 300, 499, 30, 279))], ("left middle", "bandaged")),
    ],
    ids=["own", "4", "no-code", "thumb", "minutiae", "either", "mixed", "left", "cut"],
)
def test_what_shows_a_finger_that_is_told_to_be_missing_is_doubtful(told, records, said):
    contents = read(an2k(type_14(b"", "0", f018=told), *records))
    (shown,) = [each for each in contents.samples if each.notes]
    assert shown.notes == (SHOWN.format(*said),)


def test_what_shows_other_fingers_as_well_as_missing_ones_is_not_doubted_for_these():
    gone = type_14(b"", "0", f018="7\x1fUP")
    for shown in (type_14_of(8), type_14(PIXELS, "14"), type_14(PIXELS, "7\x1e8"), type_14(PIXELS, "0")):
        assert [each.notes for each in read(an2k(gone, shown)).samples] == [()]


@pytest.mark.parametrize("code", ["14", "43"])
def test_of_a_hand_that_is_told_to_be_missing_each_finger_is(code):
    fingers = [Position.LEFT_INDEX, Position.LEFT_MIDDLE, Position.LEFT_RING, Position.LEFT_LITTLE]
    card = [type_14(b"", code, f018=f"{code}\x1fXX"), type_14_of(8), type_14_of(2)]
    contents = read(an2k(*card))
    assert [each.position for each in contents.missing] == fingers[: 4 if code == "14" else 2]
    assert [each.capture.position for each in contents.samples] == [Position.RIGHT_INDEX]
    assert contents.notes == ("what shows the left middle was passed over: the record says that it is amputated",)


def test_a_palm_that_is_told_to_be_missing_is_kept_as_told():
    assert [each.position for each in read(an2k(type_14(b"", "21", f018="21\x1fXX"))).missing] == [Position.RIGHT_PALM]


BLANK = bytes([250]) * 50_000


def test_a_blank_image_of_a_finger_that_is_missing_is_not_waited_for():
    bandaged = type_14(BLANK, "7", f018="7\x1fUP")
    alone = read(an2k(bandaged))
    assert (alone.samples, [each.position for each in alone.missing]) == ((), [Position.LEFT_INDEX])
    for card in (an2k(bandaged), an2k(bandaged, MIDDLE)):
        with pytest.raises(NoFinger, match="left index is bandaged") as refused:
            read(card, finger=FingerPosition.LEFT_INDEX)
        assert [each.position for each in refused.value.missing] == [Position.LEFT_INDEX]


def test_of_fingers_that_are_missing_for_several_reasons_what_shows_them_is_doubted_for_none():
    (sample,) = read(an2k(type_14(ramp().tobytes(), "7\x1e8", f018="7\x1fUP\x1e8"))).samples
    assert sample.notes == (
        "doubtful: the left index or left middle is told to be missing, and is shown all the same; it was read",
    )
    (sample,) = read(an2k(type_14(ramp().tobytes(), "7\x1e8", f018="7\x1fXX\x1e8\x1fUP"))).samples
    assert sample.capture.among == {FingerPosition.LEFT_MIDDLE}
    assert sample.notes == ("doubtful: the left middle is told to be bandaged, and is shown all the same; it was read",)
