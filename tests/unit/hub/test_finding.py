"""The flows of a reference, page by page: each in one answer, in order, and none left out."""

import asyncio
import contextlib
import datetime as dt
from unittest.mock import patch
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from contracts.audit import AuditAction, AuditEntryV1, AuditPageV1
from hub.errors import NotFound, Rejected
from hub.http import caller
from hub.ledger import finding
from hub.ledger.api import routes
from hub.ledger.finding import Place, find_trace
from hub.ledger.index import LedgerFilling
from hub.ledger.pages import references
from hub.ledger.trace import touching
from hub.security.principal import Principal, Scope

START = dt.datetime(2026, 4, 2, tzinfo=dt.UTC)
GUARD = "guard@booth-7"
AUDITOR = Principal("auditor-1", frozenset({Scope.AUDIT_READ}), frozenset({"*"}))


def entry(second, flow, actor=GUARD, **about):
    at = START + dt.timedelta(seconds=second)
    return AuditEntryV1(
        entry=uuid4(), at=at, service="search", actor=actor, action=AuditAction.SEARCHED, flow=flow, **about
    )


class Index:
    """Holds pages and finds them as Elasticsearch does: by terms and a time, the newest end first, so many at once."""

    def __init__(self, *pages):
        self._pages = [
            AuditPageV1(page=uuid4(), writer="search-0a", sequence=number, entries=page)
            for number, page in enumerate(pages)
        ]
        self.whole = True
        self.times_asked = 0

    async def is_whole(self):
        return self.whole

    async def pages_with(self, wanted, begun_by, size, after=None, beside=None):
        self.times_asked += 1
        found = [
            (_order(page), page)
            for page in self._pages
            if references(page) & set(wanted) and (begun_by is None or min(e.at for e in page.entries) <= begun_by)
            if beside is None or beside in references(page)
        ]
        found = sorted((place, page) for place, page in found if after is None or place > after)
        return [{"page": page.model_dump(mode="json"), "sort": place} for place, page in found[:size]]


def _order(page):
    """The newest end first, by whole milliseconds."""
    return [-int(max(entry.at for entry in page.entries).timestamp() * 1000), page.sequence]


async def answers_of(index, limit, ref=GUARD, principal=AUDITOR):
    """All answers, as one who follows `next` to the end gets them."""
    answers, before = [], None
    while True:
        found = await find_trace(index, ref, principal, limit=limit, before=before and Place.parse(before))
        answers.append(found)
        before = found.next
        if before is None:
            return answers
        assert found.truncated


async def walked(*asked, **more):
    """The flows of all answers, the newest first."""
    return [[flow.flow for flow in reversed(found.flows)] for found in await answers_of(*asked, **more)]


def hops_of(nodes):
    return [hop for node in nodes for hop in (*node.hops, *hops_of(node.children))]


def a_page_each(count, after=0.0):
    return [[entry(number + after, f"f{number}")] for number in range(count)]


async def test_the_newest_flows_come_first_and_the_older_ones_are_asked_for():
    answers = await walked(Index(*a_page_each(5)), limit=2)
    assert answers == [["f4", "f3"], ["f2", "f1"], ["f0"]]


async def test_an_answer_that_holds_the_last_flow_promises_no_more():
    assert await walked(Index(*a_page_each(4)), limit=2) == [["f3", "f2"], ["f1", "f0"]]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
@pytest.mark.parametrize("pages_at_once", [2, 3, 500])
@pytest.mark.parametrize("after", [0, 0.000999])  # the index orders by milliseconds
async def test_no_flow_is_lost_or_told_twice_however_much_is_read_at_once(monkeypatch, limit, pages_at_once, after):
    monkeypatch.setattr(finding, "ENOUGH_PAGES", pages_at_once)
    # Every third flow goes on after others have begun, so that its entries lie in pages far apart.
    late = [[entry(30 + number, f"f{number}")] for number in range(0, 12, 3)]
    answers = await walked(Index(*a_page_each(12, after), *late), limit)
    order = ["f9", "f6", "f3", "f0", "f11", "f10", "f8", "f7", "f5", "f4", "f2", "f1"]
    assert [set(answer) for answer in answers] == [
        set(order[start : start + limit]) for start in range(0, len(order), limit)
    ]
    assert sum(map(len, answers)) == len(order)


