"""What is no image of a finger is refused before it costs anything."""

import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from biometrics.formats.images import Decoding, decode_image, raw_image
from biometrics.formats.resolution import ResolutionSource
from biometrics.formats.segments import MOST_SCANS
from biometrics.rejections import BlankImage, ImageTooLarge, ImageTooSmall, UndecodableImage, UnknownResolution
from tests.unit.biometrics.formats.made import encoded, no_wsq, ramp

AT_500 = Decoding(no_wsq, 500)


def png_header(width, height):
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))


def bmp_header(width, height):
    return (
        b"BM" + struct.pack("<IHHI", 100, 0, 0, 1078) + struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, *[0] * 6)
    )


def tiff_header(width, height):
    tags = [(256, width), (257, height), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, height), (279, 1)]
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4)


def jp2_header(width, height):
    size = struct.pack(">HIIIIIIIIH", 0, width, height, 0, 0, width, height, 0, 0, 1) + b"\x07\x01\x01"
    return b"\xff\x4f\xff\x51" + struct.pack(">H", 2 + len(size)) + size


def pixels_of(data):
    return decode_image(data, AT_500).image.pixels


def test_gray_values_of_a_png_stay_as_they_are():
    image = ramp()
    assert pixels_of(encoded(image, "PNG", gamma=2.2)) == image.tobytes()


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "LA", "P", "1"])
def test_every_kind_of_png_becomes_gray(mode):
    found = decode_image(encoded(ramp(mode=mode), "PNG"), AT_500).image
    assert (found.width, found.height, len(found.pixels)) == (200, 250, 50_000)


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF"])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_what_is_not_compressed_with_loss_keeps_its_pixels(kind, mode):
    assert pixels_of(encoded(ramp(mode=mode), kind)) == ramp().tobytes()


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"])
def test_every_usual_compression_of_tiff_is_read(compression):
    assert pixels_of(encoded(ramp(), "TIFF", compression=compression)) == ramp().tobytes()


@pytest.mark.parametrize("no_jp2", [False, True])
def test_a_jpeg_2000_is_read_with_its_boxes_and_without(no_jp2):
    assert pixels_of(encoded(ramp(), "JPEG2000", no_jp2=no_jp2)) == ramp().tobytes()


def test_what_is_transparent_is_white():
    image = ramp(mode="RGBA")
    image.putalpha(Image.fromarray(np.repeat([[0], [255]], 125, axis=0).repeat(200, axis=1).astype(np.uint8)))
    found = np.frombuffer(pixels_of(encoded(image, "PNG")), np.uint8).reshape(250, 200)
    assert (found[:125] == 255).all()
    assert found[125:].min() == 0


def png_of(depth, rows, transparent):
    """A gray PNG of so many bits a pixel, of which one value is transparent."""
    width = 8 * len(rows[0]) // depth
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", width, len(rows), depth, 0, 0, 0, 0)),
        (b"tRNS", struct.pack(">H", transparent)),
        (b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows))),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )


@pytest.mark.parametrize(
    ("depth", "row", "transparent", "shown"),
    [
        (1, b"\x33", 1, [0, 0, 255, 255] * 2),
        (2, b"\x1b\x1b", 2, [0, 85, 255, 255] * 2),
        (4, b"\x03\x70\x03\x70", 3, [0, 255, 119, 0] * 2),
        (8, b"\0\3\7\0" * 2, 0, [255, 3, 7, 255] * 2),
        (8, b"\0\3\7\0" * 2, 0x103, [0, 3, 7, 0] * 2),
        (16, b"\x12\x34\x12\x35\0\0\x70\0" * 2, 0x1234, [255, 0x12, 0, 0x70] * 2),
    ],
)
def test_a_gray_value_that_is_transparent_is_white(depth, row, transparent, shown):
    # The lower half has what the upper one lacks to be no blank image.
    rows = [row * 25] * 125 + [b"\xff" * (25 * len(row)), b"\0" * (24 * len(row)) + row] * 60
    found = np.frombuffer(pixels_of(png_of(depth, rows, transparent)), np.uint8).reshape(245, 200)
    assert (found[:125] == np.tile(shown, 25)).all()


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits_are_scaled(kind):
    deep = Image.fromarray(np.asarray(ramp()).astype(np.uint16) << 8)
    assert pixels_of(encoded(deep, kind)) == ramp().tobytes()


