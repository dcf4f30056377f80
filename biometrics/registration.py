"""This module publishes what is enrolled and deleted over HTTP, so that a restart forgets nobody."""

import datetime as dt
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import uuid4

from biometrics.comparing import Views
from biometrics.formats.contents import MissingFinger
from biometrics.formats.positions import Missing
from biometrics.gallery import Enrolled, Gallery
from biometrics.progress import Progress
from biometrics.rejections import FingerContradicts, GalleryBehind, NoFinger, SeveralFingers, UnknownFingerprint
from biometrics.wire import EnrolRequest
from contracts import topics
from contracts.envelope import Envelope, contract_schema, contract_type, event_id, source_of
from contracts.records import ErasureReason, ErasureV1, FingerPosition, FingerprintV1, FingerTemplate
from contracts.references import RecordRef, SubjectRef, record_ref, system_of
from hub.audit import Sender
from hub.errors import Conflict, NotAuthorised, Rejected
from hub.message import Outgoing
from hub.tracing import current_trace

SYSTEM = "registration"
STREAM = "finger"
CLAIM_S = 900.0
"""A claim ends with the gallery's knowledge. It never comes where the router refuses the record, which nobody tells us:
then this is when the key is free for another person. A router that was restarted has caught up long before."""


@dataclass(frozen=True, slots=True)
class Published:
    """A version of a record, on its way through the hub."""

    record: RecordRef
    version: int
    event: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """A version of a record that may be published: nothing has happened yet."""

    published: Published
    message: Outgoing


@dataclass(frozen=True, slots=True)
class _Claim:
    """Whose a key is to be, from which version of its record on the gallery knows it, and when the claim ends."""

    subject: SubjectRef
    version: int
    until: float


def fingers_left(
    said: FingerPosition, told: Iterable[frozenset[FingerPosition]], missing: Iterable[MissingFinger] = ()
) -> frozenset[FingerPosition]:
    """Give the fingers that request, samples and what is held leave open together; none where nobody tells any.

    Args:
        said: by the request, or by what is held.
        told: the fingers of which each sample is one; none where it does not tell.
        missing: what the samples' records say of other fingers; of one that is amputated nothing is enrolled.

    Raises:
        FingerContradicts: they cannot be one finger.
        NoFinger: all that are left are amputated.
    """
    known = [fingers for fingers in told if fingers]
    if said:
        known.append(frozenset({said}))
    every = frozenset[FingerPosition]().union(*known)
    left = every.intersection(*known)
    if known and not left:
        raise FingerContradicts(
            f"Request and samples tell of more than one finger ({_named(every)}); enrol each by itself.",
            field="position",
        )
    amputated = [each for each in missing if each.reason is Missing.AMPUTATED and each.position.finger in left]
    remaining = left - {each.position.finger for each in amputated}
    if amputated and not remaining:
        raise NoFinger(f"A sample's record says that the {_named(left)} is amputated; take another one.", amputated)
    return remaining


def one_of(left: frozenset[FingerPosition]) -> FingerPosition:
    """Give the one finger that is left open, `UNKNOWN` where nobody tells any.

    Raises:
        SeveralFingers: there are more, and nobody says which of them it is.
    """
    if len(left) > 1:
        raise SeveralFingers(
            f"The samples are of one of several fingers ({_named(left)}); say its position.", field="position"
        )
    return next(iter(left), FingerPosition.UNKNOWN)


def _named(fingers: Iterable[FingerPosition]) -> str:
    return ", ".join(sorted(finger.name.lower().replace("_", " ") for finger in fingers))


def _changing() -> Conflict:
    return Conflict("What is held under this key is changing at this moment; add the finger again.", field="key")


