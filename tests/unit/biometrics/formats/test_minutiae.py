"""Minutiae records of all five editions, both ways: what one edition can say comes back as it was."""

import math
import struct
from dataclasses import replace

import pytest
from hypothesis import given

from biometrics.formats.impressions import Impression, code_of_2005, impression_of_2005
from biometrics.formats.minutiae import Minutia, MinutiaeFormat, MinutiaKind
from biometrics.formats.minutiae_reading import read_minutiae
from biometrics.formats.minutiae_writing import write_minutiae
from biometrics.formats.positions import Position
from biometrics.formats.reading import one_finger
from biometrics.rejections import (
    ImpossibleResolution,
    NoFinger,
    NoMinutiae,
    SeveralFingers,
    TooManyMinutiae,
    UnknownResolution,
    UnreadableTemplate,
    UnwritableTemplate,
)
from tests.unit.biometrics.formats.editions import EDITIONS, FINGERTIPS, OF_2005, every_edition, fingers
from tests.unit.biometrics.formats.made import finger, many, read


def turned(one, other):
    """The angle between two directions."""
    return abs((one - other + 180) % 360 - 180)


def without_angles(found):
    return [replace(each, angle=0.0) for each in found.minutiae]


@every_edition
@given(given_finger=fingers)
def test_a_finger_comes_back_as_it_was_but_for_the_rounding_of_angles(edition, given_finger):
    data = write_minutiae([given_finger], edition, extended_of=edition)
    record = read_minutiae(data)
    (found,) = record.fingers
    assert (record.format, record.notes) == (edition, ())
    assert replace(found, minutiae=()) == replace(given_finger, minutiae=())
    assert without_angles(found) == without_angles(given_finger)
    for before, after in zip(given_finger.minutiae, found.minutiae, strict=True):
        assert turned(before.angle, after.angle) <= edition.angle_unit / 2 + 1e-9


@every_edition
@given(given_finger=fingers)
def test_a_record_that_is_read_and_written_again_is_the_same_to_the_last_bit(edition, given_finger):
    data = write_minutiae([given_finger], edition, extended_of=edition)
    assert write_minutiae(read_minutiae(data).fingers, edition, extended_of=edition) == data


@every_edition
def test_fingers_and_takes_of_a_record_are_told_apart(edition):
    held = [finger(), finger(view=1), finger(position=Position.RIGHT_THUMB)]
    found = read_minutiae(write_minutiae(held, edition)).fingers
    assert [(each.capture.position, each.capture.view) for each in found] == [
        (Position.LEFT_INDEX, 0),
        (Position.LEFT_INDEX, 1),
        (Position.RIGHT_THUMB, 0),
    ]


@every_edition
def test_takes_that_are_numbered_alike_are_numbered_anew(edition):
    held = [finger(view=0), finger(position=Position.RIGHT_THUMB, view=0), finger(view=0)]
    found = read_minutiae(write_minutiae(held, edition)).fingers
    assert [each.capture.view for each in found] == [0, 0, 1]


@every_edition
def test_a_record_is_refused_wherever_it_ends(edition):
    whole = write_minutiae([finger(extended=b"abcde"), finger(view=1)], edition, extended_of=edition)
    for length in range(len(whole)):
        with pytest.raises(UnreadableTemplate):
            read_minutiae(whole[:length])


@every_edition
def test_what_is_behind_the_end_is_left_out_and_the_notes_say_so(edition):
    record = read_minutiae(write_minutiae([finger()], edition) + bytes(12))
    assert len(record.fingers) == 1
    assert "12 bytes behind" in record.notes[0]


@every_edition
def test_a_record_behind_which_another_one_begins_is_refused(edition):
    with pytest.raises(UnreadableTemplate, match="another one begins"):
        read_minutiae(write_minutiae([finger()], edition) + write_minutiae([finger()], edition))


@pytest.mark.parametrize("edition", OF_2005)
def test_the_version_number_that_devices_write_is_understood(edition):
    data = write_minutiae([finger()], edition)
    record = read_minutiae(data.replace(b"FMR\0 20", b"FMR\x00020", 1))
    assert (record.format, record.fingers) == (edition, read_minutiae(data).fingers)
    assert "020" in record.notes[0]


