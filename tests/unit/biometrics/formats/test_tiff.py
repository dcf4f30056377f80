"""TIFF tells more than others, and more of it wrongly: tiles, tones, directions and resolutions."""

import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
from PIL import Image

from biometrics.formats.images import Decoding, declared_size, decode_image
from biometrics.formats.resolution import ResolutionSource
from biometrics.rejections import ImageTooLarge, UndecodableImage, UnknownResolution
from tests.unit.biometrics.formats.made import encoded, no_wsq, ramp, read, ridges, tiff, turned

AT_500 = Decoding(no_wsq, 500)
PIXELS = ramp().tobytes()
DEEP = np.asarray(ramp()).astype("<u2") * 257
WIDTH, LENGTH, BITS, COMPRESSION, PHOTOMETRIC, ORIENTATION, X_RESOLUTION, Y_RESOLUTION, UNIT = (
    256, 257, 258, 259, 262, 274, 282, 283, 296,
)  # fmt: skip
TILE_WIDTH, TILE_LENGTH, TILE_OFFSETS, TILE_COUNTS, SIGN = 322, 323, 324, 325, 339
SHORT, LONG, RATIO, ASCII, FLOAT = ("<H", 3), ("<I", 4), ("<II", 5), ("4s", 2), ("<f", 11)


def tiff_of(tags, pixels=PIXELS, size=(200, 250), strips=True):
    """A TIFF whose tags are pairs of kind and values; where its pixels begin is told as a strip, or by the caller."""
    told = {WIDTH: (LONG, size[0]), LENGTH: (LONG, size[1]), BITS: (SHORT, 8), PHOTOMETRIC: (SHORT, 1), 277: (SHORT, 1)}
    if strips:
        told |= {273: (LONG, 8), 278: (LONG, size[1]), 279: (LONG, len(pixels))}
    told |= tags
    at = 8 + len(pixels)
    values = b""
    entries = b""
    behind = at + 2 + 12 * len(told) + 4
    for tag in sorted(told):
        (form, code), *each = told[tag]
        value = struct.pack(form, *each)
        if len(value) > 4:
            value, values = struct.pack("<I", behind + len(values)), values + value
        entries += struct.pack("<HHI", tag, code, 4 if code == ASCII[1] else 1) + value.ljust(4, b"\0")
    return b"II*\0" + struct.pack("<I", at) + pixels + struct.pack("<H", len(told)) + entries + bytes(4) + values


def shown(data):
    image = decode_image(data, AT_500).image
    return np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width)


def test_tiles_too_large_to_decode_are_refused():
    packed = zlib.compress(bytes(1_000))
    tags = {COMPRESSION: (SHORT, 8), TILE_OFFSETS: (LONG, 8), TILE_COUNTS: (LONG, len(packed))}
    with pytest.raises(ImageTooLarge, match="46000 x 46000"):
        shown(tiff_of(tags | {TILE_WIDTH: (LONG, 46_000), TILE_LENGTH: (LONG, 46_000)}, packed, strips=False))


@pytest.mark.parametrize("kind", [ASCII, FLOAT])
def test_a_broken_resolution_tells_nothing_and_the_callers_counts(kind):
    value = b"abc\0" if kind is ASCII else float("nan")
    data = tiff_of({X_RESOLUTION: (kind, value), Y_RESOLUTION: (kind, value), UNIT: (SHORT, 2)})
    assert decode_image(data, AT_500).source is ResolutionSource.CALLER
    with pytest.raises(UnknownResolution):
        decode_image(data, Decoding(no_wsq))


@pytest.mark.parametrize("white", [0, 1])
@pytest.mark.parametrize(("bits", "values"), [(8, np.asarray(ramp())), (16, DEEP)])
def test_whichever_end_of_the_scale_is_white(white, bits, values):
    told = tiff_of({BITS: (SHORT, bits), PHOTOMETRIC: (SHORT, white)}, (values if white else ~values).tobytes())
    assert (shown(told) == np.asarray(ramp())).all()


@pytest.mark.parametrize(
    ("values", "bits", "sign"),
    [
        ((np.asarray(ramp()) ^ 0x80), 8, 2),
        (DEEP ^ 0x8000, 16, 2),
        (DEEP.astype("<u4"), 32, 1),
        (np.asarray(ramp()).astype("<f4"), 32, 3),
        (np.zeros((250, 300), np.uint8), 12, 1),
    ],
    ids=["signed-8", "signed-16", "32", "float", "12"],
)
def test_pixels_in_a_form_that_is_not_read_are_refused_and_not_called_blank(values, bits, sign):
    with pytest.raises(UndecodableImage, match="form that is not read"):
        shown(tiff_of({BITS: (SHORT, bits), SIGN: (SHORT, sign)}, values.tobytes()))