@pytest.mark.parametrize("pages_at_once", [2, 3, 4, 500])
async def test_pages_that_span_one_moment_hide_nothing_older(monkeypatch, pages_at_once):
    monkeypatch.setattr(finding, "ENOUGH_PAGES", pages_at_once)
    spanning = [[entry(0, f"old{number}"), entry(100 + number, f"new{number}")] for number in range(5)]
    index = Index(*spanning, [entry(1, "last")])
    found = await find_trace(index, GUARD, AUDITOR, limit=9, before=Place.parse("2026-04-02T00:00:50Z"))
    assert {flow.flow for flow in found.flows} == {"last", *(f"old{number}" for number in range(5))}
    assert not found.truncated


async def test_flows_of_the_same_moment_are_told_once_each():
    answers = await walked(Index([entry(0, f"f{number}") for number in range(5)]), limit=2)
    assert sorted(flow for answer in answers for flow in answer) == ["f0", "f1", "f2", "f3", "f4"]
    assert [len(answer) for answer in answers] == [2, 2, 1]


async def test_what_the_caller_may_not_see_makes_no_gap_and_no_promise(monkeypatch):
    monkeypatch.setattr(finding, "ENOUGH_PAGES", 2)
    closed = [[entry(10 + number, f"c{number}", system="asylum")] for number in range(8)]
    opened = [[entry(number, f"o{number}", system="alerts")] for number in range(3)]
    alerts_alone = Principal("auditor-1", frozenset({Scope.AUDIT_READ}), frozenset({"alerts"}))
    index = Index(*closed, *opened)
    assert await walked(index, limit=2, principal=alerts_alone) == [["o2", "o1"], ["o0"]]
    assert await walked(Index(*closed), limit=2, principal=alerts_alone) == [[]]


async def test_a_flow_with_more_than_is_read_at_once_is_told_as_truncated(monkeypatch):
    monkeypatch.setattr(finding, "ENOUGH_PAGES", 2)
    found = await find_trace(Index(*[[entry(n, "f")] for n in range(5)]), GUARD, AUDITOR, limit=5, before=None)
    assert (found.truncated, found.next) == (True, None)


LOOK = "entry-exit:person:77"


def a_look_and_then(count, flow="f", **about):
    """A look at a record, and later so many pages under the same id of the flow."""
    return [[entry(0, flow, record=LOOK)], *([entry(1 + number, flow, **about)] for number in range(count))]


@pytest.mark.parametrize("later", [1, 2, 3, 4, 50])
@pytest.mark.parametrize("beside", [[], [[entry(70, "other", record=LOOK)]], [[entry(-9, "other", record=LOOK)]]])
async def test_whatever_comes_under_the_same_id_later_hides_no_look_at_a_record(monkeypatch, later, beside):
    monkeypatch.setattr(finding, "ENOUGH_PAGES", 3)
    index = Index(*a_look_and_then(later), *beside)
    (found,) = await answers_of(index, limit=5, ref=LOOK)
    assert index.times_asked <= 5
    (flow,) = (flow for flow in found.flows if flow.flow == "f")
    assert LOOK in {hop.record for hop in hops_of(flow.roots)}
    assert len(found.flows) == 1 + len(beside)
    assert flow.truncated == found.truncated == (later >= 2)
    assert len(hops_of(flow.roots)) <= 2 * 3  # the newest of the flow, and the newest of what was asked for


async def test_a_look_that_was_told_at_its_newest_is_not_told_again_at_an_older_one(monkeypatch):
    monkeypatch.setattr(finding, "ENOUGH_PAGES", 2)
    again = [[entry(20, "f", record=LOOK)], *([entry(30 + number, "f")] for number in range(5))]
    index = Index(*a_look_and_then(5), *again, [entry(10, "g", record=LOOK)])
    assert await walked(index, limit=1, ref=LOOK) == [["f"], ["g"]]


