"""What the router lets through, and how it names what it does not."""

import asyncio
import datetime as dt
import json
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.audit import AuditAction, AuditPageV1
from contracts.envelope import Envelope, contract_schema, contract_type, event_id
from hub.audit import Auditor
from hub.errors import Rejected
from hub.message import MAX_ENVELOPE_BYTES, MAX_MESSAGE_BYTES, MAX_STORED_BYTES, Message
from hub.router.agreements import Agreement
from hub.router.handler import PART, Router
from hub.router.rules import route
from tests.unit.hub.edge import stored_bytes

EXAMPLES = Path(__file__).parents[3] / "contracts" / "examples"
AGREEMENTS = {
    "alerts": Agreement(
        system="alerts",
        owner="Police",
        purpose="alerts",
        legal_basis="Act 1",
        contracts=frozenset({"alert", "erasure"}),
    )
}
PAYLOAD = json.loads((EXAMPLES / "alert.v1.json").read_bytes())


def incoming(payload=None, topic="in.alerts.alert.v1", contract="alert", **changes) -> Message:
    body = PAYLOAD if payload is None else payload
    envelope = Envelope(
        id=event_id("alerts", "persons", "77", 5),
        source="/systems/alerts/persons",
        type=contract_type(contract, 1),
        subject="alerts:persons:77",
        schema=contract_schema(contract, 1),
        time=dt.datetime(2026, 4, 2, tzinfo=dt.UTC),
        flow=str(uuid4()),
        traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        record_version=5,
    )
    value = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    made = Message(topic, 0, 1, 0, b"alerts:persons:77", value, envelope.to_headers())
    return made._replace(**changes)


def header(message: Message, name: str, value: bytes | None) -> Message:
    headers = [(key, old) for key, old in message.headers if key != name]
    return message._replace(headers=headers if value is None else [*headers, (name, value)])


def test_a_valid_message_goes_on_with_the_same_key_bytes_and_id():
    message = incoming()
    routed = route(message, AGREEMENTS)
    assert (routed.outgoing.topic, routed.outgoing.key, routed.outgoing.value) == (
        "out.alert.v1",
        message.key,
        message.value,
    )
    assert routed.outgoing.headers == message.headers


def test_a_field_of_a_later_minor_version_goes_through_and_is_counted():
    assert route(incoming(PAYLOAD | {"later": 1}), AGREEMENTS).unknown_fields == 1


@pytest.mark.parametrize(
    ("message", "reason", "field"),
    [
        (incoming(topic="in.alerts.dream.v1"), "unknown-contract", "topic"),
        (incoming(topic="in.alerts.alert.v2"), "unknown-version", "topic"),
        (header(incoming(), "ce_dataschema", b"urn:isthmus:contract:alert:v2"), "unknown-version", "ce_dataschema"),
        (header(incoming(), "ce_type", b"isthmus.person.v1"), "bad-header", "ce_type"),
        (header(incoming(), "ce_id", None), "bad-header", "ce_id"),
        (header(incoming(), "ce_id", b"\xff"), "bad-header", "ce_id"),
        (header(incoming(), "no \ufffd", b"x"), "bad-header", "name of a header"),
        (header(incoming(), "recordversion", None), "bad-header", "recordversion"),
        (header(incoming(), "ce_source", b"/systems/asylum/x"), "foreign-source", "ce_source"),
        (incoming(key=b"other"), "bad-key", "key"),
        (incoming(key=None), "bad-key", "key"),
        (incoming(topic="in.strangers.alert.v1"), "no-agreement", "topic"),
        (incoming(topic="in.alerts.person.v1"), "not-agreed", "topic"),
        (incoming(value=None), "empty", "payload"),
        (incoming(b"\xff\xfe"), "contract-broken", "payload"),
        (incoming(b"x" * (MAX_MESSAGE_BYTES + 1)), "too-large", "payload"),
        (incoming(key=b"k" * (MAX_ENVELOPE_BYTES + 1)), "too-large", "key"),
        (header(incoming(), "x-note", b"0" * MAX_ENVELOPE_BYTES), "too-large", "headers"),
        (incoming(headers=[*incoming().headers, *[("", None)] * MAX_ENVELOPE_BYTES]), "too-large", "headers"),
        (incoming(PAYLOAD | {"category": "nonsense"}), "contract-broken", "category"),
        (incoming(PAYLOAD | {"person": {"names": []}}), "contract-broken", "person.names"),
        (
            incoming(PAYLOAD | {"system": "asylum", "record": "asylum:x:1", "subject": "asylum:x:1"}),
            "foreign-source",
            "system",
        ),
        (incoming(PAYLOAD | {"subject": "entry-exit:persons:1"}), "contract-broken", "subject"),
        (incoming(PAYLOAD | {"record": "alerts:persons:78"}), "bad-header", "ce_subject"),
    ],
)
def test_a_message_that_may_not_go_on_is_refused_with_reason_and_field(message, reason, field):
    with pytest.raises(Rejected) as refused:
        route(message, AGREEMENTS)
    assert (refused.value.reason, refused.value.field) == (reason, field)


