"""This module reads CBEFF documents as MOSIP uses them: XML (ISO/IEC 19785-3) around ISO records of fingers."""

import base64
import binascii
from collections.abc import Iterator
from itertools import islice
from xml.etree.ElementTree import Element, ParseError, TreeBuilder  # what parses is defusedxml

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import XMLParser

from biometrics.formats.cbeff_captures import capture_of, exceptions, told_around
from biometrics.formats.contents import ImagePart, MissingFinger, Part, Parts, TemplateSample, Unread
from biometrics.formats.image_records import read_image_record
from biometrics.formats.images import declared_size
from biometrics.formats.kinds import Family, SampleFormat, recognise
from biometrics.formats.minutiae import NOTHING_TOLD, Capture
from biometrics.formats.minutiae_reading import read_minutiae
from biometrics.formats.missing import strongest, without_amputated
from biometrics.formats.positions import Missing, said
from biometrics.rejections import NoFinger, UnreadableRecord
from hub.errors import Rejected

_FINGER = "finger"
_WEB_ALPHABET = str.maketrans("-_", "+/")
"""Of base64 for addresses (RFC 4648, 5) to the usual one."""
_BEST = 100
_MOST_RECORDS = 200
_MOST_BLOCKS = 1_000
"""Records of whatever kind, and those that hold them."""
_MOST_MARKS = 100 * _MOST_BLOCKS
"""Of `<` and `=`, which each tag, comment and attribute begins or has: a record that MOSIP writes has some fifty."""
_TOO_MANY = "The CBEFF document holds more fingers than any person has; part it."
_EMPTY = "passed over: a record of {} that holds nothing"
_OTHERS = frozenset(
    {"dna", "ear", "face", "foot", "gait", "handgeometry", "iris", "keystroke", "lipmovement", "retina", "scent"}
    | {"signaturesign", "vein", "voice"}
)
"""What else the schema knows of a person; the notes repeat nothing that is not in it."""


def read_cbeff(data: bytes) -> Parts:
    """Read a document: its fingers, not decoded yet, and which are missing; faces and irises are passed over.

    What a record inside does not tell of finger and quality is taken from the document around it; one that is broken is
    told as such, for another may hold the finger that is wanted.

    Raises:
        UnreadableRecord: it is none, or holds too much.
        NoFinger: it is whole, but of no finger.
    """
    root = _parsed(data)
    parts: list[Part] = []
    unread: list[Unread] = []
    missing: dict[MissingFinger, None] = {}
    others: set[str] = set()
    notes: list[str] = []
    held = 0
    for record in _records(root):
        kinds = set((_text(record, "BDBInfo", "Type") or _FINGER).lower().split()) or {_FINGER}
        if _FINGER not in kinds:
            others |= {kind if kind in _OTHERS else "others" for kind in kinds}
            continue
        capture = _capture(record)
        blocks, is_exception = _blocks(record), _is_exception(record)
        held += len(blocks)
        if held > _MOST_RECORDS:
            raise UnreadableRecord(_TOO_MANY)
        shown = [_inside(block, capture) for block in blocks]
        for found in shown:
            parts += found.parts
            unread += found.unread
            notes += found.notes
            missing |= dict.fromkeys(found.missing)
        if is_exception:
            told = exceptions([part for found in shown for part in found.parts], capture, notes)
            missing |= dict.fromkeys(MissingFinger(position, Missing.UNKNOWN) for position in told)
        elif not blocks and _is_of_finger(record):
            notes.append(_EMPTY.format(f"the {said(capture.fingers)}" if capture.fingers else "a finger"))
        if len(parts) + len(unread) > _MOST_RECORDS:
            raise UnreadableRecord(_TOO_MANY)
    if not parts and not unread and not missing:
        raise NoFinger("The CBEFF document holds no finger; send one that does.")
    if others:
        notes.append(f"passed over: {', '.join(sorted(others))}")
    absent = strongest(missing, notes)
    left = list(without_amputated([*parts, *unread], absent, notes))
    return Parts(
        tuple(each for each in left if not isinstance(each, Unread)),
        absent,
        tuple(dict.fromkeys(notes)),
        tuple(each for each in left if isinstance(each, Unread)),
    )


class _Plain:
    """Builds a tree without comments and instructions: with them, a text would be put together anew at each of them."""

    def __init__(self) -> None:
        tree = TreeBuilder()
        self.start, self.end, self.data, self.close = tree.start, tree.end, tree.data, tree.close


