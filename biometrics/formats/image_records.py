"""This module reads finger image records: ISO/IEC 19794-4:2005 ("010") and :2011 ("020")."""

from biometrics.formats.bytewise import Bytes
from biometrics.formats.contents import ImagePart, MissingFinger, Part, Parts, Unread
from biometrics.formats.image_extensions import Extension, in_fingers, read_extension
from biometrics.formats.impressions import impression_of, impression_of_2005
from biometrics.formats.minutiae import Capture, dpi_of
from biometrics.formats.missing import fingers_of, strongest, without_amputated
from biometrics.formats.positions import position_of
from biometrics.formats.resolution import Dpi
from biometrics.rejections import NoFinger, UnreadableRecord

_MAGIC = b"FIR\0"
_EDITION_2005 = b"010\0"
_EDITION_2011 = b"020\0"
_INCHES, _CENTIMETRES = 1, 2
"""What resolutions are counted in (ISO/IEC 19794-4:2005, 7.1.9)."""
_MOST_VIEWS = 200
"""Of ten fingers some each; the editions allow more, of nothing."""
_SHORTEST_OF_2011 = 41
"""Bytes of an image without data, quality and certificates (:2011, 8.3)."""
_DEPTH = 8
_BEST = 100
_NOT_COMPRESSED = 0
_PACKED = 1
_COMPRESSIONS = {_EDITION_2005: range(2, 6), _EDITION_2011: range(2, 7)}
"""WSQ, JPEG, JPEG 2000 (two codes in 2011) and PNG, which tell themselves by their first bytes
(ISO/IEC 19794-4:2005, table 4; :2011, table 5)."""


def read_image_record(data: bytes) -> Parts:
    """Read a record: its images, not decoded yet, with what it tells of each; one in a form that is not read is told.

    Raises:
        UnreadableRecord: it is none, is cut short, or another one is behind it.
        NoFinger: it is whole, but of no finger.
    """
    whole = Bytes(data, UnreadableRecord("The finger image record is cut short or broken; send the whole record."))
    magic, edition = whole.take(4), whole.take(4)
    if magic != _MAGIC or edition not in _COMPRESSIONS:
        raise UnreadableRecord("The record is no ISO 19794-4 record of 2005 or 2011; send one of these.")
    length = whole.number(6 if edition == _EDITION_2005 else 4)
    record = whole.part(length - whole.at)
    if data.startswith(_MAGIC, whole.at):
        raise UnreadableRecord("Behind the record another one begins; send each by itself.")
    notes: list[str] = []
    missing: tuple[MissingFinger, ...] = ()
    if edition == _EDITION_2005:
        held = _views_of_2005(record)
    else:
        held, missing = _held_of_2011(record, notes)
    if not held and not missing:
        raise NoFinger("The record holds no finger; send one that does.")
    notes += [f"{record.left} bytes behind the last image were left out"] if record.left else []
    notes += [f"{whole.left} bytes behind the record's end were left out"] if whole.left else []
    return Parts(
        tuple(each for each in held if not isinstance(each, Unread)),
        missing,
        tuple(dict.fromkeys(notes)),
        tuple(each for each in held if isinstance(each, Unread)),
    )


def _views_of_2005(record: Bytes) -> list[Part | Unread]:
    """Read what follows the length in the edition of 2005 (7.1 and 7.2)."""
    record.take(4)  # the device, and the level of its certificate
    count = record.number(1)
    units = record.number(1)
    record.take(4)  # at which it was scanned; the image may be another
    dpi = _dpi(units, record.number(2), record.number(2))
    depth, compression = record.number(1), record.number(1)
    record.take(2)
    views: list[Part | Unread] = []
    # The count is of fingers; each view of one has a header of its own, up to the record's end.
    while record.left:
        _check_views(len(views) + 1)
        finger = record.part(record.number(4) - 4)
        code, _, view, quality, impression = finger.take(5)
        size = finger.number(2), finger.number(2)
        finger.take(1)
        # Who does not judge the quality writes 0 or 254; views are numbered from 1.
        capture = Capture(
            position_of(code), impression_of_2005(impression), _quality(quality) or None, max(view - 1, 0)
        )
        views.append(_view(finger.take(finger.left), capture, dpi, size, depth, compression, _EDITION_2005))
    if len(views) < count:
        raise UnreadableRecord(f"The record announces {count} fingers and holds {len(views)}; send the whole record.")
    return views