def test_a_jpeg_is_read():
    assert decode_image(encoded(ramp(), "JPEG"), AT_500).image.width == 200


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "JPEG2000", "BMP", "TIFF"])
def test_a_truncated_image_is_refused_wherever_it_ends(kind):
    whole = encoded(ramp(), kind)
    for length in range(0, len(whole) - 30, max(37, len(whole) // 200)):
        with pytest.raises(UndecodableImage):
            decode_image(whole[:length], AT_500)


@pytest.mark.parametrize("side", [10_000, 20_000])
@pytest.mark.parametrize("header", [png_header, bmp_header, tiff_header, jp2_header])
def test_a_hundred_million_pixels_are_refused_on_the_header(header, side):
    with pytest.raises(ImageTooLarge, match=f"{side} x {side}"):
        decode_image(header(side, side) + bytes(2_000), AT_500)


def test_a_hundred_million_pixels_are_refused_on_the_frame():
    jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08" + struct.pack(">HH", 10_000, 10_000) + b"\x01\x01\x11\x00"
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"
    wsq = b"\xff\xa0\xff\xa8\x00\x06abcd" + b"\xff\xa2\x00\x11\x00\xff" + struct.pack(">HH", 10_000, 10_000) + bytes(20)
    for data in (jpeg + scan, wsq):
        with pytest.raises(ImageTooLarge, match="10000 x 10000"):
            decode_image(data, AT_500)
    with pytest.raises(ImageTooLarge):
        raw_image(b"x", 10_000, 10_000, AT_500)


def test_a_size_that_is_declared_twice_is_checked_both_times():
    small, large = png_header(200, 250), png_header(4_000, 4_000)[8:]
    png = small + large + encoded(ramp(), "PNG")[len(small) :]
    start = b"\xff\xc0\x00\x0b\x08"
    frames = [start + struct.pack(">HH", side, side) + b"\x01\x01\x11\x00" for side in (200, 4_000)]
    whole = encoded(ramp(), "JPEG")
    frame = whole.index(b"\xff\xc0")
    jpeg = whole[:frame] + frames[0] + frames[1] + whole[frame + 2 + int.from_bytes(whole[frame + 2 : frame + 4]) :]
    for data in (png, jpeg):
        with pytest.raises(ImageTooLarge, match="4000 x 4000"):
            decode_image(data, AT_500)


def test_a_codestream_that_declares_more_than_its_box_is_refused():
    whole = encoded(ramp(), "JPEG2000")
    at = whole.index(b"\xff\x4f\xff\x51") + 8
    for grown, refusal in (((60_000, 60_000), ImageTooLarge), ((201, 250), UndecodableImage)):
        with pytest.raises(refusal):
            decode_image(whole[:at] + struct.pack(">II", *grown) + whole[at + 8 :], AT_500)


def test_a_codestream_is_looked_for_where_decoders_find_it():
    whole = encoded(ramp(), "JPEG2000")
    decoy = whole[whole.index(b"\xff\x4f\xff\x51") :][:60]
    box = (8 + 16 + len(decoy)).to_bytes(4) + b"uuid" + bytes(16) + decoy
    at = whole.index(b"jp2c") - 4
    assert pixels_of(whole[:at] + box + whole[at:]) == ramp().tobytes()
    grown = whole[at:].replace(struct.pack(">II", 200, 250), struct.pack(">II", 60_000, 60_000), 1)
    with pytest.raises(ImageTooLarge):
        decode_image(whole[:at] + box + grown, AT_500)


def test_a_codestream_in_a_million_tiles_is_refused():
    whole = encoded(ramp(), "JPEG2000")
    tiles = whole.index(b"\xff\x4f\xff\x51") + 24
    with pytest.raises(UndecodableImage):
        decode_image(whole[:tiles] + struct.pack(">II", 1, 1) + whole[tiles + 8 :], AT_500)


def test_a_jpeg_of_many_scans_is_refused_and_one_of_as_many_as_encoders_write_is_read():
    whole = encoded(ramp(), "JPEG", progressive=True)
    assert decode_image(whole, AT_500).image.width == 200
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x00\x00\x00\x00"
    with pytest.raises(UndecodableImage, match="scans"):
        decode_image(whole[:-2] + scan * MOST_SCANS + whole[-2:], AT_500)


def test_the_largest_of_two_frames_of_a_wsq_counts():
    frames = [b"\xff\xa2\x00\x11\x00\xff" + struct.pack(">HH", side, side) + bytes(9) for side in (200, 9_000)]
    for data in (b"".join(frames), b"".join(frames[::-1])):
        with pytest.raises(ImageTooLarge, match="9000 x 9000"):
            decode_image(b"\xff\xa0" + data, AT_500)


def test_what_the_wsq_decoder_gives_is_checked_again():
    wsq = b"\xff\xa0\xff\xa2\x00\x11\x00\xff" + struct.pack(">HH", 200, 200) + bytes(20)
    with pytest.raises(ImageTooLarge, match="3000 x 3000"):
        decode_image(wsq, Decoding(lambda _data: (3_000, 3_000, b""), 500))


def test_several_images_in_one_file_are_refused():
    for kind in ("TIFF", "PNG"):
        with pytest.raises(UndecodableImage, match="several"):
            decode_image(encoded(ramp(), kind, save_all=True, append_images=[ramp().rotate(180)]), AT_500)


@pytest.mark.parametrize(
    "data", [b"", b"Dear registration point, see below.", b"GIF89a" + bytes(100), b"%PDF-1.7", bytes(64)]
)
def test_what_is_no_image_is_refused(data):
    with pytest.raises(UndecodableImage, match="PNG, JPEG, JPEG 2000, WSQ, BMP or TIFF"):
        decode_image(data, AT_500)


@pytest.mark.parametrize("tone", [0, 128, 255])
def test_a_blank_image_is_refused(tone):
    with pytest.raises(BlankImage):
        raw_image(bytes([tone]) * 50_000, 200, 250, AT_500)


def test_what_is_wrong_with_the_pixels_is_told_before_that_their_resolution_is_not_known():
    silent = Decoding(no_wsq)
    with pytest.raises(BlankImage):
        raw_image(bytes(50_000), 200, 250, silent)
    with pytest.raises(ImageTooLarge):
        raw_image(b"x", 10_000, 10_000, silent)
    with pytest.raises(UnknownResolution):
        raw_image(ramp().tobytes(), 200, 250, silent)


def test_a_stamp_is_too_small():
    with pytest.raises(ImageTooSmall):
        decode_image(encoded(ramp(40, 50), "PNG"), AT_500)
    assert decode_image(encoded(ramp(40, 50), "PNG"), Decoding(no_wsq, 100)).image.dpi == 100


def test_a_poster_is_too_large():
    poster = encoded(ramp(1_600, 1_500), "PNG")
    assert decode_image(poster, AT_500).source is ResolutionSource.CALLER
    with pytest.raises(ImageTooLarge, match="true dpi"):
        decode_image(poster, Decoding(no_wsq, 200))


def test_raw_pixels_must_fill_their_size():
    with pytest.raises(UndecodableImage, match="do not fill"):
        raw_image(bytes(49_999), 200, 250, AT_500)