def _parsed(data: bytes) -> Element:
    """Parse a document.

    Raises:
        UnreadableRecord: it is no XML, has a DTD or too much markup.
    """
    if data.count(b"<") + data.count(b"=") > _MOST_MARKS:
        raise UnreadableRecord(f"The CBEFF document holds more than {_MOST_MARKS} tags and attributes; part it.")
    parser = XMLParser(target=_Plain(), forbid_dtd=True)
    try:
        parser.feed(data)
        root: Element = parser.close()
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise UnreadableRecord("The CBEFF document is no well-formed XML, or has a DTD; send it without one.") from None
    return root


def _records(root: Element) -> list[Element]:
    """List the records: a document is one of them, or a tree, in which each may hold blocks and further records.

    Raises:
        UnreadableRecord: there are too many.
    """
    records = list(islice((each for each in root.iter() if _name(each) == "bir"), _MOST_BLOCKS + 1))
    if len(records) > _MOST_BLOCKS:
        raise UnreadableRecord(f"The CBEFF document holds more than {_MOST_BLOCKS} records; part it.")
    return records


def _blocks(record: Element) -> list[str]:
    """List the blocks of a record that hold something."""
    return [text for each in record if _name(each) == "bdb" and (text := (each.text or "").strip())]


def _is_of_finger(record: Element) -> bool:
    """Tell whether a record stands for a finger, and not for the records inside of it alone."""
    names = {_name(child) for child in record}
    return bool(names & {"bdb", "bdbinfo"}) and "bir" not in names


def _inside(block: str, capture: Capture) -> Parts:
    """Read what a record of the document holds, as far as that can be done."""
    try:
        return told_around(_opened(_decoded(block)), capture)
    except Rejected as fault:
        return Parts((), unread=(Unread(capture, fault),))


def _opened(data: bytes) -> Parts:
    """Read an image record, templates, or an image file.

    Raises:
        Rejected: what is wrong with it.
    """
    kind = recognise(data)
    if kind is SampleFormat.ISO_19794_4:
        return read_image_record(data)
    if kind is SampleFormat.ISO_19794_2:
        record = read_minutiae(data)
        return Parts(tuple(TemplateSample(finger, record.format, record.notes) for finger in record.fingers))
    if kind is not None and kind.family is Family.IMAGE:
        return Parts((ImagePart(data, NOTHING_TOLD, None, declared_size(data)),))
    raise UnreadableRecord("The CBEFF document holds a finger in a form that is not read; send ISO 19794-4 or -2.")


def _capture(record: Element) -> Capture:
    score = (_text(record, "BDBInfo", "Quality", "Score") or "").strip()
    quality = int(score) if score.isascii() and score.isdigit() and len(score) <= 3 else None  # noqa: PLR2004  0 to 100
    known = quality if quality is not None and quality <= _BEST else None
    return capture_of(_text(record, "BDBInfo", "Subtype") or "", known)


def _is_exception(record: Element) -> bool:
    """Tell whether a record stands for a finger that could not be taken: an entry `EXCEPTION` that is true.

    MOSIP writes `<others><entry key="EXCEPTION">true</entry></others>` since 1.2 (its bio-utils, `OthersList`), and
    wrote `<Others><Key>EXCEPTION</Key><Value>true</Value></Others>` before.
    """
    entries = ((key, value) for each in record if _name(each) == "others" for key, value in _entries(each))
    return ("exception", "true") in entries


def _entries(others: Element) -> Iterator[tuple[str, str]]:
    """Give the pairs of a record's further entries, in small letters."""
    key = ""
    for child in others:
        name, value = _name(child), (child.text or "").strip().lower()
        if name == "key":
            key = value
        elif name == "value":
            yield key, value
            key = ""
        else:
            told = (word for attribute, word in child.items() if _plain(attribute) == "key")
            yield next(told, "").strip().lower(), value


def _text(record: Element, *path: str) -> str | None:
    """Give the text of an element below a record, by names without their namespace."""
    element: Element | None = record
    for name in path:
        if element is None:
            return None
        element = next((child for child in element if _name(child) == name.lower()), None)
    return None if element is None else element.text


def _name(element: Element) -> str:
    """Give an element's name without its namespace; the editions of the schema differ in that, and in capitals."""
    return _plain(str(element.tag))


def _plain(name: str) -> str:
    return name.rpartition("}")[2].lower()


def _decoded(block: str) -> bytes:
    """Decode base64 of either alphabet, with blanks anywhere; a wrong number of `=` at its end does no harm."""
    text = "".join(block.split()).translate(_WEB_ALPHABET).rstrip("=")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise UnreadableRecord("The CBEFF document holds a block that is no base64; send it again.") from None