def _held_of_2011(record: Bytes, notes: list[str]) -> tuple[list[Part | Unread], tuple[MissingFinger, ...]]:
    """Read what follows the length in the edition of 2011 (8.2 and 8.3): what is shown, and which fingers are not."""
    count = record.number(2)
    _check_views(count)
    certified = record.number(1) != 0
    record.take(1)  # of how many positions
    views = [_view_of_2011(record.part(record.number(4) - 4), certified) for _ in range(count)]
    if _SHORTEST_OF_2011 <= record.next_number(4) <= record.left:
        raise UnreadableRecord(f"The record holds more images than the {count} that it announces; send it again.")
    # All of them first: one view may tell of a finger whose place is in another.
    missing = strongest((each for _, extension in views for each in extension.missing), notes)
    gone = fingers_of(missing)
    held: list[Part | Unread] = []
    for view, extension in views:
        notes += extension.notes
        if isinstance(view, Unread):
            held.append(view)
        elif view.data or not view.capture.fingers or not view.capture.fingers <= gone:
            held += in_fingers(view, extension.segments, missing, notes)
    _check_views(len(held))
    return list(without_amputated(held, missing, notes)), missing


def _check_views(count: int) -> None:
    if count > _MOST_VIEWS:
        raise UnreadableRecord(f"The record holds more than {_MOST_VIEWS} images; part it.")


def _view_of_2011(finger: Bytes, certified: bool) -> tuple[ImagePart | Unread, Extension]:
    finger.take(14)  # when, and with what
    judged = finger.take(5 * finger.number(1))
    if certified:
        finger.take(3 * finger.number(1))
    code, view, units = finger.take(3)
    finger.take(4)  # at which it was scanned; the image may be another
    dpi = _dpi(units, finger.number(2), finger.number(2))
    depth, compression, impression = finger.take(3)
    size = finger.number(2), finger.number(2)
    capture = Capture(position_of(code), impression_of(impression), _quality(judged[0]) if judged else None, view)
    shown = _view(finger.take(finger.number(4)), capture, dpi, size, depth, compression, _EDITION_2011)
    return shown, read_extension(finger.take(finger.left))


def _view(
    data: bytes, capture: Capture, dpi: Dpi | None, size: tuple[int, int], depth: int, compression: int, edition: bytes
) -> ImagePart | Unread:
    """Give an image, or what is wrong with its form: another view may be of the finger that is wanted."""
    raw = compression == _NOT_COMPRESSED or (compression == _PACKED and depth == _DEPTH)
    if not data:
        return ImagePart(data, capture, dpi, size, raw=True)  # of no form; what is there of it is said of its pixels
    if raw and depth != _DEPTH:
        fault = f"The record's pixels have {depth} bits; send 8, or a compressed image."
    elif not raw and compression not in _COMPRESSIONS[edition]:
        fault = "The record's images are in a form that is not read; send WSQ, JPEG 2000 or PNG."
    else:
        pixels = data[: size[0] * size[1]] if raw else data
        more = len(data) - len(pixels)
        notes = (f"{more} bytes behind the pixels of an image were left out",) if more else ()
        return ImagePart(pixels, capture, dpi, size, raw, notes=notes)
    return Unread(capture, UnreadableRecord(fault))


def _dpi(units: int, across: int, down: int) -> Dpi | None:
    """Give the resolution in inches; nothing where the record does not tell in what it counts."""
    if units == _CENTIMETRES:
        return dpi_of(across), dpi_of(down)
    return (float(across), float(down)) if units == _INCHES else None


def _quality(value: int) -> int | None:
    return value if value <= _BEST else None
