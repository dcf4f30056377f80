"""Conversion between the standards copies minutiae, and asks no engine."""

from dataclasses import replace

import pytest

from biometrics.conversion import Target, convert
from biometrics.formats.minutiae import MinutiaeFormat
from biometrics.formats.minutiae_reading import read_minutiae
from biometrics.formats.minutiae_writing import write_minutiae
from biometrics.formats.positions import Position
from biometrics.rejections import NoFinger, NoMinutiae, SeveralFingers, TooManyMinutiae, UnwritableTemplate
from tests.unit.biometrics.formats.made import (
    an2k,
    encoded,
    finger,
    fir_2011,
    many,
    read,
    ridges,
    type_9,
    type_14,
)

STANDARDS = [target for target in Target if target not in {Target.SOURCEAFIS, Target.PNG}]
TWO = [finger(), finger(position=Position.RIGHT_THUMB)]


def no_engine():
    raise AssertionError("the engine must not be asked")


@pytest.mark.parametrize("target", STANDARDS)
@pytest.mark.parametrize("edition", MinutiaeFormat)
def test_a_record_of_several_fingers_becomes_one_of_as_many(edition, target):
    contents = read(write_minutiae(TWO, edition))
    (made,) = convert(contents, target, no_engine)
    record = read_minutiae(made.data)
    assert record.format == target
    assert [each.capture.position for each in record.fingers] == [Position.LEFT_INDEX, Position.RIGHT_THUMB]
    assert [[(m.kind, m.x, m.y, m.quality) for m in each.minutiae] for each in record.fingers] == [
        [(m.kind, m.x, m.y, m.quality) for m in each.minutiae] for each in TWO
    ]


def test_a_record_is_parted_where_that_is_asked():
    made = convert(read(write_minutiae(TWO, MinutiaeFormat.ISO_2005)), Target.ANSI_2004, no_engine, apart=True)
    assert [each.samples[0].capture.position for each in made] == [Position.LEFT_INDEX, Position.RIGHT_THUMB]
    assert all(len(read_minutiae(each.data).fingers) == 1 for each in made)


@pytest.mark.parametrize("target", STANDARDS)
@pytest.mark.parametrize("position", Position)
def test_no_conversion_makes_another_finger_of_what_is_shown(position, target):
    contents = read(write_minutiae([finger(position=position)], MinutiaeFormat.ISO_2011))
    try:
        (made,) = convert(contents, target, no_engine)
    except UnwritableTemplate:
        assert position.finger is None
        assert target in {Target.ISO_2005, Target.ANSI_2004}
    else:
        (written,) = read_minutiae(made.data).fingers
        assert written.capture.position.fingers == position.fingers
        assert written.capture.position.finger == position.finger


def test_extended_data_are_kept_within_an_edition():
    edition = MinutiaeFormat.ISO_2005
    contents = read(write_minutiae([finger(extended=b"abcde")], edition, extended_of=edition))
    kept, gone = (convert(contents, target, no_engine)[0].data for target in (Target.ISO_2005, Target.ISO_2011))
    assert (b"abcde" in kept, b"abcde" in gone) == (True, False)


def test_images_become_pictures_that_tell_their_resolution():
    record = fir_2011((7, encoded(ridges(), "PNG")), (8, encoded(ridges(10.0), "PNG")), size=(240, 260), compression=6)
    first, second = convert(read(record), Target.PNG, no_engine)
    assert read(first.data).samples[0].image == read(record).samples[0].image
    assert second.samples[0].capture.position is Position.LEFT_MIDDLE


def test_a_native_template_stays_as_it_is():
    native = b"\xbfgversionk3.18.1-java"
    assert convert(read(native), Target.SOURCEAFIS, no_engine)[0].data == native


def test_what_cannot_be_converted_is_refused():
    template = read(write_minutiae([finger()], MinutiaeFormat.ISO_2005))
    with pytest.raises(UnwritableTemplate, match="no image"):
        convert(template, Target.PNG, no_engine)
    empty = read(write_minutiae([replace(finger(), minutiae=())], MinutiaeFormat.ISO_2005))
    with pytest.raises(NoMinutiae):
        convert(empty, Target.ANSI_2004, no_engine)
    slap = read(fir_2011((13, encoded(ridges(), "PNG")), size=(240, 260), compression=6))
    with pytest.raises(SeveralFingers):
        convert(slap, Target.ISO_2005, no_engine)
    missing = read(an2k(type_14(b"", f018="9\x1fXX")))
    with pytest.raises(NoFinger):
        convert(missing, Target.ISO_2005, no_engine)
    with pytest.raises(TooManyMinutiae):
        convert(read(write_minutiae([many(101)], MinutiaeFormat.ISO_2005)), Target.SOURCEAFIS, lambda: None)


def test_names_end_as_their_format():
    assert {target.suffix for target in Target} == {".iso", ".ansi", ".sourceafis", ".png"}


@pytest.mark.parametrize("target", STANDARDS)
def test_what_is_one_of_several_fingers_is_not_written_as_anybodys(target):
    contents = read(an2k(type_9([(1, 100, 14, 45, 1, 60)], f134="7\x1e8")))
    with pytest.raises(UnwritableTemplate, match="one of several"):
        convert(contents, target, no_engine)