TURNED = {
    1: lambda values: values,
    2: np.fliplr,
    3: lambda values: values[::-1, ::-1],
    4: np.flipud,
    5: np.transpose,
    6: lambda values: np.rot90(values, -1),
    7: lambda values: values[::-1, ::-1].T,
    8: np.rot90,
    9: lambda values: values,
}
"""What of stored pixels is seen (TIFF 6.0, section 8, `Orientation`)."""


@pytest.mark.parametrize("orientation", TURNED)
def test_an_image_is_turned_as_a_tiff_a_jpeg_and_a_png_say(orientation):
    image = ridges()
    expected = TURNED[orientation](np.asarray(image))
    assert (shown(tiff_of({ORIENTATION: (SHORT, orientation)}, image.tobytes(), image.size)) == expected).all()
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    jpeg = shown(encoded(image, "JPEG", quality=95, exif=exif))
    assert np.abs(jpeg.astype(int) - TURNED[orientation](shown(encoded(image, "JPEG", quality=95)))).max() == 0
    png = encoded(image, "PNG", exif=exif)
    start = png.index(b"eXIf") - 4
    end = start + 12 + int.from_bytes(png[start : start + 4])
    behind = png[:start] + png[end:-12] + png[start:end] + png[-12:]
    for data in (png, behind):
        assert (shown(data) == expected).all()
        assert decode_image(data, AT_500).is_turned is (orientation in range(2, 9))


def test_a_png_that_its_exif_turns_tells_its_size_and_resolution_as_it_is_seen():
    wide = ridges(9.0, 300, 300).resize((600, 300))
    data = encoded(wide, "PNG", dpi=(1000, 500), exif=turned(6))
    assert declared_size(data) == (300, 600)
    (sample,) = read(data).samples
    assert (sample.image.width, sample.image.height, sample.image.dpi) == (300, 300, 500)


@pytest.mark.parametrize("exif", [b"Exif\0\0x", b"Exif\0\0II*\0\x08\0\0\0\1\0\x12\x01\x02\0\x02\0\0\0a\0\0\0\0\0\0\0"])
def test_an_image_whose_orientation_is_broken_is_read_as_it_is(exif):
    for kind in ("JPEG", "PNG"):
        assert (shown(encoded(ridges(), kind, exif=exif)) == shown(encoded(ridges(), kind))).all()


@pytest.mark.filterwarnings("ignore::UserWarning")  # as the service does
def test_exif_that_tells_more_than_it_has_is_broken_and_refuses_nothing():
    broken = b"Exif\0\0II*\0\x08\0\0\0" + directory(entry(1_000, 4, 1_000_000, 26))
    assert (shown(encoded(ridges(), "JPEG", exif=broken)) == shown(encoded(ridges(), "JPEG"))).all()


def test_pixels_that_are_not_square_are_turned_with_their_resolution():
    stored = ridges(9.0, 300, 300).resize((600, 300))
    for orientation in (1, 6):
        tags = {X_RESOLUTION: (RATIO, 1000, 1), Y_RESOLUTION: (RATIO, 500, 1), UNIT: (SHORT, 2)}
        (sample,) = read(tiff_of(tags | {ORIENTATION: (SHORT, orientation)}, stored.tobytes(), stored.size)).samples
        assert (sample.image.width, sample.image.height, sample.image.dpi) == (300, 300, 500)


def test_what_is_odd_about_a_file_does_not_fill_the_log(tmp_path):
    odd = range(1_000, 1_100)
    data = tiff_of(dict.fromkeys(odd, (LONG, 8)))
    for tag in odd:
        data = data.replace(struct.pack("<HHI", tag, 4, 1), struct.pack("<HHI", tag, 7, 1_000_000))
    file = tmp_path / "odd.tiff"
    file.write_bytes(data)
    code = (
        "import sys, pathlib; from biometrics.formats.images import Decoding, decode_image\n"
        "found = decode_image(pathlib.Path(sys.argv[1]).read_bytes(), Decoding(len, 500)); print(found.image.width)"
    )
    done = subprocess.run([sys.executable, "-c", code, file], capture_output=True, text=True, check=True, timeout=60)
    assert (done.stdout.strip(), done.stderr) == ("200", "")


def entry(tag, kind, count, value, order="<"):
    return struct.pack(f"{order}HHII", tag, kind, count, value)


def directory(*entries, order="<"):
    return struct.pack(f"{order}H", len(entries)) + b"".join(entries) + bytes(4)


