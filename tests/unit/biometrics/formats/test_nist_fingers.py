"""ANSI/NIST-ITL transactions: which finger each image and each minutia is of, and which of them is compared."""

import pytest

from biometrics.formats.contents import ImageSample, TemplateSample
from biometrics.formats.positions import Position
from biometrics.formats.reading import one_finger
from biometrics.rejections import NoFinger, NoMinutiae, Rejected, UnreadableRecord
from contracts.records import FingerPosition
from tests.unit.biometrics.formats.made import (
    SLAP,
    an2k,
    encoded,
    ramp,
    read,
    slap,
    text_record,
    type_4,
    type_9,
    type_14,
)

PIXELS = ramp().tobytes()


def type_14_of(code):
    return type_14(PIXELS, str(code))


@pytest.mark.parametrize("image", [lambda code: type_4(PIXELS, code), type_14_of], ids=["4", "14"])
@pytest.mark.parametrize("thumb", [FingerPosition.RIGHT_THUMB, FingerPosition.LEFT_THUMB])
def test_a_thumb_is_read_of_a_card_that_holds_it_rolled_and_plain(image, thumb):
    card = an2k(*(image(code) for code in range(1, 15)))
    assert one_finger(read(card, finger=thumb)).capture.position.finger is thumb


@pytest.mark.parametrize(("rolled", "plain"), [(1, 11), (6, 12)])
def test_a_rolled_thumb_and_one_cut_out_of_both_are_one_finger(rolled, plain):
    both = f"{plain}\x1f20\x1f219\x1f30\x1f279"
    card = an2k(type_14_of(rolled), type_14(ramp(800, 500).tobytes(), "15", (800, 500), f021=both))
    assert one_finger(read(card)).capture.position.finger == rolled


@pytest.mark.parametrize("codes", [(1, 11), (12, 6)])
def test_two_places_of_one_thumb_are_doubtful_by_whichever_code(codes):
    record = slap(*((code, 300 * n, 300 * n + 199, 30, 279) for n, code in enumerate(codes)), position="15")
    assert ["doubtful" in " ".join(each.notes) for each in read(record).samples] == [True, True]


def test_a_quality_is_of_the_finger_by_whichever_code():
    both = [(11, 20, 219, 30, 279), (12, 300, 499, 30, 279)]
    cut = read(slap(*both, position="15", f024="1\x1f80\x1e6\x1f70"))
    assert [each.capture.quality for each in cut.samples] == [80, 70]
    (whole,) = read(an2k(type_14(PIXELS, "11", f024="1\x1f80"))).samples
    assert (whole.capture.position, whole.capture.quality) == (Position.PLAIN_RIGHT_THUMB, 80)


def minutiae(count=40, **more):
    return type_9([(n + 1, 10 + n, 10 + n, 5, 1, 60) for n in range(count)], **{"f134": "2"} | more)


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
    contents = read(an2k(minutiae(f136="0", f137="", f134=told), type_14_of(2)))
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


def test_a_record_that_announces_minutiae_and_holds_none_is_refused():
    with pytest.raises(UnreadableRecord, match="another number"):
        read(an2k(minutiae(f136="3", f137="")))


@pytest.mark.parametrize(("quality", "winner"), [(79, TemplateSample), (None, ImageSample), (81, ImageSample)])
def test_minutiae_win_where_both_tell_a_quality_and_theirs_is_better(quality, winner):
    image = type_14_of(2) if quality is None else type_14(PIXELS, "2", f024=f"2\x1f{quality}")
    assert isinstance(one_finger(read(an2k(image, minutiae(f135="80")))), winner)


@pytest.mark.parametrize(
    ("codes", "position"),
    [
        ([1, 11], Position.RIGHT_THUMB),
        ([12, 6], Position.LEFT_THUMB),
        ([2] * 6, Position.RIGHT_INDEX),
        ([11] * 6, Position.PLAIN_RIGHT_THUMB),
        ([13] * 6, Position.RIGHT_FOUR),
        ([1, 6], Position.UNKNOWN),
        ([2, 0], Position.UNKNOWN),
    ],
    ids=str,
)
def test_positions_that_leave_one_finger_are_that(codes, position):
    told = "\x1e".join(map(str, codes))
    for record in (type_4(PIXELS, codes), type_14(PIXELS, told), minutiae(f134=told)):
        assert read(an2k(record)).samples[0].capture.position is position


@pytest.mark.parametrize(
    ("codes", "position"),
    [
        ([2, 0, 0, 0, 0, 0], Position.RIGHT_INDEX),
        ([0] * 6, Position.UNKNOWN),
        ([0, 0, 0, 0, 0, 2], Position.UNKNOWN),
        ([2, 0, 255, 255, 255, 255], Position.UNKNOWN),
        ([255] * 6, Position.UNKNOWN),
    ],
    ids=str,
)
def test_positions_that_are_filled_up_with_zeros_keep_their_finger(codes, position):
    (sample,) = read(an2k(type_4(PIXELS, codes))).samples
    assert (sample.capture.position, sample.capture.among) == (position, frozenset())


