"""What is damaged, and still ends as an image does, is refused: decoders fill up what is missing, and tell nobody."""

import struct
import time
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from biometrics.formats.images import Decoding, decode_image
from biometrics.rejections import UndecodableImage
from tests.unit.biometrics.formats.made import encoded, no_wsq, ridges
from tests.unit.biometrics.formats.test_bounds import segment

AT_500 = Decoding(no_wsq, 500)
END = b"\xff\xd9"
START_OF_SCAN = b"\xff\xda"
IMAGE = ridges(9.0, 203, 251)
RESTARTS = [{}, {"restart_marker_blocks": 1}, {"restart_marker_blocks": 7}, {"restart_marker_rows": 1}]


def below(tone):
    """A print whose lower part is of one tone, as are decoders' inventions."""
    shown = np.asarray(IMAGE).copy()
    shown[90:] = tone
    return Image.fromarray(shown)


IMAGES = {"ridges": IMAGE, "white-below": below(255), "gray-below": below(128)}


def read(data):
    return decode_image(data, AT_500).image


def refused(data):
    with pytest.raises(UndecodableImage, match="broken or cut short"):
        read(data)


def scans_of(jpeg):
    """Where the scans begin."""
    return [at for at in range(len(jpeg)) if jpeg.startswith(START_OF_SCAN, at)]


@pytest.mark.parametrize("progressive", [False, True], ids=["baseline", "progressive"])
@pytest.mark.parametrize("restarts", RESTARTS, ids=["whole", "blocks", "some", "rows"])
@pytest.mark.parametrize("image", IMAGES.values(), ids=IMAGES)
@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_whole_jpegs_are_read_and_those_that_are_cut_are_not(mode, image, restarts, progressive):
    for quality in (10, 60, 100):
        for optimize in (False, True):
            more = {"quality": quality, "optimize": optimize, "progressive": progressive} | restarts
            whole = encoded(image.convert(mode), "JPEG", **more)
            assert read(whole).width == 203
            coded = scans_of(whole)[0] + 14
            for length in range(coded, len(whole) - 20, (len(whole) - coded) // 3):
                refused(whole[:length] + END)


@pytest.mark.parametrize("subsampling", [0, 1, 2])
def test_whole_jpegs_of_coarser_colours_are_read(subsampling):
    for progressive in (False, True):
        for tone in (IMAGE, below(255)):
            data = encoded(tone.convert("RGB"), "JPEG", subsampling=subsampling, progressive=progressive)
            assert read(data).height == 251


def test_bytes_between_coded_data_and_their_end_are_no_fault():
    whole = encoded(IMAGE, "JPEG")
    for more in (b"\0" * 20, b"\xff" * 20, bytes(range(255)), b"\xff\xfe\0\4ab"):
        assert read(whole[:-2] + more + END).pixels == read(whole).pixels
    assert read(whole + START_OF_SCAN + bytes(100)).pixels == read(whole).pixels


def test_a_progressive_jpeg_that_ends_after_any_but_its_last_scan_is_refused():
    for mode in ("L", "RGB"):
        whole = encoded(IMAGE.convert(mode), "JPEG", progressive=True)
        later = scans_of(whole)[1:]
        assert len(later) >= 5
        for scan in later:
            tables = whole.rfind(b"\xff\xc4", 0, scan)
            refused(whole[:scan] + END)
            refused(whole[:tables] + END)


def scan_of_each(jpeg):
    """A JPEG of three colours in scans of their own, of which all have the same coded data."""
    at = scans_of(jpeg)[0]
    coded = jpeg[at + 10 : -2]
    of_each = [segment(b"\xda", bytes([1, name, 0, 0, 63, 0])) + coded for name in (1, 2, 3)]
    frame = segment(b"\xc0", struct.pack(">BHHB", 8, 251, 203, 3) + b"".join(bytes([n, 0x11, 0]) for n in (1, 2, 3)))
    start = jpeg.index(b"\xff\xc0")
    return jpeg[:start] + frame + jpeg[start + 2 + int.from_bytes(jpeg[start + 2 : start + 4]) : at], of_each


def test_a_jpeg_without_a_scan_of_each_of_its_colours_is_refused():
    head, scans = scan_of_each(encoded(IMAGE, "JPEG"))
    assert read(head + b"".join(scans) + END).width == 203
    for missing in range(3):
        refused(head + b"".join(scan for place, scan in enumerate(scans) if place != missing) + END)


def restarts_of(jpeg):
    return [at for at in range(scans_of(jpeg)[0], len(jpeg)) if jpeg[at] == 0xFF and jpeg[at + 1] in range(0xD0, 0xD8)]


@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_that_lacks_what_is_between_two_restarts_is_refused(progressive):
    whole = encoded(IMAGE, "JPEG", restart_marker_rows=1, progressive=progressive)
    found = restarts_of(whole)
    for first, behind in ((0, 1), (5, 6), (10, 18), (5, len(found) - 1)):
        refused(whole[: found[first]] + whole[found[behind] :])
    for at in (found[0], found[-1]):
        refused(whole[: at - 10] + whole[at:])
        refused(whole[:at] + END)


@pytest.mark.parametrize("more", [b"\xff\xd0", b"\xff\x01", b"\xff\xfe\0\2"])
def test_a_jpeg_of_more_restarts_than_blocks_of_the_largest_image_is_refused(more):
    whole = encoded(IMAGE, "JPEG")
    with pytest.raises(UndecodableImage, match="pieces"):
        read(whole[:-2] + more * 200_001 + END)


def test_very_many_fill_bytes_keep_nobody_busy():
    began = time.process_time()
    whole = encoded(IMAGE, "JPEG")
    assert read(whole[:-2] + b"\xff" * 5_000_000 + b"\0" + END).width == 203
    whole = encoded(IMAGE, "JPEG2000", no_jp2=True)
    tile = tiles_of(whole)[0]
    refused(whole[:tile] + b"\xff\x30" * 5_000_000 + whole[tile:])
    assert time.process_time() - began < 2


TILED = ridges(9.0, 240, 251)


def tiles_of(jpeg_2000):
    return [at for at in range(len(jpeg_2000)) if jpeg_2000.startswith(b"\xff\x90\0\x0a", at)]


@pytest.mark.parametrize("no_jp2", [False, True])
def test_a_jpeg_2000_without_any_of_its_tiles_is_refused(no_jp2):
    whole = encoded(TILED, "JPEG2000", tile_size=(100, 100), no_jp2=no_jp2)
    starts = [*tiles_of(whole), len(whole) - 2]
    assert len(starts) == 10
    assert read(whole).pixels == TILED.tobytes()
    for first, behind in pairwise(starts):
        refused(whole[:first] + END)
        refused(whole[: first + 40] + END)
        refused(whole[:first] + whole[behind:])


def test_a_jpeg_2000_whose_last_tile_goes_on_to_the_end_is_read():
    whole = encoded(TILED, "JPEG2000", tile_size=(100, 100))
    last = tiles_of(whole)[-1]
    assert read(whole[: last + 6] + bytes(4) + whole[last + 10 :]).pixels == TILED.tobytes()


def test_a_jpeg_2000_that_lacks_a_further_part_of_a_tile_is_refused():
    whole = encoded(TILED, "JPEG2000")
    (tile,) = tiles_of(whole)
    assert whole[tile + 11] == 1
    assert read(whole[: tile + 11] + b"\0" + whole[tile + 12 :]).pixels == TILED.tobytes()
    refused(whole[: tile + 11] + b"\2" + whole[tile + 12 :])