ROWS = 8 + 2 + 12 * 8 + 4
"""Where the pixels of `tiff` begin, if it has no more tags than each needs."""
MANY = 20_001
in_both_orders = pytest.mark.parametrize("order", ["<", ">"])


@in_both_orders
def test_a_tiff_of_a_strip_to_each_row_is_read(order):
    places = struct.pack(f"{order}250I", *range(ROWS, ROWS + 50_000, 200))
    data = tiff((273, 4, 250, None), (278, 4, 1, 1), behind=places, order=order)
    assert (shown(data) == np.asarray(ramp())).all()


@in_both_orders
@pytest.mark.parametrize("kind", [1, 3, 4, 7])
@pytest.mark.parametrize("tag", [273, 279, 324, 325])
def test_a_tiff_of_more_strips_or_tiles_than_encoders_write_is_refused(tag, kind, order):
    data = tiff((tag, kind, MANY, None), (278, 4, 1, 1), behind=bytes(4 * MANY), order=order)
    with pytest.raises(UndecodableImage, match="too many values"):
        shown(data)


@pytest.mark.parametrize("kind", [3, 4, 5, 10, 12])
def test_a_tiff_of_more_numbers_than_encoders_write_is_refused_in_whatever_tag(kind):
    for tag in (258, 282, 1_000):
        with pytest.raises(UndecodableImage, match="too many values"):
            shown(tiff((tag, kind, MANY, None), behind=bytes(8 * MANY)))
    with pytest.raises(UndecodableImage, match="too many values"):
        shown(tiff((1_000, kind, MANY // 2, None), (1_001, kind, MANY // 2 + 1, None), behind=bytes(8 * MANY)))


@pytest.mark.parametrize("kind", [1, 2, 7])
def test_a_profile_of_many_bytes_is_no_number(kind):
    assert (shown(tiff((1_000, kind, 1_000_000, None), behind=bytes(1_000_000))) == np.asarray(ramp())).all()


@in_both_orders
@pytest.mark.parametrize("kind", [4, 13])
@pytest.mark.parametrize("tag", [34665, 34853, 40965])
def test_directories_that_a_camera_adds_are_looked_into(tag, kind, order):
    behind = len(tiff((tag, kind, 1, 0)))
    for count in (1, MANY):
        added = directory(entry(282, 5, count, 8, order), order=order)
        data = tiff((tag, kind, 1, behind), behind=added + bytes(8 * count), order=order)
        if count == 1:
            assert (shown(data) == np.asarray(ramp())).all()
        else:
            with pytest.raises(UndecodableImage, match="too many values"):
                shown(data)


def test_a_directory_within_an_added_one_and_a_second_image_are_looked_into():
    behind = len(tiff((34665, 4, 1, 0)))
    within = directory(entry(282, 5, MANY, 8))
    added = directory(entry(40965, 4, 1, behind + 18))
    assert len(added) == 18
    whole = tiff((34665, 4, 1, behind), behind=added + within + bytes(8 * MANY))
    second = tiff(following=len(tiff()), behind=directory(entry(273, 1, MANY, 8)) + bytes(MANY))
    for data in (whole, second):
        with pytest.raises(UndecodableImage, match="too many values"):
            shown(data)


def test_directories_that_lead_to_one_another_are_walked_once():
    behind = len(tiff((34665, 4, 1, 0)))
    for data in (tiff(following=8), tiff((34665, 4, 1, behind), behind=directory(entry(40965, 4, 1, behind)))):
        assert (shown(data) == np.asarray(ramp())).all()


def test_a_tiff_of_more_directories_than_cameras_add_is_refused():
    start = len(tiff((34665, 4, 1, 0)))
    for count in (8, 10):
        links = [directory(entry(40965, 4, 1, start + 18 * (number + 1))) for number in range(count)]
        data = tiff((34665, 4, 1, start), behind=b"".join(links) + directory())
        if count == 8:
            assert (shown(data) == np.asarray(ramp())).all()
        else:
            with pytest.raises(UndecodableImage, match="directories"):
                shown(data)


@pytest.mark.parametrize(("kind", "count"), [(3, 1), (4, 2), (5, 1), (9, 1)])
def test_a_place_of_a_directory_that_is_no_place_is_refused(kind, count):
    with pytest.raises(UndecodableImage, match="broken"):
        shown(tiff((34665, kind, count, 8)))


def test_a_tiff_of_many_images_is_refused_as_such():
    with pytest.raises(UndecodableImage, match="several images"):
        shown(encoded(ramp(), "TIFF", save_all=True, append_images=[ramp()] * 30))
