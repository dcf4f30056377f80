"""What becomes of a row: versions, endings, poison."""

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.agencies.alerts import ADAPTER
from adapters.change import Changes, next_version, row_token, same, says_ended
from adapters.clock import LATEST
from adapters.declaration import Ended
from adapters.digest import row_digest
from adapters.messages import Page, raw_row
from adapters.row import RawLine, Row
from adapters.state import Known, intended
from contracts.audit import AuditAction, AuditOutcome
from contracts.base import read
from contracts.envelope import Envelope
from contracts.identity import PersonName
from contracts.records import AlertV1, ErasureReason, ErasureV1
from hub.dead_letters import read_dead_letter
from hub.message import Message

STREAM = ADAPTER.stream("alert")
CHANGES = Changes(ADAPTER, STREAM)
ALERT = {
    "ALR_NO": 7,
    "NM1": "TESTOVA",
    "NM2": "ADA",
    "NM_ORIG": None,
    "ALIAS": None,
    "GEB_DAT": "00.08.1960",
    "GEB_ORT": None,
    "GESCHL": 2,
    "STAAT": "UTO",
    "DOK_ART": "RP",
    "DOK_NR": "X 000-0001",
    "DOK_STAAT": "UTO",
    "GRUND": "10",
    "ERF_DAT": "01.03.2026",
    "ABL_DAT": None,
    "STATUS": "A",
    "AEND_TS": 1000,
}


def change(columns=None, known=None, at=1_000_000_000):
    return CHANGES.of(CHANGES.row("7", at, at, {**ALERT, **(columns or {})}), known)


def test_a_row_becomes_the_contract_with_the_time_of_change_as_version():
    made = change()
    alert = read(AlertV1, made.value).value
    assert made.version == 1_000_000_000
    assert (alert.record, alert.person.names[0].family, str(alert.person.birth_dates[0])) == (
        "alerts:alert:7",
        "TESTOVA",
        "1960-08",
    )
    assert alert.documents[0].number == "X0000001"


def test_a_withdrawn_alert_is_erased_even_if_nothing_is_known_of_it():
    made = change({"STATUS": "W"})
    assert read(ErasureV1, made.value).value.reason is ErasureReason.WITHDRAWN
    assert made.contract == "erasure"
    assert not made.live


def test_an_ended_row_ends_its_record_even_if_that_was_erased_once_already():
    """A crash may have come after the record was published again, and before that was remembered."""
    made = change({"STATUS": "W"}, Known(1, 5, live=False))
    assert made.contract == "erasure"
    assert made.version > 5


@pytest.mark.parametrize(("value", "said"), [([], False), ({}, False), (["gone"], True), ({"by": "x"}, True)])
def test_a_mark_of_an_end_may_be_a_list_or_a_document(value, said):
    """PostgreSQL gives arrays and jsonb so; none of them may stop the stream."""
    assert says_ended(Ended("gone"), value) is said
    assert says_ended(Ended("gone", ("W", ["gone"], {"by": "x"})), value) is said


NOT_FILLED = [None, False, 0, 0.0, Decimal("0.00"), "", "0", "      ", " 0 ", "0.00", "00000000", "00.00.0000", "-"]
NOT_FILLED += ["0000-00-00", "0000-00-00 00:00:00", "  /  /  ", "f", "False", "N", "no  ", "NULL", "None", "\\N", "\0"]
NOT_FILLED += [b"", b"\0", b"\0\0", b"0000-00-00", b"  ", memoryview(b"\0"), dt.timedelta(0), dt.time(0), UUID(int=0)]
NOT_FILLED += [
    "0000-00-00T00:00:00",
    "0000-00-00 00:00:00+00",
    "0000-00-00T00:00:00.000Z",
    "+0",
    "-0",
    "\u2013",
    "\u2014",
]
NOT_FILLED += [
    "nan",
    "NaT",
    "(null)",
    "<NULL>",
    "N/A",
    "#N/A",
    "off",
    "nil",
    str(UUID(int=0)),
    float("nan"),
    Decimal("NaN"),
]
FILLED = [True, 1, Decimal(1), "1", "x", " X   ", "*", "t", "true", "Y", "yes", "nein", "none left", "2026-03-01", "10"]
FILLED += [dt.date(2026, 3, 1), dt.datetime(1970, 1, 1, tzinfo=dt.UTC), dt.time(0, 1), "0001-01-01", "\xa01\xa0"]
FILLED += ["T", "Z", "TZ", "0001-01-01T00:00:00Z", dt.timedelta(1), UUID(int=1), b"\1\0", b"yes", "on", "national"]
FILLED += [bytes([number]) for number in range(1, 256)]  # a BIT(8), whatever the byte would be as text


