"""This module starts the search: `python -m search.app`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI

from hub.audit import Auditor, SpoolingAuditor
from hub.http import create_api
from hub.logs import configure_logs
from hub.producer import Producer
from hub.security.tokens import TokenVerifier
from hub.service import run_to_the_end, until_reachable
from hub.serving import beside, serve
from search.api import Health, routes
from search.fingers import Fingers
from search.handler import SERVICE, SearchHandler
from search.indices import REACHED_S, Indices
from search.linkage.judgements import JudgementFile
from search.linkage.rules import rules_of
from search.live import Answers, LiveSystems
from search.repository import Repository, connect
from search.settings import SearchSettings
from search.single_search import SingleSearch
from search.warm_up import warm_up


def create_app(settings: SearchSettings) -> FastAPI:
    """Compose the search; it starts, and answers with what it can reach, whatever is away.

    Raises:
        RulesUnreadable: the rules of linkage that the settings name cannot be read.
        JudgementsUnreadable: nor can the judgements that they name.
    """
    rules = rules_of(settings.linkage_rules)
    producer = Producer(settings.kafka, SERVICE, linger_ms=0)
    auditor = SpoolingAuditor(Auditor(producer, SERVICE), settings.state / "audit.spool")
    answers = Answers(settings.kafka, settings.instance)
    client = connect(settings.elasticsearch)
    repository, indices = Repository(client), Indices(client)
    http = httpx.AsyncClient(base_url=settings.biometrics_url or "", timeout=settings.deadlines.biometrics_ms / 1000)
    search = SingleSearch(
        repository,
        LiveSystems(producer, answers),
        Fingers(http, settings.token_file) if settings.biometrics_url else None,
        systems=settings.systems,
        deadlines=settings.deadlines,
        instance=settings.instance,
        thresholds=settings.thresholds,
        judgements=JudgementFile(settings.linkage_judgements),
    )

    @asynccontextmanager
    async def lifespan(api: FastAPI) -> AsyncIterator[None]:
        auditor.open()
        connecting = until_reachable(producer.start, "kafka")
        # What others have under the repository's name holds nobody whom we know, and searches would say so.
        looking = until_reachable(indices.require_built, "repository")
        async with repository, http:
            async with beside(api, connecting, looking, answers.listen(), auditor.keep_flushing()):
                await warm_up(repository)
                yield
            await producer.stop()

    async def health() -> Health:
        # Both at once: who asks for the health waits little longer than it does for one of them.
        stored, matches = await asyncio.gather(
            indices.is_reachable(), _answers(http if settings.biometrics_url else None)
        )
        whole = stored and answers.is_listening and (matches or not settings.biometrics_url)
        return Health(
            status="ready" if whole else "degraded",
            kafka=answers.is_listening,
            elasticsearch=stored,
            biometrics=matches,
            audit_waiting=auditor.waiting,
        )

    api = create_api(
        "Isthmus single search",
        version="1",
        description="Asks the common repository, the connected systems and biometrics at once.",
        verifier=TokenVerifier(settings.tokens),
        auditor=auditor,
        lifespan=lifespan,
    )
    api.include_router(routes(SearchHandler(search, auditor, rules=rules, zone=settings.zone), health))
    return api


async def _answers(biometrics: httpx.AsyncClient | None) -> bool:
    """Tell whether there is biometrics, and answers, without waiting for it for long."""
    if biometrics is None:
        return False
    try:
        async with asyncio.timeout(REACHED_S):  # the client's own timeout is one for each phase
            return (await biometrics.get("/health", timeout=REACHED_S)).is_success
    except (httpx.HTTPError, TimeoutError):
        return False


def main() -> None:
    """Serve with the settings of the environment."""
    settings = SearchSettings.load()
    configure_logs(settings.log, SERVICE)
    api = create_app(settings)
    serve(api, settings.http)


if __name__ == "__main__":
    run_to_the_end(main)
