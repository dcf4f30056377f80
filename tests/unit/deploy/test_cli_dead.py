"""What a person does with dead letters is on record before it is shown or done."""

import datetime as dt
import json

import pytest
from typer.testing import CliRunner

from contracts.audit import AuditAction, AuditPageV1
from deploy import cli_dead
from deploy.local.stack import Stack
from deploy.mistyped import Mistyped
from hub.dead_letters import dead_letter, replay_marker
from hub.errors import Rejected
from hub.message import Message, Rejection
from hub.producer import KafkaUnavailable

NOW = dt.datetime(2026, 4, 2, tzinfo=dt.UTC)
FLOW = "1b4e28ba-2fa1-41d2-883f-0016d3cca427"
HEADERS = (("correlationid", FLOW.encode()), ("ce_id", b"e1"))


def letter(offset, reason="contract-broken", headers=HEADERS):
    """A dead letter as it lies in its topic."""
    original = Message("in.alerts.alert.v1", 0, offset, 0, b"alerts:persons:7", b"{", headers)
    made = dead_letter(Rejection(original, Rejected("No.", code=reason)), service="router", now=NOW)
    return Message(made.topic, 0, offset, 0, made.key, made.value, tuple(made.headers))


def marker(of):
    made = replay_marker(of, user="u", now=NOW)
    return Message(made.topic, 0, 9, 0, made.key, made.value, tuple(made.headers))


class Kafka:
    """Holds dead letters and takes what is sent; away when told."""

    def __init__(self):
        self.letters = [letter(0), letter(1, "no-agreement"), marker(letter(1))]
        self.sent = []
        self.away = False

    def __call__(self, *_args, **_settings):
        return self

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        pass

    async def send_all(self, messages):
        if self.away:
            raise KafkaUnavailable("Kafka does not answer; it is tried again.")
        self.sent += messages
        return []

    async def read(self, _settings, system):
        return self.letters if system in {None, "alerts"} else []

    def entries(self):
        pages = [message for message in self.sent if message.topic == "audit.operator"]
        return [entry for page in pages for entry in AuditPageV1.model_validate_json(page.value).entries]


@pytest.fixture
def kafka(monkeypatch):
    kafka = Kafka()
    monkeypatch.setattr(cli_dead, "Producer", kafka)
    monkeypatch.setattr(cli_dead, "_read", kafka.read)
    monkeypatch.setattr(cli_dead, "operator_kafka", lambda _stack: None)
    monkeypatch.setattr(Stack, "known", classmethod(lambda cls, name: cls.open(name)))
    monkeypatch.setattr(Stack, "is_up", lambda _stack: True)
    monkeypatch.setattr(cli_dead, "user_name", lambda: "ada@local")
    return kafka


def run(*arguments):
    return CliRunner().invoke(cli_dead.app, list(arguments))


@pytest.mark.parametrize(
    ("options", "topic", "count"),
    [
        ((), None, 2),
        (("--system", "alerts"), "dead.alerts", 2),
        (("--reason", "no-agreement"), None, 1),
        (("--system", "Ada Testova"), None, 0),  # what is no system is not written down
    ],
)
def test_who_lists_dead_letters_is_on_record_with_how_many_they_saw(kafka, options, topic, count):
    shown = json.loads(run("list", "--json", *options).stdout)
    (entry,) = kafka.entries()
    assert (entry.action, entry.actor, entry.service) == (AuditAction.VIEWED, "ada@local", "operator")
    assert (entry.topic, entry.count, entry.detail) == (topic, count, "dead letters listed")
    assert len(shown) == count
    assert "Testova" not in entry.model_dump_json()


def test_a_letter_that_was_replayed_is_listed_as_such(kafka):
    shown = json.loads(run("list", "--json").stdout)
    assert [(each["place"], each["replayed"]) for each in shown] == [
        ("dead.alerts/0/0", ""),
        ("dead.alerts/0/1", "yes"),
    ]


def test_a_row_is_listed_by_its_place_in_the_source_and_not_replayed(kafka):
    row = "list-7.csv line 12, record alerts:alert:7"
    original = Message("in.alerts.alert.v1", 0, 0, 0, b"alerts:alert:7", b"{}", HEADERS)
    rejection = Rejection(original, Rejected("The line cannot be read.", code="unreadable", field="encoding"))
    made = dead_letter(rejection, service="adapter-alerts", now=NOW, row=row)
    kafka.letters = [Message(made.topic, 0, 0, 0, made.key, made.value, tuple(made.headers))]
    (listed,) = json.loads(run("list", "--json").stdout)
    assert (listed["origin"], listed["detail"]) == (row, "The line cannot be read.")
    assert row in run("show", "dead.alerts/0/0", "--json").stdout
    refused = run("replay", "dead.alerts/0/0").exception
    assert "never reached the hub: mend it at its source (list-7.csv line 12" in str(refused)


