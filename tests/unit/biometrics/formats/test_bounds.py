"""Small files that would keep a decoder busy for long, or fill its memory, are refused before it sees them."""

import io
import struct
import time
import zlib

import pytest
from PIL import Image

from biometrics.formats.images import Decoding, decode_image
from biometrics.rejections import UndecodableImage
from tests.unit.biometrics.formats.made import an2k, bir, cbeff, encoded, fir_2005, no_wsq, ramp, read, ridges, type_14

AT_500 = Decoding(no_wsq, 500)
SIZE = {"size": (2_000, 2_000)}
SMALLEST = b"\0\0\0\1"
"""Code-blocks of 4 x 4, their style, and the wavelet."""


def segment(marker, body):
    return b"\xff" + marker + struct.pack(">H", 2 + len(body)) + body


def coding_style(levels=1, blocks=SMALLEST, precincts=b"\x00\x11", layers=1):
    told = bytes([levels]) + blocks + precincts
    return segment(b"\x52", bytes([bool(precincts), 0]) + struct.pack(">HB", layers, 0) + told)


def coding_style_of_one(component=0, levels=1, blocks=SMALLEST, precincts=b"\x00\x11"):
    return segment(b"\x53", bytes([component, bool(precincts), levels]) + blocks + precincts)


USUAL = coding_style(levels=5, blocks=b"\4\4\0\1", precincts=b"")


def codestream(main=USUAL, tile=b"", components=1):
    size = struct.pack(">HIIIIIIIIH", 0, 2_000, 2_000, 0, 0, 2_000, 2_000, 0, 0, components)
    head = b"\xff\x4f" + segment(b"\x51", size + b"\7\1\1" * components)
    quantized = segment(b"\x5c", b"\x40" + b"\x48" * 16)
    body = tile + b"\xff\x93" + bytes(200)
    return (
        head + main + quantized + segment(b"\x90", struct.pack(">HIBB", 0, 12 + len(body), 0, 1)) + body + b"\xff\xd9"
    )


PIECES = {
    "main": codestream(coding_style(), components=4),
    "main-of-one": codestream(USUAL + coding_style_of_one()),
    "tile": codestream(tile=coding_style()),
    "tile-of-one": codestream(tile=coding_style_of_one()),
    "blocks": codestream(coding_style(blocks=SMALLEST, precincts=b"")),
    "layers": codestream(coding_style(levels=5, blocks=b"\4\4\0\1", precincts=b"\x66" * 6, layers=65_535)),
    "behind-no-length": codestream(USUAL + b"\xff\x30" + coding_style()),
}


@pytest.mark.parametrize("name", PIECES)
def test_a_codestream_in_a_million_pieces_is_refused_wherever_it_says_so(name):
    with pytest.raises(UndecodableImage, match="too many pieces"):
        decode_image(PIECES[name], AT_500)


def test_a_codestream_of_more_colours_than_there_are_is_refused_before_a_decoder_makes_room_for_them():
    with pytest.raises(UndecodableImage, match="header"):
        decode_image(codestream(components=5), AT_500)


@pytest.mark.parametrize(
    "record",
    [
        fir_2005((2, PIECES["main"]), **SIZE),
        an2k(type_14(PIECES["main"], compression="JP2", **SIZE)),
        cbeff(bir(PIECES["main"])),
        cbeff(bir(fir_2005((2, PIECES["main"]), **SIZE))),
    ],
    ids=["fir", "an2k", "cbeff", "fir-in-cbeff"],
)
def test_it_is_refused_inside_of_a_record_too(record):
    with pytest.raises(UndecodableImage, match="too many pieces"):
        read(record)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"tile_size": (64, 64)},
        {"precinct_size": (64, 64), "codeblock_size": (32, 32)},
        {"num_resolutions": 8, "precinct_size": (256, 256)},
        {"codeblock_size": (16, 16)},
        {"quality_layers": [80, 40, 20, 10], "irreversible": True},
    ],
)
def test_a_codestream_in_as_many_pieces_as_encoders_make_is_read(more):
    image = ridges(9.0, 800, 750)
    assert decode_image(encoded(image, "JPEG2000", **more), AT_500).image.width == 800


def chunk(kind, body=b""):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_with(chunks):
    whole = encoded(ramp(), "PNG")
    return whole[:33] + chunks + whole[33:]


PROFILE = chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(1_000_000)))


@pytest.mark.parametrize("chunks", [chunk(b"prVt") * 10_000, PROFILE * 2], ids=["empty", "profiles"])
def test_a_png_of_more_chunks_than_encoders_write_is_refused(chunks):
    with pytest.raises(UndecodableImage, match="chunks"):
        decode_image(png_with(chunks), AT_500)


