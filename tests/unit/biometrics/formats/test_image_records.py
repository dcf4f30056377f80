"""ISO/IEC 19794-4 records, 2005 and 2011: every image inside, with what the record tells of it."""

import pytest

from biometrics.formats.impressions import Impression
from biometrics.formats.positions import Position
from biometrics.formats.reading import one_finger
from biometrics.formats.resolution import ResolutionSource
from biometrics.gray import GrayImage
from biometrics.rejections import (
    BlankImage,
    ImageTooLarge,
    ImpossibleResolution,
    NoFinger,
    Rejected,
    SeveralFingers,
    UndecodableImage,
    UnreadableRecord,
)
from contracts.records import FingerPosition
from tests.unit.biometrics.formats.independent import fir
from tests.unit.biometrics.formats.made import encoded, fir_2005, fir_2011, ramp, read, ridges

PIXELS = ramp().tobytes()
JP2 = encoded(ramp(), "JPEG2000")
COMPRESSED = {
    fir_2005: [(3, "JPEG"), (4, "JPEG2000"), (5, "PNG")],
    fir_2011: [(3, "JPEG"), (4, "JPEG2000"), (5, "JPEG2000"), (6, "PNG")],
}
both_editions = pytest.mark.parametrize("record", [fir_2005, fir_2011])


@both_editions
def test_all_that_a_record_tells_of_an_image_is_kept(record):
    contents = read(record((7, JP2)))
    (sample,) = contents.samples
    assert (contents.format, contents.notes, sample.notes) == ("iso-19794-4", (), ())
    assert sample.image == GrayImage(200, 250, PIXELS, 500)
    assert sample.source is ResolutionSource.RECORD
    assert (sample.capture.position, sample.capture.impression) == (Position.LEFT_INDEX, Impression.LIVE_PLAIN)
    assert (sample.capture.quality, sample.capture.view) == (80, 0)


@pytest.mark.parametrize(("record", "code", "kind"), [(r, *each) for r, all_ in COMPRESSED.items() for each in all_])
def test_every_compression_is_read(record, code, kind):
    (sample,) = read(record((2, encoded(ramp(), kind)), compression=code)).samples
    assert kind == "JPEG" or sample.image.pixels == PIXELS


@both_editions
@pytest.mark.parametrize("code", [0, 1])
def test_pixels_that_are_not_compressed_are_taken_as_they_are(record, code):
    assert read(record((2, PIXELS), compression=code)).samples[0].image.pixels == PIXELS
    with pytest.raises(UndecodableImage, match="do not fill"):
        read(record((2, PIXELS[:-1]), compression=code))


@pytest.mark.parametrize("compression", ["RAW", "JPEG", "JPEG2000_LOSSY", "JPEG2000_LOSSLESS"])
def test_records_that_another_library_wrote_are_read(compression):
    (sample,) = read(fir(compression)).samples
    assert (sample.image.width, sample.image.height, sample.image.dpi) == (240, 260, 500)
    assert (sample.capture.position, sample.capture.impression) == (Position.RIGHT_MIDDLE, Impression.LIVE_ROLLED)
    if compression in {"RAW", "JPEG2000_LOSSLESS"}:
        assert sample.image.pixels == ridges().tobytes()


@both_editions
def test_several_fingers_are_several_samples_in_their_order(record):
    samples = read(record((3, JP2), (1, JP2), (13, JP2))).samples
    assert [each.capture.position for each in samples] == [
        Position.RIGHT_MIDDLE,
        Position.RIGHT_THUMB,
        Position.RIGHT_FOUR,
    ]


@both_editions
def test_a_record_that_is_cut_short_is_refused_wherever_it_ends(record):
    whole = record((3, PIXELS[:60]), size=(10, 6), compression=0)
    for length in range(len(whole)):
        with pytest.raises(Rejected) as refused:
            read(whole[:length])
        assert refused.type is UnreadableRecord or length < 4