@pytest.mark.parametrize("value", NOT_FILLED, ids=repr)
def test_what_databases_write_for_no_end_is_none(value):
    assert not says_ended(Ended("gone"), value)


@pytest.mark.parametrize("value", FILLED, ids=repr)
def test_whatever_else_stands_in_the_column_is_an_end(value):
    assert says_ended(Ended("gone"), value)


def test_a_value_that_ends_may_be_filled_up_with_blanks():
    assert says_ended(Ended("status", ("W", "E")), "W   ")
    assert not says_ended(Ended("status", ("W", "E")), "A   ")
    assert says_ended(Ended("in_force", ("0", 0)), "0")


@pytest.mark.parametrize(
    ("values", "value", "said"),
    [
        ((1,), b"\1", True),
        ((1,), b"\0\1", True),
        ((1,), b"\0", False),
        ((1,), b"", False),
        (("W",), b"W ", True),
        (("W",), memoryview(b"W"), True),
        ((b"\xff",), b"\xff", True),
        (("W", 87 << 64), b"W" * 1_000, False),
    ],
)
def test_a_value_that_ends_may_come_as_bytes(values, value, said):
    """MySQL gives a bit so, and text of a column whose order is that of bytes."""
    assert says_ended(Ended("status", values), value) is said


def test_a_long_text_of_blanks_is_read_as_quickly_as_any():
    assert says_ended(Ended("gone"), " " * 500_000 + "0" * 500_000 + "x")


def test_a_row_whose_event_was_sent_but_not_confirmed_keeps_its_version():
    made = change({})
    assert change({}, Known(intended(made.source.token), made.version, live=True)).version == made.version
    assert change({}, Known(intended("other"), made.version, live=True)).version == made.version + 1


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"GRUND": "99"}, "unmapped"),
        ({"GEB_DAT": "31.02.1960"}, "unmapped"),
        ({"STAAT": "Utopia"}, "invalid"),
        ({"NM1": None, "NM2": None, "DOK_NR": None}, "invalid"),
    ],
)
def test_a_row_that_does_not_map_is_poison_and_names_no_value(columns, reason):
    made = change(columns)
    assert made.fault.reason == reason
    assert not any(str(value) in str(made.fault) for value in columns.values() if value)


@pytest.mark.parametrize(
    ("columns", "field"),
    [
        ({"GRUND": "99"}, "column GRUND"),
        ({"ERF_DAT": "yesterday"}, "column ERF_DAT"),
        ({"GEB_DAT": "31.02.1960"}, "birth_dates (column GEB_DAT)"),
        ({"STAAT": "Utopia"}, "nationalities.0 (column STAAT): string_pattern_mismatch"),
        (
            {"NM1": "N" * 301, "NM2": "A" * 301},
            "family (column NM1): string_too_long; given (column NM2): string_too_long",
        ),
        ({"DOK_NR": "X 0" * 40}, "number (column DOK_NR): string_pattern_mismatch"),
        (
            {"NM1": "N" * 301, "NM2": "N" * 301},
            "family (column NM1): string_too_long; given (column NM2): string_too_long",
        ),
        ({"DOK_STAAT": "10"}, "issuer (column GRUND or DOK_STAAT): string_pattern_mismatch"),
    ],
)
def test_a_row_that_does_not_map_names_the_field_and_the_column_that_it_stumbles_over(columns, field):
    """The column is the one with the refused value, or the one that the declaration gives for the field."""
    assert change(columns).fault.field == field


