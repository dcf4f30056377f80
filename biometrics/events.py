"""This module turns events of the log into changes of the gallery."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic import ValidationError

from biometrics.comparing import Views, with_view
from biometrics.gallery import Enrolled, Enrolment, Removal
from biometrics.registration import SYSTEM
from biometrics.rejections import ViewDiffers
from biometrics.samples import VIEW_SUFFIX, Extractor, is_view, read_template
from contracts import topics
from contracts.base import faults, read
from contracts.envelope import Envelope, EnvelopeError
from contracts.records import ErasureV1, FingerprintV1, FingerTemplate
from hub.errors import Rejected
from hub.message import Message

FINGERPRINT = "fingerprint"
FINGERPRINTS = topics.outgoing(FINGERPRINT)
ERASURES = topics.outgoing("erasure")
UNREADABLE = "template-unreadable"


@dataclass(frozen=True, slots=True)
class Event:
    """What one message says to the gallery; `faults` name what is wrong with templates that were left out."""

    message: Message
    envelope: Envelope
    change: Enrolment | Removal
    faults: tuple[str, ...] = ()

    @property
    def unreadable(self) -> int:
        """How many templates were left out."""
        return len(self.faults)


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
    added_to = fingerprint.system == SYSTEM
    images, faulty = _images(fingerprint.templates, extractor, by_views=by_views, added_to=added_to)
    finger = Enrolled(
        record=fingerprint.record,
        subject=fingerprint.subject,
        system=fingerprint.system,
        position=fingerprint.position,
        version=envelope.record_version or 0,
        engine=_made_by(fingerprint.templates, viewed=any(image.drawn is not None for image in images)),
        nfiq2=max((each.nfiq2 for each in fingerprint.templates if each.nfiq2 is not None), default=None),
        impressions=tuple(dict.fromkeys(each.impression for each in fingerprint.templates if each.impression)),
    )
    return Event(message, envelope, Enrolment(finger, images), faulty)


def _made_by(templates: Sequence[FingerTemplate], *, viewed: bool) -> str:
    """Name the engine of a record: with its view, where one is compared."""
    names = [each.engine for each in templates if is_view(each.engine) == viewed]
    return names[0] if names else templates[0].engine


def _images(
    templates: Sequence[FingerTemplate], extractor: Extractor, *, by_views: bool, added_to: bool
) -> tuple[tuple[Views, ...], tuple[str, ...]]:
    """Read what can be read, and name what is wrong with the rest: by one whole template of two a record is found.

    The template of a view belongs to the plain one before it; one that other code has drawn is passed over (and kept
    beside the image where the record may be added to), and one that shows another print is as good as broken. Where
    none can be read the record is held without any, so that an older version does not stay in its place.
    """
    found: list[Views] = []
    faulty: list[str] = []
    whole = False
    for each in templates:
        is_drawn = is_view(each.engine)
        compared = not is_drawn or (
            by_views and whole and found[-1].drawn is None and each.engine.endswith(VIEW_SUFFIX)
        )
        if not compared:
            if whole and added_to:
                found[-1] = replace(found[-1], beside=(*found[-1].beside, each))
            continue
        try:
            template = read_template(extractor, each.format, each.data)
            if is_drawn:
                found[-1] = with_view(extractor, found[-1], template)
                if found[-1].drawn is None:
                    faulty.append(ViewDiffers.code)
            else:
                found.append(Views(template, nfiq2=each.nfiq2, impression=each.impression, engine=each.engine))
        except Rejected:
            faulty.append(UNREADABLE)
            whole = whole and is_drawn
        else:
            whole = True
    return tuple(found), tuple(faulty)