def test_two_positions_that_are_filled_up_with_zeros_are_one_of_both():
    (sample,) = read(an2k(type_4(PIXELS, [7, 8, 0, 0, 0, 0]))).samples
    assert sample.capture.among == {FingerPosition.LEFT_INDEX, FingerPosition.LEFT_MIDDLE}


@pytest.mark.parametrize("reason", ["XX", "UP"])
@pytest.mark.parametrize(
    "record",
    [
        lambda missing: slap((0, 20, 219, 30, 279), position="13", f018=missing),
        lambda missing: an2k(type_14(PIXELS, "0"), type_14(b"", "2", f018=missing)),
        lambda missing: an2k(type_14(PIXELS, "2\x1e3", f018=missing)),
        lambda missing: an2k(minutiae(f134="2\x1e3"), type_14(b"", "2", f018=missing)),
    ],
    ids=["cut", "unknown", "either", "minutiae"],
)
def test_what_tells_no_finger_is_not_one_that_is_missing(record, reason):
    told = record(f"2\x1f{reason}")
    with pytest.raises(NoFinger, match="right index"):
        read(told, finger=FingerPosition.RIGHT_INDEX)
    assert not (read(told).samples[0].capture.among & {FingerPosition.RIGHT_INDEX})
    assert read(told, finger=FingerPosition.RIGHT_MIDDLE).samples


def test_an_image_that_another_record_calls_missing_is_read_unless_it_is_amputated():
    card = [type_14_of(2), type_14_of(3)]
    bandaged = an2k(*card, type_14(b"", "2", f018="2\x1fUP"))
    assert read(bandaged, finger=FingerPosition.RIGHT_INDEX).samples
    amputated = an2k(*card, type_14(b"", "2", f018="2\x1fXX"))
    with pytest.raises(NoFinger, match="amputated"):
        read(amputated, finger=FingerPosition.RIGHT_INDEX)


AMPUTATED = "2\x1fXX"


@pytest.mark.parametrize(
    "records",
    [
        [type_14(PIXELS, "2", f018=AMPUTATED)],
        [type_14(PIXELS, "1\x1e11", f018="11\x1fXX")],
        [type_14_of(2), type_14(b"", "2", f018=AMPUTATED)],
        [type_14(b"", "2", f018=AMPUTATED), type_4(PIXELS, 2)],
        [type_14(b"", "2", f018=AMPUTATED), minutiae()],
        [type_14(b"", "2", f018=AMPUTATED), minutiae(f137="1\x1ffar")],
        [type_14(PIXELS, "2", f018=AMPUTATED, f006="wide")],
    ],
    ids=["own", "thumb", "elsewhere", "4", "9", "9-broken", "14-broken"],
)
def test_an_amputated_finger_is_not_read_though_nobody_asks_for_it(records):
    alone = read(an2k(*records))
    assert (alone.samples, len(alone.missing)) == ((), 1)
    assert "amputated" in alone.notes[0]
    with pytest.raises(NoFinger, match="amputated"):
        one_finger(alone)
    beside = one_finger(read(an2k(*records, type_14_of(7))))
    assert beside.capture.position is Position.LEFT_INDEX


@pytest.mark.parametrize("weaker", ["2", "2\x1fUP"], ids=["no-code", "bandaged"])
@pytest.mark.parametrize("order", [1, -1])
def test_of_several_reasons_for_which_a_finger_is_missing_the_strongest_counts(weaker, order):
    told = [type_14(PIXELS, "2", f018=AMPUTATED), type_14(PIXELS, "2", f018=weaker)]
    contents = read(an2k(*told[::order]))
    assert contents.samples == ()
    assert [(each.position, each.reason) for each in contents.missing] == [(Position.RIGHT_INDEX, "amputated")]
    assert contents.notes[0].startswith("the right index is told to be missing as amputated and as ")
    both = [type_14(b"", "2", f018=each) for each in ("2", "2\x1fUP")]
    contents = read(an2k(*both[::order], type_14_of(2)))
    assert [each.reason for each in contents.missing] == ["bandaged"]
    assert one_finger(contents).capture.position is Position.RIGHT_INDEX


def test_a_thumb_that_is_missing_by_both_of_its_codes_is_one_finger():
    contents = read(an2k(type_14(PIXELS, "1", f018="11\x1fUP\x1e1\x1fXX"), type_14(b"", "1", f018="1\x1fXX")))
    assert [(each.position, each.reason) for each in contents.missing] == [(Position.RIGHT_THUMB, "amputated")]
    assert len([note for note in contents.notes if "as bandaged" in note]) == 1


@pytest.mark.parametrize("reason", ["XX", "UP"])
def test_of_a_slap_the_place_of_a_finger_is_read_unless_it_is_amputated(reason):
    record = slap((2, 20, 219, 30, 279), (3, 300, 499, 10, 259), position="13", f018=f"2\x1f{reason}")
    left = {Position.RIGHT_INDEX, Position.RIGHT_MIDDLE} - ({Position.RIGHT_INDEX} if reason == "XX" else set())
    assert {each.capture.position for each in read(record).samples} == left


