"""This module makes small files of every format that holds a finger, of nobody's finger."""

import base64
import io
import struct

import numpy as np
from PIL import Image
from PIL.ExifTags import Base

from biometrics.formats.contents import Contents
from biometrics.formats.images import Decoding
from biometrics.formats.impressions import Impression
from biometrics.formats.minutiae import Capture, FingerMinutiae, Minutia, MinutiaKind
from biometrics.formats.positions import Position
from biometrics.formats.reading import read_file


def no_wsq(_data):
    raise AssertionError("the decoder must not be reached")


def read(data, dpi=None, *, estimate=False, decode_wsq=no_wsq, **more) -> Contents:
    return read_file(data, Decoding(decode_wsq, dpi, estimate), **more)


def ramp(width=200, height=250, mode="L"):
    values = np.tile(np.linspace(0, 255, width).astype(np.uint8), (height, 1))
    return Image.fromarray(values).convert(mode)


def ridges(period=9.0, width=240, height=260):
    """Circles around a point, as far apart as ridges are."""
    down, across = np.mgrid[:height, :width]
    waves = np.cos(2 * np.pi / period * np.hypot(down - height / 2 - 40, across - width / 2))
    return Image.fromarray((127 + 100 * waves).astype(np.uint8))


SLAP = ridges(9.0, 800, 500)
PIXELS = ramp().tobytes()


def encoded(image, kind, **more):
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def tiff(*more, behind=b"", order="<", following=0):
    """A TIFF of the ramp; more entries are tag, kind, count and value, or none for where `behind` begins."""
    told = {256: (4, 1, 200), 257: (4, 1, 250), 258: (4, 1, 8), 262: (4, 1, 1), 277: (4, 1, 1), 278: (4, 1, 250)}
    told |= {273: (4, 1, 0), 279: (4, 1, len(PIXELS))} | {tag: entry for tag, *entry in more}
    start = 8 + 2 + 12 * len(told) + 4
    if told[273] == (4, 1, 0):
        told[273] = 4, 1, start
    entries = b"".join(
        struct.pack(f"{order}HHII", tag, kind, count, start + len(PIXELS) if value is None else value)
        for tag, (kind, count, value) in sorted(told.items())
    )
    head = {"<": b"II*\0", ">": b"MM\0*"}[order] + struct.pack(f"{order}IH", 8, len(told))
    return head + entries + struct.pack(f"{order}I", following) + PIXELS + behind


def finger(
    *places,
    position=Position.LEFT_INDEX,
    impression=Impression.LIVE_PLAIN,
    quality=70,
    view=0,
    per_cm=197,
    extended=b"",
):
    minutiae = places or (
        Minutia(MinutiaKind.ENDING, 100, 14, 90.0, 60),
        Minutia(MinutiaKind.BIFURCATION, 55, 200, 180.0),
    )
    return FingerMinutiae(
        Capture(position, impression, quality, view), 300, 400, per_cm, per_cm, tuple(minutiae), extended
    )


def many(count):
    return finger(*(Minutia(MinutiaKind.ENDING, 10 + n, 10 + n, 0.0, 50) for n in range(count)))


def fir_2005(*images, dpi=500, size=(200, 250), compression=4, units=1, count=None):
    """An ISO/IEC 19794-4:2005 record of images, each a pair of position and bytes."""
    fingers = b"".join(
        struct.pack(">IBBBBBHHB", 14 + len(data), position, 1, 1, 80, 0, *size, 0) + data for position, data in images
    )
    count = len(images) if count is None else count
    rest = struct.pack(">HHBBHHHHBBH", 0, 30, count, units, dpi, dpi, dpi, dpi, 8, compression, 0) + fingers
    return b"FIR\x00010\0" + (14 + len(rest)).to_bytes(6) + rest


def fir_2011(*images, dpi=500, size=(200, 250), compression=4):
    """An ISO/IEC 19794-4:2011 record of images, each a position, bytes, and what follows them."""
    fingers = b""
    for position, data, *behind in images:
        body = bytes(9) + struct.pack(">BHHB", 0, 0, 0, 1) + struct.pack(">BHH", 80, 15, 15)
        body += struct.pack(">BBBHHHHBBBHHI", position, 0, 1, dpi, dpi, dpi, dpi, 8, compression, 0, *size, len(data))
        body += data + b"".join(behind)
        fingers += struct.pack(">I", 4 + len(body)) + body
    rest = struct.pack(">HBB", len(images), 0, len(images)) + fingers
    return b"FIR\x00020\0" + struct.pack(">I", 12 + len(rest)) + rest


def extended(code, data):
    """A block that follows an image of a record of 2011."""
    return struct.pack(">HH", code, 4 + len(data)) + data