def test_a_row_that_makes_too_large_an_event_is_poison():
    long = "\x01" * 300  # six bytes each in JSON
    name = PersonName(family=long, given=long, full=long)

    def mapping(row):
        alert = STREAM.map(row)
        return alert.model_copy(update={"person": alert.person.model_copy(update={"names": (name,) * 200})})

    changes = Changes(ADAPTER, replace(STREAM, map=mapping))
    assert changes.of(changes.row("7", 1, 1, ALERT), None).fault.reason == "too-large"


def test_a_poison_row_leaves_what_was_published_as_it_is():
    made = change({"GRUND": "99"}, Known(1, 5, live=True))
    assert (made.version, made.live) == (5, True)


@given(st.integers(0, LATEST * 2), st.integers(1, LATEST))
def test_a_version_always_rises(changed_at, last):
    assert next_version(changed_at, Known(0, last, live=True)) > last


def test_an_event_a_letter_and_their_entries_go_out_together():
    page = Page(ADAPTER, STREAM, dt.datetime(2026, 3, 1, tzinfo=dt.UTC))
    page.add(change())
    page.add(change({"GRUND": "99"}))
    event, letter = page.messages
    envelope = Envelope.from_headers(event.headers)
    assert (event.topic, event.key, envelope.subject) == ("in.alerts.alert.v1", b"alerts:alert:7", "alerts:alert:7")
    assert (envelope.record_version, envelope.type, envelope.flow) == (
        1_000_000_000,
        "isthmus.alert.v1",
        envelope.id,
    )
    dead = read_dead_letter(Message("dead.alerts", 0, 0, 0, letter.key, letter.value, letter.headers))
    assert letter.topic == "dead.alerts"
    assert dead.reason == "unmapped"
    assert [(entry.action, entry.outcome) for entry in page.entries] == [
        (AuditAction.PUBLISHED, AuditOutcome.DONE),
        (AuditAction.REJECTED, AuditOutcome.REFUSED),
    ]


@pytest.mark.parametrize("live", [True, False])
def test_letter_and_audit_of_a_row_at_fault_name_the_version_that_stays_in_force(live):
    page = Page(ADAPTER, STREAM, dt.datetime(2026, 3, 1, tzinfo=dt.UTC))
    page.add(change({"GRUND": "99"}, Known(1, 5, live=live)))
    letter = read_dead_letter(Message("dead.alerts", 0, 0, 0, None, None, page.messages[0].headers))
    assert letter.origin == "table ALR, record alerts:alert:7"
    assert letter.detail.endswith("Version 5 of alerts:alert:7 stays in force.") is live
    assert page.entries[0].detail == "unmapped column GRUND" + ("; version 5 stays in force" if live else "")


def test_a_line_that_could_not_be_decoded_is_kept_as_its_bytes():
    columns = {"NAME": "X", "raw": RawLine(b"X;\x81")}
    assert raw_row(Row(columns, system="blacklist", record="blacklist:document:7")) == b"X;\x81"


def test_a_column_of_that_name_hides_no_other():
    first, second = ({"raw": b"x", "NAME": name} for name in ("ADA", "EVA"))
    assert json.loads(raw_row(first)) == {"raw": "eA==", "NAME": "ADA"}
    assert row_digest(first) != row_digest(second)


def test_the_digests_that_memories_hold_stand():
    line = RawLine(b"X;\x81")
    assert row_digest({"ID": 7, "NAME": "ADA"}) == "7a9dc2d2f57f4a182c8f8404e31ed141"
    assert row_digest({"ID": "7", "raw": line}, "encoding") == "7bbb7204b9c960442a0b33ab5a862a2a"


def test_an_earlier_memory_of_what_ended_is_no_change_and_one_of_what_is_held_is():
    token = row_token(7, is_ended=True)
    assert same(Known(7, 1, live=False), token)
    assert not same(Known(7, 1, live=True), token)
    assert not same(Known(token, 1, live=False), row_token(7, is_ended=False))
    assert not same(Known(8, 1, live=False), token)


def test_a_row_that_was_poison_from_the_first_is_another_one_once_it_is_marked_as_ended():
    """Where the memory was lost, stores may hold what it had published of the row."""
    assert not same(Known(7, 0, live=False), row_token(7, is_ended=True))
