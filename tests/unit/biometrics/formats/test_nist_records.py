"""ANSI/NIST-ITL transactions: fingers of types 3, 4, 9 and 14, and which are amputated or bandaged."""

import time

import numpy as np
import pytest

from biometrics.formats.contents import ImageSample
from biometrics.formats.impressions import Impression
from biometrics.formats.minutiae import MinutiaKind, dpi_of
from biometrics.formats.positions import Missing, Position
from biometrics.formats.reading import one_finger
from biometrics.gray import GrayImage
from biometrics.rejections import (
    ImageTooLarge,
    ImageTooSmall,
    NoFinger,
    Rejected,
    SeveralFingers,
    UndecodableImage,
    UnreadableRecord,
)
from contracts.records import FingerPosition
from tests.unit.biometrics.formats.independent import transaction
from tests.unit.biometrics.formats.made import (
    SLAP,
    an2k,
    encoded,
    iafis,
    ramp,
    read,
    ridges,
    slap,
    text_record,
    type_4,
    type_9,
    type_14,
)

PIXELS = ramp().tobytes()
PNG = encoded(ridges(), "PNG")


def test_a_high_resolution_image_of_fixed_places_is_read():
    contents = read(an2k(type_4(PIXELS)))
    (sample,) = contents.samples
    assert (contents.format, sample.notes) == ("an2k", ())
    assert sample.image == GrayImage(200, 250, PIXELS, 500)
    assert (sample.capture.position, sample.capture.impression) == (Position.RIGHT_INDEX, Impression.LIVE_PLAIN)


def test_a_low_resolution_image_has_half_of_it():
    assert read(an2k(type_4(PIXELS, kind=3))).samples[0].image.dpi == 250


def test_the_resolution_that_was_scanned_at_counts_where_the_record_says_so():
    native = an2k(type_4(ridges(18.0, 400, 400).tobytes(), native=1, size=(400, 400)), scanned="39.37")
    assert read(native).samples[0].image.dpi == 1000


def test_an_image_of_fields_is_read_with_its_quality():
    contents = read(an2k(type_14(PIXELS, f024="2\x1f87\x1f0000\x1f1")))
    (sample,) = contents.samples
    assert sample.image == GrayImage(200, 250, PIXELS, 500)
    assert (sample.capture.position, sample.capture.quality) == (Position.RIGHT_INDEX, 87)


def test_a_transaction_that_another_library_wrote_is_read():
    (sample,) = read(transaction(PNG)).samples
    assert sample.image == GrayImage(240, 260, ridges().tobytes(), 500)
    assert sample.capture.position is Position.LEFT_INDEX


def test_fingers_that_could_not_be_taken_are_kept():
    contents = read(transaction(None, CGA="NONE", subfields=[(18, [(9, "XX"), (10, "UP"), (8, "SR")])]))
    assert contents.samples == ()
    assert [(each.position, each.reason) for each in contents.missing] == [
        (Position.LEFT_RING, Missing.AMPUTATED),
        (Position.LEFT_LITTLE, Missing.BANDAGED),
        (Position.LEFT_MIDDLE, Missing.UNKNOWN),
    ]
    with pytest.raises(NoFinger, match="left ring is amputated and left little is bandaged"):
        one_finger(contents)
    with pytest.raises(NoFinger, match="left ring is amputated"):
        read(an2k(type_14(PIXELS, f018="9\x1fXX")), finger=FingerPosition.LEFT_RING)


def test_fingers_of_a_slap_are_cut_out_where_it_tells_where_they_are():
    segments = [(2, 20, 219, 30, 279), (3, 300, 499, 10, 259)]
    slap = transaction(encoded(SLAP, "PNG"), HLL=800, VLL=500, FGP=13, subfields=[(21, segments)])
    first, second = read(slap).samples
    assert (first.capture.position, second.capture.position) == (Position.RIGHT_INDEX, Position.RIGHT_MIDDLE)
    assert first.image.pixels == SLAP.crop((20, 30, 220, 280)).tobytes()
    assert second.image.pixels == SLAP.crop((300, 10, 500, 260)).tobytes()
    (chosen,) = read(slap, finger=FingerPosition.RIGHT_MIDDLE).samples
    assert chosen == second


