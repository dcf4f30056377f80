"""Whatever bytes come in, a file is read or refused with a sentence; nothing else ever comes out.

`CORPUS` keeps what once broke a parser.
"""

import struct
import time
import zlib

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from biometrics.formats.contents import ImageSample
from biometrics.formats.images import Decoding
from biometrics.formats.kinds import SampleFormat
from biometrics.formats.minutiae import MinutiaeFormat
from biometrics.formats.minutiae_reading import read_minutiae
from biometrics.formats.minutiae_writing import write_minutiae
from biometrics.formats.opening import MAX_PIXELS
from biometrics.formats.reading import one_finger, read_file
from biometrics.rejections import UndecodableImage
from hub.errors import Rejected
from tests.unit.biometrics.formats.made import (
    an2k,
    annotation,
    bir,
    cbeff,
    corners,
    encoded,
    extended,
    finger,
    fir_2005,
    fir_2011,
    iafis,
    ramp,
    ridges,
    segmentation,
    text_record,
    tiff,
    turned,
    type_4,
    type_9,
    type_14,
)

SMALL = ridges(6.0, 40, 50)
PIXELS = SMALL.tobytes()
SMALL_PNG = encoded(SMALL, "PNG", dpi=(160, 160))
PAIR = ridges(6.0, 80, 50).tobytes()
SIZE = {"size": (40, 50)}
WSQ = (
    b"\xff\xa0\xff\xa8\x00\x22NIST_COM 3\nPIX_WIDTH 40\nPPI 160\n"
    b"\xff\xa2\x00\x11\x00\xff" + struct.pack(">HH", 50, 40) + bytes(13)
)
SEEDS = {
    "png": encoded(SMALL, "PNG", dpi=(160, 160)),
    "png-turned": encoded(SMALL, "PNG", dpi=(160, 160), exif=turned(6)),
    "png-palette": encoded(SMALL.convert("P"), "PNG", dpi=(160, 160)),
    "jpeg": encoded(SMALL, "JPEG", dpi=(160, 160)),
    "jpeg-progressive": encoded(SMALL, "JPEG", dpi=(160, 160), progressive=True),
    "jpeg-restarts": encoded(SMALL, "JPEG", dpi=(160, 160), restart_marker_blocks=3),
    "jpeg-turned": encoded(SMALL, "JPEG", dpi=(160, 160), exif=turned(6)),
    "jpeg2000": encoded(SMALL, "JPEG2000"),
    "jpeg2000-tiles": encoded(SMALL, "JPEG2000", tile_size=(25, 25)),
    "codestream": encoded(SMALL, "JPEG2000", no_jp2=True),
    "bmp": encoded(SMALL, "BMP", dpi=(160, 160)),
    "tiff": encoded(SMALL, "TIFF", dpi=(160, 160)),
    "tiff-lzw": encoded(SMALL, "TIFF", dpi=(160, 160), compression="tiff_lzw"),
    "wsq": WSQ,
    **{str(edition): write_minutiae([finger(extended=b"\0\1\0\5x"), finger(view=1)], edition, extended_of=edition)
       for edition in MinutiaeFormat},
    "fir-2005": fir_2005((2, encoded(SMALL, "JPEG2000")), (3, encoded(SMALL, "JPEG2000")), dpi=160, **SIZE),
    "fir-2005-raw": fir_2005((2, PIXELS), dpi=160, compression=0, **SIZE),
    "fir-2011": fir_2011((2, encoded(SMALL, "PNG")), (3, encoded(SMALL, "PNG")), dpi=160, compression=6, **SIZE),
    "fir-2011-extended": fir_2011(
        (14, PIXELS, segmentation((7, 50, corners(0, 0, 39, 49))), extended(3, b"x")),
        (2, PIXELS, annotation((3, 1), (4, 2), (0, 9))), dpi=160, compression=0, **SIZE,
    ),
    "an2k": an2k(
        type_4(ramp().tobytes()),
        type_14(PAIR, "0", (80, 50), f009=160, f010=160, f021="2\x1f0\x1f39\x1f0\x1f49\x1e3\x1f40\x1f79\x1f0\x1f49"),
        type_9([(1, 10, 14, 45, 1, 60)]),
    ),
    "an2k-iafis": an2k(
        iafis(("001", "21951869281", "00", "A", "03304"), ("002", "01000000000", "00", "C")),
        type_4(ramp().tobytes(), position=8),
    ),
    "an2k-iafis-alone": an2k(iafis(("001", "21951869281"))),
    "cbeff": cbeff(bir(fir_2005((2, PIXELS), dpi=160, compression=0, **SIZE)), bir(b"", kind="Iris")),
    "cbeff-exception": cbeff(
        bir(fir_2011((2, PIXELS, annotation((3, 1))), dpi=160, compression=0, **SIZE), extra=bir(SMALL_PNG)),
        bir(b"", extra='<others><entry key="EXCEPTION">true</entry></others>'),
        bir(b"", "Right Thumb", extra="<Others><Key>EXCEPTION</Key><Value>true</Value></Others>"),
    ),
}  # fmt: skip


