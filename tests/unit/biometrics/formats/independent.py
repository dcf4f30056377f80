"""This module writes records of fingers with libraries that others made, to read them back."""

import io

import iso19794  # noqa: F401  lets Pillow write FIR
import nistitl

from tests.unit.biometrics.formats.made import ridges


def fir(compression, position="RIGHT_MIDDLE_FINGER", **more):
    """An ISO/IEC 19794-4:2011 record of one image."""
    picture = ridges()
    picture.header = {
        "position": position,
        "number": 0,
        "scale_units": "PPI",
        "horizontal_scan_sampling_rate": 500,
        "vertical_scan_sampling_rate": 500,
        "horizontal_image_sampling_rate": 500,
        "vertical_image_sampling_rate": 500,
        "image_compression_algo": compression,
        "impression_type": "LIVESCAN_ROLLED",
    } | more
    out = io.BytesIO()
    picture.save(out, "FIR")
    return out.getvalue()


def transaction(data, *, subfields=(), **fields):
    """An ANSI/NIST-ITL transaction of one record of type 14; `subfields` are pairs of a number and lists of items."""
    message = nistitl.Message()
    message.TOT = "TEST"
    record = nistitl.AsciiRecord(14)
    given = {"IDC": 1, "IMP": 0, "SRC": "X", "FCD": "20260101", "HLL": 240, "VLL": 260, "SLC": 1}
    given |= {"THPS": 500, "TVPS": 500, "CGA": "PNG", "BPX": 8, "FGP": 7} | fields
    for name, value in given.items():
        setattr(record, name, value)
    for number, items in subfields:
        field = nistitl.Field(14, number)
        for each in items:
            field.add_subfields(nistitl.SubField([str(item) for item in each]))
        record += field
    if data:
        record.DATA = data
    message += record
    return message.NIST
