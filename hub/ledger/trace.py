"""This module builds the tree of a flow from audit entries: pure rules."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from pydantic import BaseModel, Field

from contracts.audit import AuditAction, AuditEntryV1

USUAL_FLOWS, MAX_FLOWS = 20, 100  # in one answer
MAX_DEPTH = 50  # a search, its question and its answer are three levels; pydantic refuses to write trees of hundreds


class TraceNode(BaseModel):
    """One message or act, the hops it took in the order of their times, and what it led to."""

    id: str
    hops: list[AuditEntryV1]
    children: list["TraceNode"] = Field(default_factory=list)


class FlowTrace(BaseModel):
    """Everything that one cause set going.

    Where it is `truncated`, the flow has more entries than are read at once: these are the newest, and the newest of
    what was asked for. What led to a root may be among those that lack. Asked for by its own id, all of it is told, in
    parts: `next` leads to the older ones, also where others bear that id and are told beside the parts.
    """

    flow: str
    roots: list[TraceNode]
    truncated: bool = False


class Trace(BaseModel):
    """What the ledger holds under one reference: flows, oldest first.

    Where there are older ones, or older entries of the one that was asked for, `next` is what to ask for as `before`.
    `truncated` says that this is not all: there are older flows, or one of these is truncated itself. Where much has to
    be read that the caller may not see, or was told of, an answer may hold no flow and still a `next`; whether anything
    stands there, the next answer tells. `complete` is false while the index is filled anew from the log.
    """

    ref: str
    flows: list[FlowTrace]
    truncated: bool = False
    next: str | None = None
    complete: bool = True


def touching(entries: Iterable[AuditEntryV1], ref: str) -> list[AuditEntryV1]:
    """Give the entries that `ref` names: by flow, message, record, subject, actor, or the entry's own id."""
    return [
        entry
        for entry in entries
        if ref in {str(entry.entry), entry.flow, entry.event, entry.record, entry.subject, entry.actor}
    ]


def flows_of(entries: Iterable[AuditEntryV1]) -> list[str]:
    """Give the flows of entries, the newest first."""
    newest: dict[str, AuditEntryV1] = {}
    for entry in entries:
        if entry.flow not in newest or entry.at > newest[entry.flow].at:
            newest[entry.flow] = entry
    return sorted(newest, key=lambda flow: (newest[flow].at, flow), reverse=True)


def build_trace(
    ref: str,
    flows: Sequence[str],
    entries: Iterable[AuditEntryV1],
    *,
    cut: Collection[str] = (),
    following: str | None = None,
) -> Trace:
    """Build the tree of each of `flows` from all their entries; of those that are `cut`, entries lack.

    Where `ref` is a record or a person, a search that showed hundreds of others is cut down to what concerns `ref`.
    """
    # The service belongs to the key: nobody's entry takes the place of another's by bearing its id.
    unique = {(entry.service, entry.entry): entry for entry in entries if entry.flow in flows}
    by_flow: dict[str, list[AuditEntryV1]] = defaultdict(list)
    for entry in sorted(unique.values(), key=_when):
        if entry.action is AuditAction.VIEWED and _is_reference(ref) and not touching((entry,), ref):
            continue
        by_flow[entry.flow].append(entry)
    traces = [
        FlowTrace(flow=flow, roots=_tree(found), truncated=flow in cut) for flow, found in by_flow.items() if found
    ]
    traces.sort(key=lambda trace: trace.roots[0].hops[0].at)
    return Trace(ref=ref, flows=traces, truncated=bool(cut) or following is not None, next=following)


def _is_reference(ref: str) -> bool:
    return ":" in ref  # records and subjects are `system:stream:key`; ids and users hold no colon


def _tree(entries: Sequence[AuditEntryV1]) -> list[TraceNode]:
    """Hang every message under its cause; what has no cause here is a root."""
    nodes: dict[str, TraceNode] = {}
    home: dict[str, str] = {}
    for entry in entries:
        name = entry.event or str(entry.entry)
        home[str(entry.entry)] = name
        nodes.setdefault(name, TraceNode(id=name, hops=[])).hops.append(entry)
    roots: list[TraceNode] = []
    above: dict[str, str] = {}
    for name, node in nodes.items():
        parent = _parent(node, nodes, home, above)
        if parent:
            above[name] = parent.id
        (parent.children if parent else roots).append(node)
    _flatten(roots)
    return roots


def _parent(
    node: TraceNode, nodes: dict[str, TraceNode], home: dict[str, str], above: dict[str, str]
) -> TraceNode | None:
    """Give what led to `node`, unless that hangs below it: entries that blame each other must not make a ring."""
    for hop in node.hops:
        cause = home.get(hop.cause or "", hop.cause)
        if cause and cause in nodes and _top(cause, above) != node.id:
            return nodes[cause]
    return None


def _top(name: str, above: dict[str, str]) -> str:
    """Give the top of what `name` hangs under; `above` is shortened on the way, so that long chains stay cheap."""
    while name in above:
        above[name] = above.get(above[name], above[name])
        name = above[name]
    return name


def _flatten(roots: Sequence[TraceNode]) -> None:
    """Hang what lies deeper than the last level flat on it, in the order of the times."""
    level = list(roots)
    for _ in range(MAX_DEPTH - 2):
        level = [child for node in level for child in node.children]
    for node in level:
        below = list(node.children)
        for child in below:  # the list grows while it is read
            below += child.children
            child.children = []
        node.children = sorted(below, key=lambda child: _when(child.hops[0]))


def _when(entry: AuditEntryV1) -> tuple[object, str]:
    return entry.at, str(entry.entry)
