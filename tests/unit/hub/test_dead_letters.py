"""Dead letters: the raw message, why it was rejected, and its way back."""

import datetime as dt

import pytest

from contracts.envelope import Envelope, EnvelopeError
from hub.dead_letters import MAX_KEPT_BYTES, dead_letter, nameless, read_dead_letter, replay_marker, replay_of, replayed
from hub.errors import Rejected
from hub.kafka_records import UNREADABLE
from hub.message import Message, Rejection

NOW = dt.datetime(2026, 4, 2, tzinfo=dt.UTC)


def message(
    topic="in.alerts.alert.v1", key=b"alerts:persons:7", value=b"\xff{", headers=(("ce_id", b"\xfe"),)
) -> Message:
    return Message(topic, 1, 12, 1_700_000_000_000, key, value, headers)


def stored(rejected: Message, reason: Rejected | None = None, service: str = "router") -> Message:
    error = reason or Rejected("The payload breaks its contract.", code="contract-broken", field="identity.sex")
    sent = dead_letter(Rejection(rejected, error), service=service, now=NOW)
    return Message(sent.topic, 0, 3, 1_700_000_000_001, sent.key, sent.value, sent.headers)


def test_the_reason_the_field_and_the_origin_are_kept_beside_the_raw_bytes():
    letter = read_dead_letter(stored(message()))
    assert (letter.reason, letter.field, letter.origin) == (
        "contract-broken",
        "identity.sex",
        "in.alerts.alert.v1/1/12",
    )
    assert (letter.message.topic, letter.message.value, letter.at) == ("dead.alerts", b"\xff{", NOW)


@pytest.mark.parametrize("value", [b"\xff{", b"", None])
def test_a_replay_gives_back_the_very_message(value):
    back = replayed(stored(message(value=value)))
    assert (back.topic, back.key, back.value, back.headers) == (
        "in.alerts.alert.v1",
        b"alerts:persons:7",
        value,
        (("ce_id", b"\xfe"),),
    )


def test_a_replay_leaves_out_headers_whose_names_are_no_text_for_it_would_be_refused_for_them_again():
    sound = Envelope(
        id=(flow := "1b4e28ba-2fa1-41d2-883f-0016d3cca427"),
        source="/systems/alerts/persons",
        type="t",
        subject="alerts:persons:7",
        schema="d",
        time=NOW,
        flow=flow,
        traceparent="p",
    ).to_headers()
    letter = stored(message(headers=(*sound, ("\ufffde", b"x"))))
    with pytest.raises(EnvelopeError):
        Envelope.from_headers(letter.headers)
    back = replayed(letter)
    assert back.headers == tuple(sound)
    assert Envelope.from_headers(back.headers).id == flow
    assert nameless(letter) == 1


def test_a_message_that_could_not_be_unpacked_cannot_be_replayed_and_says_why():
    with pytest.raises(Rejected, match="could not be unpacked"):
        replayed(stored(message(key=None, value=None, headers=((UNREADABLE, b"UnpacksTooLarge"),))))


def test_a_message_rejected_again_after_a_replay_carries_one_set_of_reasons():
    again = stored(stored(message()), Rejected("Twice.", code="second"))
    assert [name for name, _ in again.headers].count("dead_reason") == 1


def test_a_row_names_its_place_in_the_source_and_none_in_the_log_and_cannot_be_replayed():
    rejection = Rejection(message(), Rejected("The row cannot be mapped.", code="unmapped", field="column GRUND"))
    sent = dead_letter(rejection, service="adapter-alerts", now=NOW, row="table ALR, record alerts:alert:7")
    kept = Message(sent.topic, 0, 3, 0, sent.key, sent.value, sent.headers)
    assert read_dead_letter(kept).origin == "table ALR, record alerts:alert:7"
    assert {"dead_topic", "dead_partition", "dead_offset"}.isdisjoint(dict(sent.headers))
    with pytest.raises(Rejected, match=r"never reached the hub: mend it at its source \(table ALR, record alerts:al"):
        replayed(kept)


def test_a_question_is_not_asked_again_as_nobody_waits_for_the_answer():
    letter = stored(message(topic="query.alerts", key=None, value=None), service="adapter-alerts")
    with pytest.raises(Rejected, match="ask it anew"):
        replayed(letter)


def test_a_value_too_large_to_keep_is_cut_and_cannot_be_replayed():
    letter = stored(message(value=b"x" * (MAX_KEPT_BYTES + 1)))
    assert len(letter.value or b"") == MAX_KEPT_BYTES
    with pytest.raises(Rejected, match="too large"):
        replayed(letter)


@pytest.mark.parametrize(
    ("topic", "key", "shelf"),
    [
        ("in.entry-exit.person.v1", None, "dead.entry-exit"),
        ("out.person.v1", b"asylum:applicants:1", "dead.asylum"),
        ("out.person.v1", b"\xff", "dead.hub"),
        ("query.alerts", None, "dead.alerts"),
        ("audit.router", b"router-1", "dead.hub"),
    ],
)
def test_every_message_has_a_shelf(topic, key, shelf):
    assert stored(message(topic=topic, key=key)).topic == shelf


def test_what_is_no_dead_letter_is_said_to_be_none():
    with pytest.raises(Rejected, match="no dead letter"):
        read_dead_letter(message())


def test_a_marker_names_the_letter_that_was_replayed():
    letter = stored(message())
    marker = replay_marker(letter, user="operator", now=NOW)
    assert replay_of(Message(marker.topic, 0, 4, 0, marker.key, marker.value, marker.headers)) == letter.place
    assert replay_of(letter) is None