class Registration:
    """The system `registration`: a publisher like any other, whose records come in over HTTP."""

    def __init__(
        self,
        sender: Sender,
        gallery: Gallery,
        progress: Progress,
        wait_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sender = sender
        self._gallery = gallery
        self._progress = progress
        self._wait_s = wait_s
        self._clock = clock
        # Keys of which the gallery knows nothing yet, the oldest claim first.
        self._claims: dict[RecordRef, _Claim] = {}

    def version_to_add_to(self, request: EnrolRequest) -> int:
        """Give the version that is held under the key of a request, -1 for none; the gallery has to be up to date.

        Raises:
            Conflict: another one is on its way, of which what is added now would know nothing.
        """
        if request.key is None:
            return -1
        record = record_ref(SYSTEM, STREAM, request.key)
        version = self._gallery.version_of(record)
        claim = self._claim_of(record)
        if claim and version < claim.version:
            raise _changing()
        return version

    def enrol(
        self,
        request: EnrolRequest,
        position: FingerPosition,
        templates: Sequence[FingerTemplate],
        flow: str,
        *,
        added_to: int | None = None,
    ) -> Prepared:
        """Prepare a finger and claim its key for the person; the gallery has to be up to date.

        What is prepared is to be published, or given up.

        Args:
            request: whose finger it is, and under which key.
            position: which finger.
            templates: all that the record is to hold.
            flow: what the event is part of.
            added_to: the version that the templates were put together from, where they were.

        Raises:
            Rejected: the person is another system's, or the key is another person's finger.
            Conflict: the key is about to become another person's finger, or has changed since templates were put
                together.
        """
        if system_of(request.subject) != SYSTEM:
            raise Rejected(
                f"Persons enrolled here are of the system {SYSTEM}; other systems publish their own.",
                code="foreign-subject",
                field="subject",
            )
        self.held(request)
        if added_to is not None and self.version_to_add_to(request) != added_to:
            raise _changing()
        record = record_ref(SYSTEM, STREAM, request.key or uuid4().hex)
        claim = self._claim_of(record)
        if claim and claim.subject != request.subject and self._gallery.version_of(record) < claim.version:
            raise Conflict(
                "A finger of another person is being enrolled under this key; enrol under a key of its own.",
                field="key",
            )
        fingerprint = FingerprintV1(
            system=SYSTEM,
            record=record,
            subject=request.subject,
            encounter=request.encounter,
            position=position,
            templates=tuple(templates),
            captured_at=request.captured_at,
        )
        prepared = self._prepare(record, "fingerprint", fingerprint.model_dump_json(exclude_none=True), flow)
        self._claim(prepared, request.subject)
        return prepared

    def held(self, request: EnrolRequest) -> tuple[Enrolled, tuple[Views, ...]] | None:
        """Give what is held under the key of a request; the gallery has to be up to date.

        Raises:
            Rejected: it is another person's finger.
        """
        held = self._gallery.find(record_ref(SYSTEM, STREAM, request.key)) if request.key else None
        if held is not None and held[0].subject != request.subject:
            raise Rejected(
                "The key is another person's finger; enrol under a key of its own, or delete the record first.",
                code="foreign-subject",
                field="subject",
            )
        return held

    def give_up(self, prepared: Prepared) -> None:
        """Free the key of what was prepared and not published."""
        self._forget_claim(prepared.published)

    def delete(self, record: RecordRef, reason: ErasureReason, flow: str) -> Prepared:
        """Prepare that a record ends; the gallery has to be up to date.

        Raises:
            NotAuthorised: it is another system's.
            UnknownFingerprint: there is none.
        """
        if system_of(record) != SYSTEM:
            raise NotAuthorised("The record is another system's; only its owner withdraws it.")
        held = self._gallery.find(record)
        if held is None:
            raise UnknownFingerprint("The gallery holds no such fingerprint; nothing is to be deleted.")
        erasure = ErasureV1(system=SYSTEM, record=record, erased="fingerprint", reason=reason)
        prepared = self._prepare(record, "erasure", erasure.model_dump_json(exclude_none=True), flow)
        # Claimed, too, so that nobody adds to what is about to end, and brings it back.
        self._claim(prepared, held[0].subject)
        return prepared

    async def publish(self, prepared: Prepared) -> None:
        """Publish what was prepared; the gallery has not taken it over yet.

        Raises:
            Retryable: Kafka did not confirm.
        """
        await self._sender.send_all([prepared.message])

    async def wait_for(self, published: Published) -> None:
        """Wait until the gallery has taken a version over.

        Raises:
            GalleryBehind: not within the deadline; it is published all the same.
        """
        try:
            await self._progress.until(
                lambda: self._gallery.version_of(published.record) >= published.version, self._wait_s
            )
        except GalleryBehind:
            raise GalleryBehind(
                f"{published.record} is published but not in the gallery yet; ask for it later, do not send it again."
            ) from None
        self._forget_claim(published)

    def _claim(self, prepared: Prepared, subject: SubjectRef) -> None:
        record, version = prepared.published.record, prepared.published.version
        self._claims.pop(record, None)
        self._claims[record] = _Claim(subject, version, self._clock() + CLAIM_S)

    def _claim_of(self, record: RecordRef) -> "_Claim | None":
        """Give the claim on a key, once all claims whose time has passed are dropped."""
        now = self._clock()
        for old, claim in list(self._claims.items()):
            if claim.until > now:
                break
            del self._claims[old]
        return self._claims.get(record)

    def _forget_claim(self, published: Published) -> None:
        claim = self._claims.get(published.record)
        if claim is not None and claim.version == published.version:
            del self._claims[published.record]

    def _prepare(self, record: RecordRef, contract: str, value: str, flow: str) -> Prepared:
        now = dt.datetime.now(dt.UTC)
        # The time in microseconds rises with every change, unless a clock was set back: then one more than the last,
        # in the gallery or on its way there.
        claim = self._claims.get(record)
        last = max(self._gallery.version_of(record), claim.version if claim else -1)
        version = max(int(now.timestamp() * 1_000_000), last + 1)
        key = record.rsplit(":", 1)[1]
        envelope = Envelope(
            id=event_id(SYSTEM, STREAM, key, version),
            source=source_of(SYSTEM, STREAM),
            type=contract_type(contract, 1),
            subject=record,
            schema=contract_schema(contract, 1),
            time=now,
            flow=flow,
            traceparent=current_trace().traceparent,
            record_version=version,
        )
        topic = topics.incoming(SYSTEM, contract)
        message = Outgoing(topic, record.encode(), value.encode(), envelope.to_headers())
        return Prepared(Published(record, version, envelope.id), message)
