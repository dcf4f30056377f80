"""This module starts the ledger: `python -m hub.ledger.app` indexes the audit and answers for it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from contracts.topics import AUDIT_PATTERN
from hub.audit import Auditor, SpoolingAuditor
from hub.broker import consume, make_broker
from hub.http import create_api
from hub.ledger.api import routes
from hub.ledger.filling import Filling
from hub.ledger.handler import Ledger
from hub.ledger.index import LedgerIndex
from hub.ledger.index import connect as connect_index
from hub.log_reader import LogReader
from hub.logs import configure_logs
from hub.producer import Producer
from hub.security.tokens import TokenVerifier
from hub.service import consume_until_it_fails, run_to_the_end
from hub.serving import beside, serve
from hub.settings import ElasticsearchSettings, HttpSettings, ServiceSettings, TokenSettings

SERVICE = "ledger"
PAGES_AT_ONCE = 50
GATHER_MS = 250  # a search leaves several small pages; to index each by itself costs as much as the search


class LedgerSettings(ServiceSettings):
    """What the ledger needs to know."""

    elasticsearch: ElasticsearchSettings = ElasticsearchSettings()
    http: HttpSettings = HttpSettings()
    tokens: TokenSettings = TokenSettings()


def create_app(settings: LedgerSettings) -> FastAPI:
    """Compose the ledger; it connects when the application starts."""
    producer = Producer(settings.kafka, SERVICE, linger_ms=0)
    auditor = SpoolingAuditor(Auditor(producer, SERVICE), settings.state / "audit.spool")
    index = LedgerIndex(connect_index(settings.elasticsearch))
    broker = make_broker(settings.kafka, SERVICE, producer)
    ledger = Ledger(index)
    consume(broker, ledger, group=SERVICE, pattern=AUDIT_PATTERN, max_records=PAGES_AT_ONCE, gather_ms=GATHER_MS)
    filling = Filling(index, ledger, lambda: LogReader(settings.kafka, SERVICE))

    @asynccontextmanager
    async def lifespan(api: FastAPI) -> AsyncIterator[None]:
        auditor.open()
        async with index:
            reading = consume_until_it_fails(broker, producer)
            async with beside(api, reading, auditor.keep_flushing(), filling.keep_whole()):
                yield
            await broker.stop()
            await producer.stop()

    api = create_api(
        "Isthmus ledger",
        version="1",
        description="Follows any message, record or person through the hub.",
        verifier=TokenVerifier(settings.tokens),
        auditor=auditor,
        lifespan=lifespan,
    )
    api.include_router(routes(index, auditor))
    return api


def main() -> None:
    """Serve with the settings of the environment."""
    settings = LedgerSettings.load()
    configure_logs(settings.log, SERVICE)
    serve(create_app(settings), settings.http)


if __name__ == "__main__":
    run_to_the_end(main)