async def test_a_look_that_may_be_seen_is_found_behind_many_that_may_not(monkeypatch):
    monkeypatch.setattr(finding, "ENOUGH_PAGES", 2)
    closed = a_look_and_then(9, record=LOOK, system="asylum")[1:]
    index = Index([entry(0, "f", record=LOOK, system="alerts")], *closed)
    alerts_alone = Principal("auditor-1", frozenset({Scope.AUDIT_READ}), frozenset({"alerts"}))
    (found,) = await answers_of(index, limit=5, ref=LOOK, principal=alerts_alone)
    assert [[hop.system for hop in hops_of(flow.roots)] for flow in found.flows] == [["alerts"]]
    assert found.truncated


ENTRIES = st.builds(
    entry,
    st.sampled_from([0, 1, 2, 2.0004, 2.0006, 2.001, 3, 4, 5]),
    st.sampled_from(["f", "g", "h"]),
    st.sampled_from([GUARD, "guard-8"]),
    record=st.sampled_from([LOOK, "alerts:alert:1", None]),
    system=st.sampled_from(["alerts", "asylum"]),
)


@given(
    st.lists(st.lists(ENTRIES, min_size=1, max_size=3), max_size=14),
    st.sampled_from([LOOK, GUARD]),
    st.sampled_from(["*", "alerts"]),
    st.integers(1, 3),
    st.integers(2, 4),
)
def test_all_that_touches_a_reference_and_may_be_seen_is_told_once_or_said_to_lack(
    pages, ref, system, limit, pages_at_once
):
    with patch.object(finding, "ENOUGH_PAGES", pages_at_once):
        auditor = Principal("auditor-1", frozenset({Scope.AUDIT_READ}), frozenset({system}))
        answers = asyncio.run(answers_of(Index(*pages), limit, ref, auditor))
    seen = [each for page in pages for each in page if system in {"*", each.system}]
    newest = {}
    for each in touching(seen, ref):
        newest[each.flow] = max(newest.get(each.flow, each.at), each.at)
    order = sorted(newest, key=lambda flow: (newest[flow], flow), reverse=True)
    assert [{flow.flow for flow in answer.flows} for answer in answers if answer.flows] == [
        set(order[start : start + limit]) for start in range(0, len(order), limit)
    ]
    for answer in answers:
        assert answer.truncated == (answer.next is not None or any(flow.truncated for flow in answer.flows))
        for flow in answer.flows:
            shown = {hop.entry: hop for hop in hops_of(flow.roots)}
            whole = {each.entry: each for each in seen if each.flow == flow.flow}
            assert shown.items() <= whole.items()
            assert max(each.at for each in touching(shown.values(), ref)) == newest[flow.flow]
            assert flow.truncated or shown == whole


@given(
    st.lists(st.lists(ENTRIES, min_size=1, max_size=3), max_size=14),
    st.sampled_from(["*", "alerts"]),
    st.integers(1, 3),
    st.integers(2, 4),
)
def test_a_flow_that_is_asked_for_by_its_id_is_told_to_its_beginning_and_nothing_twice(
    pages, system, limit, pages_at_once
):
    with patch.object(finding, "ENOUGH_PAGES", pages_at_once):
        auditor = Principal("auditor-1", frozenset({Scope.AUDIT_READ}), frozenset({system}))
        answers = asyncio.run(answers_of(Index(*pages), limit, "g", auditor))
    told = [hop for answer in reversed(answers) for flow in answer.flows for hop in sorted_hops(flow)]
    whole = [each for page in pages for each in page if each.flow == "g" and system in {"*", each.system}]
    assert sorted(each.entry for each in told) == sorted(each.entry for each in whole)
    assert [each.at for each in told] == sorted(each.at for each in told)
    for answer in answers:
        assert len(answer.flows) <= 1
        assert answer.truncated == any(flow.truncated for flow in answer.flows) == (answer.next is not None)


