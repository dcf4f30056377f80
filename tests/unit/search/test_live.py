"""Live systems: each answer reaches the one who asked, and nothing else does."""

import asyncio
import datetime as dt
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from contracts.envelope import Envelope
from contracts.query import AnswerStatus, AnswerV1, Criteria, Purpose, QueryV1
from hub.producer import KafkaUnavailable
from hub.settings import KafkaSettings
from search.live import Answers, LiveSystems, SystemUnavailable
from tests.unit.search.people import NOW, passport, person


def query(system="entry-exit"):
    return QueryV1(
        query=uuid4(),
        system=system,
        criteria=Criteria(documents=(passport(),)),
        purpose=Purpose.BORDER_CHECK,
        user="guard-1",
        answer_to="answer.search-1",
        deadline=NOW + dt.timedelta(seconds=1),
    )


def answer(to, *records, system=None, status=AnswerStatus.NO_HIT):
    return AnswerV1(query=to.query, system=system or to.system, status=status, records=records, elapsed_ms=1)


class FakeSender:
    def __init__(self, respond=lambda query: None, *, away=False):
        self.sent = []
        self.respond = respond
        self.away = away

    async def send_all(self, messages):
        if self.away:
            raise KafkaUnavailable("away")
        self.sent += messages
        for message in messages:
            self.respond(QueryV1.model_validate_json(message.value))
        return []


@pytest.fixture
def answers():
    answers = Answers(KafkaSettings(), "search-1")
    answers._listening = True
    return answers


def put(answers, given):
    answers.hand_over(given.model_dump_json().encode())


async def ask(live, asked, within_s=0.05):
    async with asyncio.timeout(within_s):
        return await live.ask(asked)


async def test_a_question_travels_with_its_envelope_and_its_answer_comes_back(answers):
    sender = FakeSender(lambda asked: put(answers, answer(asked, person())))
    asked = query()

    given = await ask(LiveSystems(sender, answers), asked)

    assert [record.record for record in given.records] == ["entry-exit:persons:1"]
    (message,) = sender.sent
    assert message.topic == "query.entry-exit"
    assert message.key == str(asked.query).encode()
    assert Envelope.from_headers(message.headers).type == "isthmus.query.v1"


async def test_an_answer_of_another_system_or_question_is_nobodys(answers):
    def confuse(asked):
        put(answers, answer(asked, system="alerts"))
        put(answers, answer(query()))

    with pytest.raises(TimeoutError):
        await ask(LiveSystems(FakeSender(confuse), answers), query())


async def test_a_record_that_speaks_of_another_systems_person_is_left_out_and_the_answer_is_cut(answers):
    def claim(asked):
        said = answer(asked, person("1"), person("2"), person("3")).model_dump_json().encode()
        answers.hand_over(said.replace(b'"subject":"entry-exit:persons:2', b'"subject":"asylum:persons:2'))

    given = await ask(LiveSystems(FakeSender(claim), answers), query())
    assert [record.record for record in given.records] == ["entry-exit:persons:1", "entry-exit:persons:3"]
    assert given.truncated


@pytest.mark.parametrize("beyond", ["NaN", "-Infinity", '[{"deep": NaN}]'])
async def test_a_record_that_holds_what_is_beyond_json_is_left_out_though_no_contract_knows_the_field(answers, beyond):
    def spoil(asked):
        said = answer(asked, person("1"), person("2"), person("3")).model_dump_json()
        second = '"record":"entry-exit:persons:2"'
        answers.hand_over(said.replace(second, f'"new":{beyond},{second}').encode())

    with capture_logs() as told:
        given = await ask(LiveSystems(FakeSender(spoil), answers), query())
    assert [record.record for record in given.records] == ["entry-exit:persons:1", "entry-exit:persons:3"]
    assert given.truncated
    assert [(line["event"], line["count"]) for line in told] == [("records left out of an answer", 1)]


@pytest.mark.parametrize(
    ("found", "instead"),
    [
        ('"records":[]', '"records":[],"new":NaN'),
        ('"records":[]', '"new":NaN'),
        ('"subject":"entry-exit:persons:2', '"subject":"asylum:persons:2'),
    ],
)
async def test_an_answer_that_holds_beside_its_records_what_is_beyond_json_is_dropped_and_nothing_else_told(
    answers, found, instead
):
    records = () if "records" in found else (person("1"), person("2"))
    said = answer(query(), *records).model_dump_json().replace('"elapsed_ms":1', '"elapsed_ms":1,"newer":NaN')
    assert found in said
    with capture_logs() as told:
        answers.hand_over(said.replace(found, instead).encode())
    assert [line["reason"] for line in told] == ["not-an-answer"]


async def test_an_answer_that_is_wrong_elsewhere_than_in_its_records_is_dropped(answers):
    def spoil(asked):
        said = answer(asked, person()).model_dump_json().encode()
        answers.hand_over(said.replace(b'"elapsed_ms":1', b'"elapsed_ms":"long"'))

    with pytest.raises(TimeoutError):
        await ask(LiveSystems(FakeSender(spoil), answers), query())


async def test_a_second_answer_and_a_late_one_are_dropped(answers):
    def twice(asked):
        put(answers, answer(asked))
        put(answers, answer(asked, person()))

    asked = query()
    given = await ask(LiveSystems(FakeSender(twice), answers), asked)
    assert given.records == ()
    put(answers, answer(asked, person()))


async def test_records_of_another_system_make_the_answer_worthless(answers):
    sender = FakeSender(lambda asked: put(answers, answer(asked, person(system="alerts"))))
    with pytest.raises(SystemUnavailable):
        await ask(LiveSystems(sender, answers), query())


@pytest.mark.parametrize("raw", [None, b"", b"{", b"\xff", b'{"contract":"answer"}'])
async def test_what_is_no_answer_is_dropped(answers, raw):
    answers.hand_over(raw)


async def test_without_kafka_a_system_is_unavailable_at_once(answers):
    with pytest.raises(SystemUnavailable):
        await ask(LiveSystems(FakeSender(away=True), answers), query())
    answers._listening = False
    with pytest.raises(SystemUnavailable):
        await ask(LiveSystems(FakeSender(), answers), query())


async def test_nobody_waits_any_more_when_the_time_is_over(answers):
    with pytest.raises(TimeoutError):
        await ask(LiveSystems(FakeSender(), answers), query(), 0.01)
    await asyncio.sleep(0)
    assert answers._waiting == {}