def test_the_one_finger_of_a_slap_is_cut_out_too():
    slap = transaction(encoded(SLAP, "PNG"), HLL=800, VLL=500, FGP=14, subfields=[(21, [(8, 20, 219, 30, 279)])])
    (sample,) = read(slap).samples
    assert (sample.capture.position, sample.image.width) == (Position.LEFT_MIDDLE, 200)


@pytest.mark.parametrize("position", ["0", "7\x1e8", "99", ""], ids=["unknown", "two", "reserved", "none"])
def test_the_one_finger_of_an_image_that_names_none_is_cut_out_too(position):
    record = slap((8, 20, 219, 30, 279), position=position, f024="8\x1f87")
    (sample,) = read(record).samples
    assert sample.image.pixels == SLAP.crop((20, 30, 220, 280)).tobytes()
    assert (sample.capture.position, sample.capture.quality) == (Position.LEFT_MIDDLE, 87)
    with pytest.raises(NoFinger, match="right index"):
        read(record, finger=FingerPosition.RIGHT_INDEX)


@pytest.mark.parametrize(("code", "notes"), [(0, 0), (99, 0), (8, 1)], ids=["unknown", "reserved", "named"])
def test_no_finger_of_a_slap_is_lost_to_another_of_the_same_code(code, notes):
    segments = [(code, 20, 219, 30, 279), (code, 300, 499, 10, 259), (9, 520, 719, 10, 259)]
    first, second, last = read(slap(*segments, f024=f"{code}\x1f87\x1e9\x1f60")).samples
    assert first.image.pixels == SLAP.crop((20, 30, 220, 280)).tobytes()
    assert second.image.pixels == SLAP.crop((300, 10, 500, 260)).tobytes()
    # Nobody knows which of them a quality is of.
    assert [each.capture.quality for each in (first, second, last)] == [None, None, 60]
    assert [len(each.notes) for each in (first, second, last)] == [notes, notes, 0]


@pytest.mark.parametrize(
    ("position", "code"),
    [
        ("14", 2),
        ("13", 1),
        ("2", 8),
        ("15", 7),
        ("7\x1e8", 9),
        ("50", 7),
        ("16", 7),
        ("21", 7),
        ("23\x1e21", 2),
        ("61", 2),
    ],
)
def test_a_finger_that_an_image_says_it_does_not_show_is_refused(position, code):
    with pytest.raises(UnreadableRecord, match="excludes"):
        read(slap((code, 20, 219, 30, 279), position=position))


@pytest.mark.parametrize(
    ("position", "code"), [("14", 16), ("15", 12), ("7\x1e8", 8), ("0\x1e8", 3), ("13", 0), ("18", 7), ("19", 7)]
)
def test_a_finger_that_an_image_may_show_is_read(position, code):
    assert read(slap((code, 20, 219, 30, 279), position=position)).samples[0].image.width == 200


@pytest.mark.parametrize(
    "record",
    [
        an2k(type_14(PIXELS, "7\x1e8")),
        an2k(type_4(PIXELS, [7, 8])),
        slap((0, 20, 219, 30, 279), position="14"),
        an2k(type_9([(1, 100, 14, 45, 1, 60)], f134="7\x1e8")),
        an2k((9, text_record(9, {2: "01", 3: "3", 4: "U", 14: "07\x1e08", 15: 1, 23: "001\x1f21951869281"}))),
    ],
    ids=["14", "4", "cut", "9", "9-iafis"],
)
def test_what_is_one_of_several_fingers_passes_as_none_but_these(record):
    assert read(record).samples[0].capture.position is Position.UNKNOWN
    assert read(record, finger=FingerPosition.LEFT_MIDDLE).samples == read(record).samples
    with pytest.raises(NoFinger, match="right index"):
        read(record, finger=FingerPosition.RIGHT_INDEX)


