"""This module turns events of the log into changes of the gallery."""

from dataclasses import dataclass

from pydantic import ValidationError

from biometrics.engine import Template
from biometrics.gallery import Enrolled, Enrolment, Removal
from biometrics.samples import Extractor, read_template
from contracts import topics
from contracts.base import faults, read
from contracts.envelope import Envelope, EnvelopeError
from contracts.records import ErasureV1, FingerprintV1
from hub.errors import Rejected
from hub.message import Message

FINGERPRINT = "fingerprint"
FINGERPRINTS = topics.outgoing(FINGERPRINT)
ERASURES = topics.outgoing("erasure")


@dataclass(frozen=True, slots=True)
class Event:
    """What one message says to the gallery; `unreadable` counts templates that could not be read."""

    message: Message
    envelope: Envelope
    change: Enrolment | Removal
    unreadable: int = 0


def read_event(message: Message, extractor: Extractor) -> Event | None:
    """Read a message of `out.fingerprint.v1` or `out.erasure.v1`; nothing, where it does not concern the gallery.

    Raises:
        Rejected: the message is not what the router lets through; the error names the field.
    """
    try:
        envelope = Envelope.from_headers(message.headers)
    except EnvelopeError as error:
        raise Rejected(f"The envelope is not right: {error}.", code="bad-envelope") from None
    try:
        if message.topic == ERASURES:
            erasure = read(ErasureV1, message.value or b"").value
            if erasure.erased != FINGERPRINT:
                return None
            return Event(message, envelope, Removal(erasure.record, envelope.record_version or 0))
        fingerprint = read(FingerprintV1, message.value or b"").value
    except ValidationError as error:
        named = faults(error)
        raise Rejected(f"The payload breaks its contract: {named}.", code="bad-payload", field=named) from None
    templates, unreadable = _templates(fingerprint, extractor)
    finger = Enrolled(
        record=fingerprint.record,
        subject=fingerprint.subject,
        system=fingerprint.system,
        position=fingerprint.position,
        version=envelope.record_version or 0,
        engine=fingerprint.templates[0].engine,
        nfiq2=max((each.nfiq2 for each in fingerprint.templates if each.nfiq2 is not None), default=None),
    )
    return Event(message, envelope, Enrolment(finger, templates), unreadable)


def _templates(fingerprint: FingerprintV1, extractor: Extractor) -> tuple[tuple[Template, ...], int]:
    """Read what can be read: a record with one broken template of two is still found by the other.

    Where none can be read the record is held without any, so that an older version does not stay in its place.
    """
    found: list[Template] = []
    for template in fingerprint.templates:
        try:
            found.append(read_template(extractor, template.format, template.data))
        except Rejected:
            continue
    return tuple(found), len(fingerprint.templates) - len(found)