@pytest.mark.parametrize("other", [[], [type_14_of(7)]], ids=["alone", "beside"])
def test_an_image_of_fingers_that_are_all_missing_is_refused_where_it_is_wanted(other):
    told = an2k(type_14(PIXELS, "2\x1e3", f018="2\x1fXX\x1e3\x1fXX"), *other)
    with pytest.raises(UnreadableRecord, match="all missing"):
        read(told)
    if other:
        assert one_finger(read(told, finger=FingerPosition.LEFT_INDEX)).capture.position is Position.LEFT_INDEX


def slap_of(*segments, **more):
    told = "\x1e".join("\x1f".join(map(str, segment)) for segment in segments)
    return type_14(encoded(SLAP, "PNG"), "13", (800, 500), "PNG", f021=told, **more)


@pytest.mark.parametrize(
    "broken",
    [
        slap_of((8, 20, 219, 30, 279)),
        slap_of(*[(2, 20, 219, 30, 279)] * 21),
        slap_of(f006="wide"),
        type_14(SLAP.tobytes(), "13", (800, 500), f012="16"),
    ],
    ids=["excluded", "many", "size", "depth"],
)
def test_an_image_that_cannot_be_read_refuses_the_fingers_that_it_shows_and_no_others(broken):
    card = an2k(type_14_of(2), broken, type_14_of(7))
    assert read(card, finger=FingerPosition.LEFT_INDEX).notes == ()
    rolled = read(card, finger=FingerPosition.RIGHT_INDEX)
    assert one_finger(rolled).capture.position is Position.RIGHT_INDEX
    assert "passed over" in rolled.notes[0]
    for finger in (None, FingerPosition.RIGHT_RING):
        with pytest.raises(UnreadableRecord):
            read(card, finger=finger)
    with pytest.raises(NoFinger):
        read(card, finger=FingerPosition.LEFT_RING)


@pytest.mark.parametrize("reason", ["XX", "UP"])
@pytest.mark.parametrize("elsewhere", [False, True], ids=["own", "elsewhere"])
@pytest.mark.parametrize(
    "place",
    [(0, 0, 0, 0), (219, 20, 30, 279), (20, 219, 279, 30), (20, 20, 30, 279), (20, 219, 30, 30), ("",) * 4, ()],
    ids=["zeros", "across", "down", "no-width", "no-height", "blank", "none"],
)
def test_an_empty_place_of_a_missing_finger_is_none(place, elsewhere, reason):
    missing = f"4\x1f{reason}"
    places = (3, 300, 499, 30, 279), (4, *place)
    if elsewhere:
        record = an2k(slap_of(*places), type_14(b"", "4", f018=missing))
    else:
        record = an2k(slap_of(*places, f018=missing))
    for finger in (None, FingerPosition.RIGHT_MIDDLE):
        assert one_finger(read(record, finger=finger)).capture.position is Position.RIGHT_MIDDLE
    with pytest.raises(NoFinger, match=r"right ring is (amputated|bandaged)"):
        read(record, finger=FingerPosition.RIGHT_RING)


def test_an_empty_place_of_a_finger_that_is_not_missing_is_refused_where_it_is_wanted():
    record = an2k(slap_of((3, 300, 499, 30, 279), (4, 0, 0, 0, 0), f018="5\x1fXX"))
    assert read(record, finger=FingerPosition.RIGHT_MIDDLE).samples
    with pytest.raises(Rejected):
        read(record)
    with pytest.raises(Rejected):
        read(record, finger=FingerPosition.RIGHT_RING)


@pytest.mark.parametrize("segment", [(5, -3, 219, 30, 279), (5, 20, 219), (5, "", "", "", "")])
def test_a_place_that_is_not_told_whole_refuses_the_finger_that_lies_there_and_no_other(segment):
    card = an2k(type_14_of(7), slap_of((3, 300, 499, 30, 279), segment))
    for finger in (FingerPosition.LEFT_INDEX, FingerPosition.RIGHT_MIDDLE):
        assert one_finger(read(card, finger=finger)).capture.position.finger is finger
    with pytest.raises(UnreadableRecord):
        read(card, finger=FingerPosition.RIGHT_LITTLE)


def test_blanks_around_what_an_image_tells_of_its_fingers_say_nothing():
    record = slap_of((" 2", "20 ", 219, 30, 279), (" ",), (3, 300, 499, 30, 279), f018=" 4 \x1f xx ", f024=" 2\x1f80 ")
    contents = read(an2k(record))
    assert [each.capture.position for each in contents.samples] == [Position.RIGHT_INDEX, Position.RIGHT_MIDDLE]
    assert contents.samples[0].capture.quality == 80
    assert [(each.position, each.reason) for each in contents.missing] == [(Position.RIGHT_RING, "amputated")]


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