def test_fingers_are_cut_where_they_lie_on_an_image_whose_pixels_are_not_square():
    tall = SLAP.resize((800, 1_000), 0)
    told = "8\x1f20\x1f219\x1f480\x1f979\x1e9\x1f300\x1f499\x1f20\x1f519"
    record = type_14(encoded(tall, "PNG"), "14", (800, 1_000), "PNG", f010="1000", f021=told)
    for sample, (left, top) in zip(read(an2k(record)).samples, [(20, 240), (300, 10)], strict=True):
        assert (sample.image.width, sample.image.height, sample.image.dpi) == (200, 250, 500)
        # Brought to square pixels, an image is a little smoother.
        shown = np.frombuffer(sample.image.pixels, np.uint8).reshape(250, 200).astype(int)
        assert np.abs(shown - np.asarray(SLAP.crop((left, top, left + 200, top + 250)))).mean() < 8
        assert sample.notes == ("brought to 500 dpi: its pixels are not square",)


def test_a_finger_whose_place_is_not_told_whole_is_refused():
    for broken in [(8, 20, 219, 30), (8, "left", 219, 30, 279), (8, 20, 219, 30, -1)]:
        told = slap((7, 300, 499, 10, 259), broken)
        with pytest.raises(UnreadableRecord, match="where its fingers are"):
            read(told, finger=FingerPosition.LEFT_MIDDLE)
        assert read(told, finger=FingerPosition.LEFT_INDEX).samples[0].image.width == 200
    with pytest.raises(UnreadableRecord, match="where its fingers are"):
        read(slap((7, 300, 499, 10, 259), ("left", 20, 219, 30, 279)))
    assert read(slap()).samples[0].image.width == 800


def test_a_missing_finger_has_no_place_whatever_stands_there():
    record = type_14(
        encoded(SLAP, "PNG"), "14", (800, 500), "PNG", f018="8\x1fXX", f021="7\x1f300\x1f499\x1f10\x1f259\x1e8"
    )
    (sample,) = read(an2k(record)).samples
    assert sample.capture.position is Position.LEFT_INDEX


def test_more_fingers_than_are_on_any_image_are_refused():
    with pytest.raises(UnreadableRecord, match="more than 20 fingers"):
        read(slap(*[(0, 0, 199, 0, 199)] * 21))


@pytest.mark.parametrize("segment", [(3, 790, 999, 10, 259), (3, 400, 300, 10, 259), (3, 9_000, 9_999, 0, 99)])
def test_a_finger_that_lies_beside_its_slap_is_refused(segment):
    segments = [(2, 20, 219, 30, 279), segment]
    slap = transaction(encoded(SLAP, "PNG"), HLL=800, VLL=500, FGP=13, subfields=[(21, segments)])
    with pytest.raises((ImageTooSmall, UnreadableRecord)):
        read(slap)


def test_a_slap_that_does_not_tell_where_its_fingers_are_is_no_finger():
    slap = transaction(encoded(SLAP, "PNG"), HLL=800, VLL=500, FGP=13)
    assert read(slap).samples[0].capture.position is Position.RIGHT_FOUR
    with pytest.raises(SeveralFingers, match="right four"):
        one_finger(read(slap))


def test_minutiae_in_the_fields_of_the_standard_are_read():
    (sample,) = read(an2k(type_9([(1, 100, 14, 45, 1, 60), (2, 55, 200, 170, 2, 0)]))).samples
    finger = sample.finger
    assert (finger.capture.position, finger.capture.impression) == (Position.LEFT_INDEX, Impression.LIVE_ROLLED)
    assert (finger.capture.quality, finger.capture.view, finger.x_per_cm) == (66, 1, 197)
    assert [(each.kind, each.x, each.y, each.angle, each.quality) for each in finger.minutiae] == [
        (MinutiaKind.ENDING, 100, 14, 90.0, 60),
        (MinutiaKind.BIFURCATION, 55, 200, 340.0, None),
    ]


