"""This module turns events of the log into changes of the gallery."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from biometrics.comparing import Views, with_view
from biometrics.engine import Template
from biometrics.gallery import Enrolled, Enrolment, Removal
from biometrics.samples import VIEW_SUFFIX, Extractor, read_template
from contracts import topics
from contracts.base import faults, read
from contracts.envelope import Envelope, EnvelopeError
from contracts.records import ErasureV1, FingerprintV1, FingerTemplate
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


def read_event(message: Message, extractor: Extractor, *, by_views: bool = False) -> Event | None:
    """Read a message of `out.fingerprint.v1` or `out.erasure.v1`; nothing, where it does not concern the gallery.

    Args:
        message: the message.
        extractor: what reads templates.
        by_views: whether those of views are read, too.

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
    images, unreadable = _images(fingerprint.templates, extractor, by_views=by_views)
    finger = Enrolled(
        record=fingerprint.record,
        subject=fingerprint.subject,
        system=fingerprint.system,
        position=fingerprint.position,
        version=envelope.record_version or 0,
        engine=_made_by(fingerprint.templates, viewed=any(image.drawn is not None for image in images)),
        nfiq2=max((each.nfiq2 for each in fingerprint.templates if each.nfiq2 is not None), default=None),
    )
    return Event(message, envelope, Enrolment(finger, images), unreadable)


def _made_by(templates: Sequence[FingerTemplate], *, viewed: bool) -> str:
    """Name the engine of a record: with its view, where one is compared."""
    names = [each.engine for each in templates if _is_view(each) == viewed]
    return names[0] if names else templates[0].engine


def _is_view(template: FingerTemplate) -> bool:
    return template.engine.endswith(VIEW_SUFFIX)


def _images(
    templates: Sequence[FingerTemplate], extractor: Extractor, *, by_views: bool
) -> tuple[tuple[Views, ...], int]:
    """Read what can be read, and count what cannot: a record with one broken template of two is found by the other.

    The template of a view belongs to the plain one before it. Where none can be read the record is held without any,
    so that an older version does not stay in its place.
    """
    found: list[Views] = []
    unreadable = 0
    whole = False
    for each in templates:
        is_view = _is_view(each)
        if is_view and not (by_views and whole):
            continue
        try:
            template = read_template(extractor, each.format, each.data)
        except Rejected:
            unreadable += 1
            whole = False
            continue
        if is_view:
            found[-1] = _viewed(extractor, found[-1], template, each.agreed)
        else:
            found.append(Views(template, nfiq2=each.nfiq2))
        whole = not is_view
    return tuple(found), unreadable


def _viewed(extractor: Extractor, image: Views, drawn: Template, agreed: int | None) -> Views:
    """Give an image with its view; counting what both agree on takes ten times as long as reading what was counted."""
    if agreed is None:
        return with_view(extractor, image.plain, drawn, image.nfiq2)
    return Views(image.plain, drawn, agreed, image.nfiq2)
