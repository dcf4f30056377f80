"""This module is the one place that says how messages are consumed: policy, decoding, failures, batches.

FastStream's defaults lose messages: its Kafka policy acknowledges before the work is done, and what cannot be decoded
is committed unseen. Here an offset is committed only after the handler returned and every rejected message lies in its
dead letter topic; what cannot be read reaches the handler as raw bytes.

FastStream also goes on after whatever fails in it or in the Kafka client: it starts a reading that died anew, or waits
and asks the dead client again, and says nothing of it. The commit of the next batch would then cover what was passed
over. Here a failed reading stays failed, and `read_until_it_fails` tells, so that the process ends and begins again at
what was committed.
"""

import asyncio
import datetime as dt
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any, NoReturn

from aiokafka.errors import KafkaError
from faststream import AckPolicy, BaseMiddleware
from faststream.kafka import KafkaBroker
from faststream.security import BaseSecurity, SASLScram512
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_random_exponential

from hub.audit import Auditor
from hub.dead_letters import burial
from hub.errors import Misconfigured, Rejected, Retryable
from hub.kafka_records import read_tolerantly
from hub.logs import get_logger
from hub.message import Message, Rejection
from hub.producer import Producer, connection
from hub.settings import KafkaSettings

Handler = Callable[[Sequence[Message]], Awaitable[Sequence[Rejection]]]
"""Does the whole work for a batch, durably, and tells which messages it refuses for good.

It raises `Retryable` when something that it needs is away: the batch is then given to it again, so it must be
idempotent.
"""

MAX_RECORDS = 1_000
FAULT_ATTEMPTS = 3  # for failures that no class explains: a defect of ours or a message that triggers one
LOUD_ATTEMPTS = 6  # some seconds, by the waits below
LONGEST_WAIT_S = 10.0
POLL_MS = 500  # only how long an empty wait lasts: messages are given as soon as they are there
GATHERED_BYTES = 128 * 1024
NO_RESTARTS = "FASTSTREAM_SUPERVISOR_DISABLED"  # FastStream's own switch; it has no other


class ReadingEnded(Retryable):
    """Nothing failed, and yet nothing is read any more."""

    code = "reading-ended"


class ReadingFailed(BaseException):
    """Carries a failure, its cause, to the end of a reading: FastStream passes over every `Exception`."""


def make_broker(settings: KafkaSettings, service: str, handler_producer: Producer) -> KafkaBroker:
    """Make the broker through which `service` consumes; dead letters and their audit go out by `handler_producer`."""
    read_tolerantly()
    os.environ[NO_RESTARTS] = "1"
    auditor = Auditor(handler_producer, service)
    return KafkaBroker(
        settings.bootstrap,
        client_id=service,
        security=_security(settings),
        ack_policy=AckPolicy.MANUAL,
        apply_types=False,
        allow_auto_create_topics=False,
        consumer_only=True,
        middlewares=[
            lambda message, context: Delivery(message, context, auditor=auditor, producer=handler_producer),
        ],
        metadata_max_age_ms=5_000,
        graceful_timeout=5.0,
        logger=None,
    )


def consume(
    broker: KafkaBroker,
    handler: Handler,
    *,
    group: str,
    topics: Sequence[str] = (),
    pattern: str | None = None,
    max_records: int = MAX_RECORDS,
    gather_ms: int = 0,
) -> None:
    """Give every message of `topics`, or of those that match `pattern`, to `handler`, from the earliest on.

    For `gather_ms` the broker lets single messages gather before it hands them out: fewer and larger batches, where
    nobody waits for each.
    """
    subscriber: Any = broker.subscriber(
        *topics,
        pattern=pattern,
        group_id=group,
        batch=True,
        max_records=max_records,
        batch_timeout_ms=POLL_MS,
        auto_offset_reset="earliest",
        ack_policy=AckPolicy.MANUAL,
        no_reply=True,
        fetch_min_bytes=GATHERED_BYTES if gather_ms else 1,
        fetch_max_wait_ms=gather_ms or POLL_MS,
    )

    async def handle(batch: Any) -> Sequence[Rejection]:
        return await handler([Message.from_kafka(record) for record in batch.raw_message])

    subscriber(handle, parser=whole_batch, decoder=as_it_is)
    subscriber.get_msg = _told(subscriber.get_msg)  # FastStream offers no other place


def _told(get: Callable[[Any], Awaitable[Any]]) -> Callable[[Any], Awaitable[Any]]:
    """Let no failure of the client stay within the reading; what is away the client waits for without any."""

    async def get_or_fail(consumer: Any) -> Any:
        try:
            return await get(consumer)
        except Exception as error:
            raise ReadingFailed from error

    return get_or_fail


async def read_until_it_fails(broker: KafkaBroker) -> NoReturn:
    """Wait until one of the readings of a started broker ends, and raise why; the service has to end then.

    Raises:
        ReadingEnded: the client stopped reading without a failure.
    """
    readings = [task for subscriber in broker.subscribers for task in getattr(subscriber, "tasks", ())]
    done, _ = await asyncio.wait(readings, return_when=asyncio.FIRST_COMPLETED)
    for failure in filter(None, (reading.exception() for reading in done if not reading.cancelled())):
        raise failure.__cause__ if isinstance(failure, ReadingFailed) and failure.__cause__ else failure
    raise ReadingEnded("The Kafka client stopped reading by itself; the service has to be started again.")