def test_who_shows_and_who_replays_a_letter_is_on_record_in_its_flow(kafka):
    assert run("show", "dead.alerts/0/0", "--json").exit_code == 0
    assert run("replay", "dead.alerts/0/0").exit_code == 0
    assert [(entry.action, entry.actor, entry.flow, entry.event, entry.offset) for entry in kafka.entries()] == [
        (AuditAction.VIEWED, "ada@local", FLOW, "e1", 0),
        (AuditAction.REPLAYED, "ada@local", FLOW, "e1", 0),
    ]


def test_a_replay_says_how_many_headers_it_leaves_out(kafka):
    assert run("replay", "dead.alerts/0/0").stdout == "Replayed dead.alerts/0/0 to in.alerts.alert.v1.\n"
    kafka.letters = [letter(0, "bad-header", (*HEADERS, ("\ufffd", b"x")))]
    assert "without 1 of its headers" in run("replay", "dead.alerts/0/0").stdout


def test_a_header_without_a_value_is_shown(kafka):
    kafka.letters = [letter(0, "bad-header", (("correlationid", None), ("x", None)))]
    shown = run("show", "dead.alerts/0/0", "--json")
    assert json.loads(shown.stdout)["headers"]["x"] == ""


@pytest.mark.parametrize("headers", [(), (("correlationid", b""), ("ce_id", b" ")), (("correlationid", b"\xc2\xa0"),)])
def test_a_letter_whose_own_headers_are_broken_is_on_record_by_its_place(kafka, headers):
    kafka.letters = [letter(0, "bad-header", headers)]
    assert run("show", "dead.alerts/0/0", "--json").exit_code == 0
    assert [(entry.flow, entry.event) for entry in kafka.entries()] == [("dead.alerts/0/0", None)]


@pytest.mark.parametrize(
    "command", [("list",), ("list", "--json"), ("show", "dead.alerts/0/0"), ("replay", "dead.alerts/0/0")]
)
def test_nothing_is_shown_or_done_that_cannot_be_recorded(kafka, command):
    kafka.away = True
    done = run(*command)
    assert isinstance(done.exception, KafkaUnavailable)
    assert done.stdout == ""
    assert kafka.sent == []


@pytest.mark.parametrize(
    ("ref", "places"),
    [
        ("alerts:persons:7", [0, 1]),
        (FLOW, [0, 1]),
        ("e1", [0, 1]),
        ("in.alerts.alert.v1/0/1", [1]),
        ("dead.alerts/0/0", [0]),
        ("alerts:persons:8", []),
    ],
)
def test_letters_are_found_by_what_a_trace_names(kafka, ref, places):
    shown = json.loads(run("list", "--ref", ref, "--json").stdout)
    assert [each["place"] for each in shown] == [f"dead.alerts/0/{offset}" for offset in places]


class Log:
    """The topics of a Kafka that holds no letters."""

    def __init__(self, *_):
        pass

    async def open(self, wanted):
        return [topic for topic in ("in.alerts.alert.v1", "dead.alerts", "dead.hub") if wanted(topic)]

    async def ends(self):
        return {}

    async def read_to(self, _ends):
        for batch in ():
            yield batch

    async def close(self):
        pass


@pytest.mark.parametrize("command", [("list", "--system", "nosuch"), ("show", "dead.nosuch/0/0")])
def test_a_system_that_is_not_there_is_said_to_be_none(monkeypatch, command):
    monkeypatch.setattr(cli_dead, "LogReader", Log)
    monkeypatch.setattr(cli_dead, "operator_kafka", lambda _stack: None)
    monkeypatch.setattr(Stack, "known", classmethod(lambda cls, name: cls.open(name)))
    monkeypatch.setattr(Stack, "is_up", lambda _stack: True)
    ended = run(*command).exception
    assert isinstance(ended, Mistyped)
    assert str(ended) == "There is no topic dead.nosuch; there are those of alerts, hub."


@pytest.mark.parametrize("place", ["nonsense", "dead.alerts", "dead.alerts/0", "in.alerts.alert.v1/0/1"])
def test_what_is_no_place_of_a_letter_is_said_to_be_none(kafka, place):
    ended = run("show", place).exception
    assert isinstance(ended, Mistyped)
    assert "write it as `isthmus dead list` does: dead.alerts/0/12" in str(ended)
