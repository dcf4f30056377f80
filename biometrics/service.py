"""This module is the biometrics service without HTTP: each request read, done, audited, answered."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol
from uuid import uuid4

from biometrics.answers import extraction, image_quality, missing_fingers, record_answer
from biometrics.comparing import Views
from biometrics.engine_threads import EngineThreads
from biometrics.formats.contents import MissingFinger
from biometrics.full_gallery import as_far_as_it_holds, shortage
from biometrics.gallery import Gallery
from biometrics.matching import Identification, Matching, MaySee, Verification
from biometrics.progress import Offsets, Progress
from biometrics.quality.gate import Gate, Use
from biometrics.quality.quality import Meter, check
from biometrics.registration import SYSTEM, Prepared, Published, Registration, fingers_left, one_of
from biometrics.rejections import GalleryFull, NoFinger, UnknownFingerprint
from biometrics.samples import Extractor, Reading, SampleReader
from biometrics.selection import Selection
from biometrics.sent import refused_as
from biometrics.waivers import waived
from biometrics.wire import (
    EnrolAnswer,
    EnrolRequest,
    ExtractAnswer,
    Extraction,
    ExtractRequest,
    Fault,
    IdentifyRequest,
    RecordAnswer,
    Sample,
    VerifyRequest,
)
from contracts.audit import AuditAction, AuditEntryV1, AuditOutcome
from contracts.records import ErasureReason, FingerPosition
from contracts.references import RecordRef, SubjectRef, system_of
from hub.errors import NotAuthorised, Rejected
from hub.security.principal import Principal

# Kafka tells its offsets within milliseconds; when it does not, it is away, and whoever asks is told soon.
LOG_ANSWERS_S = 3.0
UNLESS_SURE = " If it is not, send it with `best_available`; the audit tells."


class Recorder(Protocol):
    """What the service needs of the audit."""

    @property
    def service(self) -> str:
        """Whose acts are recorded."""
        ...

    async def record(self, entries: Sequence[AuditEntryV1]) -> None:
        """Write entries, durably."""
        ...


class Log(Protocol):
    """What the service needs of the log's reader."""

    async def end_offsets(self, deadline_s: float) -> Offsets:
        """Tell how far the log goes now."""
        ...


@dataclass(frozen=True, slots=True)
class Call:
    """Who asks, and in which flow."""

    principal: Principal
    flow: str


