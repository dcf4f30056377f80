"""This module reads finger minutiae records: ISO/IEC 19794-2:2005 and :2011, INCITS 378-2004, -2009 and -2009/AM1."""

import struct
from dataclasses import dataclass

from biometrics.formats.bytewise import Bytes
from biometrics.formats.impressions import impression_of, impression_of_2005
from biometrics.formats.minutiae import Capture, FingerMinutiae, Minutia, MinutiaeFormat, MinutiaKind
from biometrics.formats.positions import position_of
from biometrics.rejections import NoFinger, UnreadableTemplate
from hub.errors import Rejected

MAGIC = b"FMR\0"
DEVICES_2005 = b"020\0"
VERSION_2005 = b" 20\0"
_BEFORE_LENGTH = 8
_ANSI_2004_HEADER = 26
_ISO_2005_HEADER = 24
_ISO_2011_HEADER = 15
_ISO_2011_SHORTEST = 34
"""A finger without minutiae, quality and certificates."""
_MOST_VIEWS = 255
"""What the other editions can count."""
_BEST = 100
_NO_QUALITY = 254
"""Not reported; 255 is a failed attempt (ISO/IEC 19794-2:2011, 8.4.2.6)."""

_BROKEN = "The template is cut short or broken; send the whole record again."
_Header = tuple[int, int, int, int]
"""Width, height, and pixels to a centimetre across and down."""


@dataclass(frozen=True, slots=True)
class MinutiaeRecord:
    """What a record holds; `notes` say what was odd about it."""

    format: MinutiaeFormat
    fingers: tuple[FingerMinutiae, ...]
    notes: tuple[str, ...] = ()


def read_minutiae(data: bytes) -> MinutiaeRecord:
    """Read a record of any edition.

    Devices write the number "020" for the editions of 2004 and 2005, where the standards have " 20", and wrong lengths:
    the record is read for what it means, the notes say so. What is behind its end is left out.

    Raises:
        UnreadableTemplate: it is none, is cut short, or another one is behind it.
        NoFinger: it is whole, but of no finger.
    """
    reading = _reading(data)
    if data.startswith(MAGIC, reading.end):
        raise UnreadableTemplate("Behind the template another one begins; send each by itself.")
    return MinutiaeRecord(reading.edition, reading.fingers, _oddities(data, reading))


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a record is by one edition: `told` is the length that it tells, `end` where its fingers end."""

    edition: MinutiaeFormat
    told: int
    end: int
    fingers: tuple[FingerMinutiae, ...]

    @property
    def is_sensible(self) -> bool:
        """Whether it holds minutiae, all of them in images of square pixels: read by another edition it would not."""
        return any(finger.minutiae for finger in self.fingers) and all(
            abs(finger.x_per_cm - finger.y_per_cm) <= 1
            and all(each.x < finger.width and each.y < finger.height for each in finger.minutiae)
            for finger in self.fingers
        )


def _reading(data: bytes) -> _Reading:
    """Read a record by the edition that it is consistent with, though editions share their numbers.

    That is the one by which its fingers end where it says. Where it says something wrong, it is one by which they end
    with the data; or else the one that its length looks like, where that makes sense, or nothing else has its number.

    Raises:
        UnreadableTemplate: it is none, or is cut short, or its length is wrong and two editions end with the data.
        NoFinger: it is whole, but of no finger.
    """
    refusal: Rejected = UnreadableTemplate(_BROKEN)
    layouts, found = _layouts(data), []
    likely: _Reading | None = None
    for number, (edition, size) in enumerate(layouts):
        try:
            reading = _read(data, edition, size)
        except Rejected as fault:
            refusal = fault if number == 0 else refusal
            continue
        if reading.end == reading.told:
            return reading
        likely = reading if number == 0 else likely
        if reading.end == len(data):
            found.append(reading)
    if len({reading.edition for reading in found}) > 1:
        raise UnreadableTemplate(_BROKEN)  # which of them it is nobody can tell
    # What is cut off may look like the whole of another edition; but not of one that measures each finger.
    whole = [each for each in found if each is likely or each.is_sensible or each.edition is MinutiaeFormat.ISO_2011]
    if whole:
        return whole[0]
    if likely is not None and (likely.is_sensible or len(layouts) == 1):
        return likely
    raise refusal


def _read(data: bytes, edition: MinutiaeFormat, size: int) -> _Reading:
    """Read a record by one edition, where the length that it tells takes so many bytes."""
    record = Bytes(data, UnreadableTemplate(_BROKEN))
    record.take(_BEFORE_LENGTH)
    told = record.number(size)
    if edition is MinutiaeFormat.ISO_2011:
        fingers = _fingers_of_iso_2011(record)
    elif edition in {MinutiaeFormat.ANSI_2009, MinutiaeFormat.ANSI_2009_AM1}:
        fingers = _fingers_of_ansi_2009(record)
    else:
        fingers = _fingers_of_2005(record, edition)
    if not fingers:
        raise NoFinger("The template holds no finger; send one that does.")
    return _Reading(edition, told, record.at, tuple(fingers))


def _oddities(data: bytes, reading: _Reading) -> tuple[str, ...]:
    notes = []
    if data[4:_BEFORE_LENGTH] == DEVICES_2005:
        notes.append('the version number "020" was read as " 20"')
    if reading.told != reading.end:
        notes.append(f"the record says that it has {reading.told} bytes, and has {reading.end}")
    if reading.end < len(data):
        notes.append(f"{len(data) - reading.end} bytes behind the record's end were left out")
    return tuple(notes)


_Layout = tuple[MinutiaeFormat, int]
"""An edition, and how many bytes tell a record's length: of ANSI 378-2004 two, or two of zero and four."""
_OF_2005: tuple[_Layout, ...] = (
    (MinutiaeFormat.ANSI_2004, 2),
    (MinutiaeFormat.ANSI_2004, 6),
    (MinutiaeFormat.ISO_2005, 4),
)
_OF_2009: tuple[_Layout, ...] = ((MinutiaeFormat.ISO_2011, 4), (MinutiaeFormat.ANSI_2009, 4))