@both_editions
def test_a_length_that_is_absurd_is_refused(record):
    whole = record((3, JP2))
    at = 8 + (6 if record is fir_2005 else 4)
    for length in (0, 5, len(whole) - 1, len(whole) + 1, 2**32 - 1):
        with pytest.raises(UnreadableRecord):
            read(whole[:8] + length.to_bytes(at - 8) + whole[at:])


def test_an_image_whose_length_is_absurd_is_refused():
    whole = bytearray(fir_2005((3, JP2)))
    for length in (0, 13, 2**32 - 1):
        whole[32:36] = length.to_bytes(4)
        with pytest.raises(UnreadableRecord):
            read(bytes(whole))


def test_a_record_that_holds_more_fingers_than_it_announces_is_refused():
    two = fir_2011((7, JP2), (8, JP2))
    assert len(read(two).samples) == 2
    with pytest.raises(UnreadableRecord, match="more images than the 1"):
        read(two[:12] + b"\0\1" + two[14:])


def behind_the_last_image(data):
    """A record of 2011 that counts these bytes as its own."""
    whole = fir_2011((7, JP2))
    return whole[:8] + (len(whole) + len(data)).to_bytes(4) + whole[12:] + data


@pytest.mark.parametrize(
    "data",
    [b"\0\0", bytes(100), b"\xff" * 100, (40).to_bytes(4) + bytes(36), (42).to_bytes(4) + bytes(37)],
    ids=["two", "zeros", "ones", "short", "cut"],
)
def test_what_is_no_further_image_behind_the_last_one_is_a_note(data):
    contents = read(behind_the_last_image(data))
    assert len(contents.samples) == 1
    assert contents.notes == (f"{len(data)} bytes behind the last image were left out",)


@pytest.mark.parametrize("record", [fir_2005, fir_2011])
def test_bytes_behind_the_pixels_of_an_image_are_a_note(record):
    (sample,) = read(record((7, PIXELS + bytes(9)), compression=0)).samples
    assert sample.notes == ("9 bytes behind the pixels of an image were left out",)


@pytest.mark.parametrize("record", [fir_2005, fir_2011])
def test_a_record_behind_which_another_one_begins_is_refused(record):
    with pytest.raises(UnreadableRecord, match="another one begins"):
        read(record((7, PIXELS), compression=0) + record((8, PIXELS), compression=0))


def test_a_further_image_without_anything_is_one_too():
    with pytest.raises(UnreadableRecord, match="more images than the 1"):
        read(behind_the_last_image((41).to_bytes(4) + bytes(37)))


def test_a_record_that_announces_more_fingers_than_it_holds_is_refused():
    with pytest.raises(UnreadableRecord, match="announces 3 fingers and holds 1"):
        read(fir_2005((3, JP2), count=3))


@both_editions
def test_a_record_of_no_finger_is_refused(record):
    with pytest.raises(NoFinger):
        read(record())


@both_editions
def test_an_image_that_declares_another_size_than_the_record_counts_and_is_told(record):
    (sample,) = read(record((3, JP2), size=(20, 25))).samples
    assert (sample.image.width, sample.image.height) == (200, 250)
    assert "the record tells 20 x 25 pixels" in sample.notes[0]


@both_editions
def test_the_records_resolution_wins_over_the_images_and_the_callers_over_both(record):
    inner = encoded(ridges(), "PNG", dpi=(1000, 1000))
    png = 5 if record is fir_2005 else 6
    (sample,) = read(record((3, inner), compression=png, size=(240, 260))).samples
    assert (sample.image.dpi, sample.notes) == (500, ("the file tells 1000 dpi; the record's 500 counts",))
    (sample,) = read(record((3, inner), compression=png, size=(240, 260)), 569).samples
    assert (sample.image.dpi, len(sample.notes)) == (569, 2)


