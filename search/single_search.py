"""This module asks everything at once: the repository, each live system, biometrics; each under its own deadline.

The answer waits for nobody longer than that, and says of each source what came of it.
"""

import asyncio
import datetime as dt
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from contracts import topics
from contracts.query import AnswerStatus, AnswerV1, Criteria, Purpose, QueryV1
from hub.errors import IsthmusError, Rejected
from hub.logs import get_logger
from hub.security.principal import Principal
from search.breaker import Breaker
from search.candidates import Candidates, Page, Searches
from search.fingers import BiometricsUnavailable, Finger, Identifies
from search.found import HeldRecord, Origin, held_record
from search.gathering import Gathering
from search.linkage.judgements import JudgementFile
from search.live import Asks
from search.query_body import LINKED, linked_body
from search.repository import RepositoryUnavailable
from search.score import THRESHOLD
from search.settings import Deadlines
from search.turns import TURN_S

REPOSITORY, BIOMETRICS = "repository", "biometrics"
AWAY = frozenset({AnswerStatus.UNAVAILABLE, AnswerStatus.TIMED_OUT})
"""What a system answers that could not look."""
TAIL = 10
"""The lowest of the candidates: where one of them fits on a full page, others may that are not on it."""
AT_ONCE = 3
"""How many searches look into the repository at a time, in the order in which they came: a few more than there are
processors to work on them. If all went on at once, all would be late together."""
PATIENCE_S = 0.1
"""How long the repository's own answer waits for what other sources bring, to look up in one call what belongs to all
of it. The whole answer waits for them longer; what comes later is looked up when it comes."""
MAX_ROUNDS = 5
"""How often what was looked up is followed further: a record, its person, another document, its bearer."""


