"""How large a pixel is across and down, as the headers of image files tell it: with a unit, or only as a ratio."""

import struct
import zlib

import pytest
from PIL import Image

from biometrics.formats.positions import Position
from biometrics.rejections import ImpossibleResolution, UnknownResolution
from tests.unit.biometrics.formats.made import an2k, encoded, fir_2005, ramp, read, ridges, tiff, turned, type_14

WIDE = ridges(9.0, 300, 300).resize((300, 600))
"""Ridges at 500 dpi across and 1000 down."""


def exif_of(across, down=None, unit=None, exif=None):
    exif = exif or Image.Exif()
    for tag, value in ((0x11A, across), (0x11B, down), (0x128, unit)):
        if value is not None:
            exif[tag] = value
    return exif


def jfif(units, across, down, image=WIDE, **more):
    data = encoded(image, "JPEG", dpi=(500, 500), **more)
    at = data.index(b"JFIF\0") + 7
    return data[:at] + struct.pack(">BHH", units, across, down) + data[at + 5 :]


def png(across, down, unit=0, image=WIDE):
    data = encoded(image, "PNG", dpi=(500, 500))
    at = data.index(b"pHYs")
    chunk = b"pHYs" + struct.pack(">IIB", across, down, unit)
    return data[:at] + chunk + struct.pack(">I", zlib.crc32(chunk)) + data[at + 17 :]


def tiff_without_unit(across, down):
    return encoded(WIDE, "TIFF", resolution_unit=1, x_resolution=across, y_resolution=down)


def jpeg(exif):
    return encoded(WIDE, "JPEG", exif=exif)


@pytest.mark.parametrize(
    "data",
    [
        jpeg(exif_of(500.0, 1000.0, 2)),
        jpeg(exif_of(500.0, 1000.0)),
        jpeg(exif_of(197.0, 394.0, 3)),
        jfif(0, 1, 1, exif=exif_of(500.0, 1000.0, 2)),
        jfif(1, 500, 1000, exif=exif_of(72.0, 72.0, 2)),
        jfif(2, 197, 394),
        png(19_685, 39_370, 1),
    ],
    ids=["exif", "exif-without-unit", "exif-cm", "exif-beside-jfif", "jfif-beside-exif", "jfif-cm", "png"],
)
def test_both_resolutions_of_a_file_are_read(data):
    (sample,) = read(data).samples
    assert (sample.image.width, sample.image.height, sample.image.dpi) == (300, 300, 500)
    assert sample.notes == ("brought to 500 dpi: its pixels are not square",)


NOT_SQUARE = {
    "jfif": jfif(0, 1, 2),
    "jfif-of-hundreds": jfif(0, 500, 1000),
    "exif": jpeg(exif_of(500.0, 1000.0, 1)),
    "exif-turned": jpeg(exif_of(500.0, 1000.0, 1, turned(6))),
    "png": png(1, 2),
    "tiff": tiff_without_unit(500, 1000),
}


@pytest.mark.parametrize("data", NOT_SQUARE.values(), ids=NOT_SQUARE)
@pytest.mark.parametrize("more", [{}, {"dpi": 500}, {"estimate": True}], ids=["nobody", "caller", "estimate"])
def test_pixels_that_are_told_to_be_not_square_and_no_more_are_refused(data, more):
    with pytest.raises(UnknownResolution, match="not square, and not how large"):
        read(data, **more)


SQUARE = {
    "jfif": jfif(0, 1, 1),
    "jfif-nearly": jfif(0, 100, 101),
    "jfif-of-nothing": jfif(0, 0, 0),
    "jfif-of-half-nothing": jfif(0, 0, 1),
    "jfif-of-no-known-unit": jfif(3, 1, 2),
    "exif": jpeg(exif_of(500.0, 500.0, 1)),
    "exif-of-one": jpeg(exif_of(500.0, None, 2)),
    "exif-turned": jpeg(turned(6)),
    "exif-broken": encoded(WIDE, "JPEG", exif=b"Exif\0\0x"),
    "png": png(1, 1),
    "png-of-nothing": png(0, 2),
    "tiff": tiff_without_unit(500, 500),
}


@pytest.mark.parametrize("data", SQUARE.values(), ids=SQUARE)
def test_a_ratio_of_square_pixels_or_of_nothing_tells_nothing_and_the_callers_counts(data):
    with pytest.raises(UnknownResolution, match="Nothing tells"):
        read(data)
    (sample,) = read(data, 500).samples
    assert (sample.image.dpi, sample.notes) == (500, ())


def test_a_record_that_tells_both_ways_counts_and_the_notes_say_so():
    record = fir_2005((2, png(1, 2)), size=WIDE.size, compression=5)
    (sample,) = read(record).samples
    assert (sample.capture.position, sample.image.height) == (Position.RIGHT_INDEX, 600)
    assert sample.notes == ("the file tells that its pixels are not square; the record's 500 counts",)
    assert read(record, 500).samples[0].notes == sample.notes
    told_apart = an2k(type_14(png(1, 2), "2", WIDE.size, "PNG", f010="1000"))
    for caller in (None, 500):
        (sample,) = read(told_apart, caller).samples
        assert sample.image.height == 300, "the record tells both ways, and one number says nothing of such pixels"
    assert any("the caller tells 500" in note for note in sample.notes)
    impossible = an2k(type_14(png(1, 2), "2", WIDE.size, "PNG", f009="72", f010="72"))
    with pytest.raises(UnknownResolution, match="not square"):
        read(impossible, 500, estimate=True)


def test_a_resolution_that_is_no_number_or_has_no_end_tells_nothing():
    for told in ((0, 0), (1, 0)):
        data = tiff((282, 5, 1, None), (283, 5, 1, None), behind=struct.pack("<II", *told))
        with pytest.raises(UnknownResolution):
            read(data)


def test_what_is_told_with_a_unit_and_cannot_be_is_still_refused():
    with pytest.raises(ImpossibleResolution, match="72"):
        read(encoded(ramp(), "JPEG", exif=exif_of(72.0, 72.0, 2)))
