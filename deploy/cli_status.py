"""This module is `isthmus status`: it says what runs, where, and how it is."""

import json
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from deploy.local.stack import Stack
from deploy.local.status import StackStatus, State

app = typer.Typer(rich_markup_mode="markdown")

NOT_WELL, NOT_UP = 1, 3
COLOURS = {State.RUNNING: "green", State.DEGRADED: "yellow", State.DOWN: "red"}


@app.command()
def status(
    stack: Annotated[
        str, typer.Option("--stack", envvar="ISTHMUS_STACK", help="Which stack of this checkout.")
    ] = "local",
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON, for programs.")] = False,
) -> None:
    """Say what runs, where, and how it is.

    Exit status 0: all is well; 1: something is down or not ready; 3: the stack is not up.

    Example: `isthmus status --json`
    """
    found = Stack.open(stack).status()
    if as_json:
        sys.stdout.write(json.dumps(found.as_json(), indent=2) + "\n")
    else:
        show(found)
    raise typer.Exit(0 if found.well else NOT_WELL if found.up else NOT_UP)


def show(found: StackStatus) -> None:
    """Print the status as a table."""
    console = Console(highlight=False)
    if not found.up:
        console.print(f"The stack {found.stack} is not up: start it with `isthmus up`.", markup=False)
        return
    table = Table(show_edge=False, box=None, pad_edge=False)
    for column in ("process", "state", "pid", "memory", "address"):
        table.add_column(column, justify="right" if column in {"pid", "memory"} else "left")
    for process in found.processes:
        memory = "" if process.memory is None else f"{process.memory} MB"
        state = f"[{COLOURS[process.state]}]{process.state}[/]"
        table.add_row(process.name, state, str(process.pid), memory, process.address or "")
    console.print(table)
