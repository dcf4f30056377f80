"""This module is the gallery: every enrolled finger, ready to be compared, at the version its source last told."""

import sys
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biometrics.calibration import Calibration
from biometrics.comparing import LONE, Comparer, Comparing, Scores, Views
from biometrics.engine import Scan
from biometrics.rejections import EngineOverloaded
from contracts.records import FingerPosition, ImpressionType
from contracts.references import RecordRef, SubjectRef, SystemName

FIRST_CAPACITY = 1024
LOOK_EVERY = 100
"""The fewest images between two looks at the memory that is left: 2 MB."""
BYTES_AN_IMAGE = 60_000
"""What an image takes at most, twice over: with its view 22 kB on average. So many fit before the next look."""
NO_SEARCH = 0
"""Stands for the number of the last search that may look at a place, where none may; searches count from 1."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """One finger of a person as the gallery holds it.

    `engine` is what made its templates, `nfiq2` the quality of the best of the images that they were made of,
    `impressions` how the finger was put down for these, as far as is told, each once.
    """

    record: RecordRef
    subject: SubjectRef
    system: SystemName
    position: FingerPosition
    version: int
    engine: str
    nfiq2: int | None = None
    impressions: tuple[ImpressionType, ...] = ()


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A finger is to be held, in the place of what the gallery holds of the record at a lower version."""

    finger: Enrolled
    images: tuple[Views, ...]


@dataclass(frozen=True, slots=True)
class Removal:
    """A record is to be forgotten; its reference and version stay, so that a late older event cannot bring it back."""

    record: RecordRef
    version: int