def test_a_record_too_long_for_two_bytes_has_a_length_of_six():
    held = [replace(many(255), capture=replace(many(1).capture, position=p)) for p in FINGERTIPS[:10]] * 5
    data = write_minutiae(held[:48], MinutiaeFormat.ANSI_2004)
    assert data[8:10] == b"\0\0"
    record = read_minutiae(data)
    assert (record.format, len(record.fingers), record.notes) == (MinutiaeFormat.ANSI_2004, 48, ())


def test_extended_data_go_no_further_than_their_edition():
    held = [finger(extended=b"abcde")]
    (kept,) = read_minutiae(write_minutiae(held, MinutiaeFormat.ISO_2005, extended_of=MinutiaeFormat.ISO_2005)).fingers
    (gone,) = read_minutiae(write_minutiae(held, MinutiaeFormat.ANSI_2004, extended_of=MinutiaeFormat.ISO_2005)).fingers
    assert (kept.extended, gone.extended) == (b"abcde", b"")


def test_minutiae_of_five_bytes_and_certificates_are_read():
    whole = write_minutiae([finger()], MinutiaeFormat.ISO_2011)
    at = whole.index(struct.pack(">HHBB", 300, 400, 0x60, 2)) + 4
    body = bytes([0x50]) + whole[at + 1 : at + 2] + whole[at + 2 : at + 7] + whole[at + 8 : at + 13] + bytes(2)
    head = whole[19 : 19 + 15 + 5 - 1]  # up to the quality, of which there is one
    judged = whole[19 + 14 : 19 + 20]
    finger_bytes = whole[19 : 19 + 14] + judged + b"\x01abc" + whole[19 + 20 : at] + body
    record = b"FMR\x00030\0" + struct.pack(">IHB", 15 + 4 + len(finger_bytes), 1, 1)
    record += struct.pack(">I", 4 + len(finger_bytes)) + finger_bytes
    (found,) = read_minutiae(record).fingers
    assert len(head) == 19
    assert [(each.x, each.y, each.quality) for each in found.minutiae] == [(100, 14, None), (55, 200, None)]
    assert found.capture.quality == 70


@pytest.mark.parametrize("impression", Impression)
def test_an_impression_type_that_an_edition_lacks_becomes_the_nearest(impression):
    again = impression_of_2005(code_of_2005(impression))
    assert impression_of_2005(code_of_2005(again)) == again
    if impression in {Impression.LIVE_PLAIN, Impression.NONLIVE_ROLLED, Impression.LATENT, Impression.SWIPE}:
        assert again is impression
    if "ROLL" in impression.name and "CONTACTLESS" not in impression.name:
        assert "ROLLED" in again.name
    if "CONTACTLESS" in impression.name:
        assert again is Impression.OPTICAL_CONTACTLESS_PLAIN


@every_edition
def test_more_minutiae_than_a_byte_counts_are_not_written(edition):
    assert len(read_minutiae(write_minutiae([many(255)], edition)).fingers[0].minutiae) == 255
    with pytest.raises(TooManyMinutiae, match="255"):
        write_minutiae([many(256)], edition)


@every_edition
def test_what_an_edition_cannot_say_is_not_written(edition):
    far = finger(Minutia(MinutiaKind.ENDING, 16_384, 1, 0.0))
    for held in ([], [far], [replace(finger(), width=70_000)], [finger()] * 256):
        with pytest.raises(UnwritableTemplate):
            write_minutiae(held, edition)


@pytest.mark.parametrize("edition", OF_2005)
def test_the_editions_with_one_resolution_a_record_take_no_two(edition):
    with pytest.raises(UnwritableTemplate, match="by itself"):
        write_minutiae([finger(), finger(view=1, per_cm=394)], edition)


@every_edition
def test_a_record_of_no_finger_is_refused(edition):
    whole = write_minutiae([finger()], edition)
    count = {MinutiaeFormat.ISO_2005: 22, MinutiaeFormat.ANSI_2004: 24, MinutiaeFormat.ISO_2011: 13}.get(edition, 19)
    empty = bytearray(whole)
    empty[count] = 0
    if edition is MinutiaeFormat.ISO_2011:
        empty = empty[:15]
        empty[8:12] = struct.pack(">I", 15)
    with pytest.raises(NoFinger):
        read_minutiae(bytes(empty))


