"""This module asks everything at once: the repository, each live system, biometrics; each under its own deadline.

The answer waits for nobody longer than that, and says of each source what came of it.
"""

import asyncio
import datetime as dt
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from contracts import topics
from contracts.query import AnswerStatus, AnswerV1, Criteria, Purpose, QueryV1
from hub.errors import IsthmusError, Rejected
from hub.logs import get_logger
from hub.security.principal import Principal
from search.breaker import Breaker
from search.candidates import Searches, candidates
from search.fingers import BiometricsUnavailable, Finger, Identifies
from search.found import Origin, held_record
from search.gathering import Gathering
from search.live import Asks
from search.query_body import CANDIDATES, LINKED, linked_body
from search.score import THRESHOLD
from search.settings import Deadlines

REPOSITORY, BIOMETRICS = "repository", "biometrics"
TAIL = 10
"""The lowest of the candidates: where one of them fits on a full page, others may that are not on it."""
AT_ONCE = 3
"""How many searches look into the repository at a time, in the order in which they came: a few more than there are
processors to work on them. If all went on at once, all would be late together."""
MAX_ROUNDS = 5
"""How often what was looked up is followed further: a record, its person, another document, its bearer."""


@dataclass(frozen=True, slots=True)
class Question:
    """One search: what is looked for, why, and who asks."""

    id: UUID
    criteria: Criteria
    finger: Finger | None
    purpose: Purpose
    legal_basis: str | None
    principal: Principal

    @property
    def visible(self) -> Collection[str] | None:
        """The systems that may be seen, or nothing where all may."""
        return None if "*" in self.principal.systems else self.principal.systems


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking one source: nothing, if it answered; otherwise why it did not.

    `query` and `asked_at` are id and time of the live question, where one was put.
    """

    system: str
    failure: AnswerStatus | None
    elapsed_ms: float
    truncated: bool = False
    query: UUID | None = None
    asked_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that the sources brought, and what came of asking each."""

    asked: tuple[Asked, ...]
    gathering: Gathering

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing."""
        whole = all(source.failure is None and not source.truncated for source in self.asked)
        return whole and not self.gathering.is_cut and not self.gathering.is_truncated


class SingleSearch:
    """Fans one question out and gathers what comes back in time."""

    def __init__(
        self,
        repository: Searches,
        live: Asks,
        biometrics: Identifies | None,
        *,
        systems: Sequence[str],
        deadlines: Deadlines,
        instance: str,
        thresholds: Mapping[Purpose, float] | None = None,
    ) -> None:
        self._repository = repository
        self._live = live
        self._biometrics = biometrics
        self._deadlines = deadlines
        self._thresholds = thresholds or {}
        self._answer_to = topics.answer(instance)
        self._breakers = {system: Breaker() for system in systems}
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._log = get_logger()

    async def ask(self, question: Question) -> Gathered:
        """Ask all that the caller may see; give what came within the deadlines.

        Raises:
            FingerRefused: the finger cannot be searched with.
        """
        gathering = Gathering(question.criteria, self._thresholds.get(question.purpose, THRESHOLD))
        held = asyncio.create_task(self._ask_repository(question, gathering))
        tasks = [held]
        if not question.criteria.is_empty:
            tasks += [
                asyncio.create_task(self._ask_live(system, question, gathering, held))
                for system in self._breakers
                if question.principal.may_see(system)
            ]
        if question.finger is not None:
            tasks.append(asyncio.create_task(self._ask_biometrics(question.finger, question, gathering, held)))
        try:
            asked = await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
        return Gathered(tuple(asked), gathering)

    async def _ask_repository(self, question: Question, gathering: Gathering) -> Asked:
        truncated = False

        async def look_up() -> None:
            nonlocal truncated
            async with self._turns:
                if not question.criteria.is_empty:
                    truncated = await self._find(question, gathering)
                await self._follow(question, gathering)

        failure, elapsed = await self._within(self._deadlines.repository_ms, REPOSITORY, look_up)
        return Asked(REPOSITORY, failure, elapsed, truncated)

    async def _find(self, question: Question, gathering: Gathering) -> bool:
        """Take up the candidates; tell whether there may be more that fit."""
        sources, commonness = await candidates(self._repository, question.criteria, question.visible)
        gathering.learn(commonness)
        self._take_up(sources[:-TAIL], gathering)
        # Sharing a word with fifty others is common; that the last of a full page still fit is not.
        return self._take_up(sources[-TAIL:], gathering) > 0 and len(sources) >= CANDIDATES

    async def _ask_live(
        self, system: str, question: Question, gathering: Gathering, held: "asyncio.Task[Asked]"
    ) -> Asked:
        breaker = self._breakers[system]
        if not breaker.admits():
            return Asked(system, AnswerStatus.UNAVAILABLE, 0.0)
        limit = self._deadlines.live_ms
        query = self._query(system, question, limit)
        began = time.perf_counter()
        asked_at = dt.datetime.now(dt.UTC)
        answers: list[AnswerV1] = []

        async def put() -> None:
            answer = await self._live.ask(query)
            if answer.status not in {AnswerStatus.UNAVAILABLE, AnswerStatus.TIMED_OUT}:
                gathering.add(answer.records, Origin.LIVE)
            answers.append(answer)

        failure, elapsed = await self._within(limit, system, put)
        if not answers:
            breaker.failed()
            return Asked(system, failure or AnswerStatus.UNAVAILABLE, elapsed, query=query.query, asked_at=asked_at)
        breaker.succeeded()
        answer = answers[0]
        if answer.status in {AnswerStatus.UNAVAILABLE, AnswerStatus.TIMED_OUT}:
            return Asked(system, answer.status, elapsed, query=query.query, asked_at=asked_at)
        await self._follow_by(began + limit / 1000, question, gathering, held)
        return Asked(system, None, elapsed, answer.truncated, query=query.query, asked_at=asked_at)

    async def _ask_biometrics(
        self, finger: Finger, question: Question, gathering: Gathering, held: "asyncio.Task[Asked]"
    ) -> Asked:
        limit = self._deadlines.biometrics_ms
        began = time.perf_counter()

        async def identify() -> None:
            if self._biometrics is None:
                raise BiometricsUnavailable("No biometrics service is set up; set ISTHMUS_BIOMETRICS_URL.")
            matches = await self._biometrics.identify(finger, question.purpose, question.visible)
            gathering.fingers += [match for match in matches if question.principal.may_see(match.system)]

        failure, elapsed = await self._within(limit, BIOMETRICS, identify)
        if failure is None:
            await self._follow_by(began + limit / 1000, question, gathering, held)
        return Asked(BIOMETRICS, failure, elapsed)

    async def _follow_by(
        self, deadline: float, question: Question, gathering: Gathering, held: "asyncio.Task[Asked]"
    ) -> None:
        """Look up in the repository what a source brought, after the repository's own answer, before `deadline`."""
        try:
            async with asyncio.timeout(max(0.0, deadline - time.perf_counter())):
                await asyncio.wait({held})
                if held.result().failure is None:
                    await self._follow(question, gathering)
        except Rejected:
            raise
        except Exception as error:  # noqa: BLE001  the rim of one source: it must not take the others with it
            gathering.is_cut = True
            if not isinstance(error, TimeoutError):
                self._log.warning("look-up failed", source=REPOSITORY, reason=_reason(error))

    async def _follow(self, question: Question, gathering: Gathering) -> None:
        """Look up the other records of the persons that fit, and of what these bring, until nothing new comes.

        What is more than can be taken is left, and the gathering says so.
        """
        for _ in range(MAX_ROUNDS):
            subjects, documents = gathering.links()
            if not (subjects or documents):
                return
            sources = await self._repository.search(linked_body(subjects, documents, question.visible))
            gathering.is_truncated |= len(sources) >= LINKED
            self._take_up(sources, gathering)
        gathering.is_truncated |= any(gathering.links())

    @staticmethod
    def _take_up(sources: Sequence[dict[str, Any]], gathering: Gathering) -> int:
        """Take up what the repository holds; tell how many fit."""
        records = [record for source in sources if (record := held_record(source)) is not None]
        return sum(item.score.value >= gathering.threshold for item in gathering.add(records, Origin.REPOSITORY))

    async def _within(
        self, limit_ms: int, source: str, ask: Callable[[], Awaitable[None]]
    ) -> tuple[AnswerStatus | None, float]:
        """Ask, but no longer than `limit_ms`; give what failed, and the time that it took in milliseconds."""
        began = time.perf_counter()
        failure: AnswerStatus | None = None
        try:
            async with asyncio.timeout(limit_ms / 1000):
                await ask()
        except TimeoutError:
            failure = AnswerStatus.TIMED_OUT
        except Rejected:
            raise  # for the asker to mend: the finger cannot be searched with
        except Exception as error:  # noqa: BLE001  the rim of one source: it must not take the others with it
            failure = AnswerStatus.UNAVAILABLE
            self._log.warning("source unavailable", source=source, reason=_reason(error))
        return failure, round((time.perf_counter() - began) * 1000, 1)

    def _query(self, system: str, question: Question, limit_ms: int) -> QueryV1:
        return QueryV1(
            # Known to the asked system alone, so that no other can answer in its place.
            query=uuid4(),
            system=system,
            criteria=question.criteria,
            purpose=question.purpose,
            legal_basis=question.legal_basis,
            user=question.principal.user,
            answer_to=self._answer_to,
            deadline=dt.datetime.now(dt.UTC) + dt.timedelta(milliseconds=limit_ms),
        )


def _reason(error: Exception) -> str:
    """Name an error for the log: an own one by its code, a foreign one by its class, whose text may hold values."""
    return error.code if isinstance(error, IsthmusError) else type(error).__name__
