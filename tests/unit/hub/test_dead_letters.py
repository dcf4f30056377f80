"""Dead letters: the raw message, why it was rejected, and its way back."""

import datetime as dt
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.envelope import Envelope, EnvelopeError
from hub.dead_letters import (
    MAX_KEPT_BYTES,
    MAX_LETTER_BYTES,
    dead_letter,
    nameless,
    original_headers,
    read_dead_letter,
    replay_marker,
    replay_of,
    replayed,
)
from hub.errors import Rejected
from hub.kafka_records import UNREADABLE
from hub.message import MAX_ENVELOPE_BYTES, Message, Rejection, envelope_bytes
from tests.unit.hub.edge import stored_bytes

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


BIG = b"0" * 10_000_000
SMALL = ("ce_id", b"\xfe")


@pytest.mark.parametrize(
    ("rejected", "cut", "kept"),
    [
        (message(key=BIG), ("key",), (SMALL,)),
        (message(headers=(("x-note", BIG), SMALL)), ("headers",), (SMALL,)),
        (message(headers=(("x" * 10_000_000, None), SMALL)), ("headers",), (SMALL,)),
        (message(key=BIG, value=BIG, headers=(SMALL, ("x-note", BIG))), ("value", "key", "headers"), (SMALL,)),
    ],
)
def test_a_letter_fits_its_topic_whatever_was_rejected_and_tells_what_was_cut(rejected, cut, kept):
    letter = stored(rejected)
    assert stored_bytes(letter) <= MAX_LETTER_BYTES
    assert read_dead_letter(letter).cut == cut
    assert original_headers(letter.headers) == kept
    with pytest.raises(Rejected, match=rf"cut: {', '.join(cut)}\); publish it again") as refused:
        replayed(letter)
    assert refused.value.reason == "cut"


def test_of_what_was_cut_size_and_digest_are_kept():
    left_out = ("x-note", BIG)
    notes = dict(stored(message(key=BIG, value=BIG, headers=(SMALL, left_out))).headers)
    assert notes["dead_bytes"] == notes["dead_key_bytes"] == b"10000000"
    assert notes["dead_sha256"] == notes["dead_key_sha256"] == hashlib.sha256(BIG).hexdigest().encode()
    packed = b"\0\0\0\x06x-note" + (10_000_000).to_bytes(4, "big") + BIG
    assert notes["dead_headers_bytes"] == str(len(packed)).encode()
    assert notes["dead_headers_sha256"] == hashlib.sha256(packed).hexdigest().encode()


def test_a_letter_fits_its_topic_though_everything_in_it_is_as_large_as_it_may_be():
    many = [("", None)] * 100_000
    long = Rejected("\u0800" * 10_000_000, code="contract-broken", field="\u0800" * 10_000_000)
    letter = stored(message(key=BIG, value=BIG, headers=many), long, service="s" * 1_000)
    assert stored_bytes(letter) <= MAX_LETTER_BYTES
    assert read_dead_letter(letter).cut == ("value", "key", "headers")


@given(st.lists(st.tuples(st.text(max_size=40_000), st.none() | st.binary(max_size=40_000))))
def test_of_headers_as_many_are_kept_as_fit_and_each_is_kept_or_counted(headers):
    letter = stored(message(headers=headers))
    kept = original_headers(letter.headers)
    assert envelope_bytes(None, kept) <= MAX_ENVELOPE_BYTES
    ours = [(name, value) for name, value in headers if not name.startswith("dead_")]
    assert (kept == tuple(ours)) is ("headers" not in read_dead_letter(letter).cut)


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
