"""This module measures how much longer than its deadline a search takes when a live system never answers."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from contracts.query import AnswerStatus
from deploy.bench.bench_stack import BenchStack
from deploy.bench.clients import Answered, Searching
from deploy.bench.figures import MeasurementFailed
from deploy.bench.legacy import Legacy
from deploy.bench.log_ends import until
from deploy.bench.questions import questions
from search.settings import Deadlines

SILENT = "alerts"
ROUNDS = 10
IN_A_ROW = 2  # fewer than make the search stop asking: each of them waits for the deadline
AWAKE_S = 30.0


def deadline_overrun(bench: BenchStack, legacy: Legacy, target: Searching) -> float:
    """Give the worst overrun in milliseconds, as the client sees it: from sending the request to holding the answer.

    The adapter of one live system is suspended, as a machine that hangs would be; it takes questions and never answers.

    Raises:
        MeasurementFailed: the system answered, or was not asked.
    """
    deadline_ms = Deadlines().live_ms
    asked = iter(questions(legacy.population, ROUNDS * (IN_A_ROW + 100), seed=ROUNDS))
    overruns: list[float] = []
    headers = {"Authorization": f"Bearer {target.token}", "Content-Type": "application/json"}
    client = Client(httpx.Client(base_url=target.url, headers=headers, timeout=30.0))
    until(lambda: _answers(client.ask(next(asked))), AWAKE_S, "The adapter does not answer")
    with bench.teller.counting("searches while a system is silent", ROUNDS * IN_A_ROW) as update:
        for _ in range(ROUNDS):
            with suspended(bench.stack.pids()[f"adapter-{SILENT}"]):
                for _ in range(IN_A_ROW):
                    answer = client.ask(next(asked))
                    _expect(answer, AnswerStatus.TIMED_OUT)
                    overruns.append(answer.ms - deadline_ms)
                    update(len(overruns))
            # An answer in between, or the search would stop asking.
            until(lambda: _answers(client.ask(next(asked))), AWAKE_S, "The adapter did not come back")
    return max(overruns)


@dataclass(frozen=True, slots=True)
class Client:
    """One client with a connection that stays open."""

    http: httpx.Client

    def ask(self, question: bytes) -> Answered:
        """Put one question to the search service and time it.

        Raises:
            MeasurementFailed: it refuses.
        """
        began = time.perf_counter()
        answer = self.http.post("/v1/search", content=question)
        took = (time.perf_counter() - began) * 1000
        if not answer.is_success:
            raise MeasurementFailed(f"The search answered with status {answer.status_code}; look into its log.")
        return Answered(took, answer.content)


@contextlib.contextmanager
def suspended(pid: int) -> Iterator[None]:
    """Suspend a process for the length of the block."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def _answers(answer: Answered) -> bool:
    return _status(answer.content()) in {AnswerStatus.HIT, AnswerStatus.NO_HIT}


def _expect(answer: Answered, status: AnswerStatus) -> None:
    found = _status(answer.content())
    if found != status:
        raise MeasurementFailed(f"The suspended system counts as {found}, not as {status}; nothing was measured.")


def _status(content: dict[str, Any]) -> str:
    return next(str(system["status"]) for system in content["systems"] if system["system"] == SILENT)