class BiometricsService:
    """Extract, enrol, verify, identify and delete. Nothing is answered before its audit entry is written."""

    def __init__(
        self,
        *,
        extractor: Extractor,
        meter: Meter | None,
        gate: Gate,
        gallery: Gallery,
        matching: Matching,
        registration: Registration,
        progress: Progress,
        log: Log,
        audit: Recorder,
        threads: EngineThreads,
        batch_threads: EngineThreads,
        wait_s: float,
    ) -> None:
        self.gallery = gallery
        self.engine = extractor.name
        self._extractor = extractor
        self._samples = SampleReader(extractor, meter, by_views=gallery.comparing.by_views)
        self._selection = Selection(extractor, gallery.comparing)
        self._gate = gate
        self._matching = matching
        self._registration = registration
        self._progress = progress
        self._log = log
        self._audit = audit
        self._threads = threads
        # Batches queue among themselves: somebody who waits at a booth never stands behind an agency's backfill.
        self._batch_threads = batch_threads
        self._wait_s = wait_s

    async def extract(self, request: ExtractRequest, call: Call) -> ExtractAnswer:
        """Make templates of images; a sample that is refused does not spoil the others of its batch.

        Raises:
            Rejected: the only sample was refused.
        """
        results = await self._batch_threads.run_all(lambda sample: self._extraction(sample, request), request.samples)
        done = sum(result.template is not None for result in results)
        await self._record(call, AuditAction.EXTRACTED, count=done)
        return ExtractAnswer(engine=self.engine, results=tuple(results))

    async def enrol(self, request: EnrolRequest, call: Call) -> EnrolAnswer:
        """Publish a finger and wait until the gallery holds it.

        Raises:
            QualityTooLow: the gate refuses a sample, and nobody says that no better can be had.
            FingerDiffers: it is to be added to what is held, and matches nothing of it.
            Conflict: it is to be added to what is changing at this moment.
            GalleryFull: there is no memory to hold it.
        """
        _must_see_registration(call.principal)
        if self.gallery.full or not self._progress.complete:
            raise GalleryFull
        readings = await self._threads.run_all(self._reading, enumerate(request.samples))
        missing = [finger for reading in readings for finger in reading.missing]
        left = fingers_left(request.position, (reading.fingers for reading in readings), missing)
        likely = one_of(left) if len(left) == 1 else FingerPosition.UNKNOWN
        demand = self._gate.demand(Use.ENROLMENT, likely, child=request.child)
        if not request.best_available:
            for number, reading in enumerate(readings):
                check(reading.quality, demand, f"samples.{number}", UNLESS_SURE)
        detail = waived(readings, demand, self._gate.demand(Use.ENROLMENT, likely))
        await self._up_to_date()
        added_to = self._registration.version_to_add_to(request) if request.add else None
        held = self._registration.held(request) if request.add else None
        position = one_of(fingers_left(held[0].position, [left], missing) if held else left)
        templates = await self._threads.run(self._selection.keep, held[1] if held else (), readings)
        prepared = self._registration.enrol(request, position, templates, call.flow, added_to=added_to)
        published = await self._carry_out(prepared, AuditAction.ENROLLED, request.subject, call, detail)
        return EnrolAnswer(
            **dict(record_answer(self.gallery, published.record)),
            qualities=tuple(image_quality(reading.quality, demand) for reading in readings),
            missing=missing_fingers(missing),
            notes=tuple(reading.notes for reading in readings),
        )

    async def verify(self, request: VerifyRequest, call: Call) -> Verification:
        """Compare a probe with a record, a person or another sample; the audit tells what came of it in every case."""
        ends = None if request.candidate is not None else await self._ends()
        probe = await self._probe(request.probe, Use.VERIFICATION, "probe")
        complete = True if ends is None else await self._reach(ends)
        with as_far_as_it_holds(complete=complete):
            verification = await self._verify(request, probe.views, call.principal.may_see)
        if request.subject is not None and not verification.decision.match and not complete:
            raise GalleryFull  # the finger that matches may be one that it has no room for
        await self._record(
            call,
            AuditAction.VERIFIED,
            purpose=request.purpose,
            record=verification.finger.record if verification.finger else None,
            subject=verification.finger.subject if verification.finger else None,
            count=verification.comparisons,
            detail=verification.outcome + shortage(complete=complete),
        )
        return replace(verification, complete=complete, notes=probe.notes)

    async def identify(self, request: IdentifyRequest, call: Call) -> Identification:
        """Search the gallery; it has read everything that was in the log when this was asked, unless it is full."""
        ends = await self._ends()
        probes, missing = await self._probes(request)
        complete = await self._reach(ends)
        positions = {number: reading.finger for number, reading in probes.items()}
        asked = None if request.systems is None else frozenset(request.systems)

        def may_see(system: str) -> bool:
            return call.principal.may_see(system) and (asked is None or system in asked)

        unread = self.gallery.bare(may_see)
        found = await self._threads.run(
            self._matching.identify,
            [reading.views for reading in probes.values()],
            rate=request.rate,
            limit=request.limit,
            lowest=request.lowest_score,
            may_see=may_see,
            positions=tuple(positions.values()),
            like_positions=request.like_positions,
        )
        sent = range(len(request.probes))
        found = replace(
            found,
            numbers=tuple(probes),
            positions=tuple(positions.get(number, FingerPosition.UNKNOWN) for number in sent),
            notes=tuple(probes[number].notes if number in probes else () for number in sent),
            missing=missing,
            complete=complete,
            unread=unread,
        )
        best = found.candidates[0] if found.candidates else None
        matches = len(found.found)
        identified = self._entry(
            call,
            AuditAction.IDENTIFIED,
            purpose=request.purpose,
            subject=best.subject if best and matches else None,
            record=best.fingers[0].finger.record if best and matches else None,
            count=matches,
            detail=f"{len(found.candidates)} candidates{shortage(complete=complete)}",
        )
        viewed = [
            self._entry(
                call,
                AuditAction.VIEWED,
                purpose=request.purpose,
                subject=candidate.subject,
                record=candidate.fingers[0].finger.record,
                system=candidate.fingers[0].finger.system,
                cause=str(identified.entry),
            )
            for candidate in found.candidates
        ]
        await self._audit.record([identified, *viewed])
        return found

    async def delete(self, record: RecordRef, reason: ErasureReason, call: Call) -> Published:
        """Publish that a record ends and wait until the gallery has forgotten it."""
        _must_see_registration(call.principal)
        with as_far_as_it_holds(complete=await self._up_to_date()):
            prepared = self._registration.delete(record, reason, call.flow)
        return await self._carry_out(prepared, AuditAction.ERASED, None, call)

    async def read(self, record: RecordRef, call: Call) -> RecordAnswer:
        """Tell what the gallery, up to date, knows of a record; that somebody looked is recorded.

        Raises:
            UnknownFingerprint: the gallery never heard of it, or the caller may not know whether it did.
            GalleryBehind: the gallery has not read the log yet.
        """
        if not call.principal.may_see(system_of(record)):
            raise UnknownFingerprint("The gallery knows no such fingerprint; enrol it first.")
        complete = await self._up_to_date()
        with as_far_as_it_holds(complete=complete):
            answer = record_answer(self.gallery, record).model_copy(update={"complete": complete})
        await self._record(call, AuditAction.VIEWED, record=record, subject=answer.subject, system=system_of(record))
        return answer

    async def refused(self, action: AuditAction, error: Rejected, call: Call, record: RecordRef | None) -> None:
        """Record that a request came to nothing, and about which record it was, though the answer tells nothing."""
        system = None if record is None else system_of(record)
        await self._record(
            call, action, outcome=AuditOutcome.REFUSED, detail=error.reason, record=record, system=system
        )

    async def _carry_out(
        self, prepared: Prepared, action: AuditAction, subject: SubjectRef | None, call: Call, detail: str | None = None
    ) -> Published:
        """Record what is about to be done, publish it, record how it ended: nothing is done that is on no record."""
        published = prepared.published
        intent = self._entry(
            call,
            action,
            outcome=AuditOutcome.INCOMPLETE,
            record=published.record,
            subject=subject,
            event=published.event,
            system=SYSTEM,
            detail="begun",
        )
        outcome = AuditOutcome.FAILED
        try:
            await self._audit.record([intent])
            try:
                await self._registration.publish(prepared)
                outcome = AuditOutcome.DONE
            finally:
                ended = {"entry": uuid4(), "at": dt.datetime.now(dt.UTC), "outcome": outcome, "detail": detail}
                await self._audit.record([intent.model_copy(update=ended)])
        finally:
            if outcome is AuditOutcome.FAILED:
                self._registration.give_up(prepared)
        await self._registration.wait_for(published)
        return published

    async def _ends(self) -> Offsets:
        return await self._log.end_offsets(min(self._wait_s, LOG_ANSWERS_S))

    async def _reach(self, ends: Offsets) -> bool:
        """Wait until the gallery has read so far, and tell whether it has room for all of it.

        Told is what was so before anything is looked for: there may be room again while somebody is not found.
        """
        return await self._progress.reach(ends, self._wait_s) and not self.gallery.full

    async def _up_to_date(self) -> bool:
        """Reach what is in the log now: before that, an absence says nothing."""
        return await self._reach(await self._ends())

    async def _verify(self, request: VerifyRequest, probe: Views, may_see: MaySee) -> Verification:
        if (sent := request.candidate) is not None:
            with refused_as("candidate"):
                other = await self._threads.run(lambda: self._samples.read(sent, measured=False, probe=True))
            found = await self._threads.run(self._matching.verify_pair, probe, other.views, request.rate)
            return replace(found, candidate_notes=other.notes)
        if request.record is not None:
            return await self._threads.run(self._matching.verify_record, probe, request.record, request.rate, may_see)
        assert request.subject is not None, "the request names one of the three"
        return await self._threads.run(self._matching.verify_subject, probe, request.subject, request.rate, may_see)

    async def _probes(self, request: IdentifyRequest) -> tuple[dict[int, Reading], tuple[MissingFinger, ...]]:
        """Read the probes of a search by their numbers; one whose record says that the finger is missing is none.

        Raises:
            NoFinger: all of them are missing.
        """
        read = await self._threads.run_each(
            lambda sent: self._probe(sent[1], Use.IDENTIFICATION, f"probes.{sent[0]}"), enumerate(request.probes)
        )
        probes = {number: each for number, each in enumerate(read) if isinstance(each, Reading)}
        missing = [finger for each in probes.values() for finger in each.missing]
        for fault in read:
            if isinstance(fault, BaseException):
                if not (isinstance(fault, NoFinger) and fault.missing and probes):
                    raise fault
                missing += fault.missing
        return probes, tuple(missing)

    async def _probe(self, sample: Sample, use: Use, field: str) -> Reading:
        """Make templates for comparing; its image is measured only where the gate asks for something."""
        asked = self._gate.demands(use).any
        with refused_as(field):
            reading = await self._threads.run(lambda: self._samples.read(sample, measured=asked, probe=True))
        if asked:
            check(reading.quality, self._gate.demand(use, reading.finger), field)
        return reading

    def _reading(self, sent: tuple[int, Sample]) -> Reading:
        """Make the templates of a sample that is enrolled, and measure it."""
        number, sample = sent
        with refused_as(f"samples.{number}"):
            return self._samples.read(sample)

    def _extraction(self, sample: Sample, request: ExtractRequest) -> Extraction:
        try:
            reading = self._samples.read(sample, measured=request.quality)
        except Rejected as error:
            if len(request.samples) == 1:
                raise
            missing = missing_fingers(error.missing) if isinstance(error, NoFinger) else ()
            return Extraction(fault=Fault(code=error.reason, detail=str(error)), missing=missing)
        demand = self._gate.demand(request.use, reading.finger, child=request.child)
        return extraction(reading, self._extractor.minutiae(reading.views.plain), demand)

    async def _record(self, call: Call, action: AuditAction, **about: Any) -> None:
        await self._audit.record([self._entry(call, action, **about)])

    def _entry(self, call: Call, action: AuditAction, **about: Any) -> AuditEntryV1:
        """Make an entry of who asks; `about` are the entry's other fields, which it checks itself."""
        return AuditEntryV1(
            entry=uuid4(),
            at=dt.datetime.now(dt.UTC),
            service=self._audit.service,
            actor=call.principal.user,
            action=action,
            flow=call.flow,
            contract="fingerprint",
            **about,
        )


def _must_see_registration(principal: Principal) -> None:
    if not principal.may_see(SYSTEM):
        raise NotAuthorised(f"This changes records of the system {SYSTEM}; ask for a token that opens it.")
