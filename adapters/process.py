"""This module is the life of an adapter's process: read and publish, answer live questions, stop when told to."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from typing import Any

import uvloop
from aiokafka.errors import KafkaError

from adapters.declaration import Adapter, Sql, Stream
from adapters.keys import key_maker, key_secret
from adapters.live import LiveStream
from adapters.messages import service_name
from adapters.publisher import Tally, TemplateMaker
from adapters.registry import find
from adapters.responder import Responder
from adapters.settings import AdapterSettings
from adapters.streams import Running, Sources, Streams
from hub.audit import Auditor
from hub.cluster import cluster_id
from hub.errors import Misconfigured, Retryable
from hub.logs import configure_logs, get_logger
from hub.producer import Producer
from hub.service import until_reachable
from hub.settings import KafkaSettings

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 10.0
STOP_S = 2.0
SWITCH_S = 0.0005
"""How long a thread that reads a database may keep the interpreter while the event loop, which answers, wants it.

Python grants 5 ms, and one answer changes hands several times."""


async def run(adapter: Adapter, settings: AdapterSettings, stopping: asyncio.Event) -> None:
    """Read and answer until `stopping` is set.

    Raises:
        Misconfigured: the adapter cannot run as it is set up.
    """
    service = service_name(adapter.system)
    async with AsyncExitStack() as opened:
        sources = Sources(adapter, settings.location(adapter))
        opened.callback(sources.close)
        producer = Producer(settings.kafka, service)
        answering = Producer(settings.kafka, f"{service}-live", linger_ms=0)
        templates = _templates(adapter, settings, opened)
        streams = Streams(adapter, sources, settings.state, producer, Auditor(producer, service), templates)
        opened.enter_context(streams)
        opened.push_async_callback(producer.stop)
        opened.push_async_callback(answering.stop)
        work = [_reading(producer, streams, settings, service)]
        if adapter.answers_live and settings.live:
            responder = _responder(adapter, sources, settings, answering)
            opened.callback(responder.close)
            work.append(_answering(answering, responder, settings))
        await work_until(stopping, work)


async def _reading(producer: Producer, streams: Streams, settings: AdapterSettings, service: str) -> None:
    await until_reachable(producer.start, "kafka")
    await until_reachable(lambda: _meet_cluster(streams, settings.kafka, service), "kafka")
    get_logger().info("adapter ready", streams=len(streams.running), rows_at_fault=streams.count_behind())
    async with asyncio.TaskGroup() as group:
        for running in streams.running:
            group.create_task(follow(running, settings.interval_s))


async def _meet_cluster(streams: Streams, kafka: KafkaSettings, service: str) -> None:
    """Have everything published again where this is another Kafka cluster than the one that holds it."""
    cluster = await cluster_id(kafka, service)
    anew = await asyncio.to_thread(streams.writes_to, cluster) if cluster else []
    if anew:
        get_logger().warning("another Kafka cluster: everything is published again", streams=anew, cluster=cluster)


async def _answering(producer: Producer, responder: Responder, settings: AdapterSettings) -> None:
    await until_reachable(producer.start, "kafka")
    await _again_and_again(lambda: responder.run(settings.kafka), "kafka")


async def follow(running: Running, interval_s: float) -> None:
    """Poll one stream for ever; whatever is away is waited for, and said."""

    async def poll_for_ever() -> None:
        while True:
            _say(running.stream, await running.reader.poll())
            await asyncio.sleep(interval_s)

    await _again_and_again(poll_for_ever, running.stream.name)


async def _again_and_again(work: Callable[[], Awaitable[None]], what: str) -> None:
    log = get_logger()
    wait = FIRST_WAIT_S
    while True:
        started = asyncio.get_running_loop().time()
        try:
            await work()
        except Misconfigured:
            raise
        except Retryable as error:
            log.warning("waiting", what=what, reason=error.code, what_to_do=str(error), seconds=wait)
        except (KafkaError, OSError) as error:
            log.warning("waiting", what=what, reason=type(error).__name__, seconds=wait)
        except Exception as error:  # the rim of this process: a defect in one stream must not stop the others
            log.exception("failed, tried again", what=what, seconds=wait, exc_info=error)
        if asyncio.get_running_loop().time() - started > LONGEST_WAIT_S:
            wait = FIRST_WAIT_S
        await asyncio.sleep(wait)
        wait = min(wait * 2, LONGEST_WAIT_S)


def _say(stream: Stream, tally: Tally) -> None:
    if tally.changed:
        get_logger().info(
            "rows published",
            stream=stream.name,
            published=tally.published,
            ended=tally.ended,
            poison=tally.poison,
        )


async def work_until(stopping: asyncio.Event, work: Sequence[Coroutine[Any, Any, None]]) -> None:
    """Do all the work until told to stop, or until a part of it fails for good; it then has `STOP_S` to end."""
    tasks = [asyncio.create_task(part) for part in work]
    told = asyncio.create_task(stopping.wait())
    done, _ = await asyncio.wait({*tasks, told}, return_when=asyncio.FIRST_COMPLETED)
    left = {*tasks, told}
    # Where Kafka is gone, its client tries for ever to commit before it leaves a group: the second time ends that.
    for _ in range(2):
        for task in left:
            task.cancel()
        _, left = await asyncio.wait({*tasks, told}, timeout=STOP_S)
    for task in done - {told}:
        _raise_the_cause(task)


def _raise_the_cause(task: asyncio.Task[Any]) -> None:
    error = task.exception()
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if error is not None:
        raise error


def _templates(
    adapter: Adapter, settings: AdapterSettings, opened: AsyncExitStack
) -> Callable[[Stream], TemplateMaker | None]:
    if not any(stream.images for stream in adapter.streams):
        return lambda _: None
    # An HTTP client is a third of an adapter's start, and few have images.
    from adapters.images import ImageTemplates, biometrics_client  # noqa: PLC0415

    client = biometrics_client(settings)
    opened.push_async_callback(client.aclose)
    return lambda stream: ImageTemplates(client, stream.images) if stream.images else None


def _responder(adapter: Adapter, sources: Sources, settings: AdapterSettings, producer: Producer) -> Responder:
    secret = key_secret(settings.state)
    finders = [
        LiveStream(adapter, stream, sources.sql(stream, live=True), key_maker(stream.key, stream.name, secret))
        for stream in adapter.streams
        if stream.lookup is not None and isinstance(stream.source, Sql)
    ]
    return Responder(adapter.system, finders, producer, Auditor(producer, service_name(adapter.system)))


async def _main(adapter: Adapter, settings: AdapterSettings) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    await run(adapter, settings, stopping)
    get_logger().info("adapter stopped")


def serve(name: str) -> None:
    """Run the adapter `name` with the settings of the environment, until a signal.

    Raises:
        IsthmusError: it cannot run as it is set up.
    """
    settings = AdapterSettings.load()
    adapter = find(name)
    configure_logs(settings.log, service_name(adapter.system))
    sys.setswitchinterval(SWITCH_S)
    uvloop.run(_main(adapter, settings))