@dataclass(frozen=True, slots=True)
class Put:
    """A live question as it was put to a system: its id and its time, whatever comes of it."""

    system: str
    query: UUID
    asked_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Question:
    """One search: what is looked for, why, and who asks. `put` takes note of each live question before it goes out."""

    id: UUID
    criteria: Criteria
    finger: Finger | None
    purpose: Purpose
    legal_basis: str | None
    principal: Principal
    put: list[Put] = field(default_factory=list)

    @property
    def visible(self) -> Collection[str] | None:
        """The systems that may be seen, or nothing where all may."""
        return None if "*" in self.principal.systems else self.principal.systems


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking one source: nothing, if it answered; otherwise why it did not.

    `query` is the id of the live question, where one was put.
    """

    system: str
    failure: AnswerStatus | None
    elapsed_ms: float
    truncated: bool = False
    query: UUID | None = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that the sources brought, and what came of asking each."""

    asked: tuple[Asked, ...]
    gathering: Gathering
    unasked: frozenset[str] = frozenset()
    """Live systems that may be seen, and were put no question: there was nothing to ask them by."""

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing."""
        whole = all(source.failure is None and not source.truncated for source in self.asked)
        gathering = self.gathering
        in_part = gathering.is_cut or gathering.is_truncated or gathering.holds_back or gathering.lacks_owners
        return whole and not in_part


class _Source(NamedTuple):
    """A source that is being asked, and when it has to be done, by the clock of `time.perf_counter`."""

    asking: "asyncio.Task[Asked]"
    deadline: float


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
        judgements: JudgementFile | None = None,
    ) -> None:
        self._repository = repository
        self._candidates = Candidates(repository)
        self._live = live
        self._biometrics = biometrics
        self._deadlines = deadlines
        self._thresholds = thresholds or {}
        self._judgements = judgements or JudgementFile()
        self._answer_to = topics.answer(instance)
        self._breakers = {system: Breaker() for system in systems}
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._log = get_logger()

    async def ask(self, question: Question) -> Gathered:
        """Ask all that the caller may see; give what came within the deadlines.

        Raises:
            FingerRefused: the finger cannot be searched with.
        """
        threshold = self._thresholds.get(question.purpose, THRESHOLD)
        gathering = Gathering(question.criteria, threshold, await self._judgements.current(), question.visible)
        sources = self._ask_sources(question, gathering)
        held = asyncio.create_task(self._ask_repository(question, gathering, sources))
        tasks = [
            held,
            *(asyncio.create_task(self._followed(source, question, gathering, held)) for source in sources),
        ]
        try:
            asked = await asyncio.gather(*tasks)
        finally:
            for task in (*tasks, *(source.asking for source in sources)):
                task.cancel()
        for record, failure in gathering.unjudged.items():
            self._log.warning("record not judged", record=record, reason=failure)
        unasked = {system for system in self._breakers if question.principal.may_see(system)}
        return Gathered(tuple(asked), gathering, frozenset(unasked - {source.system for source in asked}))

    def _ask_sources(self, question: Question, gathering: Gathering) -> list["_Source"]:
        """Begin to ask everything but the repository."""
        now = time.perf_counter()
        sources: list[_Source] = []
        if not question.criteria.is_empty:
            deadline = now + self._deadlines.live_ms / 1000
            sources += [
                _Source(asyncio.create_task(self._ask_live(system, question, gathering)), deadline)
                for system in self._breakers
                if question.principal.may_see(system)
            ]
        if question.finger is not None:
            asking = asyncio.create_task(self._ask_biometrics(question.finger, question, gathering))
            sources.append(_Source(asking, now + self._deadlines.biometrics_ms / 1000))
        return sources

    async def _ask_repository(self, question: Question, gathering: Gathering, sources: Sequence["_Source"]) -> Asked:
        """Look for candidates, then for all that belongs to them; the time between the two is not the repository's."""
        limit = self._deadlines.repository_ms
        truncated = False

        async def find() -> None:
            nonlocal truncated
            if not question.criteria.is_empty:
                async with self._turns:
                    truncated = await self._find(question, gathering)

        async def follow() -> None:
            async with self._turns:
                await self._follow(question, gathering)

        failure, elapsed = await self._within(limit, REPOSITORY, find)
        if failure is None:
            if sources:
                await asyncio.wait([source.asking for source in sources], timeout=PATIENCE_S)
            failure, more = await self._within(limit - elapsed, REPOSITORY, follow)
            elapsed += more
        return Asked(REPOSITORY, failure, round(elapsed, 1), truncated)

    async def _find(self, question: Question, gathering: Gathering) -> bool:
        """Take up the candidates; tell whether there may be more that fit."""
        first, commonness = await self._candidates.find(question.criteria, question.visible)
        gathering.learn(commonness)
        are_more = await self._take_up_page(first, gathering)
        try:
            pages = await self._candidates.apart(first, question.criteria, question.visible)
        except RepositoryUnavailable:
            return True
        if pages:
            are_more = False  # those who may be behind the first page had places of their own
        for page in pages:
            are_more |= await self._take_up_page(page, gathering)
        return are_more

    async def _take_up_page(self, page: Page, gathering: Gathering) -> bool:
        """Take up candidates; tell whether there may be more that fit.

        Sharing a word with fifty others is common; that the last of a full page still fit is not.
        """
        await self._take_up(page.sources[:-TAIL], gathering)
        return await self._take_up(page.sources[-TAIL:], gathering) > 0 and page.is_full

    async def _ask_live(self, system: str, question: Question, gathering: Gathering) -> Asked:
        breaker = self._breakers[system]
        if not breaker.admits():
            return Asked(system, AnswerStatus.UNAVAILABLE, 0.0)
        limit = self._deadlines.live_ms
        query = self._query(system, question, limit)
        question.put.append(Put(system, query.query, dt.datetime.now(dt.UTC)))
        answers: list[AnswerV1] = []

        async def put() -> None:
            answer = await self._live.ask(query)
            answers.append(answer)
            if answer.status not in AWAY:
                await self._judged(answer.records, Origin.LIVE, gathering)

        try:
            failure, elapsed = await self._within(limit, system, put)
        except BaseException:  # withdrawn: the finger is refused, or nobody waits any more
            (breaker.succeeded if answers else breaker.given_up)()
            raise
        if answers:
            breaker.succeeded()  # however long it took to judge what it says
            gathering.is_truncated |= failure is not None  # what was judged by then may belong to more that is held
        else:
            breaker.failed()
        if failure is None and answers[0].status in AWAY:
            failure = answers[0].status
        truncated = failure is None and answers[0].truncated
        return Asked(system, failure, elapsed, truncated, query=query.query)

    async def _ask_biometrics(self, finger: Finger, question: Question, gathering: Gathering) -> Asked:
        truncated = False

        async def identify() -> None:
            nonlocal truncated
            if self._biometrics is None:
                raise BiometricsUnavailable("No biometrics service is set up; set ISTHMUS_BIOMETRICS_URL.")
            found = await self._biometrics.identify(finger, question.purpose, question.visible)
            truncated = not found.complete
            gathering.identified = found
            gathering.fingers += [match for match in found.matches if question.principal.may_see(match.system)]

        failure, elapsed = await self._within(self._deadlines.biometrics_ms, BIOMETRICS, identify)
        return Asked(BIOMETRICS, failure, elapsed, truncated)

    async def _followed(
        self, source: "_Source", question: Question, gathering: Gathering, held: "asyncio.Task[Asked]"
    ) -> Asked:
        """Look up in the repository what a source brought after the repository had answered, before its deadline."""
        asked = await source.asking
        if asked.failure is not None:
            return asked
        try:
            async with asyncio.timeout(max(0.0, source.deadline - time.perf_counter())):
                await asyncio.wait({held})
                if held.result().failure is None:
                    await self._follow(question, gathering)
        except Rejected:
            raise
        except Exception as error:  # noqa: BLE001  the rim of one source: it must not take the others with it
            gathering.is_cut = True
            if not isinstance(error, TimeoutError):
                self._log.warning("look-up failed", source=REPOSITORY, reason=_reason(error))
        return asked

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
            await self._take_up(sources, gathering)
        gathering.is_truncated |= any(gathering.links())

    async def _take_up(self, sources: Sequence[dict[str, Any]], gathering: Gathering) -> int:
        """Take up what the repository holds; tell how many fit.

        What cannot be read, as a newer version may have written it, may be an alert: the gathering says that it is
        left out.
        """
        read = [(source, held_record(source)) for source in sources]
        unread = [source["contract"] for source, record in read if record is None and not source.get("erased")]
        if unread:
            gathering.is_truncated = True
            self._log.warning("records unread", count=len(unread), contracts=sorted(set(unread)))
        records = [record for _, record in read if record is not None]
        return await self._judged(records, Origin.REPOSITORY, gathering)

    @staticmethod
    async def _judged(records: Sequence[HeldRecord], origin: Origin, gathering: Gathering) -> int:
        """Take up records, one by one as they are judged; tell how many fit.

        Names may be as many and as long as registers let them be: others, and the deadlines, have their turn meanwhile.
        One that cannot be taken up is left out, and takes no other with it.
        """
        fitting, turn = 0, time.perf_counter()
        for record in records:
            try:
                (item,) = gathering.add((record,), origin)
                fitting += gathering.fits(item)
            except Exception as error:  # noqa: BLE001  a register may hold what nobody foresaw
                gathering.is_truncated = True
                get_logger().warning("record not taken up", record=record.record, reason=type(error).__name__)
            if time.perf_counter() - turn > TURN_S:
                await asyncio.sleep(0)
                turn = time.perf_counter()
        return fitting

    async def _within(
        self, limit_ms: float, source: str, ask: Callable[[], Awaitable[None]]
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
