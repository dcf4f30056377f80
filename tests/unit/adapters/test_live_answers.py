"""Live questions: what is found in a legacy table, and how questions are answered."""

import datetime as dt
import threading
from uuid import uuid4

import pytest

from adapters.agencies.alerts import ADAPTER
from adapters.conformance.legacy_table import LegacyTable
from adapters.conformance.recorder import Recorder
from adapters.failures import SourceUnavailable
from adapters.keys import key_maker
from adapters.live import Found, LiveStream
from adapters.question import parted_names, whole_names
from adapters.responder import Responder
from adapters.sql_source import SqlSource
from contracts.audit import AuditAction, AuditPageV1
from contracts.dates import PartialDate
from contracts.envelope import Envelope, contract_schema, contract_type
from contracts.identity import DocumentRef, PersonName
from contracts.query import AnswerStatus, AnswerV1, Criteria, Purpose, QueryV1
from contracts.topics import audit
from hub.audit import Auditor
from hub.errors import Rejected
from hub.message import MAX_MESSAGE_BYTES, Message
from hub.producer import TooLarge
from hub.tracing import new_traceparent

STREAM = ADAPTER.stream("alert")
ROWS = [
    {"ALR_NO": 1, "NM1": "TESTOVA", "NM2": "ADA", "NM_ORIG": "Ада Тестова", "GEB_DAT": "11.08.1960", "DOK_NR": "X1"},
    {"ALR_NO": 2, "NM1": "TESTOVA", "NM2": "ADA", "NM_ORIG": None, "GEB_DAT": "00.00.1971", "DOK_NR": None},
    {"ALR_NO": 3, "NM1": "TESTOVA", "NM2": "ADA", "NM_ORIG": None, "GEB_DAT": None, "DOK_NR": None},
    {"ALR_NO": 4, "NM1": "TESTOVA", "NM2": "ADA", "NM_ORIG": None, "GEB_DAT": "11.08.1960", "STATUS": "W"},
    {"ALR_NO": 5, "NM1": "TESTOVA", "NM2": "ADA", "NM_ORIG": None, "GEB_DAT": "11.08.1960", "GRUND": "?"},
]
REST = {
    "ALIAS": None,
    "GEB_ORT": None,
    "GESCHL": 2,
    "STAAT": "UTO",
    "DOK_ART": "RP",
    "DOK_STAAT": "UTO",
    "GRUND": "10",
    "ERF_DAT": "01.03.2026",
    "ABL_DAT": None,
    "STATUS": "A",
    "DOK_NR": None,
}


@pytest.fixture
def live(tmp_path):
    table = LegacyTable(tmp_path, STREAM, ADAPTER.time_zone, {**REST, **ROWS[0]})
    for second, row in enumerate(ROWS):
        table.put({**REST, **row}, second=second)
    source = SqlSource(table.engine, STREAM.source, STREAM.key.columns, ADAPTER.time_zone)
    return LiveStream(ADAPTER, STREAM, source, key_maker(STREAM.key, STREAM.name, b""))


def numbers(live, **criteria):
    return [int(record.record.rsplit(":", 1)[1]) for record in live.find(Criteria(**criteria), 20).records]


@pytest.mark.parametrize(
    "name",
    [
        PersonName(family="Testova", given="ada"),
        PersonName(full="Ada Testova"),
        PersonName(full="TESTOVA Ada"),
        PersonName(family="testova"),
    ],
)
def test_a_name_is_found_in_any_case_and_order_without_what_ended_or_does_not_map(live, name):
    assert numbers(live, names=(name,)) == [1, 2, 3]


def test_a_name_is_found_in_its_own_script(live):
    assert numbers(live, names=(PersonName(family="Тестова", given="Ада"),)) == [1]


