"""This module tells the auditor's story: one message from the agency's row to the answer, and who looked for what."""

from contracts.audit import AuditAction, AuditEntryV1
from deploy.demo.story.commands import PURPOSE, trace
from deploy.demo.story.stage import AUDITOR, GUARD, Stage
from deploy.demo.story.telling import StoryFailed, until
from hub.errors import NotFound
from hub.ledger.trace import MAX_FLOWS, FlowTrace, Trace, TraceNode

PATIENCE_S = 30.0
WAY = (AuditAction.PUBLISHED, AuditAction.ROUTED, AuditAction.DELIVERED)
LAST = 8


def auditor(stage: Stage) -> None:
    """Tell the story."""
    telling = stage.telling
    answer = stage.search(GUARD, purpose=PURPOSE, mrz=stage.population.cast.overstayer.zone)
    crossing = next(
        record.record for person in answer.persons for record in person.records if record.contract == "border-crossing"
    )
    telling.say(f"The auditor follows one record, {crossing}: the entry of the traveller who overstayed.")
    needed, _ = until(
        lambda: _flows_needed(_traced(stage, crossing, MAX_FLOWS), answer.flow),
        PATIENCE_S,
        "The ledger does not tell the way of a record and who saw it: look into the logs of ledger and search.",
    )
    told = _way_and_search(trace(telling, crossing, limit=needed), answer.flow)
    if told is None:
        raise StoryFailed("The ledger told the way of a record and who saw it, and then no more.")
    message, search = told
    hops = {entry.action: entry.at for entry in _entries(message)}
    took = (hops[AuditAction.DELIVERED] - hops[AuditAction.PUBLISHED]).total_seconds() * 1000
    telling.proved(
        f"From the agency's row to the repository in {took:,.0f} ms: published, routed, delivered, in this order.",
        if_=hops[AuditAction.PUBLISHED] <= hops[AuditAction.ROUTED] <= hops[AuditAction.DELIVERED],
        otherwise="The hops of the record are not in the order of its way.",
    )
    telling.proved(
        "The guard's search, what each system was asked, and that this record was shown, hang together as one flow.",
        if_=_actions(search) >= {AuditAction.SEARCHED, AuditAction.VIEWED},
        otherwise="The flow of the guard's search is not whole.",
    )
    _who_searched(stage)


def _who_searched(stage: Stage) -> None:
    telling = stage.telling
    telling.say(f"And who is {GUARD}, who asked so much today?")
    until(
        lambda: _searches(_traced(stage, GUARD, LAST)) or None,
        PATIENCE_S,
        "The ledger holds no searches of the guard: look into the logs of search and ledger.",
    )
    searches = _searches(trace(telling, GUARD, limit=LAST, brief=True))
    telling.proved(
        f"The guard's last {len(searches)} searches are on record, each with its purpose, none with a name in it.",
        if_=bool(searches) and all(entry.purpose for entry in searches),
        otherwise="A search is on record without its purpose.",
    )


def _searches(found: Trace | None) -> list[AuditEntryV1]:
    entries = [entry for flow in found.flows for entry in _entries(flow)] if found else []
    return [entry for entry in entries if entry.action is AuditAction.SEARCHED]


def _way_and_search(found: Trace | None, search: str) -> tuple[FlowTrace, FlowTrace] | None:
    """Give the newest flow that brought the record, and the search that showed it, where both are told."""
    flows = found.flows if found else []
    ways = [flow for flow in flows if _actions(flow) >= set(WAY)]
    searches = [flow for flow in flows if flow.flow == search]
    return (ways[-1], searches[-1]) if ways and searches else None


def _flows_needed(found: Trace | None, search: str) -> int | None:
    """Count the flows since the record's newest way, that one included: older ones are of earlier demos."""
    told = _way_and_search(found, search)
    return len(found.flows) - found.flows.index(told[0]) if found and told else None


def _traced(stage: Stage, reference: str, limit: int) -> Trace | None:
    try:
        return stage.trace(AUDITOR, reference, limit)
    except NotFound:
        return None


def _actions(flow: FlowTrace) -> set[AuditAction]:
    return {entry.action for entry in _entries(flow)}


def _entries(flow: FlowTrace) -> list[AuditEntryV1]:
    def within(node: TraceNode) -> list[AuditEntryV1]:
        return [*node.hops, *(entry for child in node.children for entry in within(child))]

    return [entry for root in flow.roots for entry in within(root)]
