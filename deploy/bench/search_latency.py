"""This module measures what a person waits for an answer of the single search, and looks whether answers are whole."""

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import Any

import httpx

from contracts.query import AnswerStatus
from deploy.bench.apart import run_apart
from deploy.bench.bench_stack import BenchStack
from deploy.bench.clients import WARM_UP, Answered, Searching, query_bare, search
from deploy.bench.figures import MeasurementFailed, percentile
from deploy.bench.legacy import Legacy
from deploy.bench.log_ends import until
from deploy.bench.questions import SYSTEMS, questions
from hub.security.principal import Scope

SERVICES = ("ledger", "search", *(f"adapter-{system}" for system in SYSTEMS))
OFFICER = "bench-officer"
SEARCHES = {1: 600, 8: 2_400}
"""How many searches are measured for each number of clients, where the agencies know as many persons as they should."""
WARM_UP_CLIENTS, WARM_UP_SEARCHES = 8, 4_000
"""After fewer, Elasticsearch's JVM still spends more time on compiling queries than on answering them."""
FULL_SIZE = 50_000
FEWEST = 100
P95 = 0.95
READY_S = 60.0
ANSWERED = {AnswerStatus.HIT, AnswerStatus.NO_HIT}


def start_search(bench: BenchStack) -> Searching:
    """Start what a search needs, and wait until it can ask everything; say where it is.

    Raises:
        MeasurementFailed: it does not get ready.
    """
    bench.start(SERVICES)
    url = bench.stack.addresses.url("search")
    until(lambda: _is_ready(url), READY_S, "The search did not get ready")
    return Searching(url, bench.stack.token(OFFICER, [Scope.SEARCH], SYSTEMS))


def search_p95(bench: BenchStack, legacy: Legacy, target: Searching, clients: int) -> tuple[float, float]:
    """Give the 95th percentile of the milliseconds that a client waits, and the ceiling of the same questions.

    The ceiling is the bare Elasticsearch query for candidates, by as many clients.

    Raises:
        MeasurementFailed: a source did not answer some question, so the time says nothing.
    """
    searches = _share(SEARCHES[clients], legacy)
    asked = questions(legacy.population, searches + WARM_UP, seed=clients)
    with bench.teller.counting(f"searches by {clients} at a time", searches):
        answers = run_apart(search, target, asked, clients)
    bench.teller.say(f"  {_whole(answers)}")
    with bench.teller.counting(f"bare queries by {clients} at a time", searches):
        bare = run_apart(query_bare, bench.elasticsearch("search"), SYSTEMS, asked, clients)
    return percentile([answer.ms for answer in answers], P95), percentile(bare, P95)


def warm_up(bench: BenchStack, legacy: Legacy, target: Searching) -> None:
    """Search until a further search costs what the last one did."""
    searches = _share(WARM_UP_SEARCHES, legacy)
    asked = questions(legacy.population, searches + WARM_UP, seed=0)
    with bench.teller.counting("searches that do not count, to warm the servers", searches):
        run_apart(search, target, asked, WARM_UP_CLIENTS)


def _share(searches: int, legacy: Legacy) -> int:
    """Give fewer searches where the agencies know fewer persons than they should."""
    return max(FEWEST, min(searches, searches * legacy.population.size // FULL_SIZE))


def _whole(answers: Sequence[Answered]) -> str:
    """Say how whole the answers are.

    Raises:
        MeasurementFailed: a source was not reached or did not answer in time.
    """
    read = [answer.content() for answer in answers]
    silent = [missing for content in read if (missing := _missing(content))]
    if silent:
        named = ", ".join(f"{source} {count:,}" for source, count in Counter(chain(*silent)).most_common())
        raise MeasurementFailed(
            f"In {len(silent):,} of {len(read):,} answers a source is missing ({named}); see the logs with --keep."
        )
    complete = sum(content["complete"] for content in read)
    found = sum(bool(content["persons"]) for content in read)
    p50 = percentile([answer.ms for answer in answers], 0.5)
    return (
        f"every source answered; {complete:,} of {len(read):,} answers complete, "
        f"{found:,} with a person; p50 {p50:.1f} ms"
    )


def _missing(content: dict[str, Any]) -> list[str]:
    """Name the sources that should have answered and did not, each with what came of asking it."""
    status = {system["system"]: system["status"] for system in content["systems"]}
    found = {source: status.get(source, "not asked") for source in ("repository", *SYSTEMS)}
    return [f"{source} {what}" for source, what in found.items() if what not in ANSWERED]


def _is_ready(url: str) -> bool:
    try:
        health = httpx.get(f"{url}/health", timeout=2.0).json()
    except (httpx.HTTPError, ValueError):
        return False
    return bool(health["kafka"] and health["elasticsearch"])