def profile(colours):
    chunk = b"iCCPa\0\0" + zlib.compress(colours)
    return struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))


CORPUS = [
    # The extended data of a record that ends with their length.
    write_minutiae([finger()], MinutiaeFormat.ISO_2005)[:-2] + b"\xff\xff",
    # A TIFF that tells one pixel to an inch because nobody told anything.
    encoded(SMALL, "TIFF"),
    # PNG whose header is followed by nothing that a decoder reads.
    SEEDS["png"][:33] + bytes(500),
    # A type 4 record shorter than its own header.
    an2k((4, struct.pack(">I", 7) + b"abc")),
    # A finger outside of its image.
    an2k(type_14(PIXELS, "13", **SIZE, f021="2\x1f0\x1f9\x1f0\x1f9\x1e3\x1f90\x1f99\x1f90\x1f99")),
    # Two fingers at one place, which were cut out twice.
    an2k(type_14(PIXELS, "0", **SIZE, f009=160, f010=160, f021="2\x1f0\x1f39\x1f0\x1f49\x1e3\x1f0\x1f39\x1f0\x1f49")),
    # A TIFF whose resolution is text.
    SEEDS["tiff"].replace(struct.pack("<HHI", 282, 5, 1), struct.pack("<HHI", 282, 2, 4)),
]

LARGE = encoded(ridges(9.0, 1_900, 1_900), "JPEG", dpi=(500, 500), progressive=True)
EMPTY_SCAN = b"\xff\xda\0\x08\1\1\0\0\0\0\0\0"
COMMENT = b"\xff\xa8" + struct.pack(">H", 60_002) + b"NIST_COM \n" * 6_000
EMPTY_FIELDS = dict.fromkeys(range(1_000, 9_999), "")
LONG_EXIF, SHORT_EXIF = b"\xff\xe1\xff\xffExif\0\0" + bytes(65_527), b"\xff\xe1\0\x09Exif\0\0x"
BUSY = {
    # What kept a parser busy for the longer, the more of it there was.
    "scans of nothing": LARGE[:-2] + EMPTY_SCAN * 1_000 + LARGE[-2:],
    "lines that each could begin a comment": b"\xff\xa0" + COMMENT * 60,
    "fields of nothing before a long one": an2k((9, text_record(9, EMPTY_FIELDS | {9_999: "x" * 20_000_000}))),
    "records in records": b"<BIR>" + b"<BIR><x>" * 8_000 + b"</x></BIR>" * 8_000 + b"</BIR>",
    "comments in a text": b"<BIR><BDB>" + b"A<!---->" * 700_000 + b"</BDB></BIR>",
    "comments in a long text": b"<BIR><BDB>" + (b"A" * 8_000 + b"<!---->") * 4_000 + b"</BDB></BIR>",
    "elements": b"<BIR>" + b"<x/>" * 5_000_000 + b"</BIR>",
    "attributes": b"<BIR>" + (b"<x" + b"".join(b' a%d=""' % n for n in range(1_000)) + b"/>") * 2_000 + b"</BIR>",
    "annotations": cbeff(*[bir(fir_2011(*[(7, b"x", annotation(*[(7, 1)] * 20))] * 200))] * 500),
    "pieces of Exif": LARGE[:20] + LONG_EXIF * 34 + SHORT_EXIF * 200_000 + LARGE[20:],
    "profiles of colours": SEEDS["png"][:33] + profile(bytes(1_000_000)) * 4_000 + SEEDS["png"][33:],
    "strips of one row": tiff((273, 1, 4_000_000, None), (278, 4, 1, 1), behind=bytes([100]) * 4_000_000),
    "a resolution of many values": tiff((282, 5, 4_000_000, None), behind=bytes([0, 0, 0, 1]) * 8_000_000),
}
MOST_SECONDS = 5.0
"""Of processor time, each: refused as they are now they take a tenth of one at most."""


def decode_wsq(data):
    if len(data) % 3 == 0:
        raise UndecodableImage("The WSQ image is broken or cut short; send it again.")
    return 40, 50, PIXELS


