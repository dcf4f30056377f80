"""This module goes through a file finger by finger: what is wrong with one of them is no fault of the others."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from biometrics.formats.cbeff import read_cbeff
from biometrics.formats.contents import Contents, Parts, Sample, TemplateSample, Unread
from biometrics.formats.image_records import read_image_record
from biometrics.formats.images import Decoding
from biometrics.formats.kinds import SampleFormat, recognise
from biometrics.formats.minutiae import Capture
from biometrics.formats.minutiae_reading import read_minutiae
from biometrics.formats.nist_images import read_nist
from biometrics.formats.positions import Position
from biometrics.rejections import NoFinger, UnreadableRecord
from contracts.records import FingerPosition
from deploy.finger_outcomes import Refused, Which
from deploy.finger_results import UnwritableFile
from deploy.fingers import Size, contents_of, is_raw, read_bytes
from hub.errors import Rejected

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Held:
    """What of a file can be read, and what cannot."""

    contents: Contents
    unread: tuple[Unread, ...] = ()

    @property
    def names(self) -> tuple[Which, ...]:
        """Which finger each is: those that can be read, in their order, and after them those that cannot."""
        return tuple(
            _names([*(each.capture for each in self.contents.samples), *(each.capture for each in self.unread)])
        )

    def refused(self, path: Path) -> list[Refused]:
        """Name those of a file that cannot be read."""
        names = self.names[len(self.contents.samples) :]
        return [Refused(path, each.fault, which) for each, which in zip(self.unread, names, strict=True)]


def held_by(path: Path, decoding: Decoding, size: Size | None = None, finger: FingerPosition | None = None) -> Held:
    """Read the fingers of a file; where one of several cannot be read, each by itself.

    Args:
        path: where it is.
        decoding: how images are read.
        size: of raw pixels, where it was said.
        finger: the only one that is wanted.

    Raises:
        Rejected: what is wrong with the file, with the only finger of it, or with the one that is wanted.
    """
    try:
        held = Held(contents_of(path, decoding, size, finger))
    except Rejected as fault:
        parts = _parts(path, size) if finger is None else Parts(())
        if len(parts.parts) + len(parts.unread) <= 1:
            raise
        return _apart(parts, fault, lambda each: contents_of(path, decoding, size, each))
    if not held.contents.samples:
        raise NoFinger("The file tells of missing fingers alone; there is nothing else in it.")
    return held


def tried(path: Path, held: Held, work: Callable[[Sample, Which], T]) -> tuple[list[T], list[Refused]]:
    """Do the same with every finger of a file; give what was made of them, and which were refused.

    Raises:
        Rejected: what is wrong with the only one.
        UnwritableFile: what is made of the first cannot be written; of a later one, what was written is told, too.
    """
    names = held.names
    done: list[T] = []
    refused: list[Refused] = []
    for sample, which in zip(held.contents.samples, names, strict=False):
        try:
            done.append(work(sample, which))
        except (Rejected, UnwritableFile) as fault:
            if len(names) == 1 or (not done and isinstance(fault, UnwritableFile)):
                raise
            refused.append(Refused(path, fault, which))
    return done, refused + held.refused(path)


def _names(captures: list[Capture]) -> Iterator[Which]:
    told: Counter[str] = Counter()
    for place, capture in enumerate(captures, start=1):
        finger = capture.position.said
        told[finger] += 1
        yield Which(finger, told[finger], f"-{place}" if len(captures) > 1 else "")


def _parts(path: Path, size: Size | None) -> Parts:
    """Tell what a record holds, without decoding it; nothing where it is none, or is broken as a whole."""
    try:
        data = read_bytes(path)
        kind = None if is_raw(data, size) else recognise(data)
        return _READERS[kind](data) if kind in _READERS else Parts(())
    except Rejected:
        return Parts(())


def _templates(data: bytes) -> Parts:
    record = read_minutiae(data)
    return Parts(tuple(TemplateSample(each, record.format) for each in record.fingers))


_READERS: dict[SampleFormat | None, Callable[[bytes], Parts]] = {
    SampleFormat.ISO_19794_2: _templates,
    SampleFormat.ISO_19794_4: read_image_record,
    SampleFormat.AN2K: read_nist,
    SampleFormat.CBEFF: read_cbeff,
}


def _apart(parts: Parts, fault: Rejected, read: Callable[[FingerPosition], Contents]) -> Held:
    """Read each finger of a record by itself.

    Args:
        parts: what it holds.
        fault: what is wrong with it as a whole.
        read: reads a finger that is named. What names none cannot be read alone, and is refused.
    """
    found: list[Contents] = []
    unread: list[Unread] = []
    others = [part.capture for part in parts.parts if not part.capture.position.finger]
    for finger in dict.fromkeys(part.capture.position.finger for part in parts.parts):
        if not finger:
            continue
        try:
            found.append(read(finger))
        except Rejected as wrong:
            unread.append(Unread(Capture(Position(finger)), wrong))
    # What is told of one finger, such as that something of it was passed over, is not told of the others.
    samples = [replace(sample, notes=contents.notes_of(sample)) for contents in found for sample in contents.samples]
    held = {sample.capture.position.finger for sample in samples}
    unread += [each for each in parts.unread if not each.capture.fingers or not each.capture.fingers <= held]
    if others:
        beside = UnreadableRecord(
            "It does not tell which finger it is, and something beside it in the record cannot be read; correct that "
            "first."
        )
        unread += [Unread(capture, beside if unread else fault) for capture in others]
    return Held(Contents(found[0].format if found else SampleFormat.AN2K, tuple(samples), parts.missing), tuple(unread))