@pytest.mark.parametrize(
    ("born", "found"), [("1960-08-11", [1, 3]), ("1960", [1, 3]), ("1971-02-03", [2, 3]), ("1950", [3])]
)
def test_a_birth_date_keeps_out_who_was_born_on_another_and_nobody_whose_is_not_known(live, born, found):
    assert numbers(live, names=(PersonName(family="Testova"),), birth_date=PartialDate.parse(born)) == found


def test_a_document_is_found_whatever_the_birth_date(live):
    document = DocumentRef(number="X1")
    assert numbers(live, documents=(document,), birth_date=PartialDate.parse("1999")) == [1]


def test_a_whole_name_may_be_parted_at_any_blank():
    assert ("c", "a b") in parted_names(PersonName(full="a b c"))
    assert ("a b", "c") in parted_names(PersonName(full="a b c"))
    assert whole_names(PersonName(family="b", given="a")) == ["a b", "b a"]


NOBODY = Found([])


class Finder:
    """Answers what it was given, or raises it."""

    def __init__(self, answer=NOBODY):
        self.answer = answer

    def find(self, criteria, limit):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Silent:
    """Answers when it is let go."""

    def __init__(self):
        self.go = threading.Event()

    def find(self, criteria, limit):
        self.go.wait(30)
        return NOBODY


class Kafka(Recorder):
    async def send(self, message):
        return (await self.send_all([message]))[0]


def question(seconds=5.0, **changes):
    query = QueryV1(
        query=uuid4(),
        system="alerts",
        criteria=Criteria(names=(PersonName(family="Testova"),)),
        purpose=Purpose.BORDER_CHECK,
        user="guard-1",
        answer_to="answer.search-1",
        deadline=dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds),
        limit=2,
    )
    envelope = Envelope(
        id=str(uuid4()),
        source="/services/search",
        type=contract_type("query", 1),
        subject=str(query.query),
        schema=contract_schema("query", 1),
        time=dt.datetime.now(dt.UTC),
        flow=str(uuid4()),
        traceparent=new_traceparent(),
    )
    value = changes.get("value", query.model_dump_json().encode())
    return query, envelope, Message("query.alerts", 0, 0, 0, None, value, tuple(envelope.to_headers()))


async def ask(finder, message):
    kafka = Kafka()
    responder = Responder("alerts", [finder], kafka, Auditor(kafka, "adapter-alerts"))
    try:
        await responder.answer(message)
    finally:
        responder.close()
    return kafka


async def test_an_answer_goes_out_after_its_audit_and_continues_the_flow(live):
    query, asked, message = question()
    kafka = await ask(live, message)
    assert [sent.topic for sent in kafka.messages] == [audit("adapter-alerts"), "answer.search-1"]
    entry = AuditPageV1.model_validate_json(kafka.messages[0].value).entries[0]
    answer = AnswerV1.model_validate_json(kafka.messages[1].value)
    envelope = Envelope.from_headers(kafka.messages[1].headers)
    assert (answer.query, answer.status, len(answer.records), answer.truncated) == (query.query, "hit", 2, True)
    assert (envelope.flow, envelope.cause) == (asked.flow, asked.id)
    assert (entry.action, entry.actor, entry.purpose, entry.count) == (
        AuditAction.ANSWERED,
        "guard-1",
        "border-check",
        2,
    )
    assert (entry.flow, entry.cause) == (asked.flow, asked.id)


async def test_a_database_that_is_away_is_said_to_be_unavailable():
    _, _, message = question()
    kafka = await ask(Finder(SourceUnavailable("away")), message)
    assert AnswerV1.model_validate_json(kafka.messages[-1].value).status is AnswerStatus.UNAVAILABLE


async def test_nothing_found_is_no_hit():
    _, _, message = question()
    kafka = await ask(Finder(), message)
    assert AnswerV1.model_validate_json(kafka.messages[-1].value).status is AnswerStatus.NO_HIT


async def test_a_question_that_no_table_can_be_asked_is_unavailable_and_not_no_hit(live):
    assert live.find(Criteria(), 2) is None
    _, _, message = question()
    kafka = await ask(Finder(None), message)
    assert AnswerV1.model_validate_json(kafka.messages[-1].value).status is AnswerStatus.UNAVAILABLE