def done_or_refused(work, *args, **more):
    """Call something; give its result, or nothing where it refuses with a sentence."""
    try:
        return work(*args, **more)
    except Rejected as error:
        told = str(error)
    assert told.endswith(".")
    assert "\n" not in told
    return None


def read_or_refused(data, **more):
    """Read a file; give what it holds, or nothing where it is refused with a sentence."""
    contents = done_or_refused(read_file, data, Decoding(decode_wsq, **more))
    if contents is None:
        return None
    for sample in contents.samples:
        if isinstance(sample, ImageSample):
            image = sample.image
            assert len(image.pixels) == image.width * image.height <= MAX_PIXELS
    return contents


@st.composite
def spoilt(draw, seeds):
    """A whole file with some bytes changed, taken out, put in or doubled, or cut short."""
    data = bytearray(seeds[draw(st.sampled_from(sorted(seeds)))])
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        match draw(st.sampled_from(["set", "number", "cut", "drop", "insert", "double"])):
            case "set":
                data[at : at + 1] = draw(st.binary(min_size=1, max_size=1))
            case "number":
                size = draw(st.sampled_from([2, 4]))
                number = draw(st.sampled_from([0, 1, 0x7F, 0xFFFF, 2**31 - 1, 2**32 - 1]))
                data[at : at + size] = number.to_bytes(8)[-size:]
            case "cut":
                del data[at:]
            case "drop":
                del data[at : at + draw(st.integers(1, 20))]
            case "insert":
                data[at:at] = draw(st.binary(max_size=20))
            case "double":
                data[at:at] = data[at : at + draw(st.integers(1, 40))]
    return bytes(data)


@pytest.mark.parametrize("name", SEEDS)
def test_the_whole_files_are_read(name):
    dpi = 160 if name.startswith(("jpeg2000", "codestream")) else None
    assert read_or_refused(SEEDS[name], dpi=dpi) is not None


@pytest.mark.parametrize("number", range(len(CORPUS)))
def test_what_once_broke_is_refused(number):
    assert read_or_refused(CORPUS[number]) is None


@pytest.mark.parametrize("name", BUSY)
def test_what_once_kept_a_parser_busy_is_refused_at_once(name):
    before = time.process_time()
    assert read_or_refused(BUSY[name]) is None
    assert time.process_time() - before < MOST_SECONDS


IMAGES = {name: SEEDS[name] for name in SEEDS if name.split("-")[0] in {"png", "jpeg", "bmp", "tiff", "wsq"}}
IMAGES |= {name: SEEDS[name] for name in ("jpeg2000", "jpeg2000-tiles", "codestream")}
RECORDS = {name: data for name, data in SEEDS.items() if name not in IMAGES}


@settings(max_examples=400)
@given(spoilt(RECORDS), st.booleans())
def test_spoilt_records_are_read_or_refused(data, estimate):
    contents = read_or_refused(data, estimate=estimate)
    if contents is not None:
        done_or_refused(one_finger, contents)


@settings(max_examples=400)
@given(spoilt(IMAGES), st.sampled_from([None, 160]), st.booleans())
def test_spoilt_images_are_read_or_refused(data, dpi, estimate):
    read_or_refused(data, dpi=dpi, estimate=estimate)


@given(st.binary(max_size=300), st.sampled_from(list(SampleFormat)))
def test_nonsense_is_refused_whatever_it_is_said_to_be(data, said):
    contents = done_or_refused(read_file, data, Decoding(decode_wsq, 500), said=said, size=(10, 10))
    assert contents is None or contents.format in {"sourceafis", "raw"}


STARTS = [data[:length] for data in SEEDS.values() for length in (4, 8, 20)]


@settings(max_examples=300)
@given(st.sampled_from(STARTS), st.binary(max_size=200))
@example(b"FMR\x00030\0", struct.pack(">IHB", 2**32 - 1, 65_535, 1) + bytes(100))
@example(b"FIR\x00020\0", struct.pack(">IHB", 2**32 - 1, 65_535, 1) + bytes(100))
def test_nonsense_behind_a_true_beginning_is_refused(start, nonsense):
    read_or_refused(start + nonsense, dpi=500)


@settings(max_examples=200)
@given(spoilt({name: data for name, data in SEEDS.items() if ":" in name}))
def test_a_spoilt_template_that_is_read_can_be_written_by_every_edition_or_is_refused(data):
    record = done_or_refused(read_minutiae, data)
    for edition in MinutiaeFormat if record else ():
        written = done_or_refused(write_minutiae, record.fingers, edition)
        if written is not None:
            again = read_minutiae(written)
            assert again.format is edition
            assert [len(each.minutiae) for each in again.fingers] == [len(each.minutiae) for each in record.fingers]
