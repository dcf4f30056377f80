"""This module decides, for one incoming message, whether it goes on and where: pure rules, no clock, no network."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from contracts import topics
from contracts.base import Contract, faults, read
from contracts.envelope import Envelope, EnvelopeError, contract_schema, contract_type
from contracts.records import ErasureV1, SourceRecord
from contracts.topics import Incoming
from hub.errors import Rejected
from hub.message import MAX_ENVELOPE_BYTES, MAX_MESSAGE_BYTES, Message, Outgoing, envelope_bytes
from hub.router.agreements import Agreement


@dataclass(frozen=True, slots=True)
class Routed:
    """A message that may go on: what is sent, and what the audit says of it."""

    outgoing: Outgoing
    envelope: Envelope
    origin: Incoming
    subject: str | None
    unknown_fields: int


def route(message: Message, agreements: Mapping[str, Agreement]) -> Routed:
    """Validate and authorise one message of an `in.*` topic; what goes to `out.*` is the same bytes under the same key.

    Raises:
        Rejected: the message breaks a contract or an agreement; the reason code and the field are named, never a value.
    """
    origin = topics.parse_incoming(message.topic)
    contract = _contract_of(origin)
    _size_fits(message)
    envelope = _envelope_of(message)
    _agreed(origin, agreements)
    _envelope_fits(envelope, origin, message)
    payload, unknown = _payload_of(message, contract)
    _payload_fits(payload, origin, envelope, agreements)
    outgoing = Outgoing(topics.outgoing(origin.contract, origin.major), message.key, message.value, message.headers)
    subject = getattr(payload, "subject", None)
    return Routed(outgoing, envelope, origin, subject, unknown)


def _contract_of(origin: Incoming) -> type[Contract]:
    versions = topics.RECORD_CONTRACTS.get(origin.contract)
    if versions is None:
        raise Rejected("The topic names a contract that does not exist.", code="unknown-contract", field="topic")
    if origin.major not in versions:
        raise Rejected("The topic names a version that does not exist.", code="unknown-version", field="topic")
    return versions[origin.major]


def _size_fits(message: Message) -> None:
    """Refuse what `out.*` could not take, whatever it was packed into on `in.*`."""
    if envelope_bytes(message.key, message.headers) > MAX_ENVELOPE_BYTES:
        field = "key" if envelope_bytes(message.key, ()) > MAX_ENVELOPE_BYTES else "headers"
        raise Rejected(f"Key and headers take more than {MAX_ENVELOPE_BYTES} bytes.", code="too-large", field=field)
    if len(message.value or b"") > MAX_MESSAGE_BYTES:
        raise Rejected("The message is larger than a contract allows.", code="too-large", field="payload")


def _envelope_of(message: Message) -> Envelope:
    try:
        return Envelope.from_headers(message.headers)
    except EnvelopeError as error:
        field = str(error).partition(":")[0]
        raise Rejected(f"A header is not right: {error}.", code="bad-header", field=field) from None


def _agreed(origin: Incoming, agreements: Mapping[str, Agreement]) -> None:
    agreement = agreements.get(origin.system)
    if agreement is None:
        raise Rejected("There is no agreement with this system.", code="no-agreement", field="topic")
    if origin.contract not in agreement.contracts:
        raise Rejected("The agreement with this system does not hold this contract.", code="not-agreed", field="topic")


def _envelope_fits(envelope: Envelope, origin: Incoming, message: Message) -> None:
    if envelope.schema != contract_schema(origin.contract, origin.major):
        raise Rejected(
            "The message is of another contract or version than its topic.",
            code="unknown-version",
            field="ce_dataschema",
        )
    if envelope.type != contract_type(origin.contract, origin.major):
        raise Rejected("The message is of another type than its topic.", code="bad-header", field="ce_type")
    if not envelope.source.startswith(f"/systems/{origin.system}/"):
        raise Rejected("The message names another system as its source.", code="foreign-source", field="ce_source")
    if envelope.record_version is None:
        raise Rejected("The message has no record version.", code="bad-header", field="recordversion")
    if message.key is None or message.key != envelope.subject.encode():
        raise Rejected("The key is not the record that the message is about.", code="bad-key", field="key")


def _payload_of(message: Message, contract: type[Contract]) -> tuple[SourceRecord, int]:
    if message.value is None:
        raise Rejected("The message is empty; a record ends by an erasure event.", code="empty", field="payload")
    try:
        reading = read(contract, message.value)
    except ValidationError as error:
        found = faults(error)
        field = found.partition(":")[0]
        raise Rejected(f"The payload breaks its contract: {found}.", code="contract-broken", field=field) from None
    assert isinstance(reading.value, SourceRecord)
    return reading.value, reading.unknown_fields


def _payload_fits(
    payload: SourceRecord, origin: Incoming, envelope: Envelope, agreements: Mapping[str, Agreement]
) -> None:
    if payload.system != origin.system:
        raise Rejected("The payload names another system than its topic.", code="foreign-source", field="system")
    if payload.record != envelope.subject:
        raise Rejected("The payload is of another record than the envelope.", code="bad-header", field="ce_subject")
    if isinstance(payload, ErasureV1) and payload.erased not in agreements[origin.system].contracts:
        raise Rejected("The erased contract is not one of this system's.", code="not-agreed", field="erased")