@every_edition
def test_one_finger_is_wanted_and_others_are_named(edition):
    two = write_minutiae([finger(), finger(position=Position.RIGHT_THUMB)], edition)
    with pytest.raises(SeveralFingers, match="left index, right thumb"):
        one_finger(read(two))
    (chosen,) = read(two, finger=Position.RIGHT_THUMB.finger).samples
    assert chosen.capture.position is Position.RIGHT_THUMB
    with pytest.raises(NoFinger, match="left little"):
        read(two, finger=Position.LEFT_LITTLE.finger)


@every_edition
def test_of_several_takes_of_a_finger_the_one_of_best_quality_counts(edition):
    takes = [finger(quality=60), finger(quality=80, view=1), finger(quality=80, view=2)]
    assert one_finger(read(write_minutiae(takes, edition))).capture.view == 1
    nobodys = [replace(take, capture=replace(take.capture, position=Position.UNKNOWN)) for take in takes]
    with pytest.raises(SeveralFingers, match="unknown, unknown"):
        one_finger(read(write_minutiae(nobodys, edition)))


def test_more_fingers_than_a_person_has_takes_of_are_refused_before_any_is_read():
    whole = write_minutiae([finger()], MinutiaeFormat.ISO_2011)
    head, one = whole[:8], whole[15:]
    for count in (255, 256, 20_000):
        data = head + struct.pack(">IHB", 15 + count * len(one), count, 0) + one * count
        if count == 255:
            assert len(read(data).samples) == count
        else:
            with pytest.raises(UnreadableTemplate, match=f"{count} fingers"):
                read(data)


def test_a_record_that_tells_no_finger_may_be_the_one_that_is_meant():
    data = write_minutiae([finger(position=Position.UNKNOWN)], MinutiaeFormat.ISO_2005)
    (sample,) = read(data, finger=Position.LEFT_LITTLE.finger).samples
    assert sample.capture.position is Position.UNKNOWN


@every_edition
@pytest.mark.parametrize(("count", "refusal"), [(0, NoMinutiae), (1, None), (100, None), (101, TooManyMinutiae)])
def test_none_and_more_than_a_hundred_minutiae_are_read_but_not_compared(edition, count, refusal):
    held = replace(finger(), minutiae=many(count).minutiae) if count else replace(finger(), minutiae=())
    contents = read(write_minutiae([held], edition))
    assert len(contents.samples[0].finger.minutiae) == count
    if refusal is None:
        assert one_finger(contents) is contents.samples[0]
    else:
        with pytest.raises(refusal):
            one_finger(contents)


@every_edition
def test_a_template_without_a_resolution_needs_the_callers(edition):
    silent = write_minutiae([finger(per_cm=0)], edition)
    with pytest.raises(UnknownResolution):
        read(silent)
    (sample,) = read(silent, 500).samples
    assert (sample.finger.x_per_cm, sample.finger.y_per_cm) == (197, 197)


def test_the_callers_resolution_wins_over_the_templates_and_the_notes_say_so():
    data = write_minutiae([finger(per_cm=394)], MinutiaeFormat.ISO_2011)
    (sample,) = read(data, 500).samples
    assert sample.finger.x_per_cm == 197
    assert sample.notes == ("the record tells 1001 dpi; the caller's 500 counts",)


def test_an_impossible_resolution_of_a_template_is_refused():
    with pytest.raises(ImpossibleResolution):
        read(write_minutiae([finger(per_cm=9_000)], MinutiaeFormat.ISO_2005))


def test_angles_are_counterclockwise_and_below_a_whole_turn():
    held = finger(Minutia(MinutiaKind.ENDING, 1, 1, 359.9))
    for edition in EDITIONS:
        (found,) = read_minutiae(write_minutiae([held], edition)).fingers
        assert found.minutiae[0].angle == 0.0
        assert math.isclose(edition.angle_unit * round(360 / edition.angle_unit), 360)
