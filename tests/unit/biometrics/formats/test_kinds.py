"""What a file is, is told by its first bytes; what it is said to be decides where they tell nothing."""

import pytest

from biometrics.formats.kinds import Family, SampleFormat, maker, recognise, recognised
from biometrics.formats.minutiae import MinutiaeFormat
from biometrics.formats.minutiae_writing import write_minutiae
from biometrics.rejections import UndecodableImage, UnknownFormat, UnreadableTemplate, WrongFormat
from tests.unit.biometrics.formats.made import an2k, bir, cbeff, encoded, finger, fir_2005, fir_2011, ramp, read, type_4

NATIVE = b"\xbfgversionk3.18.1-javaewidth\x19\x01\x2c"
FIR = fir_2005((2, encoded(ramp(), "JPEG2000")))
FILES = {
    SampleFormat.PNG: encoded(ramp(), "PNG"),
    SampleFormat.JPEG: encoded(ramp(), "JPEG"),
    SampleFormat.JPEG_2000: encoded(ramp(), "JPEG2000"),
    SampleFormat.BMP: encoded(ramp(), "BMP"),
    SampleFormat.TIFF: encoded(ramp(), "TIFF"),
    SampleFormat.WSQ: b"\xff\xa0\xff\xa8",
    SampleFormat.ISO_19794_4: FIR,
    SampleFormat.AN2K: an2k(type_4(ramp().tobytes())),
    SampleFormat.CBEFF: cbeff(bir(FIR)),
    SampleFormat.ISO_19794_2: write_minutiae([finger()], MinutiaeFormat.ISO_2005),
    SampleFormat.SOURCEAFIS: NATIVE,
}


@pytest.mark.parametrize("kind", FILES)
def test_every_format_is_told_by_its_first_bytes(kind):
    assert recognise(FILES[kind]) is kind
    assert recognised(FILES[kind], None) is kind


def test_the_variants_of_a_format_are_told_too():
    assert recognise(encoded(ramp(), "JPEG2000", no_jp2=True)) is SampleFormat.JPEG_2000
    assert recognise(encoded(ramp(), "TIFF", big_tiff=False).replace(b"II*\0", b"MM\0*", 1)) is SampleFormat.TIFF
    assert recognise(fir_2011((2, b""))) is SampleFormat.ISO_19794_4
    assert recognise(b"\xef\xbb\xbf  " + FILES[SampleFormat.CBEFF]) is SampleFormat.CBEFF


@pytest.mark.parametrize(
    "data",
    [b"", b"\0", b"Dear registration point", b"GIF89a", b"<html><body>BIR</body></html>", b"%PDF-1.7", bytes(50)],
)
def test_what_is_of_no_known_format_is_refused(data):
    assert recognise(data) is None
    with pytest.raises(UnknownFormat):
        read(data)


def test_an_empty_file_is_refused_whatever_it_is_said_to_be():
    for said in SampleFormat:
        with pytest.raises(UnknownFormat, match="empty"):
            read(b"", 500, said=said)


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("said", [kind for kind in SampleFormat if kind is not SampleFormat.RAW])
def test_a_file_of_another_kind_than_was_said_is_refused(kind, said):
    if kind.family is said.family:
        assert recognised(FILES[kind], said) is kind
    else:
        with pytest.raises(WrongFormat, match=f"are {kind}, not {said}"):
            recognised(FILES[kind], said)


def test_what_no_bytes_tell_is_what_it_is_said_to_be():
    letter = b"Dear registration point, see below."
    with pytest.raises(UndecodableImage):
        read(letter, 500, said=SampleFormat.JPEG)
    with pytest.raises(UnreadableTemplate):
        read(letter, said=SampleFormat.ANSI_378)


def test_raw_pixels_are_what_they_are_said_to_be_and_need_their_size():
    pixels = ramp().tobytes()
    assert read(pixels, 500, said=SampleFormat.RAW, size=(200, 250)).samples[0].image.pixels == pixels
    with pytest.raises(UndecodableImage, match="width and height"):
        read(pixels, 500, said=SampleFormat.RAW)


def test_the_maker_of_a_native_template_is_told():
    (sample,) = read(NATIVE).samples
    assert (sample.data, sample.maker, maker(b"no template")) == (NATIVE, "sourceafis-3.18.1", None)


def test_every_format_is_of_one_family():
    assert {kind.family for kind in SampleFormat} == set(Family)
    assert [kind for kind in SampleFormat if kind.family is Family.RECORD] == ["iso-19794-4", "an2k", "cbeff"]
