"""A single search over fakes, and what came of it."""

from uuid import uuid4

from contracts.dates import PartialDate
from contracts.identity import PersonName
from contracts.query import Criteria, Purpose
from hub.security.principal import Principal
from search.settings import Deadlines
from search.single_search import Question, SingleSearch
from tests.unit.search.sources import FakeLive, FakeRepository

SYSTEMS = ("entry-exit", "alerts")
DEADLINES = Deadlines(repository_ms=300, live_ms=400, biometrics_ms=500)
ANSWERING = {"entry-exit": (), "alerts": ()}


def question(*, names=("Ada Testova",), born=None, documents=(), finger=None, systems=("*",)):
    return Question(
        id=uuid4(),
        criteria=Criteria(
            names=tuple(PersonName(full=name) for name in names),
            birth_date=PartialDate.parse(born) if born else None,
            documents=documents,
        ),
        finger=finger,
        purpose=Purpose.BORDER_CHECK,
        legal_basis=None,
        principal=Principal("guard-1", frozenset({"search"}), frozenset(systems)),
    )


def single(repository=None, live=None, biometrics=None, judgements=None, deadlines=DEADLINES):
    return SingleSearch(
        repository or FakeRepository(),
        live or FakeLive(ANSWERING),
        biometrics,
        systems=SYSTEMS,
        deadlines=deadlines,
        instance="search-1",
        judgements=judgements,
    )


def subjects(body):
    """The subjects whose records a query looks up."""
    same = body["query"]["bool"]["filter"][0:1]
    return {subject for part in same for each in part["bool"]["should"] for subject in each["terms"].get("subject", ())}


def states(gathered):
    return {asked.system: asked.failure for asked in gathered.asked}


def records(gathered):
    return {found.record.record: found.origins for found in gathered.gathering.found}
