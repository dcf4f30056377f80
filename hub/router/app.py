"""This module starts the router: `python -m hub.router.app`."""

from pathlib import Path

import uvloop

from contracts.topics import INCOMING_PATTERN
from hub.audit import Auditor
from hub.broker import consume, make_broker
from hub.logs import configure_logs
from hub.producer import Producer
from hub.router.agreements import Agreements
from hub.router.handler import SERVICE, Router
from hub.service import consume_until_stopped, run_to_the_end
from hub.settings import ServiceSettings


class RouterSettings(ServiceSettings):
    """What the router needs to know."""

    agreements: Path = Path("agreements.json")


async def run(settings: RouterSettings) -> None:
    """Route until told to stop."""
    producer = Producer(settings.kafka, SERVICE)
    broker = make_broker(settings.kafka, SERVICE, producer)
    agreements = Agreements(settings.agreements)
    agreements.current()  # a missing file is said at the start, not at the first message
    consume(broker, Router(producer, Auditor(producer, SERVICE), agreements), group=SERVICE, pattern=INCOMING_PATTERN)
    await consume_until_stopped(broker, producer)


def main() -> None:
    """Run with the settings of the environment."""
    settings = RouterSettings.load()
    configure_logs(settings.log, SERVICE)
    uvloop.run(run(settings))


if __name__ == "__main__":
    run_to_the_end(main)
