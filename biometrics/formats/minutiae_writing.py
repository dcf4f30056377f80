"""This module writes finger minutiae records: ISO/IEC 19794-2:2005 and :2011, INCITS 378-2004, -2009 and -2009/AM1."""

import struct
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from biometrics.formats.impressions import Impression, code_of_2005
from biometrics.formats.minutiae import FingerMinutiae, Minutia, MinutiaeFormat
from biometrics.formats.positions import Position
from biometrics.rejections import TooManyMinutiae, UnwritableTemplate

_MAGIC = {
    MinutiaeFormat.ISO_2005: b"FMR\0 20\0",
    MinutiaeFormat.ISO_2011: b"FMR\x00030\0",
    MinutiaeFormat.ANSI_2004: b"FMR\0 20\0",
    MinutiaeFormat.ANSI_2009: b"FMR\x00030\0",
    MinutiaeFormat.ANSI_2009_AM1: b"FMR\x00035\0",
}
_OF_2005 = {MinutiaeFormat.ISO_2005, MinutiaeFormat.ANSI_2004}
_TWO_BYTES = 0xFFFF
MOST = 255
"""Minutiae of a finger, and fingers of a record: both are counted in one byte."""
_FARTHEST = 0x3FFF
_MOST_VIEWS_2005 = 16
_NO_QUALITY = 254
# Who made the record, by the list of IBIA, where 0x0103 stands for "not told" (INCITS 378-2009, 6.4.4; vendor unknown).
_NOBODY = 0x0103
_NO_TIME = b"\xff" * 9
"""When a finger was taken, where that is not told (ISO/IEC 19794-1:2011)."""


def write_minutiae(
    fingers: Sequence[FingerMinutiae], edition: MinutiaeFormat, *, extended_of: MinutiaeFormat | None = None
) -> bytes:
    """Write one record of fingers.

    What the edition has no number for becomes the nearest that it has: an impression type, or that a quality is not
    told. Angles are rounded to its steps.

    Args:
        fingers: in the order of the record.
        edition: which one.
        extended_of: the edition that the extended data were written by; they are left out where it is another one,
            for each edition has units of its own there.

    Raises:
        TooManyMinutiae: a finger has more than 255.
        UnwritableTemplate: the edition cannot say something else.
    """
    _check(fingers, edition)
    numbered = _with_views(fingers)
    if extended_of is not edition:
        numbered = [replace(finger, extended=b"") for finger in numbered]
    if edition in _OF_2005:
        return _record_of_2005(numbered, edition)
    if edition is MinutiaeFormat.ISO_2011:
        body = struct.pack(">HB", len(numbered), 0) + b"".join(_finger_of_iso_2011(each) for each in numbered)
    else:
        body = struct.pack(">HHBHBB", _NOBODY, 0, 0, 0, len(numbered), 0)
        body += b"".join(_finger_of_ansi_2009(each, edition) for each in numbered)
    magic = _MAGIC[edition]
    return magic + struct.pack(">I", len(magic) + 4 + len(body)) + body


def _check(fingers: Sequence[FingerMinutiae], edition: MinutiaeFormat) -> None:
    if not 0 < len(fingers) <= MOST:
        raise UnwritableTemplate(f"A record of {edition} holds 1 to {MOST} fingers, not {len(fingers)}; part them.")
    for finger in fingers:
        # 0, nobody says which finger, would let either pass as any.
        if finger.capture.among:
            raise UnwritableTemplate(f"{edition} cannot say that a finger is one of several; say which in the source.")
        if edition in _OF_2005 and finger.capture.position.finger is None:
            raise UnwritableTemplate(f"{edition} is of fingers alone, not of {finger.capture.position.said}.")
        if len(finger.minutiae) > MOST:
            raise TooManyMinutiae(
                f"A finger of {edition} has at most {MOST} minutiae, not {len(finger.minutiae)}; keep the best ones."
            )
        if any(not (0 <= each.x <= _FARTHEST and 0 <= each.y <= _FARTHEST) for each in finger.minutiae):
            raise UnwritableTemplate(f"A minutia lies beyond {_FARTHEST} pixels, which {edition} cannot say.")
        # The length of the extended data counts in two bytes, and so do sizes and resolutions.
        numbers = (finger.width, finger.height, finger.x_per_cm, finger.y_per_cm, len(finger.extended))
        if any(not 0 <= number <= _TWO_BYTES for number in numbers):
            raise UnwritableTemplate(f"The size or the resolution of a finger is more than {edition} can say.")