def segmentation(*segments, count=None):
    """Where fingers are on an image: each a position, a quality, and corners, across and down."""
    told = b"".join(
        struct.pack(">BBB", position, quality, len(corners))
        + b"".join(struct.pack(">HH", *corner) for corner in corners)
        + b"\0"
        for position, quality, corners in segments
    )
    return extended(1, struct.pack(">HHBHHB", 0, 1, 80, 1, 0, len(segments) if count is None else count) + told)


def annotation(*told):
    """Which fingers are missing: each a position and a code, 1 amputated, 2 unusable."""
    return extended(2, bytes([len(told), *(number for each in told for number in each)]))


def corners(left, top, right, bottom):
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def text_record(kind, fields, data=b""):
    """A record of an ANSI/NIST-ITL transaction: its length counts itself."""
    body = b"\x1d".join(f"{kind}.{number:03}:{value}".encode("latin-1") for number, value in fields.items())
    if data:
        body += b"\x1d" + f"{kind}.999:".encode() + data
    body += b"\x1c"
    length = len(body) + len(f"{kind}.001:\x1d")
    length += len(str(length + len(str(length))))
    return f"{kind}.001:{length}\x1d".encode() + body


def an2k(*records, scanned="19.69"):
    """A transaction of records, each a pair of type and bytes."""
    announced = "\x1e".join([f"1\x1f{len(records)}", *(f"{kind}\x1f{n:02}" for n, (kind, _) in enumerate(records))])
    fields = {2: "0500", 3: announced, 4: "TEST", 5: "20260101", 7: "X", 8: "X", 9: "1", 11: scanned, 12: scanned}
    return text_record(1, fields) + b"".join(data for _, data in records)


def type_4(data, position=2, size=(200, 250), compression=0, native=0, kind=4):
    positions = bytes(position if isinstance(position, list) else [position]).ljust(6, b"\xff")
    head = struct.pack(">BB6sBHHB", 1, 0, positions, native, *size, compression)
    return kind, struct.pack(">I", 4 + len(head) + len(data)) + head + data


def type_14(data, position="2", size=(200, 250), compression="NONE", **more):
    fields = {2: "01", 3: "0", 4: "X", 5: "20260101", 6: size[0], 7: size[1], 8: "1", 9: "500", 10: "500"}
    fields |= {11: compression, 12: "8", 13: position} | {int(key[1:]): value for key, value in more.items()}
    return 14, text_record(14, fields, data)


def type_14_of(code):
    """A record of raw pixels of one position."""
    return type_14(PIXELS, str(code))


def type_9(minutiae, count=None, **more):
    fields = {2: "01", 3: "1", 4: "U", 128: 300, 129: 400, 130: "2", 131: "197", 132: "197", 133: "1", 134: "7"}
    fields |= {135: "66\x1f0\x1f1", 136: len(minutiae) if count is None else count}
    fields |= {137: "\x1e".join("\x1f".join(str(each) for each in one) for one in minutiae)}
    return 9, text_record(9, fields | {int(key[1:]): value for key, value in more.items()})


def minutiae(count=40, **more):
    """A type 9 record of so many minutiae of a right index finger."""
    return type_9([(n + 1, 10 + n, 10 + n, 5, 1, 60) for n in range(count)], **{"f134": "2"} | more)


def iafis(*minutiae, count=None):
    """A type 9 record whose minutiae are in the fields of the FBI's IAFIS."""
    told = "\x1e".join("\x1f".join(each) for each in minutiae)
    return 9, text_record(9, {2: "01", 3: "3", 4: "U", 14: "08", 15: count or len(minutiae), 23: told})


def turned(orientation):
    """Exif that says how an image was held."""
    exif = Image.Exif()
    exif[Base.Orientation] = orientation
    return exif


def slap_of(*segments, position="13", **more):
    """A record of an image of several fingers, and where on it they are."""
    told = "\x1e".join("\x1f".join(str(each) for each in segment) for segment in segments)
    return type_14(encoded(SLAP, "PNG"), position, (800, 500), "PNG", f021=told, **more)


def slap(*segments, position="14", **more):
    """A transaction with one image of several fingers."""
    return an2k(slap_of(*segments, position=position, **more))


def bir(block, subtype="Left IndexFinger", kind="Finger", extra="", quality=90):
    data = base64.b64encode(block).decode()
    return (
        f"<BIR><BDBInfo><Type>{kind}</Type><Subtype>{subtype}</Subtype><Quality><Score>{quality}</Score></Quality>"
        f"</BDBInfo><BDB>{data}</BDB>{extra}</BIR>"
    )


def cbeff(*records, head=""):
    body = "".join(records)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<BIR xmlns="http://standards.iso.org/iso-iec/19785/-3/ed-2/">'
        f"<BIRInfo><Integrity>false</Integrity></BIRInfo>{body}</BIR>"
    ).encode()
