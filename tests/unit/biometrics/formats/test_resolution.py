"""Resolution is told or estimated, never assumed; who says it wins over what a record tells, and that over a file."""

import io
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from biometrics.formats.resampling import at_standard
from biometrics.formats.resolution import (
    HIGHEST_DPI,
    LOWEST_DPI,
    ResolutionNote,
    ResolutionSource,
    resolve,
)
from biometrics.formats.ridges import estimate_dpi
from biometrics.gray import GrayImage
from biometrics.rejections import ImageTooLarge, ImpossibleResolution, UnknownResolution
from biometrics.synthetic.finger import make_finger
from biometrics.synthetic.impression import press
from tests.unit.biometrics.formats.made import encoded, fir_2011, ramp, read, ridges

CALLER, RECORD, FILE, ESTIMATE = ResolutionSource


@pytest.mark.parametrize("dpi", [500, 569, 1000])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP"])
def test_a_file_that_tells_its_resolution_is_believed(kind, dpi):
    (sample,) = read(encoded(ridges(9.0 * dpi / 500, 500, 500), kind, dpi=(dpi, dpi))).samples
    assert (sample.image.dpi, sample.source, sample.notes) == (dpi, FILE, ())


def test_a_jfif_in_centimetres_and_a_tiff_in_centimetres_are_understood():
    jpeg = bytearray(encoded(ridges(), "JPEG", dpi=(197, 197)))
    jpeg[jpeg.index(b"JFIF\0") + 7] = 2
    tiff = encoded(ridges(), "TIFF", resolution_unit="cm", x_resolution=197, y_resolution=197)
    for data in (bytes(jpeg), tiff):
        assert read(data).samples[0].image.dpi == 500


def jpeg_2000(down, across):
    """A JPEG 2000 whose box of the resolution holds numerator, denominator and exponent of pixels to a metre."""
    whole = encoded(ridges(), "JPEG2000")
    box = b"\0\0\0\x1ares \0\0\0\x12resc" + struct.pack(">HHHHbb", *down[:2], *across[:2], down[2], across[2])
    header = whole.index(b"jp2h") - 4
    length = int.from_bytes(whole[header : header + 4])
    grown = (length + len(box)).to_bytes(4) + whole[header + 4 : header + length] + box
    return whole[:header] + grown + whole[header + length :]


@pytest.mark.parametrize(
    ("told", "dpi"),
    [((19_685, 1, 0), 500), ((39_370, 2, 0), 500), ((1_969, 1, 1), 500), ((2, 1, 4), 508), ((43_307, 1, -1), 110)],
)
def test_the_resolution_of_a_jpeg_2000_is_read_of_its_box(told, dpi):
    (sample,) = read(jpeg_2000(told, told)).samples
    assert (sample.image.dpi, sample.source) == (dpi, FILE)


def test_a_jpeg_2000_tells_the_resolution_down_before_that_across():
    data = jpeg_2000((3_937, 2, 1), (31_496, 1, 0))
    (sample,) = read(data).samples
    assert (sample.image.width, sample.image.height) == (150, 260)
    assert read(data, 500).samples[0].notes == ("the file tells 800 x 500 dpi; the caller's 500 counts",)


@pytest.mark.parametrize(
    ("told", "said"),
    [((19_685, 1, -1), "50"), ((65_535, 1, 127), "over 999999"), ((65_535, 1, 6), "over")],
)
def test_an_absurd_resolution_of_a_jpeg_2000_is_refused_in_few_digits(told, said):
    with pytest.raises(ImpossibleResolution, match=f"tells {said}") as refused:
        read(jpeg_2000(told, told))
    assert len(str(refused.value)) < 150
    assert "counts" in read(jpeg_2000(told, told), 500).samples[0].notes[0]


def test_a_jpeg_2000_whose_box_divides_by_zero_or_tells_next_to_nothing_tells_nothing():
    for nothing in ((19_685, 0, 0), (0, 1, 0), (1, 65_535, -128)):
        with pytest.raises(UnknownResolution):
            read(jpeg_2000(nothing, nothing))


def test_an_absurd_size_is_refused_in_few_digits():
    data = bytearray(encoded(ramp(), "PNG"))
    data[16:24] = b"\xff" * 8
    with pytest.raises(ImageTooLarge, match="over 999999 x over 999999 pixels"):
        read(bytes(data))


def test_the_resolution_of_a_wsq_is_read_of_its_comment():
    comment = b"NIST_COM 3\nPIX_WIDTH 200\nPPI 500\nLOSSY 1\n"
    data = b"\xff\xa0\xff\xa8" + (2 + len(comment)).to_bytes(2) + comment
    data += b"\xff\xa2\x00\x11\x00\xff\x00\xfa\x00\xc8" + bytes(9)
    pixels = ramp().tobytes()
    (sample,) = read(data, decode_wsq=lambda _data: (200, 250, pixels)).samples
    assert (sample.image.dpi, sample.source) == (500, FILE)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "JPEG2000"])
def test_a_file_that_tells_none_is_refused(kind):
    with pytest.raises(UnknownResolution, match="say its dpi"):
        read(encoded(ridges(), kind))


@pytest.mark.parametrize("dpi", [72, 96, 3_000])
def test_a_resolution_that_no_scanner_has_is_refused_and_may_be_replaced_by_an_estimate(dpi):
    data = encoded(ridges(), "BMP", dpi=(dpi, dpi))
    with pytest.raises(ImpossibleResolution, match=f"file tells {dpi}"):
        read(data)
    (sample,) = read(data, estimate=True).samples
    assert sample.source is ESTIMATE
    assert sample.image.dpi == pytest.approx(500, abs=25)
    assert "estimate" in sample.notes[0]
    assert read(data, 500).samples[0].source is CALLER