def _with_views(fingers: Sequence[FingerMinutiae]) -> list[FingerMinutiae]:
    """Keep the views' numbers where they tell takes of one finger apart, and number them from 0 where they do not."""
    told = [(finger.capture.position, finger.capture.view) for finger in fingers]
    if len(set(told)) == len(told) and all(view < _MOST_VIEWS_2005 for _, view in told):
        return list(fingers)
    seen: Counter[Position] = Counter()
    numbered = []
    for finger in fingers:
        view = seen[finger.capture.position]
        seen[finger.capture.position] += 1
        numbered.append(replace(finger, capture=replace(finger.capture, view=view)))
    return numbered


def _record_of_2005(fingers: Sequence[FingerMinutiae], edition: MinutiaeFormat) -> bytes:
    """Write the editions of 2004 and 2005, whose header tells the size and the resolution of all fingers."""
    resolutions = {(finger.x_per_cm, finger.y_per_cm) for finger in fingers}
    if len(resolutions) > 1:
        raise UnwritableTemplate(f"{edition} has one resolution for all fingers of a record; write each by itself.")
    if max(finger.capture.view for finger in fingers) >= _MOST_VIEWS_2005:
        raise UnwritableTemplate(f"{edition} has {_MOST_VIEWS_2005} views of a finger at most; part the record.")
    ((x_per_cm, y_per_cm),) = resolutions
    width, height = max(finger.width for finger in fingers), max(finger.height for finger in fingers)
    body = struct.pack(">HHHHHBB", 0, width, height, x_per_cm, y_per_cm, len(fingers), 0)
    body += b"".join(_finger_of_2005(finger, edition) for finger in fingers)
    magic = _MAGIC[edition]
    if edition is MinutiaeFormat.ISO_2005:
        return magic + struct.pack(">I", len(magic) + 4 + len(body)) + body
    body = struct.pack(">HH", _NOBODY, 0) + body
    length = len(magic) + 2 + len(body)
    # A record that two bytes cannot measure has two of zero, and four more (INCITS 378-2004, 6.4.3).
    measured = struct.pack(">H", length) if length <= _TWO_BYTES else struct.pack(">HI", 0, length + 4)
    return magic + measured + body


def _finger_of_2005(finger: FingerMinutiae, edition: MinutiaeFormat) -> bytes:
    capture = finger.capture
    position = capture.position.finger or 0
    view_and_type = capture.view << 4 | code_of_2005(capture.impression)
    head = struct.pack(">BBBB", position, view_and_type, capture.quality or 0, len(finger.minutiae))
    minutiae = b"".join(_minutia(each, edition, each.quality or 0) for each in finger.minutiae)
    return head + minutiae + _extended(finger)


def _finger_of_ansi_2009(finger: FingerMinutiae, edition: MinutiaeFormat) -> bytes:
    capture = finger.capture
    quality = _NO_QUALITY if capture.quality is None else capture.quality
    head = struct.pack(">BBBBHH", capture.position, capture.view, _live(capture.impression), quality, _NOBODY, 1)
    head += struct.pack(">HHHHB", finger.width, finger.height, finger.x_per_cm, finger.y_per_cm, len(finger.minutiae))
    return head + _minutiae(finger, edition) + _extended(finger)


def _finger_of_iso_2011(finger: FingerMinutiae) -> bytes:
    capture = finger.capture
    judged = b"" if capture.quality is None else struct.pack(">BHH", capture.quality, _NOBODY, 1)
    head = _NO_TIME + struct.pack(">BHHB", 0, 0, 0, len(judged) // 5) + judged
    head += struct.pack(">BBHHB", capture.position, capture.view, finger.x_per_cm, finger.y_per_cm, capture.impression)
    each = struct.calcsize(">HHBB")
    head += struct.pack(">HHBB", finger.width, finger.height, each << 4 | finger.on_ridge, len(finger.minutiae))
    body = head + _minutiae(finger, MinutiaeFormat.ISO_2011) + _extended(finger)
    return struct.pack(">I", 4 + len(body)) + body


def _minutiae(finger: FingerMinutiae, edition: MinutiaeFormat) -> bytes:
    return b"".join(
        _minutia(each, edition, _NO_QUALITY if each.quality is None else each.quality) for each in finger.minutiae
    )


def _minutia(minutia: Minutia, edition: MinutiaeFormat, quality: int) -> bytes:
    steps = round(360 / edition.angle_unit)
    angle = round(minutia.angle / edition.angle_unit) % steps
    return struct.pack(">HHBB", minutia.kind << 14 | minutia.x, minutia.y, angle, quality)


def _extended(finger: FingerMinutiae) -> bytes:
    return struct.pack(">H", len(finger.extended)) + finger.extended


def _live(impression: Impression) -> int:
    """INCITS 378 has no latent prints, for it is of live and inked ones."""
    return Impression.OTHER if Impression.LATENT <= impression <= Impression.LATENT_LIFT else impression
