"""Measuring: a count that rises, the questions of the load, what makes an answer count, real data that is absent."""

import asyncio
import datetime as dt
import functools
import json
from types import SimpleNamespace

import httpx
import pytest

from adapters.declaration import Adapter, File, Natural, Stream
from contracts.identity import IdentityData, PersonName
from contracts.records import PersonV1
from deploy.bench import bench_stack, flow
from deploy.bench.clients import WARM_UP, Answered, _asked
from deploy.bench.figures import MeasurementFailed
from deploy.bench.mapped_rows import rows_mapped
from deploy.bench.questions import questions
from deploy.bench.search_latency import _whole
from deploy.bench.telling import Teller
from deploy.cli_quality import NoData, data_folder
from deploy.demo.population.population import build_population
from hub.settings import ElasticsearchSettings
from search.request import SearchRequest


@pytest.fixture(scope="module")
def population():
    return build_population(100, 4, dt.date(2026, 1, 15), fingers=0)


def test_a_count_that_reaches_its_total_is_timed():
    counts = iter([0, 5, 5, 10])
    seen = []
    assert flow.timed(lambda: next(counts), 10, seen.append, look_s=0) >= 0
    assert seen == [0, 5]


def test_a_count_that_stands_still_is_a_failure_that_tells_how_far_it_came(monkeypatch):
    monkeypatch.setattr(flow, "STALLED_S", 0.0)
    with pytest.raises(MeasurementFailed, match="Only 3 of 10"):
        flow.timed(lambda: 3, 10, lambda _: None, look_s=0.001)


@pytest.mark.parametrize(("status", "ready"), [(200, True), (404, False), (503, False)])
def test_an_index_that_is_not_made_is_told_from_an_empty_one(status, ready, monkeypatch):
    answering = httpx.MockTransport(lambda _: httpx.Response(status, json={"count": 0}))
    monkeypatch.setattr(bench_stack.httpx, "Client", functools.partial(httpx.Client, transport=answering))
    counter = bench_stack.Counter(ElasticsearchSettings(), "records")
    assert counter.is_ready() is ready
    assert counter.count() == 0


def test_no_row_is_published_before_the_repository_is_built(monkeypatch):
    looks = iter([False, False, True])
    done = []

    class Counts:
        def __init__(self, *_about):
            pass

        def is_ready(self):
            done.append("look")
            return next(looks)

        def count(self, _query):
            return 1

    class Bench:
        admin = None
        teller = Teller()

        def start(self, names):
            done.append(names)

        def elasticsearch(self, _user):
            return None

    monkeypatch.setattr(flow, "await_group", lambda *_about: None)
    monkeypatch.setattr(flow, "LogEnds", lambda *_about: SimpleNamespace(total=lambda: 1))
    monkeypatch.setattr(flow, "Counter", Counts)
    assert flow.row_to_searchable(Bench(), SimpleNamespace(rows=1)) > 0
    assert done == [flow.HUB, "look", "look", "look", flow.ADAPTERS]


def test_questions_are_valid_searches_by_name_and_birth_date(population):
    for question in questions(population, 300, seed=1):
        request = SearchRequest.model_validate(json.loads(question))
        assert request.name
        assert request.birth_date is not None


def test_questions_are_the_same_each_time_and_repeat_no_person_before_all_were_asked(population):
    first = questions(population, 40, seed=1)
    assert first == questions(population, 40, seed=1) != questions(population, 40, seed=2)
    assert len(set(first)) == 40


async def test_clients_share_the_questions_and_the_first_ones_do_not_count():
    asked = []
    at_once = most = 0

    async def ask(question):
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0)
        asked.append(question)
        at_once -= 1
        return question

    every = [str(n).encode() for n in range(WARM_UP + 60)]
    answers = await _asked(ask, every, 8)
    assert sorted(asked) == sorted(every)
    assert sorted(answer.body for answer in answers) == sorted(every[WARM_UP:])
    assert most == 8


def answered(complete=True, **statuses):
    systems = {"repository": "hit", "entry-exit": "hit", "alerts": "no_hit"} | statuses
    body = {
        "complete": complete,
        "persons": [{}],
        "systems": [{"system": name, "status": status} for name, status in systems.items()],
    }
    return Answered(10.0, json.dumps(body).encode())


def test_whole_answers_are_told():
    assert "2 of 2 answers complete" in _whole([answered(), answered()])


def test_an_answer_that_was_cut_is_counted_but_is_an_answer():
    assert "1 of 2 answers complete" in _whole([answered(), answered(complete=False)])


@pytest.mark.parametrize("status", ["timed_out", "unavailable"])
def test_a_source_that_did_not_answer_makes_the_time_worthless(status):
    with pytest.raises(MeasurementFailed, match="1 of 2"):
        _whole([answered(), answered(complete=False, alerts=status)])


@pytest.mark.parametrize("named", [None, "", "/nowhere/at/all"])
def test_without_real_data_it_is_said_loudly_that_nothing_was_measured(named):
    with pytest.raises(NoData, match="NOTHING WAS MEASURED"):
        data_folder(named)


def test_rows_that_make_no_record_lower_the_share(tmp_path):
    def person(row):
        if not row["name"]:
            raise ValueError
        names = (PersonName(full=row["name"]),)
        return PersonV1(**row.own, subject=row.record, identity=IdentityData(names=names))

    streams = (Stream("listing", PersonV1, File("*.csv", settle_s=0), key=Natural("number"), map=person),)
    adapter = Adapter("invented", "Nobody", "identification", "none", streams)
    (tmp_path / "list.csv").write_text("number,name\n1,Ada Testova\n2,\n3,Bo Testov,surplus\n4,Cy Testov\n")
    assert rows_mapped(adapter, tmp_path) == 0.5