async def whole_batch(records: tuple[Any, ...], original: Callable[[Any], Awaitable[Any]]) -> Any:
    """Wrap a batch without looking into it: FastStream's own parser fails on the first header that is no text."""
    parsed = await original((replace(records[0], headers=()),))
    parsed.raw_message = records
    return parsed


async def as_it_is(batch: Any) -> Any:
    """Leave decoding to the handler, where a failure has a name and a dead letter."""
    return batch


class Delivery(BaseMiddleware):
    """Carries one batch to its end: done and rejected messages alike are durable before the offsets are committed."""

    def __init__(
        self,
        message: Any,
        context: Any,
        *,
        auditor: Auditor,
        producer: Producer,
        longest_wait_s: float = LONGEST_WAIT_S,
    ) -> None:
        super().__init__(message, context=context)
        self._longest_wait_s = longest_wait_s
        self._auditor = auditor
        self._producer = producer
        self._log = get_logger()

    async def consume_scope(self, call_next: Callable[[Any], Awaitable[Any]], msg: Any) -> None:
        """Handle the batch, bury what was refused, commit."""
        rejections = await self._handled(call_next, msg)
        if rejections:
            await self._until_it_works(lambda: self._bury(rejections))
        try:
            await msg.ack()
        except KafkaError as error:
            # The group was rebalanced or the broker is away: the batch comes again, and every effect is idempotent.
            self._log.warning("offsets not committed", error=type(error).__name__)

    async def after_processed(
        self,
        exc_type: type[BaseException] | None = None,  # noqa: ARG002  as the base calls it
        exc_val: BaseException | None = None,
        exc_tb: TracebackType | None = None,  # noqa: ARG002
    ) -> bool | None:
        """Let no batch be passed over that was neither done nor buried, wherever it failed."""
        if isinstance(exc_val, Exception):
            raise ReadingFailed from exc_val
        return False

    async def _handled(self, call_next: Callable[[Any], Awaitable[Any]], msg: Any) -> Sequence[Rejection]:
        records = msg.raw_message
        try:
            result: Sequence[Rejection] = await self._until_it_works(lambda: call_next(msg))
        except Exception as error:  # noqa: BLE001  the rim of this process: one bad message must not stop the rest
            self._log.error("batch failed, its messages are tried one by one", count=len(records), exc_info=error)
        else:
            return result
        rejections: list[Rejection] = []
        for record in records:
            msg.raw_message = (record,)
            rejections += await self._handled_alone(call_next, msg, Message.from_kafka(record))
        msg.raw_message = records
        return rejections

    async def _handled_alone(
        self, call_next: Callable[[Any], Awaitable[Any]], msg: Any, message: Message
    ) -> Sequence[Rejection]:
        try:
            result: Sequence[Rejection] = await self._until_it_works(lambda: call_next(msg))
        except Rejected as error:
            return [Rejection(message, error)]
        except Exception as error:  # noqa: BLE001  see _handled
            self._log.error("message failed", place=message.place, exc_info=error)
            return [Rejection(message, Rejected("The service failed on this message.", code="internal-error"))]
        return result

    async def _until_it_works(self, attempt: Callable[[], Awaitable[Any]]) -> Any:
        """Try for ever while something is away or set up wrongly, a few times on an unforeseen failure."""
        retrying = AsyncRetrying(
            retry=retry_if_exception(lambda error: isinstance(error, Exception) and not isinstance(error, Rejected)),
            stop=_fault_is_settled,
            wait=wait_random_exponential(multiplier=0.1, max=self._longest_wait_s),
            before_sleep=self._say_why,
            reraise=True,
        )

        async def once() -> Any:
            # tenacity awaits only what it recognises as a coroutine function, and a lambda is none: its coroutine would
            # be taken for the result, and the batch committed without having been handled.
            return await attempt()

        return await retrying(once)

    def _say_why(self, state: RetryCallState) -> None:
        """Say what is waited for: as an error where it lasts, or where waiting mends nothing before a person does."""
        error = state.outcome.exception() if state.outcome else None
        ours = error if isinstance(error, Retryable | Misconfigured) else None
        loud = isinstance(error, Misconfigured) or state.attempt_number >= LOUD_ATTEMPTS
        (self._log.error if loud else self._log.warning)(
            "waiting",
            reason=ours.code if ours else type(error).__name__,
            why=str(ours) if ours else None,  # our own sentences hold no personal data
            attempt=state.attempt_number,
        )

    async def _bury(self, rejections: Sequence[Rejection]) -> None:
        """Send the dead letters and, with them, the audit's entries: whatever was refused, and by whom."""
        await self._producer.send_all(burial(rejections, self._auditor, dt.datetime.now(dt.UTC)))
        for rejection in rejections:
            self._log.warning("message rejected", **rejection.told)


def _fault_is_settled(state: RetryCallState) -> bool:
    error = state.outcome.exception() if state.outcome else None
    return not isinstance(error, Retryable | Misconfigured) and state.attempt_number >= FAULT_ATTEMPTS


def _security(settings: KafkaSettings) -> BaseSecurity | None:
    if settings.username is None:
        return None
    return SASLScram512(
        username=settings.username,
        password=settings.password,
        ssl_context=connection(settings, "")["ssl_context"],
        use_ssl=settings.ca_file is not None,
    )
