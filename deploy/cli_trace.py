"""This module is `isthmus trace`: the way of a message, a record or a person through all services, as a tree."""

import datetime as dt
import json
import shlex
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import Console, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from contracts import topics
from contracts.audit import AuditAction, AuditEntryV1, AuditOutcome
from deploy.folding import folding
from deploy.harmless import as_written, harmless
from deploy.local.services import SERVICES
from deploy.local.stack import Stack
from deploy.mistyped import Mistyped
from deploy.operator import ask
from hub.errors import Rejected
from hub.ledger.finding import Place
from hub.ledger.trace import MAX_FLOWS, USUAL_FLOWS, FlowTrace, Trace, TraceNode
from hub.security.principal import Scope

PRINT = Console()
NOT_WHOLE = "not whole"
OPTIONS = {"ref": "REF", "limit": "--limit", "before": "--before"}
FORMS = {
    "REF": "name a record or a person as system:stream:key, a user, the id of a message or a flow, or a place in the "
    "log such as in.alerts.alert.v1/0/12",
}
COUNTED = {
    AuditAction.VERIFIED: "compared",
    AuditAction.EXTRACTED: "extracted",
    AuditAction.ROUTED: "unknown fields",
    AuditAction.VIEWED: "shown",
    AuditAction.DENIED: "denied",
}
"""What the number of an entry counts; of all others it is what was found."""
NAMES = frozenset(service.name for service in SERVICES)


app = typer.Typer(rich_markup_mode="markdown")


@app.command()
def trace(
    ref: Annotated[str, typer.Argument(help="A message, flow, record, person or user reference.")],
    limit: Annotated[int, typer.Option(min=1, max=MAX_FLOWS, help="How many flows, the newest.")] = USUAL_FLOWS,
    before: Annotated[
        str | None, typer.Option(help="Only older flows: a time, such as 2026-04-02T10:00, or what a trace ends with.")
    ] = None,
    brief: Annotated[
        bool, typer.Option("--brief", help="One line for each flow: who began it, and how it ended.")
    ] = False,
    stack: Annotated[str, typer.Option(envvar="ISTHMUS_STACK", help="The stack to ask.")] = "local",
    as_json: Annotated[bool, typer.Option("--json", help="Print the ledger's answer as JSON.")] = False,
) -> None:
    """Follow a reference through the hub: who did what, when, for which purpose, and what came of it.

    The newest flows are shown, oldest of them first; where there are older ones, it ends with how to ask for them.

    Examples: `isthmus trace alerts:alert:77`, `isthmus trace guard@booth-7 --brief --before 2026-04-02`
    """
    if ref.startswith(topics.dead("")) and "/" in ref:
        raise Mistyped(
            f"{ref} is where a dead letter lies; `isthmus dead show {shlex.quote(ref)}` names the message (ce_id) and "
            "the record (ce_subject), and these can be traced."
        )
    if before is not None:
        _must_be_place(before)
    answer: dict[str, Any] = ask(
        Stack.known(stack).must_be_up(),
        "ledger",
        "GET",
        f"/v1/trace/{quote(ref, safe='')}",
        scopes=[Scope.AUDIT_READ],
        query={"limit": limit} | ({"before": before} if before else {}),
        options=OPTIONS,
        forms=FORMS,
    )
    if as_json:
        typer.echo(json.dumps(answer, indent=2))
        return
    for part in drawn(Trace.model_validate(answer), brief=brief):
        PRINT.print(part, soft_wrap=isinstance(part, Text))


def _must_be_place(before: str) -> None:
    """Say how older flows are asked for.

    Raises:
        Mistyped: it is not so.
    """
    try:
        Place.parse(before)
    except Rejected:
        told = "--before is not right: write a time, such as 2026-04-02T10:00Z, or what a trace ends with."
        raise Mistyped(told) from None


def drawn(found: Trace, *, brief: bool) -> Iterator[RenderableType]:
    """Draw every flow, and say what is left out and how to see it."""
    if brief:
        yield _lines(found.flows)
    else:
        yield from (_flow_tree(flow) for flow in found.flows)
    if not found.complete:
        yield Text(
            "The ledger is being filled anew from the log; ask again in a while, there may be more.", style="bold"
        )
    if any(flow.truncated and flow.flow != found.ref for flow in found.flows):
        yield Text(
            f"Flows that are {NOT_WHOLE} have more entries than are read at once: these are the newest, and the newest "
            "of what you asked for. Ask for such a flow by its id to read all of it.",
            style="bold",
        )
    if found.next:
        older = "older entries of this flow" if _is_part(found) else "older flows"
        yield Text(f"There are {older}; add --before {shlex.quote(found.next)}", style="dim")


def _is_part(found: Trace) -> bool:
    return any(flow.truncated and flow.flow == found.ref for flow in found.flows)


