"""This module tells by its first bytes what a file is."""

import re
from enum import Enum, StrEnum, auto

from biometrics.rejections import UnknownFormat, WrongFormat


class Family(Enum):
    """What kind of thing a format holds; within one, the bytes alone tell which format it is."""

    IMAGE = auto()
    TEMPLATE = auto()
    RECORD = auto()


class SampleFormat(StrEnum):
    """What the bytes of a sample are: an image, a template, or a record that holds some of either."""

    PNG = "png"
    JPEG = "jpeg"
    JPEG_2000 = "jpeg2000"
    WSQ = "wsq"
    BMP = "bmp"
    TIFF = "tiff"
    RAW = "raw"
    SOURCEAFIS = "sourceafis"
    ISO_19794_2 = "iso-19794-2"
    ANSI_378 = "ansi-378"
    ISO_19794_4 = "iso-19794-4"
    AN2K = "an2k"
    CBEFF = "cbeff"

    @property
    def family(self) -> Family:
        """Whether something has to be extracted, or opened, before anything can be compared."""
        if self in _TEMPLATES:
            return Family.TEMPLATE
        return Family.RECORD if self in _RECORDS else Family.IMAGE


_TEMPLATES = {SampleFormat.SOURCEAFIS, SampleFormat.ISO_19794_2, SampleFormat.ANSI_378}
_RECORDS = {SampleFormat.ISO_19794_4, SampleFormat.AN2K, SampleFormat.CBEFF}

_STARTS = (
    (b"\x89PNG\r\n\x1a\n", SampleFormat.PNG),  # W3C PNG, 5.2
    (b"\xff\xd8\xff", SampleFormat.JPEG),  # ITU-T T.81, annex B
    (b"\0\0\0\x0cjP  \r\n\x87\n", SampleFormat.JPEG_2000),  # ISO/IEC 15444-1, I.5.1
    (b"\xff\x4f\xff\x51", SampleFormat.JPEG_2000),  # the bare codestream: ISO/IEC 15444-1, A.4.1
    (b"\xff\xa0", SampleFormat.WSQ),  # FBI IAFIS-IC-0110, table 3
    (b"BM", SampleFormat.BMP),
    (b"II*\0", SampleFormat.TIFF),  # TIFF 6.0, section 2
    (b"MM\0*", SampleFormat.TIFF),
    (b"FIR\0", SampleFormat.ISO_19794_4),
    (b"1.001:", SampleFormat.AN2K),  # ANSI/NIST-ITL, field 1.001 comes first
    (b"1.01:", SampleFormat.AN2K),
)
_MINUTIAE = b"FMR\0"
_XML = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<")
_BIR = re.compile(rb"<(?:[\w.-]+:)?BIR[\s>]", re.IGNORECASE)
_PROLOGUE = 4096
"""How far into an XML document its root element is looked for."""
_NATIVE = re.compile(rb"version[\x60-\x77]([0-9]+(?:\.[0-9]+)*)")


def recognise(data: bytes) -> SampleFormat | None:
    """Tell the format by the first bytes; nothing where it is none that is known, as raw pixels are not.

    The editions of ISO/IEC 19794-2 and ANSI 378 share their first bytes, and are told apart where they are read: here
    all are `iso-19794-2`.
    """
    for start, kind in _STARTS:
        if data.startswith(start):
            return kind
    if data.startswith(_MINUTIAE):
        return SampleFormat.ISO_19794_2
    if _XML.match(data) and _BIR.search(data[:_PROLOGUE]):
        return SampleFormat.CBEFF
    return SampleFormat.SOURCEAFIS if maker(data) else None


def recognised(data: bytes, said: SampleFormat | None) -> SampleFormat:
    """Tell what a file is, and hold it against what it is said to be.

    What is said decides only where the bytes do not tell. A PNG that is said to be a JPEG is harmless, for both are
    images; one that is said to be a template is not.

    Raises:
        UnknownFormat: it is empty, or none that is known.
        WrongFormat: it is something else than was said.
    """
    if not data:
        raise UnknownFormat("The file is empty; send it again.")
    if said is SampleFormat.RAW:
        return said
    found = recognise(data)
    if found is None:
        if said is None:
            raise UnknownFormat(
                "The file is of no known format; send an image, a template or a record of one that the documents list."
            )
        return said
    if said is not None and said.family is not found.family:
        raise WrongFormat(f"The bytes are {found}, not {said} as was said; name what they are.")
    return found


def maker(data: bytes) -> str | None:
    """Tell which version of the engine wrote a template of its own format: the CBOR text after the key `version`."""
    found = _NATIVE.search(data[:100])
    return f"sourceafis-{found[1].decode()}" if found else None
