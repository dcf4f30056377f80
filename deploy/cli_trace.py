"""This module is `isthmus trace`: the way of a message, a record or a person through all services, as a tree."""

import json
from collections.abc import Iterable, Iterator
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import Console
from rich.tree import Tree

from contracts.audit import AuditEntryV1
from deploy.local.stack import Stack
from deploy.operator import ask
from hub.ledger.trace import FlowTrace, Trace, TraceNode
from hub.security.principal import Scope

PRINT = Console()


app = typer.Typer(rich_markup_mode="markdown")


@app.command()
def trace(
    ref: Annotated[str, typer.Argument(help="A message, flow, record, person or user reference.")],
    stack: Annotated[str, typer.Option(envvar="ISTHMUS_STACK", help="The stack to ask.")] = "local",
    as_json: Annotated[bool, typer.Option("--json", help="Print the ledger's answer as JSON.")] = False,
) -> None:
    """Follow a reference through the hub: who did what, when, for which purpose, and what came of it.

    Example: `isthmus trace alerts:alert:77`
    """
    answer: dict[str, Any] = ask(
        Stack.open(stack), "ledger", "GET", f"/v1/trace/{quote(ref, safe='')}", scopes=[Scope.AUDIT_READ]
    )
    if as_json:
        typer.echo(json.dumps(answer, indent=2))
        return
    for tree in trees(Trace.model_validate(answer)):
        PRINT.print(tree)


def trees(found: Trace) -> list[Tree]:
    """Draw every flow as a tree, with the milliseconds since its beginning."""
    drawn = [_flow_tree(flow) for flow in found.flows]
    if found.truncated:
        drawn.append(Tree("[dim]There is more, and older; ask for one message of it.[/dim]"))
    return drawn


def _flow_tree(flow: FlowTrace) -> Tree:
    start = min(hop.at for hop in _hops(flow.roots))
    tree = Tree(f"[bold]flow {flow.flow}[/bold]  [dim]{start:%Y-%m-%d %H:%M:%S} UTC[/dim]")
    for root in flow.roots:
        _grow(tree, root, start.timestamp())
    return tree


def _hops(nodes: Iterable[TraceNode]) -> Iterator[AuditEntryV1]:
    for node in nodes:
        yield from node.hops
        yield from _hops(node.children)


def _grow(parent: Tree, node: TraceNode, start_s: float) -> None:
    branch = parent.add(_title(node))
    for hop in node.hops:
        colour = "green" if hop.outcome == "done" else "red"
        told = [f"[{colour}]{hop.action.value}[/{colour}]", f"by {hop.service}"]
        if hop.actor != hop.service:
            told.append(f"for [bold]{hop.actor}[/bold]")
        told += [f"purpose {hop.purpose}"] if hop.purpose else []
        told += [f"{hop.topic}/{hop.partition}/{hop.offset}"] if hop.topic and hop.offset is not None else []
        told += [f"{hop.count} found"] if hop.count is not None else []
        told += [f"[yellow]{hop.detail}[/yellow]"] if hop.detail else []
        branch.add(f"[dim]{(hop.at.timestamp() - start_s) * 1000:8.0f} ms[/dim]  " + "  ".join(told))
    for child in node.children:
        _grow(branch, child, start_s)


def _title(node: TraceNode) -> str:
    first = node.hops[0]
    what = first.contract or "act"
    about = first.record or first.subject or ""
    return f"[cyan]{what}[/cyan] {about} [dim]{node.id}[/dim]"