def test_a_png_of_many_chunks_and_one_profile_is_read_whatever_follows_it():
    data = png_with(PROFILE + chunk(b"tEXt", b"a\0b") * 5_000)
    assert decode_image(data + bytes(200_000), AT_500).image.pixels == ramp().tobytes()


def jpeg_with(segments):
    whole = encoded(ramp(), "JPEG")
    return whole[:20] + segments + whole[20:]


@pytest.mark.parametrize(
    "segments",
    [
        segment(b"\xfe", b"") * 1_001,
        segment(b"\xe1", b"Exif\0\0x") * 101,
        b"\xff" * 100,
        bytes(100),
        b"\xff\xd0" * 1_001,
        segment(b"\xdb", b"\0" + bytes([1] * 64)) * 1_001,
    ],
    ids=["comments", "exif", "fill", "gap", "restarts", "tables"],
)
def test_a_jpeg_of_more_segments_than_encoders_write_is_refused(segments):
    with pytest.raises(UndecodableImage, match="segments"):
        decode_image(jpeg_with(segments), AT_500)


def test_a_jpeg_of_some_segments_and_fill_bytes_is_read():
    data = jpeg_with(
        b"\xff" * 3 + segment(b"\xe2", b"ICC_PROFILE\0" + bytes(60_000)) * 20 + segment(b"\xfe", b"a") * 50
    )
    assert decode_image(data, AT_500).image.width == 200


def test_a_profile_of_colours_that_looks_like_scans_is_none():
    profile = segment(b"\xe2", b"ICC_PROFILE\0" + b"\xff\xda" * 1_000)
    assert decode_image(jpeg_with(profile), AT_500).image.width == 200


def exif_of(count, order="<"):
    """Exif of a resolution of so many numbers."""
    head = {"<": b"II*\0", ">": b"MM\0*"}[order] + struct.pack(f"{order}IH", 8, 3)
    unit = struct.pack(f"{order}HHI", 296, 3, 1) + struct.pack(f"{order}HH", 2, 0)
    resolutions = b"".join(struct.pack(f"{order}HHII", tag, 5, count, 50) for tag in (282, 283))
    return head + resolutions + unit + bytes(4) + struct.pack(f"{order}II", 500, 1) * count


def in_pieces(exif):
    """As many segments of a JPEG as Exif takes."""
    pieces = (exif[at : at + 60_000] for at in range(0, len(exif), 60_000))
    return b"".join(segment(b"\xe1", b"Exif\0\0" + each) for each in pieces)


@pytest.mark.parametrize("order", ["<", ">"])
def test_exif_of_more_numbers_than_cameras_write_is_refused_in_pieces_too(order):
    xmp = segment(b"\xe1", b"http://ns.adobe.com/xap/1.0/\0" + bytes(1_000))
    for count in (1, 10_001):
        for more in (b"", xmp):
            data = jpeg_with(more + in_pieces(exif_of(count, order)))
            if count == 1:
                assert read(data).samples[0].image.dpi == 500
            else:
                with pytest.raises(UndecodableImage, match="Exif"):
                    decode_image(data, AT_500)


@pytest.mark.parametrize("order", ["<", ">"])
def test_exif_of_a_png_is_held_to_the_same_wherever_it_is(order):
    whole = png_with(b"")
    for count in (1, 10_001):
        told = exif_of(count, order)
        for exif in (chunk(b"eXIf", told), chunk(b"eXIf", b"Exif\0\0" + told)):
            for data in (png_with(exif), whole[:-12] + exif + whole[-12:], png_with(chunk(b"eXIf") + exif)):
                if count == 1:
                    assert decode_image(data, AT_500).image.pixels == ramp().tobytes()
                else:
                    with pytest.raises(UndecodableImage, match="Exif"):
                        decode_image(data, AT_500)


def bmp_of_runs(data, size=(200, 250)):
    palette = b"".join(bytes([tone, tone, tone, 0]) for tone in range(256))
    start = 54 + len(palette)
    head = b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start)
    return head + struct.pack("<IiiHHIIiiII", 40, *size, 1, 8, 1, len(data), 19_685, 19_685, 256, 0) + palette + data


def test_a_bmp_of_runs_is_refused_before_they_are_read_byte_by_byte():
    runs = bytes([100, 0, 100, 255]) * 250
    for data in (bmp_of_runs(runs), bmp_of_runs(b"\1\0\1\xff" * 2_000_000, (2_000, 2_000))):
        began = time.process_time()
        with pytest.raises(UndecodableImage, match="compressed"):
            decode_image(data, AT_500)
        assert time.process_time() - began < 0.5


def test_a_jpeg_of_two_images_is_refused():
    out = io.BytesIO()
    ramp().save(out, "MPO", save_all=True, append_images=[ramp().transpose(Image.Transpose.ROTATE_180)])
    with pytest.raises(UndecodableImage, match="several"):
        decode_image(out.getvalue(), AT_500)
