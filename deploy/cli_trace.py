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

from contracts.audit import AuditEntryV1
from deploy.folding import folding
from deploy.harmless import as_written, harmless
from deploy.local.stack import Stack
from deploy.operator import ask
from hub.ledger.trace import MAX_FLOWS, USUAL_FLOWS, FlowTrace, Trace, TraceNode
from hub.security.principal import Scope

PRINT = Console()
NOT_WHOLE = "not whole"
OPTIONS = {"ref": "REF", "limit": "--limit", "before": "--before"}


app = typer.Typer(rich_markup_mode="markdown")


@app.command()
def trace(
    ref: Annotated[str, typer.Argument(help="A message, flow, record, person or user reference.")],
    limit: Annotated[int, typer.Option(min=1, max=MAX_FLOWS, help="How many flows, the newest.")] = USUAL_FLOWS,
    before: Annotated[
        str | None, typer.Option(help="Only older flows: a time, such as 2026-04-02T10:00, or what a trace ends with.")
    ] = None,
    brief: Annotated[bool, typer.Option("--brief", help="One line for each flow: how it began.")] = False,
    stack: Annotated[str, typer.Option(envvar="ISTHMUS_STACK", help="The stack to ask.")] = "local",
    as_json: Annotated[bool, typer.Option("--json", help="Print the ledger's answer as JSON.")] = False,
) -> None:
    """Follow a reference through the hub: who did what, when, for which purpose, and what came of it.

    The newest flows are shown, oldest of them first; where there are older ones, it ends with how to ask for them.

    Examples: `isthmus trace alerts:alert:77`, `isthmus trace guard@booth-7 --brief --before 2026-04-02`
    """
    answer: dict[str, Any] = ask(
        Stack.known(stack).must_be_up(),
        "ledger",
        "GET",
        f"/v1/trace/{quote(ref, safe='')}",
        scopes=[Scope.AUDIT_READ],
        query={"limit": limit} | ({"before": before} if before else {}),
        options=OPTIONS,
    )
    if as_json:
        typer.echo(json.dumps(answer, indent=2))
        return
    for part in drawn(Trace.model_validate(answer), brief=brief):
        PRINT.print(part, soft_wrap=isinstance(part, Text))


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
        yield Text(f"{_what_is_older(found)}; add --before {shlex.quote(found.next)}", style="dim")


def _what_is_older(found: Trace) -> str:
    if not found.flows:
        return "Nothing was found so far, but not all was looked at"
    if all(flow.flow != found.ref or not flow.truncated for flow in found.flows):
        return "There are older flows"
    return "There are older entries of " + ("this flow" if len(found.flows) == 1 else "the flow that you asked for")


def _lines(flows: Sequence[FlowTrace]) -> Table:
    """Tell of each flow how it began, or of one that is not whole what is the first that is known of it."""
    table = folding("when (UTC)", "who", "did", "purpose", "found", "outcome", "about", bare=True)
    for flow in flows:
        first = flow.roots[0].hops[0]
        about = (first.record or first.subject or flow.flow) + (f" ({NOT_WHOLE})" if flow.truncated else "")
        found = "" if first.count is None else str(first.count)
        when = f"{first.at.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S}"
        told = when, first.actor, first.action.value, first.purpose or "", found, first.outcome.value, about
        table.add_row(*map(as_written, told))
    return table


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
        told += [f"{hop.count} found"] if hop.count is not None else []
        told += [f"[yellow]{_escaped(hop.detail)}[/yellow]"] if hop.detail else []
        branch.add(f"[dim]{(hop.at.timestamp() - start_s) * 1000:8.0f} ms[/dim]  " + "  ".join(told))
    for child in node.children:
        _grow(branch, child, start_s)


def _escaped(text: str) -> str:
    """Keep what somebody wrote from being read as markup."""
    return escape(str(harmless(text)))


def _title(node: TraceNode) -> str:
    first = node.hops[0]
    what = first.contract or "act"
    about = first.record or first.subject or ""
    return f"[cyan]{what}[/cyan] {about} [dim]{node.id}[/dim]"