def test_minutiae_in_inches_are_read():
    (sample,) = read(an2k(type_9([(1, 100, 14, 45, 1, 60)], f130="1", f131="500", f132="500"))).samples
    assert sample.finger.x_per_cm == 197


@pytest.mark.parametrize(
    "record", [type_9([(1, 100, 14)]), type_9([(1, "far", 14, 45)]), type_9([(1, 100, 14, 45)], count=7)]
)
def test_minutiae_that_lack_something_are_refused(record):
    with pytest.raises(UnreadableRecord):
        read(an2k(record))


def test_minutiae_in_the_fields_of_the_iafis_are_read_at_500_dpi():
    made = iafis(("001", "21951869281", "00", "A", "03304"), ("002", "01000000000", "00", "C"))
    (sample,) = read(an2k(made)).samples
    assert sample.capture.position is Position.LEFT_MIDDLE
    assert dpi_of(sample.finger.x_per_cm) == pytest.approx(500, abs=1)
    assert [(each.kind, each.x, each.y, each.angle) for each in sample.finger.minutiae] == [
        (MinutiaKind.ENDING, 432, 368, 281.0),
        (MinutiaKind.OTHER, 20, 0, 0.0),
    ]
    assert (sample.finger.width, sample.finger.height) > (432, 368)


def test_of_an_image_and_its_minutiae_the_image_is_compared():
    one = one_finger(read(an2k(iafis(("001", "21951869281")), type_4(PIXELS, position=8))))
    assert isinstance(one, ImageSample)


@pytest.mark.parametrize(
    "record",
    [iafis(("001",)), iafis(("001", "2195186928")), iafis(("001", "far")), iafis(("001", "21951869281"), count=7)],
    ids=["no-place", "short", "no-number", "count"],
)
def test_minutiae_of_the_iafis_that_lack_something_are_refused(record):
    with pytest.raises(UnreadableRecord):
        read(an2k(record))


def test_minutiae_in_a_makers_own_fields_are_passed_over_beside_an_image_and_refused_alone():
    theirs = 9, text_record(9, {2: "01", 3: "1", 4: "U", 200: "001\x1f21951869281\x1f00\x1fC"})
    contents = read(an2k(theirs, type_4(PIXELS)))
    assert len(contents.samples) == 1
    assert "type 9 was passed over" in contents.notes[0]
    with pytest.raises(NoFinger, match="a maker's own"):
        read(an2k(theirs))