def _layouts(data: bytes) -> list[_Layout]:
    """List what a record may be by its number, first what its length looks like."""
    version = data[4:_BEFORE_LENGTH]
    if data.startswith(MAGIC):
        if version in {VERSION_2005, DEVICES_2005}:
            return sorted(_OF_2005, key=_likely_of_2005(data).__ne__)
        if version == b"030\0":
            likely = _OF_2009[0 if _lengths_add_up(data) else 1]
            return sorted(_OF_2009, key=likely.__ne__)
        if version == b"035\0":
            return [(MinutiaeFormat.ANSI_2009_AM1, 4)]
    raise UnreadableTemplate(
        "The template is no ISO 19794-2 (2005, 2011) or ANSI 378 (2004, 2009) record; send one of these."
    )


def _likely_of_2005(data: bytes) -> _Layout:
    """Tell ANSI 378-2004 from ISO/IEC 19794-2:2005 (a length of four bytes).

    Read in the wrong way either length would be too small for the edition's header, or far too large.
    """
    first, second = struct.unpack(">HH", data[8:12].ljust(4, b"\0"))
    short, long, iso = _OF_2005
    if first:
        return short if first >= _ANSI_2004_HEADER else iso
    return long if second < _ISO_2005_HEADER else iso


def _lengths_add_up(data: bytes) -> bool:
    """Tell ISO/IEC 19794-2:2011, which gives each finger a length, from ANSI 378-2009 of the same number."""
    total, count = struct.unpack(">IH", data[8:14].ljust(6, b"\0"))
    at = _ISO_2011_HEADER
    for _ in range(count):
        length = int.from_bytes(data[at : at + 4])
        if length < _ISO_2011_SHORTEST or at > len(data):
            return False
        at += length
    return bool(at == total)


