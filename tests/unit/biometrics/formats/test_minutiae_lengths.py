"""Minutiae records that tell a wrong length, or are cut: read by the edition that they are of, or refused."""

import struct
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from biometrics.formats.impressions import Impression
from biometrics.formats.minutiae import Capture, FingerMinutiae, Minutia, MinutiaeFormat, MinutiaKind
from biometrics.formats.minutiae_reading import read_minutiae
from biometrics.formats.minutiae_writing import write_minutiae
from biometrics.formats.positions import Position
from biometrics.rejections import NoFinger, UnreadableTemplate
from tests.unit.biometrics.formats.editions import FINGERTIPS, OF_2005, every_edition, fingers
from tests.unit.biometrics.formats.made import finger


def test_a_wrong_length_is_told_and_the_fingers_are_read():
    data = write_minutiae([finger()], MinutiaeFormat.ANSI_2004)
    spoilt = data[:8] + struct.pack(">H", len(data) - 2) + data[10:]
    assert read_minutiae(spoilt).notes == (f"the record says that it has {len(data) - 2} bytes, and has {len(data)}",)


SPOILT = {
    "zero": lambda _length, _size: 0,
    "more": lambda length, _size: length + 6,
    "less": lambda length, _size: length - 2,
    "ones": lambda _length, size: 256**size - 1,
}
every_spoilt_length = pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)


def with_length(data, edition, spoil):
    size = 2 if edition is MinutiaeFormat.ANSI_2004 else 4
    told = int.from_bytes(data[8 : 8 + size])
    return data[:8] + spoil(told, size).to_bytes(size) + data[8 + size :]


@every_edition
@every_spoilt_length
@pytest.mark.parametrize("per_cm", [197, 394])
@pytest.mark.parametrize("quality", [0, 1, 10, 70])
def test_a_record_of_a_wrong_length_is_read_by_its_edition_and_the_notes_say_so(edition, spoil, per_cm, quality):
    for position in (Position.UNKNOWN, Position.RIGHT_THUMB, Position.LEFT_LITTLE):
        held = [finger(position=position, per_cm=per_cm, quality=quality)]
        for fingers_held in (held, [*held, finger(view=1, per_cm=per_cm)]):
            data = write_minutiae(fingers_held, edition)
            record = read_minutiae(with_length(data, edition, spoil))
            assert (record.format, record.fingers) == (edition, read_minutiae(data).fingers)
            (note,) = record.notes
            assert f"and has {len(data)}" in note


def three(*of_each):
    """Fingers of so many minutiae and bytes behind, of which another edition makes other ones that end alike."""
    impressions = Impression.SWIPE, Impression.LIVE_PLAIN, Impression.LIVE_PLAIN
    return [
        FingerMinutiae(
            Capture(Position.UNKNOWN, how), 1, 1, 40, 256, (Minutia(MinutiaKind.OTHER, 0, 0, 0.0),) * count, bytes(more)
        )
        for how, (count, more) in zip(impressions, of_each, strict=True)
    ]


@every_edition
@every_spoilt_length
@example(held=three((1, 5), (0, 11), (2, 0)), extended=True, is_square=False)
@given(held=st.lists(fingers, min_size=1, max_size=3), extended=st.booleans(), is_square=st.booleans())
def test_a_record_of_a_wrong_length_is_never_read_by_another_edition(edition, spoil, held, extended, is_square):
    across, down = held[0].x_per_cm, held[0].x_per_cm if is_square else held[0].y_per_cm
    alike = [replace(each, x_per_cm=across, y_per_cm=down) for each in held]
    data = write_minutiae(alike, edition, extended_of=edition if extended else None)
    try:
        record = read_minutiae(with_length(data, edition, spoil))
    except (UnreadableTemplate, NoFinger):
        return
    assert (record.format, record.fingers) == (edition, read_minutiae(data).fingers)
    assert record.notes


@every_edition
@pytest.mark.parametrize(
    "odd",
    [
        finger(Minutia(MinutiaKind.ENDING, 300, 14, 90.0, 60)),
        replace(finger(), width=0),
        replace(finger(), minutiae=()),
    ],
    ids=["at-the-edge", "no-width", "of-none"],
)
def test_what_is_odd_about_minutiae_does_not_matter_where_the_data_end_with_them(edition, odd):
    data = write_minutiae([odd], edition)
    record = read_minutiae(with_length(data, edition, lambda length, _size: length + 1))
    assert (record.format, record.fingers) == (edition, read_minutiae(data).fingers)


@pytest.mark.parametrize("edition", [*OF_2005, MinutiaeFormat.ANSI_2009])
@pytest.mark.parametrize(
    "odd",
    [
        finger(Minutia(MinutiaKind.ENDING, 300, 14, 90.0, 60)),
        finger(Minutia(MinutiaKind.ENDING, 14, 400, 90.0, 60)),
        replace(finger(), y_per_cm=394),
        replace(finger(), minutiae=()),
    ],
    ids=["beside", "below", "not-square", "of-none"],
)
def test_of_a_wrong_length_and_bytes_behind_only_what_makes_sense_is_read(edition, odd):
    def spoilt(held):
        return with_length(write_minutiae([held], edition), edition, lambda length, _size: length + 1) + bytes(3)

    record = read_minutiae(spoilt(finger()))
    assert (record.format, len(record.notes)) == (edition, 2)
    with pytest.raises(UnreadableTemplate):
        read_minutiae(spoilt(odd))


def test_where_no_other_edition_has_the_number_what_makes_no_sense_is_read_as_well():
    edition = MinutiaeFormat.ANSI_2009_AM1
    data = write_minutiae([replace(finger(), minutiae=())], edition)
    record = read_minutiae(with_length(data, edition, lambda length, _size: length + 1) + bytes(3))
    assert (record.format, record.fingers) == (edition, read_minutiae(data).fingers)


inside = st.builds(Minutia, st.sampled_from(MinutiaKind), st.integers(0, 299), st.integers(0, 399), st.just(90.0))


@every_edition
@given(places=st.lists(inside, max_size=60), position=st.sampled_from(FINGERTIPS), quality=st.none() | st.just(1))
def test_a_record_that_is_cut_anywhere_is_refused(edition, places, position, quality):
    held = replace(finger(position=position, quality=quality), minutiae=tuple(places))
    whole = write_minutiae([held], edition)
    for length in range(len(whole)):
        with pytest.raises(UnreadableTemplate):
            read_minutiae(whole[:length])
