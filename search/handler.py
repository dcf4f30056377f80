"""This module carries one search request to its answer: ask, join, judge, record, and only then show."""

import asyncio
import datetime as dt
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol
from uuid import UUID, uuid4

from contracts.audit import AuditAction, AuditEntryV1, AuditOutcome
from contracts.query import AnswerStatus
from hub.audit import AuditUnavailable
from hub.errors import IsthmusError, NotAuthenticated, Rejected
from hub.logs import get_logger
from hub.security.principal import Principal, Scope
from hub.tracing import current_trace
from search.answer import AskedSystem, SearchAnswer, ShownPerson, ShownRecord, shown_person
from search.findings import FingerCheck, findings, finger_check
from search.found import HeldRecord, Origin
from search.linkage.rules import Rules, rules_of_the_package
from search.persons import Person, Persons, persons_in_steps, to_show
from search.request import SearchRequest
from search.single_search import BIOMETRICS, REPOSITORY, Asked, Gathered, Put, Question
from search.turns import in_turns

SERVICE = "search"
MAX_PERSONS = 20
MAX_USER = 100  # as contracts.query.QueryV1
LAST_ZONE = dt.timezone(-dt.timedelta(hours=12))
"""Where each day ends last."""


class AsksAll(Protocol):
    """What a search request needs: everything asked at once."""

    async def ask(self, question: Question) -> Gathered:
        """Ask all that the caller may see."""
        ...


class Records(Protocol):
    """What a search request needs of the audit."""

    async def record(self, entries: Sequence[AuditEntryV1]) -> None:
        """Write entries, or raise."""
        ...


class _Days(NamedTuple):
    """The day that it is `today`, and the one that it is `still` somewhere."""

    today: dt.date
    still: dt.date


def utc_now() -> dt.datetime:
    """Tell the time."""
    return dt.datetime.now(dt.UTC)


class SearchHandler:
    """Answers search requests; nothing is shown before the audit holds who saw it."""

    def __init__(
        self,
        search: AsksAll,
        auditor: Records,
        *,
        rules: Rules | None = None,
        zone: dt.tzinfo = dt.UTC,
        now: Callable[[], dt.datetime] = utc_now,
    ) -> None:
        """Answer by `search`; `rules` of linkage join records into persons, those of the package unless given.

        By the clock of `zone` it is today.
        """
        self._search = search
        self._auditor = auditor
        self._rules = rules or rules_of_the_package()
        self._zone = zone
        self._now = now
        self._log = get_logger()

    async def answer(self, request: SearchRequest, principal: Principal) -> SearchAnswer:
        """Answer one request.

        Raises:
            NotAuthenticated: the token's user cannot be passed on.
            NotAuthorised: a finger is to be searched with, and the token does not grant that.
            Rejected: the request cannot be searched with; the error names the field.
            AuditUnavailable: the search cannot be recorded, so it is not answered.

        Whatever else ends a search is recorded, with what was asked until then, and raised on.
        """
        ident = uuid4()
        put: list[Put] = []
        if not principal.user.strip() or len(principal.user) > MAX_USER:
            raise NotAuthenticated(f"A user's name has 1 to {MAX_USER} characters; ask for a token with such a one.")
        try:
            return await self._answered(ident, put, request, principal)
        except AuditUnavailable:
            raise  # nor could this be recorded
        except (Exception, asyncio.CancelledError) as error:
            entry = _Entries(request, principal, self._now())
            await self._auditor.record([entry.ended(ident, error), *entry.asked(ident, put)])
            raise

    async def _answered(
        self, ident: UUID, put: list[Put], request: SearchRequest, principal: Principal
    ) -> SearchAnswer:
        if request.finger is not None:
            principal.must(Scope.IDENTIFY)
        began = time.perf_counter()
        now = self._now()
        today = now.astimezone(self._zone).date()
        question = Question(
            id=ident,
            criteria=request.criteria(today.year),
            finger=request.finger,
            purpose=request.purpose,
            legal_basis=request.legal_basis,
            principal=principal,
            put=put,
        )
        gathered = await self._search.ask(question)
        gathering = gathered.gathering
        people = await in_turns(persons_in_steps(gathering.found, gathering.fingers, self._rules, gathering.judgements))
        chosen, are_all = to_show(people.all, gathering.threshold, MAX_PERSONS)
        shown = self._shown(chosen, people, question, gathered, _Days(today, now.astimezone(LAST_ZONE).date()))
        answer = SearchAnswer(
            query=question.id,
            flow=current_trace().flow,
            complete=gathered.is_complete and are_all and people.is_whole,
            systems=tuple(_system(asked, shown, gathered) for asked in gathered.asked),
            persons=tuple(shown),
            left_out=request.left_out(today.year),
            elapsed_ms=round((time.perf_counter() - began) * 1000, 1),
        )
        entry = _Entries(request, principal, self._now())
        await self._auditor.record(
            [entry.answered(answer), *entry.asked(ident, put, gathered), *entry.viewed(answer, gathered)]
        )
        self._say(answer, principal)
        return answer

    @staticmethod
    def _shown(
        chosen: Sequence[Person], people: Persons, question: Question, gathered: Gathered, days: _Days
    ) -> list[ShownPerson]:
        whole = people.is_whole and not gathered.gathering.is_cut and not gathered.gathering.is_truncated
        whole &= all(
            asked.failure is None and not asked.truncated for asked in gathered.asked if asked.system == REPOSITORY
        )
        silent = {asked.system for asked in gathered.asked if asked.failure is not None or asked.truncated}
        silent |= gathered.unasked
        fits = gathered.gathering.threshold
        finger = _finger_check(people, question, gathered, whole=whole)
        return [
            shown_person(
                person,
                findings(person, finger, days.today, whole=whole, silent=silent, threshold=fits, still=days.still),
            )
            for person in chosen
        ]

    def _say(self, answer: SearchAnswer, principal: Principal) -> None:
        self._log.info(
            "search answered",
            query=str(answer.query),
            flow=answer.flow,
            user=principal.user,
            complete=answer.complete,
            persons=len(answer.persons),
            ms=answer.elapsed_ms,
            ms_by_system={system.system: system.elapsed_ms for system in answer.systems},
        )


