"""This module answers live questions while somebody waits: one short task for each, several at once."""

import asyncio
import datetime as dt
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from aiokafka import AIOKafkaConsumer
from pydantic import ValidationError

from adapters.failures import SourceUnavailable
from adapters.live import Answerable, Found
from adapters.messages import service_name
from contracts import topics
from contracts.audit import AuditAction, AuditEntryV1, AuditOutcome
from contracts.base import faults, read
from contracts.envelope import Envelope, EnvelopeError, contract_schema, contract_type, event_id, source_of
from contracts.query import AnswerStatus, AnswerV1, Criteria, QueryV1
from hub.audit import Auditor, entry_id, rejected_entry
from hub.dead_letters import dead_letter
from hub.errors import Rejected, Retryable
from hub.logs import get_logger
from hub.message import MAX_MESSAGE_BYTES, Message, Outgoing, Rejection
from hub.producer import Producer, TooLarge, connection
from hub.settings import KafkaSettings
from hub.tracing import Trace, child_of, traced

AT_ONCE = 16
THREADS = 6
POLL_MS = 1_000  # only how long an empty wait lasts: messages are given as soon as they are there


class Finder(Protocol):
    """What answers from one stream; blocks."""

    def find(self, criteria: Criteria, limit: int) -> Found | None:
        """Give the records that fit, at most one more than `limit`; nothing where it cannot be asked for this.

        Raises:
            SourceUnavailable: it does not answer.
        """
        ...


