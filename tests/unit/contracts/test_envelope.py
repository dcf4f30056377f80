"""The envelope in the headers of a message."""

import datetime as dt
from uuid import uuid4, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.envelope import NAMESPACE, Envelope, EnvelopeError, event_id, stable_id

ENVELOPE = Envelope(
    id=event_id("alerts", "persons", "77", 5),
    source="/systems/alerts/persons",
    type="isthmus.alert.v1",
    subject="alerts:persons:77",
    schema="urn:isthmus:contract:alert:v1",
    time=dt.datetime(2026, 4, 2, tzinfo=dt.UTC),
    flow=str(uuid4()),
    traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    cause=str(uuid4()),
    record_version=5,
)


def test_headers_are_read_back_as_they_were_written():
    assert Envelope.from_headers(ENVELOPE.to_headers()) == ENVELOPE


def test_a_version_of_a_record_always_has_the_same_id_and_another_version_another():
    assert event_id("a1", "s", "k", 1) == event_id("a1", "s", "k", 1) != event_id("a1", "s", "k", 2)


@pytest.mark.parametrize(
    "name", ["ce_id", "ce_source", "ce_type", "ce_subject", "ce_dataschema", "ce_time", "correlationid"]
)
def test_a_missing_header_is_named(name):
    headers = [(key, value) for key, value in ENVELOPE.to_headers() if key != name]
    with pytest.raises(EnvelopeError, match=f"^{name}: missing$"):
        Envelope.from_headers(headers)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ce_id", b"seven"),
        ("ce_time", b"yesterday"),
        ("ce_time", b"2026-04-02T00:00:00"),
        ("ce_subject", b"\xff\xfe"),
        ("ce_specversion", b"0.3"),
        ("recordversion", b"-1"),
        ("recordversion", b"9" * 19),
        ("recordversion", "٣".encode()),
    ],
)
def test_an_unreadable_header_is_named(name, value):
    headers = [(key, value if key == name else old) for key, old in ENVELOPE.to_headers()]
    with pytest.raises(EnvelopeError, match=f"^{name}: "):
        Envelope.from_headers(headers)


def test_a_header_whose_name_was_no_text_is_refused_though_nobody_needs_it():
    with pytest.raises(EnvelopeError, match=r"^name of a header: not UTF-8$"):
        Envelope.from_headers([*ENVELOPE.to_headers(), ("note\ufffd", b"x")])


@given(st.lists(st.tuples(st.text(max_size=20), st.binary(max_size=40)), max_size=15))
def test_no_headers_whatever_raise_anything_else(headers):
    with pytest.raises(EnvelopeError):
        Envelope.from_headers(headers)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.integers(min_value=0))
def test_ids_are_those_that_any_library_of_uuids_makes_of_the_same_names(name, version):
    assert stable_id(name) == uuid5(NAMESPACE, name)
    assert event_id("alerts", "persons", name, version) == str(uuid5(NAMESPACE, f"alerts|persons|{name}|{version}"))
