"""ANSI/NIST-ITL transactions: a resolution that is not told is not assumed."""

import pytest

from biometrics.formats.minutiae import dpi_of
from biometrics.formats.reading import one_finger
from biometrics.rejections import UnknownResolution
from contracts.records import FingerPosition
from tests.unit.biometrics.formats.made import an2k, encoded, minutiae, read, ridges, type_4, type_14, type_14_of

PIXELS = ridges(18.0, 400, 400).tobytes()


def native(scanned, native=1, kind=4):
    return an2k(type_4(PIXELS, native=native, size=(400, 400), kind=kind), scanned=scanned)


@pytest.mark.parametrize("scanned", ["39.37", "39.37007", "39.370079", "39.37007874015748", "0039.37", " 39.37 "])
@pytest.mark.parametrize("kind", [3, 4])
def test_the_resolution_of_a_scan_is_read_of_any_plain_decimal_number(scanned, kind):
    assert read(native(scanned, kind=kind)).samples[0].image.dpi == 1000


UNREADABLE = ["00.00", "", "39,37", "39.", ".37", "3.9e1", "+39.37", "39 37", "39.37.", "nan", "\xb3\xb9", "9" * 400]


@pytest.mark.parametrize("scanned", UNREADABLE)
@pytest.mark.parametrize("kind", [3, 4])
def test_of_a_scan_whose_resolution_cannot_be_read_none_is_assumed(scanned, kind):
    with pytest.raises(UnknownResolution):
        read(native(scanned, kind=kind))
    assert read(native(scanned, kind=kind), dpi=1000).samples[0].image.dpi == 1000


def test_a_scan_whose_resolution_cannot_be_read_may_tell_it_itself():
    image = encoded(ridges(18.0, 400, 400), "PNG", dpi=(1000, 1000))
    (sample,) = read(an2k(type_4(image, native=1, size=(400, 400), compression=1), scanned="00.00")).samples
    assert (sample.image.dpi, sample.source) == (1000, "file")


def test_a_record_that_says_neither_the_least_nor_the_scans_resolution_tells_none():
    with pytest.raises(UnknownResolution):
        read(native("39.37", native=2))


def test_what_does_not_ask_for_the_scans_resolution_has_the_least_of_its_type():
    assert read(native("00.00", native=0)).samples[0].image.dpi == 500


@pytest.mark.parametrize("scale", ["0", "", "3"])
def test_of_pixels_that_are_told_to_be_not_square_no_one_resolution_is_said(scale):
    image = type_14(PIXELS, "2", (400, 400), f008=scale, f009=2, f010=1)
    for told in (image, minutiae(f130=scale, f131=2, f132=1)):
        for more in ({}, {"dpi": 500}, {"estimate": True}):
            with pytest.raises(UnknownResolution, match="not square"):
                read(an2k(told), **more)
        beside = type_14_of(7)
        assert read(an2k(told, beside), finger=FingerPosition.LEFT_INDEX).samples
    square = type_14(PIXELS, "2", (400, 400), f008=scale, f009=1, f010=1)
    assert read(an2k(square), dpi=1000).samples[0].image.dpi == 1000


@pytest.mark.parametrize(("scale", "pixels", "dpi"), [("1", 500, 500), ("2", 197, 500), (" 1 ", 500, 500)])
def test_minutiae_count_in_inches_or_centimetres(scale, pixels, dpi):
    (sample,) = read(an2k(minutiae(f130=scale, f131=pixels, f132=pixels))).samples
    assert dpi_of(sample.finger.x_per_cm) == pytest.approx(dpi, abs=1)


@pytest.mark.parametrize("scale", ["0", "", "3", "cm"])
@pytest.mark.parametrize("pixels", [197, 500])
def test_minutiae_that_do_not_tell_in_what_they_count_tell_no_resolution(scale, pixels):
    told = minutiae(f130=scale, f131=pixels, f132=pixels)
    with pytest.raises(UnknownResolution):
        read(an2k(told))
    (sample,) = read(an2k(told), dpi=500).samples
    assert sample.finger.x_per_cm == 197
    beside = read(an2k(told, type_14_of(2)), finger=FingerPosition.RIGHT_INDEX)
    assert one_finger(beside).image.dpi == 500