def test_centimetres_are_understood():
    assert read(fir_2005((3, JP2), dpi=197, units=2)).samples[0].image.dpi == 500


@both_editions
def test_an_impossible_resolution_is_refused(record):
    with pytest.raises(ImpossibleResolution, match="record tells 60"):
        read(record((3, JP2), dpi=60))


@both_editions
def test_a_bomb_inside_is_refused_on_its_header(record):
    with pytest.raises(ImageTooLarge):
        read(record((3, b""), compression=0, size=(65_535, 65_535)))
    large = encoded(ramp(2_100, 2_000), "PNG")
    with pytest.raises(ImageTooLarge):
        read(record((3, large), compression=5 if record is fir_2005 else 6))


def test_many_images_that_are_small_each_are_too_large_together():
    image = encoded(ramp(1_900, 2_000), "PNG")
    with pytest.raises(ImageTooLarge, match="record"):
        read(fir_2011(*[(3, bytes(image))] * 12, size=(1_900, 2_000), compression=6))


def test_of_very_many_fingers_a_refusal_names_ten():
    tiny = ridges(9.0, 40, 40).tobytes()
    record = fir_2005(*[(1 + number % 10, tiny) for number in range(200)], size=(40, 40), compression=0)
    with pytest.raises(SeveralFingers, match=r"holds 200 fingers \(.*left little, and others\)") as refused:
        one_finger(read(record, 100))
    assert len(str(refused.value)) < 300


@both_editions
def test_more_views_than_ten_fingers_need_are_refused(record):
    views = [(3, ridges(9.0, 40, 40).tobytes())] * 201
    assert len(read(record(*views[1:], size=(40, 40), compression=0), 100).samples) == 200
    with pytest.raises(UnreadableRecord, match="more than 200"):
        read(record(*views, size=(40, 40), compression=0), 100)


@both_editions
def test_a_blank_image_inside_is_refused(record):
    with pytest.raises(BlankImage):
        read(record((3, bytes(50_000)), compression=0))


@both_editions
@pytest.mark.parametrize(("at", "code"), [("depth", 16), ("compression", 99)])
def test_a_view_in_a_form_that_is_not_read_refuses_its_own_finger_and_no_other(record, at, code):
    raw = at == "depth"
    views = [(7, PIXELS if raw else JP2), (8, PIXELS if raw else JP2)]
    data = bytearray(record(*views, **({"compression": 0} if raw else {})))
    # The edition of 2005 tells the form once for all views, that of 2011 for each.
    place = 28 + (not raw) if record is fir_2005 else 51 + (not raw)
    data[place] = code
    said = "16 bits" if raw else "form"
    for finger in (None, FingerPosition.LEFT_INDEX):
        with pytest.raises(UnreadableRecord, match=said):
            read(bytes(data), finger=finger)
    with pytest.raises(NoFinger, match="right index"):
        read(bytes(data), finger=FingerPosition.RIGHT_INDEX)
    if record is fir_2011:
        (sample,) = read(bytes(data), finger=FingerPosition.LEFT_MIDDLE).samples
        assert sample.capture.position is Position.LEFT_MIDDLE


def test_a_view_in_a_form_that_is_not_read_is_a_note_beside_another_of_its_finger():
    data = bytearray(fir_2011((7, JP2), (7, JP2)))
    data[52] = 99
    contents = read(bytes(data))
    assert len(contents.samples) == 1
    assert "passed over" in contents.notes[-1]


def test_another_edition_and_another_depth_are_refused():
    with pytest.raises(UnreadableRecord, match="2005 or 2011"):
        read(fir_2005((3, JP2)).replace(b"010", b"040", 1))
    deep = bytearray(fir_2005((3, PIXELS), compression=0))
    deep[28] = 16
    with pytest.raises(UnreadableRecord, match="16 bits"):
        read(bytes(deep))
    with pytest.raises(UnreadableRecord, match="form"):
        read(fir_2005((3, JP2), compression=99))