@dataclass(slots=True)
class _Held:
    """What is known of a record; `removed` is the version at which it was removed last."""

    version: int
    finger: Enrolled | None
    images: tuple[Views, ...]
    places: tuple[int, ...]
    removed: int = -1


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one search sees: rows, how far they are filled, and whose each place is (nobody's where it was freed).

    `agreed` tells of each place how many minutiae its views agree on; `templates` counts what is compared, by the
    system it is of.
    """

    rows: tuple[Scan, ...]
    agreed: Scores
    count: int
    templates: Mapping[SystemName, int]
    owners: Sequence[Enrolled | None]


class Gallery:
    """Holds templates in the JVM and their owners here. Writers take turns; no search waits for them, nor they for it.

    Each image has a place of its own; its templates, plain and of its view, are in as many rows at that place.

    A place is never used twice: a search that still runs can therefore not give one person the score of another. What
    is freed is reclaimed by copying the row, once more than half of it is free.

    What is replaced stays where it is until the searches that began before have ended: each sees every record that was
    held when it began, at one version. What is removed is gone at once.
    """

    def __init__(
        self,
        engine: Comparer,
        calibration: Calibration | None = None,
        room: Callable[[], int] = lambda: sys.maxsize,
    ) -> None:
        """Make an empty one.

        Args:
            engine: what compares.
            calibration: without one it holds and compares images as they are, by the plain engine.
            room: tells how many more bytes of memory may be held.
        """
        self.comparing = Comparing(engine, calibration)
        self._engine = engine
        self._turn = threading.Lock()
        self._held: dict[str, _Held] = {}
        self._capacity = FIRST_CAPACITY
        self._rows = self.comparing.new_rows(FIRST_CAPACITY)
        self._agreed = np.full(FIRST_CAPACITY, LONE, dtype=np.float64)
        self._owners: list[Enrolled | None] = []
        self._live = 0
        self._fingers = 0
        self._engines: Counter[str] = Counter()
        self._systems: Counter[SystemName] = Counter()
        self._bare: dict[RecordRef, SystemName] = {}
        self._room = room
        self._until_look = LOOK_EVERY
        self._searches: set[int] = set()
        self._begun = 0
        # Records whose versions ended, and their places, each with the number of the last search that may look there.
        self._ended: deque[tuple[int, RecordRef, tuple[int, ...]]] = deque()
        self._full = False
        self._lacking = 0

    @property
    def full(self) -> bool:
        """Whether nobody should be put into it, until a look finds room again."""
        return self._full

    @property
    def lacking(self) -> int:
        """How many bytes a full gallery lacked, when it last looked, to take anybody in again."""
        return self._lacking

    def look_again(self) -> bool:
        """Look at the memory of a full gallery, and tell whether there is room again; the JVM stands still for it."""
        with self._turn:
            self._look()
            return not self._full

    @property
    def fingers(self) -> int:
        """How many records are held."""
        return self._fingers

    @property
    def templates(self) -> int:
        """How many images a probe is compared with."""
        return self._live

    def engines(self) -> dict[str, int]:
        """Count the records by the engine that made them: what another made wants a new extraction."""
        return {engine: count for engine, count in self._engines.items() if count}

    def apply(self, changes: Iterable[Enrolment | Removal]) -> int:
        """Take changes over, in any order and any number of times; give how many were news.

        A record is held at its highest version; of the same version the first counts, and a removal wins.
        """
        with self._turn:
            return sum(self._take(change) for change in changes)

    def version_of(self, record: RecordRef) -> int:
        """Give the version the gallery knows of a record, held or removed; -1 for none."""
        return self.known(record)[0]

    def was_removed(self, owner: Enrolled) -> bool:
        """Tell whether a record was removed since it stood as a search saw it, though it may be held again."""
        held = self._held.get(owner.record)
        return held is None or owner.version <= held.removed

    def find(self, record: RecordRef) -> tuple[Enrolled, tuple[Views, ...]] | None:
        """Give a held record with its images."""
        return self.known(record)[1]

    def known(self, record: RecordRef) -> tuple[int, tuple[Enrolled, tuple[Views, ...]] | None]:
        """Give the version of a record as `version_of` does, and what is held of it, both as of one moment."""
        held = self._held.get(record)
        if held is None:
            return -1, None
        return held.version, None if held.finger is None else (held.finger, held.images)

    def bare(self, may_see: Callable[[SystemName], bool]) -> tuple[RecordRef, ...]:
        """Give the records of systems that may be seen that are held without any image: no template could be read."""
        with self._turn:
            return tuple(record for record, system in self._bare.items() if may_see(system))

    def find_subject(self, subject: SubjectRef) -> list[tuple[Enrolled, tuple[Views, ...]]]:
        """Give all held fingers of a person; looks at every record."""
        with self._turn:
            return [(h.finger, h.images) for h in self._held.values() if h.finger and h.finger.subject == subject]

    @contextmanager
    def search(self) -> Iterator[Snapshot]:
        """Give what a search looks at until it ends: what is replaced meanwhile it still sees, as it was."""
        with self._turn:
            self._begun = number = self._begun + 1
            self._searches.add(number)
            owners = tuple(self._owners)
            seen = Snapshot(self._rows, self._agreed, len(owners), dict(self._systems), owners)
        try:
            yield seen
        finally:
            with self._turn:
                self._searches.remove(number)
                self._clear_ended()

    def scan(self, probe: Views, snapshot: Snapshot, places: NDArray[np.int32] | None = None) -> Scores:
        """Score the places of a snapshot, or these alone and the others below any score; one call into the engine."""
        if places is None:
            return self.comparing.scan(probe, snapshot.rows, snapshot.agreed, snapshot.count)
        scores = np.full(snapshot.count, -np.inf)
        if places.size:
            scores[places] = self.comparing.scan_some(probe, snapshot.rows, snapshot.agreed, places)
        return scores

    def _take(self, change: Enrolment | Removal) -> bool:
        record, version = (
            (change.record, change.version)
            if isinstance(change, Removal)
            else (change.finger.record, change.finger.version)
        )
        held = self._held.get(record)
        if held is not None and not _is_news(held, version, isinstance(change, Removal)):
            return False
        if isinstance(change, Removal):
            self._remove(change, held)
        else:
            self._enrol(change.finger, change.images, held)
        return True

    def _remove(self, removal: Removal, held: _Held | None) -> None:
        if held is not None and held.finger is not None:
            self._forget(held, held.finger)
        self._held[removal.record] = _Held(removal.version, None, (), (), removed=removal.version)
        self._clear_removed(removal.record, held.places if held is not None else ())

    def _enrol(self, finger: Enrolled, images: tuple[Views, ...], held: _Held | None) -> None:
        # Once for all images: what moves the row meets every record whole.
        self._make_room(len(images))
        places = self._write(images)
        if held is not None and held.finger is not None:
            self._forget(held, held.finger)
        self._owners += [finger] * len(places)
        self._held[finger.record] = _Held(finger.version, finger, images, places, -1 if held is None else held.removed)
        self._live += len(places)
        self._fingers += 1
        self._engines[finger.engine] += 1
        self._systems[finger.system] += len(places)
        if not places:
            self._bare[finger.record] = finger.system
        if held is not None:
            self._ended.append((self._begun, finger.record, held.places))
            self._clear_ended()
        self._look_at_memory(len(places))

    def _look_at_memory(self, added: int) -> None:
        self._until_look -= added
        if self._until_look <= 0:
            self._look()

    def _look(self) -> None:
        """Look at the memory. What was full wants room for some images, or it would be full at once again."""
        room, least = self._room(), LOOK_EVERY * BYTES_AN_IMAGE if self._full else 1
        self._full = room < least
        self._lacking = least - room if self._full else 0
        self._until_look = max(LOOK_EVERY, room // BYTES_AN_IMAGE)

    def _write(self, images: tuple[Views, ...]) -> tuple[int, ...]:
        """Write images behind all that is held, and give their places; nothing has changed when the engine fails."""
        places = tuple(range(len(self._owners), len(self._owners) + len(images)))
        for place, image in zip(places, images, strict=True):
            self.comparing.put(self._rows, place, image)
            self._agreed[place] = image.agreed
        return places

    def _forget(self, held: _Held, finger: Enrolled) -> None:
        """See to it that no search to come finds it; its templates stand until they are cleared."""
        for place in held.places:
            self._owners[place] = None
        self._live -= len(held.places)
        self._fingers -= 1
        self._engines[finger.engine] -= 1
        self._systems[finger.system] -= len(held.places)
        self._bare.pop(finger.record, None)

    def _clear_removed(self, record: RecordRef, places: tuple[int, ...]) -> None:
        """Clear the places of a record that ends, and those of its versions before: nobody is told of them any more."""
        older = [each for each in self._ended if each[1] == record]
        for each in older:
            self._ended.remove(each)
            places += each[2]
        self._ended.appendleft((NO_SEARCH, record, places))
        self._clear_ended()

    def _clear_ended(self) -> None:
        """Clear the places where no search looks any more.

        What the engine fails at stands, nobody's, until the next record or search ends; all else is whole.
        """
        oldest = min(self._searches, default=self._begun + 1)
        with suppress(EngineOverloaded):
            while self._ended and self._ended[0][0] < oldest:
                for place in self._ended[0][2]:
                    self.comparing.put(self._rows, place, None)
                self._ended.popleft()

    def _make_room(self, count: int) -> None:
        """See to it that `count` places are free at the row's end; nothing has changed when the engine fails."""
        if len(self._owners) + count <= self._capacity:
            return
        capacity = self._capacity
        if self._live * 2 > capacity:
            capacity = _enough(capacity * 2, len(self._owners) + count)
            rows = tuple(self._engine.enlarge(row, capacity) for row in self._rows)
            agreed = np.full(capacity, LONE, dtype=np.float64)
            agreed[: len(self._owners)] = self._agreed[: len(self._owners)]
            self._rows, self._agreed = rows, agreed
        else:
            capacity = _enough(capacity, self._live + count)
            self._compact(capacity)
        self._capacity = capacity

    def _compact(self, capacity: int) -> None:
        """Make new rows of what is held, and new owners, for running searches keep the old ones."""
        moved = [held for held in self._held.values() if held.finger is not None]
        images = [image for held in moved for image in held.images]
        rows = self.comparing.new_rows(capacity, images)
        agreed = np.full(capacity, LONE, dtype=np.float64)
        agreed[: len(images)] = [image.agreed for image in images]
        owners: list[Enrolled | None] = []
        for held in moved:
            start = len(owners)
            owners += [held.finger] * len(held.images)
            held.places = tuple(range(start, len(owners)))
        self._rows, self._agreed, self._owners = rows, agreed, owners
        self._ended.clear()


def _enough(capacity: int, needed: int) -> int:
    while capacity < needed:
        capacity *= 2
    return capacity


def _is_news(held: _Held, version: int, removal: bool) -> bool:
    if version != held.version:
        return version > held.version
    return removal and held.finger is not None