def test_the_largest_message_that_goes_on_is_taken_by_every_topic():
    headers = [*incoming().headers, *[("", None)] * ((MAX_ENVELOPE_BYTES - 1_000) // 2)]
    value = json.dumps(PAYLOAD).ljust(MAX_MESSAGE_BYTES).encode()
    outgoing = route(incoming(value, headers=headers), AGREEMENTS).outgoing
    assert MAX_ENVELOPE_BYTES + MAX_MESSAGE_BYTES - 1_000 < stored_bytes(outgoing) <= MAX_STORED_BYTES


@pytest.mark.parametrize(
    "change", [{"category": "Ada Testova"}, {"category": 1, "Ada Testova": 1}, {"person": {"Testova": 1}}]
)
def test_a_refusal_holds_no_value_of_the_payload_and_no_name_that_no_contract_knows(change):
    with pytest.raises(Rejected) as refused:
        route(incoming(PAYLOAD | change), AGREEMENTS)
    assert "Testova" not in f"{refused.value} {refused.value.field}"


def test_an_erasure_of_a_contract_that_was_not_agreed_is_refused():
    erasure = {
        "system": "alerts",
        "record": "alerts:persons:77",
        "erased": "fingerprint",
        "reason": "deleted",
    }
    with pytest.raises(Rejected, match="erased contract"):
        route(incoming(erasure, topic="in.alerts.erasure.v1", contract="erasure"), AGREEMENTS)


@given(st.binary(max_size=300))
def test_no_bytes_whatever_escape_the_contract(data):
    with pytest.raises(Rejected):
        route(incoming(data), AGREEMENTS)


class Sent:
    """A sender that keeps what it is given."""

    def __init__(self) -> None:
        self.messages = []

    async def send_all(self, messages):
        self.messages += messages
        return []


class Fixed:
    """Agreements that never change."""

    def current(self):
        return AGREEMENTS


async def test_good_and_bad_in_one_batch_each_find_their_way():
    sent = Sent()
    bad = incoming(b"{", offset=9)
    rejections = await Router(sent, Auditor(sent, "router"), Fixed())([incoming(), bad])
    assert [rejection.message for rejection in rejections] == [bad]
    routed, page = sent.messages
    assert (routed.topic, page.topic) == ("out.alert.v1", "audit.router")
    entries = AuditPageV1.model_validate_json(page.value).entries
    assert [entry.action for entry in entries] == [AuditAction.ROUTED]  # `hub.broker` tells of what is refused


class Slow(Sent):
    """A sender with which what is sent first takes longest."""

    longest_s = 0.04

    async def send_all(self, messages):
        self.longest_s /= 2
        await asyncio.sleep(self.longest_s)
        return await super().send_all(messages)


async def test_what_is_said_of_one_key_leaves_in_its_order_though_a_batch_travels_in_parts():
    sent = Slow()
    batch = [incoming(PAYLOAD | {"later": number}, offset=number) for number in range(2 * PART + 3)]
    assert await Router(sent, Auditor(sent, "router"), Fixed())(batch) == []
    values = [message.value for message in sent.messages if message.topic == "out.alert.v1"]
    assert values == [message.value for message in batch]