def _finger_check(people: Persons, question: Question, gathered: Gathered, *, whole: bool) -> FingerCheck | None:
    """Tell what the finger told, where one was given and compared: of all persons, whether they are shown or not."""
    identified = gathered.gathering.identified
    if identified is None:
        return None
    return finger_check(
        people.all,
        gathered.gathering.fingers,
        named=not question.criteria.is_empty,
        whole=whole,
        threshold=gathered.gathering.threshold,
        position=identified.position,
        compared=identified.complete,
        unread=identified.unread,
    )


def _system(asked: Asked, shown: Sequence[ShownPerson], gathered: Gathered) -> AskedSystem:
    """Say what came of asking a source: a hit is a record of it that is shown."""
    failure, truncated = asked.failure, asked.truncated
    if asked.system == BIOMETRICS:
        hits = len(gathered.gathering.fingers)
    else:
        records = _records(shown)
        if asked.system == REPOSITORY:
            hits = sum(Origin.REPOSITORY in record.origins for record in records)
            failure = failure or (AnswerStatus.TIMED_OUT if gathered.gathering.is_cut else None)
            truncated |= gathered.gathering.is_truncated or gathered.gathering.holds_back
        else:
            hits = sum(Origin.LIVE in record.origins and record.system == asked.system for record in records)
    return AskedSystem(
        system=asked.system,
        status=failure or (AnswerStatus.HIT if hits else AnswerStatus.NO_HIT),
        elapsed_ms=asked.elapsed_ms,
        hits=hits,
        truncated=truncated,
    )


def _records(shown: Iterable[ShownPerson]) -> list[ShownRecord]:
    """Give each record once: what is said of a document may stand with all who bear it."""
    return list({record.record: record for person in shown for record in person.records}.values())


def _viewed(answer: SearchAnswer, gathered: Gathered) -> list[ShownRecord | HeldRecord]:
    """Give each record that is shown, and each that a finding tells of though its person has no room in the answer."""
    shown = {record.record: record for record in _records(answer.persons)}
    told = {ref for person in answer.persons for finding in person.findings for ref in finding.records}
    beside = (found.record for found in gathered.gathering.found if found.record.record in told - shown.keys())
    return [*shown.values(), *beside]


def _fields(request: SearchRequest) -> str:
    """Name what was searched with, for the audit: fields, never values."""
    apart = {"purpose", "legal_basis"}
    return " ".join(field for field in request.model_fields_set if field not in apart and getattr(request, field))


@dataclass(frozen=True, slots=True)
class _Entries:
    """What the audit is told of one search: who asked why, what was put to whom, what came of it and was shown."""

    request: SearchRequest
    principal: Principal
    now: dt.datetime

    def answered(self, answer: SearchAnswer) -> AuditEntryV1:
        """Tell what was searched with and how many persons were found."""
        outcome = AuditOutcome.DONE if answer.complete else AuditOutcome.INCOMPLETE
        detail = f"searched with {_fields(self.request)}"
        return self._entry(
            AuditAction.SEARCHED, answer.query, outcome=outcome, count=len(answer.persons), detail=detail
        )

    def ended(self, search: UUID, error: BaseException) -> AuditEntryV1:
        """Tell that nothing was answered: by the code of the reason or a name, for a text may hold values."""
        if isinstance(error, Rejected):
            outcome, detail = AuditOutcome.REFUSED, f"{error.reason} {error.field or ''}".strip()
        else:
            outcome = AuditOutcome.FAILED
            detail = error.code if isinstance(error, IsthmusError) else type(error).__name__
        return self._entry(AuditAction.SEARCHED, search, outcome=outcome, detail=detail[:300], count=0)

    def asked(self, search: UUID, put: Iterable[Put], gathered: Gathered | None = None) -> list[AuditEntryV1]:
        """Tell what each live system was asked; of a search that was `gathered`, also what came of it."""
        came = {asked.query: asked for asked in gathered.asked} if gathered else {}
        entries = []
        for question in put:
            asked = came.get(question.query)
            failure = AuditOutcome.FAILED if asked and asked.failure else AuditOutcome.DONE
            entries.append(
                self._entry(
                    AuditAction.ASKED,
                    uuid4(),
                    event=str(question.query),
                    cause=str(search),
                    system=question.system,
                    outcome=failure if asked else AuditOutcome.INCOMPLETE,
                    detail=asked.failure if asked else "given-up",
                    at=question.asked_at,
                )
            )
        return entries

    def viewed(self, answer: SearchAnswer, gathered: Gathered) -> list[AuditEntryV1]:
        """Tell each record that is shown."""
        return [
            self._entry(
                AuditAction.VIEWED,
                uuid4(),
                cause=str(answer.query),
                record=record.record,
                subject=record.subject,
                system=record.system,
                contract=record.contract,
            )
            for record in _viewed(answer, gathered)
        ]

    def _entry(self, action: AuditAction, ident: UUID, **about: object) -> AuditEntryV1:
        return AuditEntryV1.model_validate(
            {
                "entry": ident,
                "at": self.now,
                "service": SERVICE,
                "actor": self.principal.user,
                "action": action,
                "flow": current_trace().flow,
                "purpose": self.request.purpose,
                "legal_basis": self.request.legal_basis,
                **about,
            }
        )
