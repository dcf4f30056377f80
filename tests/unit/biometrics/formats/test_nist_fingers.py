"""ANSI/NIST-ITL transactions: which finger each image is of, and which are missing."""

import pytest

from biometrics.formats.positions import Position
from biometrics.formats.reading import one_finger
from biometrics.rejections import NoFinger, Rejected, SeveralFingers, UnreadableRecord
from contracts.records import FingerPosition
from tests.unit.biometrics.formats.made import (
    PIXELS,
    SLAP,
    an2k,
    encoded,
    minutiae,
    ramp,
    read,
    slap,
    slap_of,
    type_4,
    type_14,
    type_14_of,
)


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
        ([2, 18], Position.UNKNOWN),
        ([2, 21], Position.UNKNOWN),
        ([23, 21], Position.RIGHT_PALM),
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


def test_slaps_alone_are_named_and_no_choice_among_them_is_asked_for():
    card = an2k(*(type_14(encoded(SLAP, "PNG"), code, SLAP.size, "PNG") for code in ("13", "14")))
    with pytest.raises(SeveralFingers, match="right four, not one fingertip; send each finger by itself"):
        one_finger(read(card))