async def test_an_answer_without_a_row_that_fits_and_does_not_map_is_not_whole(live):
    whole = live.find(Criteria(documents=(DocumentRef(number="X1"),)), 20)
    assert not whole.incomplete
    assert live.find(Criteria(names=(PersonName(family="Testova"),)), 20).incomplete
    _, _, message = question()
    answer = AnswerV1.model_validate_json((await ask(Finder(Found([], incomplete=True)), message)).messages[-1].value)
    assert (answer.status, answer.truncated) == (AnswerStatus.NO_HIT, True)


async def test_an_answer_after_as_many_rows_as_are_read_is_not_whole(live):
    born = PartialDate.parse("1971-02-03")
    assert live.find(Criteria(names=(PersonName(family="Testova"),), birth_date=born), 0).incomplete is False
    assert live.find(Criteria(names=(PersonName(family="Testova"),)), 0).incomplete


async def test_a_question_that_comes_too_late_is_dropped():
    _, _, message = question(seconds=-1)
    assert (await ask(Finder(), message)).messages == []


async def test_a_database_that_does_not_answer_in_time_is_unavailable_at_the_deadline():
    _, _, message = question(seconds=0.2)
    silent = Silent()
    kafka = await ask(silent, message)
    silent.go.set()
    assert AnswerV1.model_validate_json(kafka.messages[-1].value).status is AnswerStatus.UNAVAILABLE


@pytest.mark.parametrize("value", [b"no json", b"{}", None, b"\xff"])
async def test_what_is_no_question_is_rejected(value):
    _, _, message = question(value=value)
    with pytest.raises(Rejected):
        await ask(Finder(), message)


async def test_a_rejected_question_leaves_a_letter_and_an_entry_without_what_was_asked():
    _, _, message = question(value=b'{"names": "Ada Testova"}')
    kafka = Kafka()
    responder = Responder("alerts", [Finder()], kafka, Auditor(kafka, "adapter-alerts"))
    await responder._at_once.acquire()
    await responder._answered(message)
    responder.close()
    letter, page = kafka.messages
    assert letter.topic == "dead.alerts"
    assert not letter.value
    (entry,) = AuditPageV1.model_validate_json(page.value).entries
    assert (entry.action, entry.service, entry.topic) == (AuditAction.REJECTED, "adapter-alerts", "query.alerts")
    assert "Testova" not in repr(kafka.messages)


class Narrow(Kafka):
    """Takes no answer of more than `most` bytes."""

    def __init__(self, most):
        super().__init__()
        self._most = most

    async def send(self, message):
        if len(message.value) > self._most:
            raise TooLarge("The message is too large.")
        return await super().send(message)


@pytest.mark.parametrize(("most", "audited"), [(MAX_MESSAGE_BYTES, "unavailable"), (1_000, "hit")])
async def test_an_answer_that_is_too_large_is_unavailable_and_no_dead_letter(live, most, audited):
    record = live.find(Criteria(documents=(DocumentRef(number="X1"),)), 2).records[0]
    if most == MAX_MESSAGE_BYTES:
        person = record.person.model_copy(update={"names": record.person.names * (MAX_MESSAGE_BYTES // 50)})
        record = record.model_copy(update={"person": person})
    _, _, message = question()
    kafka = Narrow(most)
    responder = Responder("alerts", [Finder(Found([record, record]))], kafka, Auditor(kafka, "adapter-alerts"))
    await responder.answer(message)
    responder.close()
    assert [sent.topic for sent in kafka.messages] == [audit("adapter-alerts"), "answer.search-1"]
    assert AuditPageV1.model_validate_json(kafka.messages[0].value).entries[0].detail == audited
    answer = AnswerV1.model_validate_json(kafka.messages[1].value)
    assert (answer.status, answer.records) == (AnswerStatus.UNAVAILABLE, ())