class Responder:
    """Answers the questions to one system."""

    def __init__(self, system: str, finders: Sequence[Finder], producer: Producer, auditor: Auditor) -> None:
        self._system = system
        self._service = service_name(system)
        self._finders = finders
        self._producer = producer
        self._auditor = auditor
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._threads = ThreadPoolExecutor(THREADS, "live")  # its own: readers must not make anybody wait
        self._tasks: set[asyncio.Task[None]] = set()
        self._log = get_logger()

    async def run(self, settings: KafkaSettings) -> None:
        """Answer until cancelled.

        Questions are committed as they are read, not when they are answered: each has a deadline of about a second, and
        whoever asked counts a lost one as timed out. Answering it after a restart would serve nobody.
        """
        consumer = AIOKafkaConsumer(
            topics.query(self._system),
            **connection(settings, self._service),
            group_id=self._service,
            auto_offset_reset="latest",
            enable_auto_commit=True,
            fetch_max_wait_ms=POLL_MS,
            max_poll_records=AT_ONCE,
        )
        try:
            await consumer.start()
            while True:
                for records in (await consumer.getmany(timeout_ms=POLL_MS)).values():
                    for record in records:
                        await self._begin(record)
        finally:
            await consumer.stop()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _begin(self, record: Any) -> None:
        await self._at_once.acquire()
        task = asyncio.create_task(self._answered(Message.from_kafka(record)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answered(self, message: Message) -> None:
        try:
            await self.answer(message)
        except Rejected as error:
            await self._bury(message, error)
        except Retryable as error:
            self._log.warning("question not answered", place=message.place, reason=error.code)
        except Exception as error:  # noqa: BLE001  the rim: one question must not stop the others
            self._log.error("question failed", place=message.place, exc_info=error)
        finally:
            self._at_once.release()

    async def answer(self, message: Message) -> None:
        """Answer one question; the audit holds it before the answer goes out.

        Raises:
            Rejected: the message is no question.
            Retryable: Kafka is away.
        """
        started = time.perf_counter()
        query, envelope = question(message)
        if query.deadline <= dt.datetime.now(dt.UTC):
            self._log.info("question came too late", query=str(query.query), flow=envelope.flow)
            return
        status, records, truncated = await self._find(query)
        trace = Trace(envelope.flow, child_of(envelope.traceparent), envelope.id)
        answer = AnswerV1(
            query=query.query,
            system=self._system,
            status=status,
            records=tuple(records),
            truncated=truncated,
            elapsed_ms=round((time.perf_counter() - started) * 1000),
        )
        outgoing = self._message(answer, query.answer_to, trace)
        if len(outgoing.value or b"") > MAX_MESSAGE_BYTES:
            self._log.warning("answer too large", query=str(query.query), count=len(records), flow=envelope.flow)
            outgoing = self._message(_unavailable(answer), query.answer_to, trace)
            status, records = AnswerStatus.UNAVAILABLE, []
        with traced(trace):
            await self._auditor.record([self._entry(query, envelope, status, len(records))])
            try:
                await self._producer.send(outgoing)
            except TooLarge:  # the broker takes less than we think
                self._log.warning("answer too large", query=str(query.query), count=len(records), flow=envelope.flow)
                await self._producer.send(self._message(_unavailable(answer), query.answer_to, trace))
                status, records = AnswerStatus.UNAVAILABLE, []
        self._log.info(
            "question answered",
            query=str(query.query),
            status=status,
            count=len(records),
            flow=envelope.flow,
            ms=round((time.perf_counter() - started) * 1000, 1),
        )

    async def _find(self, query: QueryV1) -> tuple[AnswerStatus, list[Answerable], bool]:
        left = (query.deadline - dt.datetime.now(dt.UTC)).total_seconds()
        try:
            async with asyncio.timeout(left):
                loop = asyncio.get_running_loop()
                found = await loop.run_in_executor(self._threads, self._search, query)
        except (SourceUnavailable, TimeoutError):
            return AnswerStatus.UNAVAILABLE, [], False
        if found is None:
            return AnswerStatus.UNAVAILABLE, [], False
        status = AnswerStatus.HIT if found.records else AnswerStatus.NO_HIT
        return status, found.records[: query.limit], found.incomplete or len(found.records) > query.limit

    def _search(self, query: QueryV1) -> Found | None:
        """Ask the tables one after the other: each takes less than to hand it to a thread of its own.

        Gives nothing where no table can be asked for this: that nobody looked must not read as that nobody is there.
        """
        asked = [finder.find(query.criteria, query.limit) for finder in self._finders]
        answers = [found for found in asked if found is not None]
        if not answers:
            return None
        records = [record for found in answers for record in found.records]
        return Found(records, any(found.incomplete for found in answers))

    def _message(self, answer: AnswerV1, topic: str, trace: Trace) -> Outgoing:
        envelope = Envelope(
            id=event_id(self._system, "answer", str(answer.query), 1),
            source=source_of(self._system, "answer"),
            type=contract_type("answer", 1),
            subject=str(answer.query),
            schema=contract_schema("answer", 1),
            time=dt.datetime.now(dt.UTC),
            flow=trace.flow,
            traceparent=trace.traceparent,
            cause=trace.cause,
        )
        return Outgoing(topic, str(answer.query).encode(), answer.model_dump_json().encode(), envelope.to_headers())

    def _entry(self, query: QueryV1, envelope: Envelope, status: AnswerStatus, count: int) -> AuditEntryV1:
        done = AuditOutcome.FAILED if status is AnswerStatus.UNAVAILABLE else AuditOutcome.DONE
        return AuditEntryV1(
            entry=entry_id(AuditAction.ANSWERED, self._service, envelope.id),
            at=dt.datetime.now(dt.UTC),
            service=self._service,
            actor=query.user,
            action=AuditAction.ANSWERED,
            outcome=done,
            flow=envelope.flow,
            event=event_id(self._system, "answer", str(query.query), 1),
            cause=envelope.id,
            system=self._system,
            purpose=query.purpose,
            legal_basis=query.legal_basis,
            detail=status,
            count=count,
        )

    async def _bury(self, message: Message, error: Rejected) -> None:
        """Keep that a question was rejected, and why, without what was asked: dead letters stay, names must not."""
        now = dt.datetime.now(dt.UTC)
        rejection = Rejection(message._replace(key=None, value=None), error)
        letter = dead_letter(rejection, service=self._service, now=now)
        entry = rejected_entry(rejection, self._service, now)
        try:
            await self._producer.send_all([letter, *self._auditor.pages([entry])])
        except Retryable:
            self._log.warning("dead letter not kept", place=message.place, reason=error.reason)
            return
        self._log.warning("question rejected", place=message.place, reason=error.reason, field=error.field)


def _unavailable(answer: AnswerV1) -> AnswerV1:
    """Give the answer in place of one that is too large to be sent."""
    return answer.model_copy(update={"status": AnswerStatus.UNAVAILABLE, "records": (), "truncated": False})


def question(message: Message) -> tuple[QueryV1, Envelope]:
    """Read a question.

    Raises:
        Rejected: it has no sense; the reason names the field.
    """
    try:
        return read(QueryV1, message.value or b"").value, Envelope.from_headers(message.headers)
    except EnvelopeError as error:
        field = str(error).split(":", 1)[0]
        raise Rejected("The question's envelope cannot be read.", code="envelope", field=field) from None
    except ValidationError as error:
        raise Rejected("The question breaks its contract.", code="invalid", field=faults(error)[:200]) from None
