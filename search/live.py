"""This module asks connected systems live: a question on `query.<system>`, the answer on this instance's own topic."""

import asyncio
import datetime as dt
from contextlib import suppress
from typing import Any, Protocol
from uuid import UUID

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from pydantic import ValidationError
from pydantic_core import from_json, to_json

from contracts import topics
from contracts.base import UNKNOWN, faults, is_plain, read
from contracts.envelope import Envelope, contract_schema, contract_type
from contracts.query import AnswerV1, QueryV1
from hub.audit import Sender
from hub.errors import Retryable
from hub.logs import get_logger
from hub.message import Outgoing
from hub.producer import KafkaUnavailable, connection
from hub.settings import KafkaSettings
from hub.tracing import child_of, current_trace

SERVICE = "search"
RECONNECT_S = 1.0


class SystemUnavailable(Retryable):
    """A connected system cannot be asked now."""

    code = "system-unavailable"


class Answers:
    """The answers on this instance's topic, handed to those who wait for them.

    The topic is read from its end and in no group: an answer that nobody waits for any more is of no use.
    """

    def __init__(self, settings: KafkaSettings, instance: str) -> None:
        self.topic = topics.answer(instance)
        self._settings = settings
        self._waiting: dict[tuple[UUID, str], asyncio.Future[AnswerV1]] = {}
        self._listening = False
        self._log = get_logger()

    @property
    def is_listening(self) -> bool:
        """Whether answers can arrive."""
        return self._listening

    async def listen(self) -> None:
        """Hand over answers until cancelled; connect again whenever that is needed."""
        while True:
            try:
                await self._listen_once()
            except (KafkaError, OSError) as error:
                self._log.warning("waiting", what="answers", error=type(error).__name__)
            finally:
                self._listening = False
            await asyncio.sleep(RECONNECT_S)

    def expect(self, query: UUID, system: str) -> "asyncio.Future[AnswerV1]":
        """Give what will hold the answer of `system`; cancelling it ends the waiting."""
        future: asyncio.Future[AnswerV1] = asyncio.get_running_loop().create_future()
        self._waiting[query, system] = future
        future.add_done_callback(lambda _: self._waiting.pop((query, system), None))
        return future

    def hand_over(self, value: bytes | None) -> None:
        """Give an answer to the one who waits for it; drop what is late, doubled, or no answer at all."""
        try:
            answer = self._read(value or b"")
        except ValidationError as error:
            self._log.warning("answer dropped", reason="not-an-answer", faults=faults(error))
            return
        future = self._waiting.get((answer.query, answer.system))
        if future is None or future.done():
            self._log.info("answer dropped", reason="nobody-waits", system=answer.system, query=str(answer.query))
            return
        if any(record.system != answer.system for record in answer.records):
            self._log.warning("answer dropped", reason="records-of-another-system", system=answer.system)
            future.set_exception(SystemUnavailable("The system answered for another one."))
            return
        future.set_result(answer)

    def _read(self, value: bytes) -> AnswerV1:
        """Read an answer; where only some of its records are at fault, without these, and as one that is cut.

        A record is at fault where it breaks the contract, or where a field that the contract does not know holds what
        is beyond JSON.

        Raises:
            ValidationError: it is none.
        """
        try:
            return read(AnswerV1, value).value
        except ValidationError as error:
            places = [fault["loc"] for fault in error.errors() if fault["type"] != UNKNOWN]
            if any(place[:1] != ("records",) or len(place) == 1 for place in places):
                raise
            told = from_json(value)
            records = dict(enumerate(told.get("records", ())))
            spoilt = {place[1] for place in places}
            spoilt |= {place for place, record in records.items() if not is_plain(to_json(record))}
            if not spoilt:
                raise
            whole = [record for place, record in records.items() if place not in spoilt]
            answer = read(AnswerV1, to_json({**told, "records": whole, "truncated": True})).value
            self._log.warning("records left out of an answer", count=len(spoilt), faults=faults(error))
            return answer

    async def _listen_once(self) -> None:
        consumer: Any = AIOKafkaConsumer(
            **connection(self._settings, SERVICE), enable_auto_commit=False, fetch_max_wait_ms=500
        )
        await consumer.start()
        try:
            if self.topic not in await consumer.topics():
                raise KafkaError(f"{self.topic} is not there yet")
            partition = TopicPartition(self.topic, 0)
            consumer.assign([partition])
            await consumer.seek_to_end(partition)
            self._listening = True
            async for record in consumer:
                self.hand_over(record.value)
        finally:
            with suppress(KafkaError):
                await consumer.stop()


class Asks(Protocol):
    """What a single search needs of the connected systems."""

    async def ask(self, query: QueryV1) -> AnswerV1:
        """Put one question to the system that it names and wait for the answer."""
        ...


class LiveSystems:
    """Connected systems behind the broker. The caller limits how long it waits."""

    def __init__(self, sender: Sender, answers: Answers) -> None:
        self._sender = sender
        self._answers = answers

    async def ask(self, query: QueryV1) -> AnswerV1:
        """Put one question to the system that it names and wait for the answer.

        Raises:
            SystemUnavailable: Kafka does not take the question, or answers cannot arrive.
            TimeoutError: the question's deadline passed before Kafka had the question or the system its answer.
        """
        if not self._answers.is_listening:
            raise SystemUnavailable("Kafka is away, so live systems cannot be asked; it is tried again.")
        waiting = self._answers.expect(query.query, query.system)
        try:
            await self._sender.send_all([question(query)])
            return await waiting
        except KafkaUnavailable as error:
            raise SystemUnavailable("Kafka did not take the question; it is tried again.") from error
        finally:
            waiting.cancel()


def question(query: QueryV1) -> Outgoing:
    """Write the message that carries a question."""
    trace = current_trace()
    envelope = Envelope(
        id=str(query.query),
        source=f"/services/{SERVICE}",
        type=contract_type("query", 1),
        subject=str(query.query),
        schema=contract_schema("query", 1),
        time=dt.datetime.now(dt.UTC),
        flow=trace.flow,
        traceparent=child_of(trace.traceparent),
        cause=trace.cause,
    )
    value = query.model_dump_json(exclude_none=True).encode()
    return Outgoing(topics.query(query.system), str(query.query).encode(), value, tuple(envelope.to_headers()))
