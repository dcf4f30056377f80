"""What is no image of a finger is refused before it costs anything."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from biometrics.images import decode_image, raw_image
from biometrics.rejections import BlankImage, ImageTooLarge, ImageTooSmall, UndecodableImage


def no_wsq(_data):
    raise AssertionError("the decoder must not be reached")


def ramp(width=200, height=250, mode="L"):
    values = np.tile(np.linspace(0, 255, width).astype(np.uint8), (height, 1))
    return Image.fromarray(values).convert(mode)


def encoded(image, kind, **more):
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def png_header(width, height):
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))


def test_gray_values_of_a_png_stay_as_they_are():
    image = ramp()
    assert decode_image(encoded(image, "PNG", gamma=2.2), 500, no_wsq).pixels == image.tobytes()


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "LA", "P", "1"])
def test_every_kind_of_png_becomes_gray(mode):
    found = decode_image(encoded(ramp(mode=mode), "PNG"), 500, no_wsq)
    assert (found.width, found.height, len(found.pixels)) == (200, 250, 50_000)


def test_what_is_transparent_is_white():
    image = ramp(mode="RGBA")
    image.putalpha(Image.fromarray(np.repeat([[0], [255]], 125, axis=0).repeat(200, axis=1).astype(np.uint8)))
    found = np.frombuffer(decode_image(encoded(image, "PNG"), 500, no_wsq).pixels, np.uint8).reshape(250, 200)
    assert (found[:125] == 255).all()
    assert found[125:].min() == 0


def test_sixteen_bits_are_scaled():
    deep = Image.fromarray(np.asarray(ramp()).astype(np.uint16) << 8)
    assert decode_image(encoded(deep, "PNG"), 500, no_wsq).pixels == ramp().tobytes()


def test_a_jpeg_is_read():
    assert decode_image(encoded(ramp(), "JPEG"), 500, no_wsq).width == 200


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_truncated_image_is_refused_wherever_it_ends(kind):
    whole = encoded(ramp(), kind)
    for length in range(0, len(whole) - 30, 37):
        with pytest.raises(UndecodableImage):
            decode_image(whole[:length], 500, no_wsq)


def test_a_hundred_million_pixels_are_refused_on_the_header():
    jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08" + struct.pack(">HH", 10_000, 10_000) + b"\x01\x01\x11\x00"
    wsq = b"\xff\xa0\xff\xa8\x00\x06abcd" + b"\xff\xa2\x00\x11\x00\xff" + struct.pack(">HH", 10_000, 10_000) + bytes(20)
    for data in (png_header(10_000, 10_000), jpeg, wsq):
        with pytest.raises(ImageTooLarge, match="10000 x 10000"):
            decode_image(data, 500, no_wsq)
    with pytest.raises(ImageTooLarge):
        raw_image(b"x", 10_000, 10_000, 500)


def test_a_size_that_is_declared_twice_is_checked_both_times():
    small, large = png_header(200, 250), png_header(3_000, 3_000)[8:]
    png = small + large + encoded(ramp(), "PNG")[len(small) :]
    start = b"\xff\xc0\x00\x0b\x08"
    frames = [start + struct.pack(">HH", side, side) + b"\x01\x01\x11\x00" for side in (200, 3_000)]
    whole = encoded(ramp(), "JPEG")
    frame = whole.index(b"\xff\xc0")
    jpeg = whole[:frame] + frames[0] + frames[1] + whole[frame + 2 + int.from_bytes(whole[frame + 2 : frame + 4]) :]
    for data in (png, jpeg):
        with pytest.raises(ImageTooLarge, match="3000 x 3000"):
            decode_image(data, 500, no_wsq)


def test_what_the_wsq_decoder_gives_is_checked_again():
    wsq = b"\xff\xa0\xff\xa2\x00\x11\x00\xff" + struct.pack(">HH", 200, 200) + bytes(20)
    with pytest.raises(ImageTooLarge, match="3000 x 3000"):
        decode_image(wsq, 500, lambda _data: (3_000, 3_000, b""))


@pytest.mark.parametrize(
    "data", [b"", b"Dear registration point, see below.", b"GIF89a" + bytes(100), b"%PDF-1.7", bytes(64)]
)
def test_what_is_no_image_is_refused(data):
    with pytest.raises(UndecodableImage, match="PNG, JPEG or WSQ"):
        decode_image(data, 500, no_wsq)


@pytest.mark.parametrize("tone", [0, 128, 255])
def test_a_blank_image_is_refused(tone):
    with pytest.raises(BlankImage):
        raw_image(bytes([tone]) * 50_000, 200, 250, 500)


def test_a_stamp_is_too_small():
    with pytest.raises(ImageTooSmall):
        decode_image(encoded(ramp(40, 50), "PNG"), 500, no_wsq)
    assert decode_image(encoded(ramp(40, 50), "PNG"), 100, no_wsq).dpi == 100


def test_raw_pixels_must_fill_their_size():
    with pytest.raises(UndecodableImage, match="do not fill"):
        raw_image(bytes(49_999), 200, 250, 500)