def test_the_caller_wins_and_the_contradiction_is_told():
    (sample,) = read(encoded(ridges(), "PNG", dpi=(1000, 1000)), 500).samples
    assert (sample.image.dpi, sample.source) == (500, CALLER)
    assert sample.notes == ("the file tells 1000 dpi; the caller's 500 counts",)
    assert isinstance(sample.notes[0], ResolutionNote)
    assert read(encoded(ridges(), "PNG", dpi=(500, 500)), 500).samples[0].notes == ()


def test_a_told_resolution_that_the_ridges_belie_is_in_doubt():
    (sample,) = read(encoded(ridges(9.0, 400, 400), "PNG", dpi=(1000, 1000))).samples
    assert sample.image.dpi == 1000
    assert "doubtful" in sample.notes[0]


def test_an_estimate_is_not_made_of_what_shows_no_ridges():
    with pytest.raises(UnknownResolution):
        read(encoded(ramp(), "PNG"), estimate=True)


def test_pixels_that_are_not_square_are_brought_to_500():
    image = ridges(9.0, 300, 300)
    (sample,) = read(encoded(image.resize((600, 300)), "TIFF", dpi=(1000, 500))).samples
    assert (sample.image.width, sample.image.height, sample.image.dpi) == (300, 300, 500)
    assert any("not square" in note for note in sample.notes)
    before, after = (np.asarray(each, float) for each in (image, Image.frombytes("L", (300, 300), sample.image.pixels)))
    assert np.corrcoef(before[8:-8, 8:-8].ravel(), after[8:-8, 8:-8].ravel())[0, 1] > 0.99


@given(
    st.none() | st.integers(LOWEST_DPI, HIGHEST_DPI),
    st.none() | st.tuples(st.floats(100, 2000), st.floats(100, 2000)),
    st.none() | st.tuples(st.floats(100, 2000), st.floats(100, 2000)),
)
def test_the_nearest_to_the_caller_counts_and_others_are_named(caller, record, file):
    found = resolve(caller, record, file)
    if found is None:
        assert caller is record is file is None
    elif caller is not None:
        assert (found.dpi, found.source) == ((caller, caller), CALLER)
    elif record is not None:
        assert (found.dpi, found.source) == (record, RECORD)
    else:
        assert (found.dpi, found.source, found.notes) == (file, FILE, ())


@pytest.mark.parametrize("nothing", [(0.0, 0.0), (0.0, 500.0)])
def test_a_zero_tells_nothing(nothing):
    assert resolve(None, nothing, None) is None
    assert resolve(None, nothing, (500.0, 500.0)).source is FILE


@pytest.mark.parametrize("dpi", [250, 350, 500, 800, 1000])
def test_ridges_of_invented_fingers_tell_the_resolution_within_a_quarter(dpi):
    pressed = press(make_finger(4), 0)
    picture = Image.frombytes("L", (pressed.width, pressed.height), pressed.pixels)
    size = (pressed.width * dpi // 500, pressed.height * dpi // 500)
    assert estimate_dpi(np.asarray(picture.resize(size, Image.Resampling.LANCZOS))) == pytest.approx(dpi, rel=0.25)


@settings(max_examples=30)
@given(st.floats(4, 15), st.integers(0, 3))
def test_the_period_of_clear_ridges_is_found_whatever_their_direction(period, quarter):
    picture = np.rot90(np.asarray(ridges(period, 400, 300)), quarter)
    assert estimate_dpi(picture) == pytest.approx(period / 9 * 500, rel=0.08)


def test_ridges_stand_where_they_stood_after_resampling_up_and_down():
    fine = np.asarray(ridges(18.0, 480, 520))
    found = at_standard(GrayImage(480, 520, fine.tobytes(), 1000))
    assert (found.width, found.height, found.dpi) == (240, 260, 500)
    mean = fine.reshape(260, 2, 240, 2).mean(axis=(1, 3))
    after = np.frombuffer(found.pixels, np.uint8).reshape(260, 240)
    assert np.abs(mean - after)[4:-4, 4:-4].mean() < 4


def test_what_is_at_500_stays_as_it_is_to_the_last_bit():
    image = GrayImage(200, 250, ramp().tobytes(), 502)
    assert at_standard(image).pixels == image.pixels


def test_a_picture_tells_its_resolution_after_it_was_written():
    from biometrics.formats.pictures import write_png

    image = GrayImage(240, 260, ridges().tobytes(), 569)
    with Image.open(io.BytesIO(write_png(image))) as opened:
        assert opened.tobytes() == image.pixels
    assert read(write_png(image)).samples[0].image == image


@pytest.mark.parametrize("told", [250, 1000])
def test_whoever_tells_a_resolution_that_the_ridges_contradict_is_doubted(told):
    image = ridges(9.0, 400, 400)
    by_caller = read(encoded(image, "PNG"), told).samples[0]
    by_record = read(fir_2011((2, encoded(image, "PNG")), dpi=told, size=image.size, compression=6)).samples[0]
    for sample in (by_caller, by_record):
        assert [note for note in sample.notes if f"not {told}" in note and "ridges look like" in note]
    assert read(encoded(image, "PNG"), 500).samples[0].notes == ()