@given(
    st.lists(st.lists(ENTRIES, min_size=1, max_size=3), min_size=2, max_size=14),
    st.integers(0, 5),
    st.integers(1, 3),
    st.integers(2, 4),
)
def test_a_flow_that_bears_the_id_of_a_message_hides_not_the_flow_of_that_message(pages, second, limit, pages_at_once):
    message = [entry(second, "of-the-message", event="g")]
    with patch.object(finding, "ENOUGH_PAGES", pages_at_once):
        answers = asyncio.run(answers_of(Index(*pages, message), limit, "g"))
    assert [flow.flow for answer in answers for flow in answer.flows].count("of-the-message") == 1


def sorted_hops(flow):
    return sorted(hops_of(flow.roots), key=lambda hop: hop.at)


async def test_a_time_leaves_out_what_came_then_and_later():
    found = await find_trace(
        Index(*a_page_each(5)), GUARD, AUDITOR, limit=9, before=Place.parse("2026-04-02T00:00:03Z")
    )
    assert [flow.flow for flow in found.flows] == ["f0", "f1", "f2"]


@pytest.mark.parametrize("text", ["2026-04-02T00:00:03.000001Z~a~b", "2026-04-02T00:00:03Z"])
def test_a_place_is_read_as_it_is_written(text):
    assert str(Place.parse(text)) == text


def test_a_time_without_a_zone_is_utc():
    assert Place.parse("2026-04-02").at == START


def test_what_is_no_time_is_refused_by_its_name():
    with pytest.raises(Rejected) as refused:
        Place.parse("yesterday")
    assert refused.value.field == "before"


class Auditor:
    service = "ledger"

    async def record(self, _entries):
        pass


@contextlib.asynccontextmanager
async def asked(monkeypatch, index):
    """A client of the ledger's routes, as an auditor's."""

    async def let_in(_caller) -> Principal:
        return AUDITOR

    monkeypatch.setattr(caller, "__call__", let_in)
    api = FastAPI()
    api.include_router(routes(index, Auditor()))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://t") as client:
        yield client


@pytest.mark.parametrize(
    ("query", "status", "flows"),
    [
        ({"limit": 2}, 200, ["f3", "f4"]),
        ({"limit": 2, "before": "2026-04-02T00:00:02Z"}, 200, ["f0", "f1"]),
        ({"limit": 0}, 422, None),
        ({"limit": 101}, 422, None),
    ],
)
async def test_a_page_of_a_trace_is_asked_for_over_http(monkeypatch, query, status, flows):
    async with asked(monkeypatch, Index(*a_page_each(5))) as client:
        answer = await client.get(f"/v1/trace/{GUARD}", params=query)
    assert answer.status_code == status
    assert flows is None or [flow["flow"] for flow in answer.json()["flows"]] == flows


async def test_while_the_index_is_filled_nobody_is_told_that_nothing_was_done(monkeypatch):
    index = Index(*a_page_each(2))
    async with asked(monkeypatch, index) as client:
        for index.whole, absent in ((True, NotFound), (False, LedgerFilling)):
            assert (await client.get(f"/v1/trace/{GUARD}")).json()["complete"] is index.whole
            with pytest.raises(absent):
                await client.get("/v1/trace/guard-9")


class Dropped(Index):
    """An index that is dropped while it is searched, and begins anew."""

    async def pages_with(self, *asked):
        self.whole = False
        return await super().pages_with(*asked)


async def test_where_the_index_is_dropped_while_it_is_searched_nobody_is_told_that_nothing_was_done(monkeypatch):
    async with asked(monkeypatch, Dropped(*a_page_each(2))) as client:
        assert not (await client.get(f"/v1/trace/{GUARD}")).json()["complete"]
    async with asked(monkeypatch, Dropped()) as client:
        with pytest.raises(LedgerFilling):
            await client.get(f"/v1/trace/{GUARD}")


@pytest.mark.parametrize("written", ["in.alerts.alert.v1/0/12", "in.alerts.alert.v1%2F0%2F12"])
async def test_a_flow_that_is_named_by_a_place_in_the_log_is_asked_for_as_it_is_or_quoted(monkeypatch, written):
    index = Index((entry(0, "in.alerts.alert.v1/0/12"),))
    async with asked(monkeypatch, index) as client:
        (flow,) = (await client.get(f"/v1/trace/{written}")).json()["flows"]
    assert flow["flow"] == "in.alerts.alert.v1/0/12"
