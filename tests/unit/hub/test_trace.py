"""The trace of a flow, built from audit entries."""

import datetime as dt
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.audit import AuditAction, AuditEntryV1
from hub.ledger.trace import MAX_DEPTH, Trace, TraceNode, build_trace, flows_of, touching

START = dt.datetime(2026, 4, 2, tzinfo=dt.UTC)


def entry(second: int, action=AuditAction.ROUTED, **fields) -> AuditEntryV1:
    return AuditEntryV1(
        **{
            "entry": uuid4(),
            "at": START + dt.timedelta(seconds=second),
            "service": "s",
            "actor": "s",
            "action": action,
            "flow": "f1",
        }
        | fields
    )


def size(nodes: list[TraceNode]) -> int:
    return sum(len(node.hops) + size(node.children) for node in nodes)


def test_the_hops_of_one_message_are_one_node_in_the_order_of_their_times():
    hops = [
        entry(2, AuditAction.DELIVERED, event="e1"),
        entry(0, AuditAction.PUBLISHED, event="e1"),
        entry(1, event="e1"),
    ]
    (flow,) = build_trace("e1", ["f1"], hops).flows
    assert [hop.action for hop in flow.roots[0].hops] == ["published", "routed", "delivered"]


def test_an_answer_hangs_under_its_question_and_the_question_under_the_search():
    search = entry(0, AuditAction.SEARCHED)
    asked = entry(1, AuditAction.ASKED, event="q", cause=str(search.entry))
    answered = entry(2, AuditAction.ANSWERED, event="a", cause="q")
    (flow,) = build_trace("f1", ["f1"], [answered, asked, search]).flows
    assert [
        flow.roots[0].hops[0],
        flow.roots[0].children[0].hops[0],
        flow.roots[0].children[0].children[0].hops[0],
    ] == [
        search,
        asked,
        answered,
    ]


def test_an_entry_written_twice_is_shown_once():
    one = entry(0, event="e1")
    assert size(build_trace("e1", ["f1"], [one, one]).flows[0].roots) == 1


def test_an_entry_that_bears_the_id_of_anothers_does_not_take_its_place():
    genuine = entry(0, event="e1", service="router")
    forged = genuine.model_copy(update={"service": "adapter-alerts", "action": AuditAction.REJECTED})
    (flow,) = build_trace("e1", ["f1"], [genuine, forged]).flows
    assert {(hop.service, hop.action) for hop in flow.roots[0].hops} == {
        ("router", AuditAction.ROUTED),
        ("adapter-alerts", AuditAction.REJECTED),
    }


def test_asked_by_record_a_search_shows_only_its_view_of_that_record():
    search = entry(0, AuditAction.SEARCHED)
    views = [entry(1, AuditAction.VIEWED, record=f"a:b:{n}", cause=str(search.entry)) for n in range(3)]
    (flow,) = build_trace("a:b:1", ["f1"], [search, *views]).flows
    assert [child.hops[0].record for child in flow.roots[0].children] == ["a:b:1"]


def test_entries_that_blame_each_other_make_no_ring():
    ring = [entry(0, event="a", cause="b"), entry(1, event="b", cause="a")]
    assert size(build_trace("f1", ["f1"], ring).flows[0].roots) == len(ring)


def depth(nodes: list[TraceNode]) -> int:
    return 1 + max(depth(node.children) for node in nodes) if nodes else 0


@pytest.mark.parametrize("step", [1, -1])
def test_a_thousand_entries_each_the_cause_of_the_next_are_told_whole_and_no_deeper_than_the_bound(step):
    chain = [entry(step * n, event=f"e{n}", cause=f"e{n - 1}") for n in range(1000)]
    trace = build_trace("f1", ["f1"], chain)
    (flow,) = Trace.model_validate_json(trace.model_dump_json()).flows
    assert (size(flow.roots), depth(flow.roots)) == (len(chain), MAX_DEPTH)
    (last,) = flow.roots
    while last.children[0].children or len(last.children) == 1:
        (last,) = last.children
    told = [child.hops[0].at for child in last.children]
    assert len(told) == len(chain) - MAX_DEPTH + 1
    assert told == sorted(told)


def test_a_chain_as_deep_as_the_bound_stays_a_chain():
    chain = [entry(n, event=f"e{n}", cause=f"e{n - 1}") for n in range(MAX_DEPTH)]
    (flow,) = build_trace("f1", ["f1"], chain).flows
    nodes, names = flow.roots, []
    while nodes:
        (node,) = nodes
        names.append(node.id)
        nodes = node.children
    assert names == [f"e{n}" for n in range(MAX_DEPTH)]


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=12))
def test_no_entry_is_lost_whatever_blames_what(pairs):
    entries = [entry(n, event=f"e{event}", cause=f"e{cause}") for n, (event, cause) in enumerate(pairs)]
    trace = build_trace("f1", ["f1"], entries)
    assert sum(size(flow.roots) for flow in trace.flows) == len(entries)


def test_flows_come_newest_first_and_by_any_reference():
    entries = [entry(0, flow="old", record="a:b:1"), entry(5, flow="new", subject="a:b:1"), entry(9, flow="other")]
    assert flows_of(touching(entries, "a:b:1")) == ["new", "old"]
