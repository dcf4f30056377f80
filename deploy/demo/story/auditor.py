"""This module tells the auditor's story: one message from the agency's row to the answer, and who looked for what."""

from rich.table import Table

from contracts.audit import AuditAction, AuditEntryV1
from deploy.cli_trace import trees
from deploy.demo.story.border_guard import PURPOSE
from deploy.demo.story.stage import AUDITOR, GUARD, Stage
from deploy.demo.story.telling import until
from hub.errors import NotFound
from hub.ledger.trace import FlowTrace, Trace, TraceNode

PATIENCE_S = 30.0
WAY = (AuditAction.PUBLISHED, AuditAction.ROUTED, AuditAction.DELIVERED)
SHOWN_SEARCHES = 8


def auditor(stage: Stage) -> None:
    """Tell the story."""
    telling = stage.telling
    answer = stage.search(GUARD, purpose=PURPOSE, mrz=stage.population.cast.overstayer.zone)
    crossing = next(
        record.record for person in answer.persons for record in person.records if record.contract == "border-crossing"
    )
    telling.say(f"The auditor follows one record, {crossing}: the entry of the traveller who overstayed.")
    telling.command("trace", crossing)
    (message, search), _ = until(
        lambda: _way_and_search(stage, crossing, answer.flow),
        PATIENCE_S,
        "The ledger does not tell the way of a record and who saw it: look into the logs of ledger and search.",
    )
    telling.show(*trees(Trace(ref=crossing, flows=[message])))
    hops = {entry.action: entry.at for entry in _entries(message)}
    took = (hops[AuditAction.DELIVERED] - hops[AuditAction.PUBLISHED]).total_seconds() * 1000
    telling.proved(
        f"From the agency's row to the repository in {took:,.0f} ms: published, routed, delivered, in this order.",
        if_=hops[AuditAction.PUBLISHED] <= hops[AuditAction.ROUTED] <= hops[AuditAction.DELIVERED],
        otherwise="The hops of the record are not in the order of its way.",
    )
    telling.show(*trees(Trace(ref=crossing, flows=[search])))
    telling.proved(
        "The guard's search, what each system was asked, and that this record was shown, hang together as one flow.",
        if_=_actions(search) >= {AuditAction.SEARCHED, AuditAction.VIEWED},
        otherwise="The flow of the guard's search is not whole.",
    )
    _who_searched(stage)


def _who_searched(stage: Stage) -> None:
    telling = stage.telling
    telling.say(f"And who is {GUARD}, who asked so much today?")
    telling.command("trace", GUARD)
    trace, _ = until(
        lambda: _with(stage, GUARD, {AuditAction.SEARCHED}),
        PATIENCE_S,
        "The ledger holds no searches of the guard: look into the logs of search and ledger.",
    )
    searches = [entry for flow in trace.flows for entry in _entries(flow) if entry.action is AuditAction.SEARCHED]
    table = Table("when (UTC)", "who", "for which purpose", "persons found", "outcome", box=None)
    for entry in searches[-SHOWN_SEARCHES:]:
        table.add_row(
            f"{entry.at:%H:%M:%S}", entry.actor, entry.purpose or "", str(entry.count or 0), entry.outcome.value
        )
    telling.show(table)
    telling.proved(
        f"The guard's last {len(searches)} searches are on record, each with its purpose, none with a name in it.",
        if_=bool(searches) and all(entry.purpose for entry in searches),
        otherwise="A search is on record without its purpose.",
    )


def _way_and_search(stage: Stage, record: str, search: str) -> tuple[FlowTrace, FlowTrace] | None:
    """Give the newest flow that brought the record, and the search that showed it, once the ledger holds both."""
    trace = _with(stage, record, set())
    ways = [flow for flow in trace.flows if _actions(flow) >= set(WAY)] if trace else []
    searches = [flow for flow in trace.flows if flow.flow == search] if trace else []
    return (ways[-1], searches[-1]) if ways and searches else None


def _with(stage: Stage, reference: str, actions: set[AuditAction]) -> Trace | None:
    try:
        trace = stage.trace(AUDITOR, reference)
    except NotFound:
        return None
    seen = {action for flow in trace.flows for action in _actions(flow)}
    return trace if seen >= actions else None


def _actions(flow: FlowTrace) -> set[AuditAction]:
    return {entry.action for entry in _entries(flow)}


def _entries(flow: FlowTrace) -> list[AuditEntryV1]:
    def within(node: TraceNode) -> list[AuditEntryV1]:
        return [*node.hops, *(entry for child in node.children for entry in within(child))]

    return [entry for root in flow.roots for entry in within(root)]
