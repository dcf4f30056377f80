"""This module runs a service that only consumes: it waits for Kafka, and stops on a signal with its work done."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable

from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker
from tenacity import AsyncRetrying, retry_if_exception_type, wait_random_exponential

from hub.errors import IsthmusError, Misconfigured, Retryable
from hub.logs import get_logger
from hub.producer import Producer

LONGEST_WAIT_S = 5.0
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
    """Connect, consume, and on SIGTERM or SIGINT finish the batch in hand and leave."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    started = asyncio.create_task(_start(broker, producer))
    stopped = asyncio.create_task(stopping.wait())
    await asyncio.wait({started, stopped}, return_when=asyncio.FIRST_COMPLETED)
    if started.done():
        started.result()
        get_logger().info("service ready")
        await stopped
    else:
        started.cancel()
    await broker.stop()
    await producer.stop()
    get_logger().info("service stopped")


async def _start(broker: KafkaBroker, producer: Producer) -> None:
    await until_reachable(producer.start, "kafka")
    await until_reachable(broker.start, "kafka")


def run_to_the_end(main: Callable[[], None]) -> None:
    """Run a service's `main`; what ends it is one line of the log, and exit status 2 where something must be set up."""
    try:
        main()
    except IsthmusError as error:
        get_logger().error("service cannot run", reason=error.code, what_to_do=str(error))
        sys.exit(MISCONFIGURED if isinstance(error, Misconfigured) else FAILED)