def _fingers_of_2005(record: Bytes, edition: MinutiaeFormat) -> list[FingerMinutiae]:
    """Read what follows the length in the editions of 2004 and 2005 (ISO/IEC 19794-2:2005, 7.3 and 7.4)."""
    if edition is MinutiaeFormat.ANSI_2004:
        record.take(4)  # who made the record
    record.take(2)  # the device
    header = _header(record)
    count = record.number(1)
    record.take(1)
    return [_finger_of_2005(record, header, edition) for _ in range(count)]


def _finger_of_2005(record: Bytes, header: _Header, edition: MinutiaeFormat) -> FingerMinutiae:
    position, view_and_type, quality, count = record.take(4)
    # These editions have no number for "not told"; who does not tell writes 0.
    capture = Capture(
        position_of(position), impression_of_2005(view_and_type & 0xF), _quality(quality) or None, view_and_type >> 4
    )
    minutiae = tuple(
        _minutia(x, y, angle * edition.angle_unit, _quality(quality) or None)
        for x, y, angle, quality in struct.iter_unpack(">HHBB", record.take(6 * count))
    )
    return FingerMinutiae(capture, *header, minutiae, record.take(record.number(2)))


def _fingers_of_ansi_2009(record: Bytes) -> list[FingerMinutiae]:
    """Read what follows the length in INCITS 378-2009 and its amendment 1 (6.4 and 6.5)."""
    record.take(7)  # who made the record, and the device
    count = record.number(1)
    record.take(1)
    fingers = []
    for _ in range(count):
        position, view, impression, quality = record.take(4)
        record.take(4)  # who judged the quality
        header = _header(record)
        minutiae = tuple(
            _minutia(x, y, angle * MinutiaeFormat.ANSI_2009.angle_unit, _quality(quality))
            for x, y, angle, quality in struct.iter_unpack(">HHBB", record.take(6 * record.number(1)))
        )
        capture = Capture(position_of(position), impression_of(impression), _quality(quality), view)
        fingers.append(FingerMinutiae(capture, *header, minutiae, record.take(record.number(2))))
    return fingers


def _fingers_of_iso_2011(record: Bytes) -> list[FingerMinutiae]:
    """Read what follows the length in ISO/IEC 19794-2:2011 (8.3 and 8.4)."""
    count = record.number(2)
    if count > _MOST_VIEWS:
        raise UnreadableTemplate(f"The template holds {count} fingers, more than {_MOST_VIEWS}; part it.")
    certified = record.number(1) != 0
    return [_finger_of_iso_2011(record.part(record.number(4) - 4), certified) for _ in range(count)]


def _finger_of_iso_2011(record: Bytes, certified: bool) -> FingerMinutiae:
    record.take(14)  # when, and with what
    judged = record.take(5 * record.number(1))
    if certified:
        record.take(3 * record.number(1))
    position, view = record.take(2)
    x_per_cm, y_per_cm = record.number(2), record.number(2)
    impression = record.number(1)
    width, height = record.number(2), record.number(2)
    form = record.number(1)
    each = ">HHBB" if form >> 4 == struct.calcsize(">HHBB") else ">HHB"
    minutiae = tuple(
        _minutia(
            found[0], found[1], found[2] * MinutiaeFormat.ISO_2011.angle_unit, _quality(*found[3:] or (_NO_QUALITY,))
        )
        for found in struct.iter_unpack(each, record.take(struct.calcsize(each) * record.number(1)))
    )
    capture = Capture(position_of(position), impression_of(impression), _quality(judged[0]) if judged else None, view)
    extended = record.take(record.number(2))
    return FingerMinutiae(
        capture, width, height, x_per_cm, y_per_cm, minutiae, extended, on_ridge=bool(form & 0xF == 1)
    )


def _header(record: Bytes) -> _Header:
    return record.number(2), record.number(2), record.number(2), record.number(2)


def _minutia(x: int, y: int, angle: float, quality: int | None) -> Minutia:
    kind = x >> 14
    kinds = (MinutiaKind.OTHER, MinutiaKind.ENDING, MinutiaKind.BIFURCATION, MinutiaKind.OTHER)
    return Minutia(kinds[kind], x & 0x3FFF, y & 0x3FFF, angle % 360, quality)


def _quality(value: int) -> int | None:
    return value if value <= _BEST else None
