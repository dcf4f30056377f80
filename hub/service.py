"""This module runs a service that only consumes: it waits for Kafka, stops on a signal, and ends when reading fails."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import NoReturn

from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker
from tenacity import AsyncRetrying, retry_if_exception_type, wait_random_exponential

from hub.broker import read_until_it_fails
from hub.collector import collect_rarely
from hub.errors import IsthmusError, Misconfigured, Retryable
from hub.logs import get_logger
from hub.producer import Producer

LONGEST_WAIT_S = 5.0
STOP_S = 15.0
FAILED, MISCONFIGURED = 1, 2


async def until_reachable(start: Callable[[], Awaitable[object]], what: str) -> None:
    """Run `start` until it succeeds; say what is waited for."""
    log = get_logger()
    async for attempt in AsyncRetrying(
        retry=retry_if_exception_type((Retryable, KafkaError, OSError)),
        wait=wait_random_exponential(multiplier=0.2, max=LONGEST_WAIT_S),
        before_sleep=lambda state: log.warning("waiting", what=what, attempt=state.attempt_number),
        reraise=True,
    ):
        with attempt:
            await start()


async def consume_until_stopped(broker: KafkaBroker, producer: Producer) -> None:
    """Connect, consume, and on SIGTERM or SIGINT finish the batch in hand and leave.

    What ends the reading is raised: nothing else would tell that the service does nothing any more.
    """
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    consuming = asyncio.create_task(consume_until_it_fails(broker, producer))
    stopped = asyncio.create_task(stopping.wait())
    await asyncio.wait({consuming, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if consuming.done():
        # What failed may fail again while it is stopped, or never end: that must not hide the first failure.
        with suppress(Exception):
            async with asyncio.timeout(STOP_S):
                await broker.stop()
                await producer.stop()
        consuming.result()
    consuming.cancel()
    await broker.stop()
    await producer.stop()
    get_logger().info("service stopped")


async def consume_until_it_fails(broker: KafkaBroker, producer: Producer) -> NoReturn:
    """Connect and consume until cancelled; raise what ends it."""
    await until_reachable(producer.start, "kafka")
    await until_reachable(broker.start, "kafka")
    get_logger().info("service ready")
    await read_until_it_fails(broker)


def run_to_the_end(main: Callable[[], None]) -> None:
    """Run a service's `main`; what ends it is one line of the log.

    The exit status is 2 where a person has to set something up first, and 1 after any other failure.
    """
    collect_rarely()
    try:
        main()
    except IsthmusError as error:
        get_logger().error("service cannot run", reason=error.code, what_to_do=str(error))
        sys.exit(MISCONFIGURED if isinstance(error, Misconfigured) else FAILED)
    except Exception as error:  # noqa: BLE001  the rim of this process
        get_logger().error("service failed", exc_info=error)
        sys.exit(FAILED)
