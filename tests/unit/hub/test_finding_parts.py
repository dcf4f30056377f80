"""A flow that is asked for by its own id: part by part to its beginning, whatever else bears that id or is not seen."""

import asyncio
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.ledger import finding
from hub.ledger.finding import Place, find_trace
from hub.ledger.trace import touching
from hub.security.principal import Principal, Scope
from tests.unit.hub.test_finding import AUDITOR, ENTRIES, GUARD, LOOK, Index, answers_of, entry, hops_of


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
    (flow,) = (flow for answer in answers for flow in answer.flows if flow.flow == "of-the-message")
    assert hops_of(flow.roots) == message
    assert not flow.truncated


NAMED_ALIKE = st.builds(
    entry,
    st.sampled_from([0, 1, 2, 2.0004, 2.0006, 2.001, 3, 4, 5]),
    st.sampled_from(["f", "g", "h"]),
    st.sampled_from([GUARD, "g"]),
    event=st.sampled_from(["g", None]),
    system=st.sampled_from(["alerts", "asylum"]),
)


@settings(max_examples=300)
@given(
    st.lists(st.lists(NAMED_ALIKE, min_size=1, max_size=3), max_size=14),
    st.sampled_from(["*", "alerts"]),
    st.sampled_from([1, 2, 3, 20]),
    st.integers(2, 5),
    st.sampled_from([1, 2, 20]),
)
def test_where_an_id_is_of_a_flow_a_message_and_a_user_all_is_told_exactly_once(
    pages, system, limit, pages_at_once, reads
):
    with patch.object(finding, "ENOUGH_PAGES", pages_at_once), patch.object(finding, "ENOUGH_READS", reads):
        auditor = Principal("auditor-1", frozenset({Scope.AUDIT_READ}), frozenset({system}))
        answers = asyncio.run(answers_of(Index(*pages), limit, "g", auditor))
    seen = [each for page in pages for each in page if system in {"*", each.system}]
    told = [
        hop for answer in reversed(answers) for flow in answer.flows if flow.flow == "g" for hop in sorted_hops(flow)
    ]
    assert sorted(each.entry for each in told) == sorted(each.entry for each in seen if each.flow == "g")
    assert [each.at for each in told] == sorted(each.at for each in told)
    others = [flow for answer in answers for flow in answer.flows if flow.flow != "g"]
    assert sorted(flow.flow for flow in others) == sorted({each.flow for each in touching(seen, "g")} - {"g"})
    for flow in others:
        shown = {hop.entry for hop in hops_of(flow.roots)}
        assert flow.truncated or shown == {each.entry for each in seen if each.flow == flow.flow}
        assert not flow.truncated or sum(flow.flow in references_in(page) for page in pages) >= pages_at_once
    for answer in answers:
        assert len(answer.flows) <= limit
        assert answer.truncated == (answer.next is not None or any(flow.truncated for flow in answer.flows))
        if answer.next and answer.flows:  # nothing is told of what may not be seen, not even its time
            assert Place.parse(answer.next).at in {hop.at for flow in answer.flows for hop in hops_of(flow.roots)}


def references_in(page):
    return {each for entry in page for each in (entry.flow, entry.event, entry.actor)}


@pytest.mark.parametrize("limit", [1, 2, 20])
@pytest.mark.parametrize("second", range(18))
async def test_a_flow_is_told_to_its_beginning_though_another_bears_its_id_as_a_message(monkeypatch, limit, second):
    monkeypatch.setattr(finding, "ENOUGH_PAGES", 3)
    pages = [*([entry(number, "g")] for number in range(1, 16, 2)), [entry(second, "other", event="g")]]
    answers = await answers_of(Index(*pages), limit, "g")
    told = [hop.entry for answer in answers for flow in answer.flows for hop in hops_of(flow.roots)]
    assert sorted(told) == sorted(each.entry for page in pages for each in page)


@pytest.mark.parametrize("limit", [1, 2, 20])
async def test_a_user_hides_no_look_by_giving_a_flow_the_id_that_is_the_own(monkeypatch, limit):
    monkeypatch.setattr(finding, "ENOUGH_PAGES", 3)
    look = entry(0, "u", "u", record=LOOK)
    usual = [[entry(5, "monday", "u")], [entry(9.5, "tuesday", "u")]]
    index = Index([look], *([entry(10 + number, "u", "u")] for number in range(8)), *usual)
    answers = await answers_of(index, limit, "u")
    told = [hop.entry for answer in answers for flow in answer.flows for hop in hops_of(flow.roots)]
    assert look.entry in told
    assert len(told) == len(set(told)) == 11


async def test_a_part_of_a_long_flow_costs_few_requests(monkeypatch):
    monkeypatch.setattr(finding, "ENOUGH_PAGES", 3)
    index = Index(*([entry(number, "g")] for number in range(100)))
    found = await find_trace(index, "g", AUDITOR, limit=20, before=None)
    assert (len(found.flows), index.times_asked) == (1, 3)


ALERTS_ALONE = Principal("auditor-1", frozenset({Scope.AUDIT_READ}), frozenset({"alerts"}))


async def test_the_next_is_no_time_of_what_may_not_be_seen_and_leads_to_something(monkeypatch):
    monkeypatch.setattr(finding, "ENOUGH_PAGES", 3)
    closed = [[entry(number + 0.123, "g", system="asylum")] for number in range(1, 8)]
    opened = [[entry(20 + number, "g", system="alerts")] for number in range(3)]
    answers = await answers_of(Index(*closed, *opened), 20, "g", ALERTS_ALONE)
    assert [[hop.at.second for flow in found.flows for hop in hops_of(flow.roots)] for found in answers] == [
        [21, 22],
        [20],
    ]
    assert [found.next for found in answers] == ["2026-04-02T00:00:21Z~g", None]


@pytest.mark.parametrize("ref", ["g", GUARD])
async def test_what_may_not_be_seen_is_read_on_through_but_not_for_ever(monkeypatch, ref):
    monkeypatch.setattr(finding, "ENOUGH_PAGES", 3)
    monkeypatch.setattr(finding, "ENOUGH_READS", 4)
    closed = [[entry(10 + number, "g", system="asylum")] for number in range(60)]
    index = Index([entry(0, "g", system="alerts")], *closed, [entry(90, "g", system="alerts")])
    found = await find_trace(index, ref, ALERTS_ALONE, limit=5, before=None)
    assert found.truncated
    assert index.times_asked <= 4 + 4 + 1
    if ref == "g":
        assert found.next == "2026-04-02T00:01:30Z~g"
    answers = await answers_of(index, 5, "g", ALERTS_ALONE)
    assert [len(answer.flows) for answer in answers] == [1, *[0] * (len(answers) - 2), 1]


def sorted_hops(flow):
    return sorted(hops_of(flow.roots), key=lambda hop: hop.at)
