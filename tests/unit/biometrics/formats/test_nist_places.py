"""ANSI/NIST-ITL transactions: fingers are cut only out of the image that their places describe."""

import numpy as np
import pytest
from PIL import Image

from biometrics.formats.positions import Position
from biometrics.formats.reading import one_finger
from biometrics.rejections import ImageTooSmall, UnreadableRecord
from contracts.records import FingerPosition
from tests.unit.biometrics.formats.made import SLAP, an2k, encoded, read, slap, turned, type_14, type_14_of

FOUR = (10, 9, 8, 7)


def bands(width, height):
    """Four bands beside each other, each of a tone of its own: little, ring, middle and index of a left hand."""
    tones = np.hstack([np.full((height, width // 4), tone) for tone in (40, 90, 140, 220)])
    return Image.fromarray((tones + np.indices((height, width)).sum(0) % 2 * 20).astype(np.uint8))


def places(width, height):
    band = width // 4
    told = [(code, n * band, (n + 1) * band - 1, 0, height - 1) for n, code in enumerate(FOUR)]
    return "\x1e".join("\x1f".join(map(str, place)) for place in told)


def banded(told, held, kind="PNG", **more):
    """A record that tells one size, and places in it, of an image that may have another."""
    return type_14(encoded(bands(*held), kind, **more), "14", told, kind, f021=places(*told))


def test_fingers_are_cut_where_they_are():
    samples = read(an2k(banded((800, 500), (800, 500)))).samples
    means = [round(float(np.frombuffer(each.image.pixels, np.uint8).mean())) for each in samples]
    assert [each.capture.position for each in samples] == list(FOUR)
    assert means == [50, 100, 150, 230]


@pytest.mark.parametrize(
    "image",
    [
        banded((800, 500), (1600, 1000)),
        banded((1600, 1000), (800, 500)),
        banded((800, 500), (804, 500)),
        banded((800, 500), (800, 501)),
        *(banded((800, 500), (800, 500), "JPEG", exif=turned(way)) for way in range(2, 9)),
        banded((800, 500), (800, 500), "TIFF", tiffinfo={274: 3}),
    ],
    ids=["larger", "smaller", "wider", "higher", *(f"turned-{way}" for way in range(2, 9)), "tiff"],
)
@pytest.mark.parametrize("finger", [None, *FOUR])
def test_no_finger_is_cut_out_of_an_image_that_its_place_does_not_describe(image, finger):
    with pytest.raises(UnreadableRecord, match=r"where the fingers are on an image of (800 x 500|1600 x 1000) pixels"):
        read(an2k(image), finger=finger and FingerPosition(finger))
    beside = read(an2k(image, type_14_of(2)), finger=FingerPosition.RIGHT_INDEX)
    assert one_finger(beside).capture.position is Position.RIGHT_INDEX


@pytest.mark.parametrize("way", [0, 1, 9])
def test_an_image_that_is_not_turned_is_cut(way):
    assert len(read(an2k(banded((800, 500), (800, 500), "JPEG", exif=turned(way)))).samples) == 4


def test_a_whole_image_of_another_size_is_read_with_a_note_for_no_place_is_counted_on_it():
    (sample,) = read(an2k(type_14(encoded(SLAP, "PNG"), "2", (400, 250), "PNG"))).samples
    assert (sample.image.width, len(sample.notes)) == (800, 1)


@pytest.mark.parametrize("beyond", [(8, 600, 801, 0, 499), (8, 600, 1399, 0, 499), (8, 600, 799, 0, 501)])
def test_a_place_that_ends_beyond_its_image_refuses_its_finger(beyond):
    record = slap((7, 0, 399, 0, 499), beyond)
    assert read(record, finger=FingerPosition.LEFT_INDEX).samples
    for finger in (None, FingerPosition.LEFT_MIDDLE):
        with pytest.raises(ImageTooSmall, match="beyond the 800 x 500 pixels"):
            read(record, finger=finger)


def test_a_place_that_ends_one_past_the_last_pixel_ends_there():
    _, sample = read(slap((7, 0, 399, 0, 499), (8, 600, 800, 0, 500))).samples
    assert (sample.image.width, sample.image.height, sample.notes) == (200, 500, ())
    assert sample.image.pixels == SLAP.crop((600, 0, 800, 500)).tobytes()


LEFT = 20, 219, 30, 279


@pytest.mark.parametrize(
    "other",
    [LEFT, (21, 220, 30, 279), (20, 229, 30, 269), (0, 799, 0, 499), (25, 205, 40, 270)],
    ids=["same", "one-beside", "almost", "around", "inside"],
)
@pytest.mark.parametrize("codes", [(7, 8), (7, 0), (0, 0)], ids=str)
def test_two_fingers_at_one_place_are_both_refused(codes, other):
    record = slap((codes[0], *LEFT), (codes[1], *other), (9, 520, 719, 300, 499))
    if other[1] == 799:
        record = slap((codes[0], *LEFT), (codes[1], *other))
    with pytest.raises(UnreadableRecord, match="at one place"):
        read(record)
    for code in set(codes) - {0}:
        with pytest.raises(UnreadableRecord, match="at one place"):
            read(record, finger=FingerPosition(code))
    if other[1] != 799:
        assert read(record, finger=FingerPosition.LEFT_RING).samples[0].notes == ()


def test_two_fingers_whose_places_share_more_than_half_are_doubtful():
    record = slap((7, *LEFT), (8, 100, 299, 30, 279), (9, 300, 499, 30, 279))
    first, second, third = read(record).samples
    assert first.notes == ("doubtful: its place and that of the left middle share more than half of the smaller",)
    assert second.notes == ("doubtful: its place and that of the left index share more than half of the smaller",)
    assert third.notes == ()


def test_two_fingers_whose_places_share_less_are_read():
    samples = read(slap((7, *LEFT), (8, 130, 329, 30, 279))).samples
    assert [each.notes for each in samples] == [(), ()]


def test_two_places_of_one_finger_are_doubtful_and_read_wherever_they_are():
    samples = read(slap((7, *LEFT), (7, *LEFT))).samples
    assert [["several places" in note for note in each.notes] for each in samples] == [[True], [True]]


@pytest.mark.parametrize(
    "more",
    [(9, 0, 0, 0, 0), (9, 100, 119, 100, 119), (14, 0, 799, 0, 499), (0, 0, 0, 0, 0)],
    ids=["zeros", "speck", "hand", "unknown"],
)
def test_what_is_no_finger_takes_no_place_from_one(more):
    places = (7, 0, 399, 0, 499), (8, 400, 799, 0, 499), more
    for code in (7, 8):
        (sample,) = read(slap(*places), finger=FingerPosition(code)).samples
        assert sample.image.width == 400


def test_the_place_of_a_whole_hand_beside_its_fingers_refuses_none_of_them():
    samples = read(slap((14, 0, 799, 0, 499), (7, 0, 399, 0, 499), (8, 400, 799, 0, 499))).samples
    assert [each.capture.position for each in samples] == [
        Position.LEFT_FOUR,
        Position.LEFT_INDEX,
        Position.LEFT_MIDDLE,
    ]


INDEX, MIDDLE = (7, 600, 0, 799, 0, 799, 499, 600, 499), (8, 410, 20, 590, 5, 595, 480, 400, 499)


def polygons(*told):
    """Field 14.025: each finger, how many points there are, and these."""
    return "\x1e".join("\x1f".join(map(str, (code, len(points) // 2, *points))) for code, *points in told)


def slap_with(**more):
    return an2k(type_14(encoded(bands(800, 500), "PNG"), "14", (800, 500), "PNG", **more))


def test_fingers_are_cut_where_polygons_are_around_them():
    index, middle = read(slap_with(f025=polygons(INDEX, MIDDLE), f024="7\x1f80")).samples
    assert (index.capture.position, index.capture.quality) == (Position.LEFT_INDEX, 80)
    assert index.image.pixels == bands(800, 500).crop((600, 0, 800, 500)).tobytes()
    assert middle.image.pixels == bands(800, 500).crop((400, 5, 596, 500)).tobytes()


@pytest.mark.parametrize("told", ["7", "7\x1f4\x1f0\x1f0", "7\x1f2\x1f0\x1f0\x1f300\x1f300", "7\x1ffour", "x\x1f4"])
def test_a_polygon_that_is_not_whole_is_no_place(told):
    with pytest.raises(UnreadableRecord, match="does not tell where"):
        read(slap_with(f025=told))


def test_a_box_counts_beside_a_polygon_and_both_must_be_at_one_place():
    boxes = {"f021": "7\x1f610\x1f789\x1f10\x1f489\x1e8\x1f410\x1f589\x1f10\x1f489"}
    index, _ = read(slap_with(**boxes, f025=polygons(INDEX, MIDDLE))).samples
    assert (index.image.width, index.image.height) == (180, 480)
    for unused in ("", "x\x1f4", "13\x1f3\x1f0\x1f0"):
        assert len(read(slap_with(**boxes, f025=unused)).samples) == 2
    swapped = polygons((7, *MIDDLE[1:]), (8, *INDEX[1:]))
    with pytest.raises(UnreadableRecord, match="tells the left index at two places"):
        read(slap_with(**boxes, f025=swapped))
    assert (
        len(
            read(
                slap_with(f021="7\x1f\x1f\x1f\x1f\x1e8\x1f410\x1f589\x1f10\x1f489", f025=polygons(MIDDLE)),
                finger=FingerPosition.LEFT_MIDDLE,
            ).samples
        )
        == 1
    )