@pytest.mark.parametrize(("kind", "name"), [(5, "binary"), (6, "binary")])
def test_images_of_black_and_white_alone_are_refused(kind, name):
    with pytest.raises(NoFinger, match=name):
        read(an2k(type_4(PIXELS[: 200 * 250 // 8], kind=kind)))


def test_palms_are_passed_over():
    palm = 15, text_record(15, {2: "01", 3: "10"}, PIXELS)
    assert read(an2k(type_4(PIXELS), palm)).notes == ("type 15 (palms) was passed over",)


def test_a_transaction_is_refused_wherever_it_ends():
    whole = an2k(type_4(PIXELS[:60], size=(10, 6)), type_14(PIXELS[:60], size=(10, 6)))
    for length in range(len(whole)):
        with pytest.raises(Rejected) as refused:
            read(whole[:length])
        assert refused.type is UnreadableRecord or length < 6


@pytest.mark.parametrize("length", [0, 3, 17, 2**32 - 1])
def test_an_absurd_length_of_a_fixed_record_is_refused(length):
    kind, data = type_4(PIXELS)
    with pytest.raises(UnreadableRecord):
        read(an2k((kind, length.to_bytes(4) + data[4:])))


def test_a_transaction_that_announces_too_much_or_something_else_is_refused():
    record = type_4(PIXELS)
    with pytest.raises(UnreadableRecord, match="announce"):
        read(an2k(*[record] * 201))
    with pytest.raises(UnreadableRecord):
        read(an2k((14, record[1])))
    with pytest.raises(UnreadableRecord, match="others"):
        read(an2k((2, type_14(PIXELS)[1])))


def test_a_transaction_that_contradicts_itself_is_refused():
    one, other = type_4(PIXELS), type_4(PIXELS, position=7)
    whole = an2k(one)
    with pytest.raises(UnreadableRecord, match="more than the records"):
        read(whole + other[1])
    assert read(whole + b"\r\n\0").samples == read(whole).samples
    with pytest.raises(UnreadableRecord, match="announce"):
        read(whole.replace(b"1\x1f1\x1e4", b"1\x1f9\x1e4"))
    kind, data = type_14(PIXELS)
    twice = data.replace(b"14.013:2\x1d", b"14.013:2\x1d14.013:7\x1d").replace(
        b"%d" % len(data), b"%d" % (len(data) + 9)
    )
    with pytest.raises(UnreadableRecord, match="twice"):
        read(an2k((kind, twice)))


@pytest.mark.parametrize("separator", ["\x1e", "\x1f"])
def test_a_field_of_more_items_than_any_needs_is_refused_where_it_is_read_and_else_does_no_harm(separator):
    with pytest.raises(UnreadableRecord, match="items"):
        read(an2k(type_14(PIXELS, f021=separator * 50_001)))
    assert read(an2k(type_14(PIXELS, f900=separator * 50_001))).samples


@pytest.mark.parametrize("field", ["f013", "f018", "f024", "f900"])
def test_a_transaction_of_more_items_than_the_fingers_of_a_person_need_is_refused(field):
    one = type_14(PIXELS, **{field: "2" + "\x1e" * 49_000})
    assert read(an2k(one, type_4(PIXELS))).samples
    with pytest.raises(UnreadableRecord, match="too many items"):
        read(an2k(*[one] * 5))


def test_a_field_of_very_many_items_is_taken_apart_once_however_many_records_ask_for_it():
    scanned = "39.37" + "\x1e" * 49_000
    began = time.process_time()
    with pytest.raises(Rejected):
        read(an2k(*[type_4(b"", native=1)] * 200, scanned=scanned))
    assert time.process_time() - began < 1
    native = type_4(ridges(18.0, 400, 400).tobytes(), native=1, size=(400, 400))
    assert read(an2k(native, scanned=scanned)).samples[0].image.dpi == 1000


def test_fingers_that_are_each_cut_out_of_nearly_all_of_an_image_are_too_large_together():
    segments = "\x1e".join(f"1\x1f0\x1f799\x1f0\x1f{499 - place}" for place in range(10))
    slap = type_14(encoded(SLAP, "PNG"), "0", size=(800, 500), compression="PNG", f021=segments)
    assert len(read(an2k(*[slap] * 9)).samples) == 90
    with pytest.raises(ImageTooLarge, match="record"):
        read(an2k(*[slap] * 10))


def test_a_bomb_inside_is_refused_on_its_header():
    with pytest.raises(ImageTooLarge):
        read(an2k(type_4(b"", size=(65_535, 65_535))))
    with pytest.raises(ImageTooLarge):
        read(an2k(type_14(b"x", size=(99_999, 99_999))))


def test_an_image_without_a_size_or_of_another_depth_is_refused():
    with pytest.raises(UnreadableRecord, match="size"):
        read(an2k(type_14(PIXELS, f006="wide")))
    with pytest.raises(UnreadableRecord, match="16 bits"):
        read(an2k(type_14(PIXELS, f012="16")))
    with pytest.raises(UndecodableImage):
        read(an2k(type_14(b"no image at all", compression="WSQ20")))
