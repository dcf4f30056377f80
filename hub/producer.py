"""This module sends messages to Kafka: idempotent, many in flight, and never believed before Kafka confirmed.

aiokafka numbers the batches of a partition, and does not take back the number of one that Kafka refuses, or that finds
no leader in time: whatever it sends to that partition afterwards is refused as out of order, for ever. Nor does it
recover where its own task of sending ended. So a client that gave any failure but one of time is replaced before the
next send.
"""

import asyncio
import ssl
from collections.abc import Iterable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, KafkaTimeoutError, MessageSizeTooLargeError, TopicAuthorizationFailedError

from hub.batches import Place, partition_of, send_batches
from hub.errors import IsthmusError, Misconfigured, Rejected, Retryable
from hub.kafka_records import read_tolerantly
from hub.message import Outgoing
from hub.settings import KafkaSettings

MAX_REQUEST_BYTES = 16 * 1024 * 1024  # dead letters keep messages that were too large for their own topic
BATCH_BYTES = 256 * 1024
LINGER_MS = 2
STOP_S = 3.0
FEW = 8
"""Up to so many messages share a batch with what others are sending at the moment; more make batches of their own."""


class KafkaUnavailable(Retryable):
    """Kafka did not confirm in time."""

    code = "kafka-unavailable"


class TooLarge(Rejected):
    """A message is larger than its topic takes."""

    code = "too-large"


def connection(settings: KafkaSettings, client_id: str) -> dict[str, Any]:
    """Give aiokafka's connection arguments: SCRAM over TLS, or over plain loopback in the local stack."""
    read_tolerantly()  # here, because whoever consumes without `hub.broker` connects by this
    arguments: dict[str, Any] = {"bootstrap_servers": settings.bootstrap, "client_id": client_id}
    if settings.username is None:
        return arguments
    return arguments | {
        "security_protocol": "SASL_SSL" if settings.ca_file else "SASL_PLAINTEXT",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": settings.username,
        "sasl_plain_password": settings.password,
        "ssl_context": ssl.create_default_context(cafile=str(settings.ca_file)) if settings.ca_file else None,
    }


class Producer:
    """Sends messages and waits until Kafka holds them.

    `linger_ms` 0 suits one message that somebody waits for; the default suits batches.
    """

    def __init__(self, settings: KafkaSettings, client_id: str, *, linger_ms: int = LINGER_MS) -> None:
        self._settings = settings
        self._client_id = client_id
        self._linger_ms = linger_ms
        self._producer: AIOKafkaProducer | None = None
        self._spoilt = False
        self._replacing: asyncio.Task[None] | None = None
        self._leaving: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Connect.

        Raises:
            KafkaUnavailable: no broker answered.
        """
        producer = AIOKafkaProducer(
            **connection(self._settings, self._client_id),
            enable_idempotence=True,
            linger_ms=self._linger_ms,
            max_batch_size=BATCH_BYTES,
            max_request_size=MAX_REQUEST_BYTES,
            request_timeout_ms=10_000,
            metadata_max_age_ms=30_000,
            partitioner=partition_of,
        )
        try:
            await producer.start()
        except (KafkaError, OSError) as error:
            await producer.stop()
            raise KafkaUnavailable("Kafka does not answer; it is tried again.") from error
        except asyncio.CancelledError:
            await producer.stop()
            raise
        self._producer, self._spoilt = producer, False

    async def stop(self) -> None:
        """Send what is under way and disconnect; what Kafka does not take within `STOP_S` was never confirmed."""
        # First, so that whoever sends meanwhile finds no client to send by, and none to replace.
        producer, self._producer, self._spoilt = self._producer, None, False
        if self._replacing is not None:
            self._replacing.cancel()
            await asyncio.wait({self._replacing}, timeout=STOP_S)
        if producer is not None:
            self._leave(producer)
        await self._have_left()
        for leaving in self._leaving:
            leaving.cancel()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def send(self, message: Outgoing) -> Place:
        """Send one message and wait until Kafka holds it; raises as `send_all` does."""
        return (await self.send_all((message,)))[0]

    async def send_all(self, messages: Iterable[Outgoing]) -> list[Place]:
        """Send all, in order, and give the places in the same order once Kafka holds every one.

        Raises:
            KafkaUnavailable: Kafka did not confirm all; some may have been stored, so sending again must be harmless.
            TooLarge: one is larger than its topic takes.
            Misconfigured: this service's account may not write a topic.
        """
        client = await self._sound_client()
        these = tuple(messages)
        try:
            if len(these) > FEW:
                return await send_batches(client, these)
            return await _confirmed([await self._enqueue(client, message) for message in these])
        except (KafkaError, OSError) as error:
            if client is self._producer and not isinstance(error, KafkaTimeoutError):
                self._spoilt = True
            raise self._failure(error) from error

    def _failure(self, error: Exception) -> IsthmusError:
        if isinstance(error, MessageSizeTooLargeError):
            return TooLarge("A message is larger than its topic takes; publish less in one record.")
        if isinstance(error, TopicAuthorizationFailedError):
            return Misconfigured(
                f"The account {self._settings.username} may not write one of its topics; grant it by an ACL."
            )
        return KafkaUnavailable("Kafka did not confirm what was sent; it is tried again.")

    async def _sound_client(self) -> AIOKafkaProducer:
        """Give a client that can send; a spoilt one is replaced first, once for all who wait.

        Raises:
            KafkaUnavailable: there is none yet, or none in the place of a spoilt one.
        """
        if self._spoilt:
            if self._replacing is None or self._replacing.done():
                self._replacing = asyncio.create_task(self._replace())
            replacing = self._replacing
            await asyncio.wait({replacing})  # whoever gives up waiting does not stop it
            if not replacing.cancelled():
                replacing.result()
        if self._producer is None or self._spoilt:
            raise KafkaUnavailable("Kafka is not connected yet; it is tried again.")
        return self._producer

    async def _replace(self) -> None:
        """Connect anew once the spoilt client has left; without success the next send tries again."""
        producer, self._producer = self._producer, None
        if producer is not None:
            self._leave(producer)
        await self._have_left()
        with suppress(KafkaUnavailable):
            await self.start()

    def _leave(self, client: AIOKafkaProducer) -> None:
        """Let a client settle what is under way; once only, for its second `stop` returns before the first has."""
        leaving = asyncio.create_task(_stopped(client))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)

    async def _have_left(self) -> None:
        """Wait for the clients that leave, so that nothing of theirs is stored after what follows.

        After `STOP_S` that goes on by itself: whoever waits for it is still answered.
        """
        if self._leaving:
            await asyncio.wait(self._leaving, timeout=STOP_S)

    @staticmethod
    async def _enqueue(producer: AIOKafkaProducer, message: Outgoing) -> Any:
        return await producer.send(
            message.topic,
            key=message.key,
            value=message.value,
            headers=list(message.headers),
            partition=message.partition,
        )


async def _confirmed(waiting: Sequence[Any]) -> list[Place]:
    # All are awaited before the first failure is raised, so that none goes on behind the caller's back.
    results: list[Any] = await asyncio.gather(*waiting, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return [Place(result.partition, result.offset) for result in results]


async def _stopped(client: AIOKafkaProducer) -> None:
    with suppress(KafkaError, OSError):
        await client.stop()