def _lines(flows: Sequence[FlowTrace]) -> Table:
    """Tell of each flow what a person did, or else how it began: of one that is not whole, as far as it is known."""
    table = folding("when (UTC)", "who", "did", "purpose", "found", "outcome", "about", bare=True)
    for flow in flows:
        hops = _told_first(flow)
        first, last = hops[0], _end(hops)
        about = (first.record or first.subject or flow.flow) + (f" ({NOT_WHOLE})" if flow.truncated else "")
        found = "" if last.count is None or last.action in COUNTED else str(last.count)
        when = f"{first.at.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S}"
        told = when, first.actor, first.action.value, first.purpose or "", found, _outcome(last), about
        table.add_row(*map(as_written, told))
    return table


def _told_first(flow: FlowTrace) -> list[AuditEntryV1]:
    """Give the act of a person: what a service did for it, as to compare a finger, may stand before it."""
    acts = (root.hops for root in flow.roots if not _is_service(root.hops[0].actor))
    return next(acts, flow.roots[0].hops)


def _is_service(actor: str) -> bool:
    return actor in NAMES or actor.startswith("adapter-")


def _end(hops: Sequence[AuditEntryV1]) -> AuditEntryV1:
    """Give how an act ended: one that is told as begun is told of again."""
    first = hops[0]
    return [hop for hop in hops if (hop.service, hop.action) == (first.service, first.action)][-1]


def _outcome(entry: AuditEntryV1) -> str:
    """Say what came of an act: why it came to nothing, or what a comparison told."""
    if entry.action is AuditAction.VERIFIED and entry.outcome is AuditOutcome.DONE:
        return entry.detail or entry.outcome.value
    told = entry.outcome in {AuditOutcome.REFUSED, AuditOutcome.FAILED} and entry.detail
    return f"{entry.outcome.value}: {entry.detail}" if told else entry.outcome.value


def _flow_tree(flow: FlowTrace) -> Tree:
    start = min(hop.at for hop in _hops(flow.roots))
    lacks = f"  [bold red]{NOT_WHOLE}[/bold red]" if flow.truncated else ""
    tree = Tree(f"[bold]flow {flow.flow}[/bold]  [dim]{start:%Y-%m-%d %H:%M:%S} UTC[/dim]{lacks}")
    for root in flow.roots:
        lacking = next((hop.cause for hop in root.hops if hop.cause), None) if flow.truncated else None
        _grow(tree, root, start.timestamp(), lacking=lacking)
    return tree


def _hops(nodes: Iterable[TraceNode]) -> Iterator[AuditEntryV1]:
    for node in nodes:
        yield from node.hops
        yield from _hops(node.children)


def _grow(parent: Tree, node: TraceNode, start_s: float, *, lacking: str | None = None) -> None:
    """Draw a node and what it led to; `lacking` is what led to it, where that is not drawn."""
    branch = parent.add(_title(node))
    if lacking:
        branch.add(f"[dim]led to by {_escaped(lacking)}, which is not shown[/dim]")
    for hop in node.hops:
        colour = "green" if hop.outcome == "done" else "red"
        told = [f"[{colour}]{hop.action.value}[/{colour}]", f"by {hop.service}"]
        if hop.actor != hop.service:
            told.append(f"for [bold]{_escaped(hop.actor)}[/bold]")
        told += [f"purpose {hop.purpose}"] if hop.purpose else []
        told += [f"{hop.topic}/{hop.partition}/{hop.offset}"] if hop.topic and hop.offset is not None else []
        told += [f"{hop.count} {COUNTED.get(hop.action, 'found')}"] if hop.count is not None else []
        told += [f"[yellow]{_escaped(hop.detail)}[/yellow]"] if hop.detail else []
        told += [f"[dim]isthmus dead list --ref {_escaped(shlex.quote(_letter(hop)))}[/dim]"] if _is_dead(hop) else []
        branch.add(f"[dim]{(hop.at.timestamp() - start_s) * 1000:8.0f} ms[/dim]  " + "  ".join(told))
    for child in node.children:
        _grow(branch, child, start_s)


def _is_dead(hop: AuditEntryV1) -> bool:
    return hop.action is AuditAction.REJECTED


def _letter(hop: AuditEntryV1) -> str:
    """Give what the dead letter of a rejection is found by: its message, or its place where that has no id."""
    return hop.event or hop.flow


def _escaped(text: str) -> str:
    """Keep what somebody wrote from being read as markup."""
    return escape(str(harmless(text)))


def _title(node: TraceNode) -> str:
    first = node.hops[0]
    what = first.contract or "act"
    about = first.record or first.subject or ""
    return f"[cyan]{what}[/cyan] {about} [dim]{node.id}[/dim]"
