"""Fakes of everything that a single search asks, with delays and failures."""

import asyncio
import json

from contracts.query import AnswerStatus, AnswerV1
from contracts.records import FingerPosition
from search.commonness import UNKNOWN
from search.document import document_of
from search.fingers import FingerMatches
from search.repository import RepositoryUnavailable
from tests.unit.search.people import envelope


def held(event):
    """A record as the repository gives it."""
    return json.loads(document_of(envelope(event), 1, event, event.model_dump_json(exclude_none=True).encode()).source)


class FakeRepository:
    """Gives `found` to the first question, and what bears a linked subject or document to the ones after.

    Who asks for candidates by how their birth dates agree is given `apart`: three pages.
    """

    def __init__(self, found=(), linked=(), *, apart=((), (), ()), delay_s=0.0, away=False):
        self.found = [held(event) for event in found]
        self.apart = [[held(event) for event in page] for page in apart]
        self.linked = [held(event) for event in linked]
        self.delay_s = delay_s
        self.away = away
        self.apart_away = False
        self.asked = []
        self.commonness = UNKNOWN

    async def search_counting(self, body, counted, name):
        assert name in counted["aggs"]
        return await self.search(body), self.commonness

    async def search_all(self, bodies):
        return [await self.search(body) for body in bodies]

    async def search(self, body):
        self.asked.append(body)
        await asyncio.sleep(self.delay_s)
        if self.away:
            raise RepositoryUnavailable("away")
        if "must" in body["query"]["bool"]:
            return self._page(body["query"]["bool"])
        same = body["query"]["bool"]["filter"][0]["bool"]["should"]
        wanted = {value for part in same for values in part["terms"].values() for value in values}
        return [
            source
            for source in self.linked
            if source["subject"] in wanted or not wanted.isdisjoint(source.get("document", ()))
        ]

    def _page(self, asked):
        if "must_not" not in asked:
            return self.found
        if self.apart_away:
            raise RepositoryUnavailable("away")
        return self.apart[len(asked["must_not"])]


class FakeLive:
    """Answers for systems; one that is not named never answers."""

    def __init__(self, answers=None, *, failures=None, delays=None):
        self.answers = answers or {}
        self.failures = failures or {}
        self.delays = delays or {}
        self.asked = []

    async def ask(self, query):
        self.asked.append(query)
        await asyncio.sleep(self.delays.get(query.system, 0))
        if query.system in self.failures:
            raise self.failures[query.system]
        if query.system not in self.answers:
            await asyncio.Event().wait()
        records = tuple(self.answers[query.system])
        status = AnswerStatus.HIT if records else AnswerStatus.NO_HIT
        return AnswerV1(query=query.query, system=query.system, status=status, records=records, elapsed_ms=1)


class FakeBiometrics:
    """Names the owners of every finger."""

    def __init__(self, matches=(), *, failure=None, delay_s=0.0):
        self.matches = list(matches)
        self.failure = failure
        self.delay_s = delay_s
        self.complete = True
        self.position = None  # that of the template; else it is what the asker says

    async def identify(self, finger, purpose, systems):
        await asyncio.sleep(self.delay_s)
        if self.failure is not None:
            raise self.failure
        return FingerMatches(self.matches, self.complete, self.position or FingerPosition(finger.finger or 0))


class FakeAudit:
    """Keeps what is recorded."""

    service = "search"

    def __init__(self, failure=None):
        self.entries = []
        self.failure = failure

    async def record(self, entries):
        if self.failure is not None:
            raise self.failure
        self.entries += entries
