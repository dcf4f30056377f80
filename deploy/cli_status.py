"""This module is `isthmus status`: it says what runs, where, and how it is."""

import json
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from deploy.exits import Exit
from deploy.local.stack import Stack, starting
from deploy.local.status import StackStatus, State
from deploy.repository_standing import elasticsearch_of, told_of_rebuild

app = typer.Typer(rich_markup_mode="markdown")

COLOURS = {
    State.NOT_STARTED: "yellow",
    State.STARTING: "yellow",
    State.RUNNING: "green",
    State.DEGRADED: "yellow",
    State.DOWN: "red",
}


@app.command()
def status(
    stack: Annotated[
        str, typer.Option("--stack", envvar="ISTHMUS_STACK", help="Which stack of this checkout.")
    ] = "local",
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON, for programs.")] = False,
) -> None:
    """Say what runs, where, and how it is, and whether a rebuild of the repository is at work or was cut off.

    It ends with 0 once all that is meant to run is ready, with 5 while something is still to start.

    Example: `isthmus status --json`
    """
    opened = Stack.known(stack)
    found = opened.status()
    repository = told_of_rebuild(elasticsearch_of(opened)) if found.up and not found.starting else None
    if as_json:
        sys.stdout.write(json.dumps({**found.as_json(), "repository": repository}, indent=2) + "\n")
    else:
        show(found, repository)
    raise typer.Exit(Exit.DONE if found.well else Exit.PARTLY if found.up else Exit.ABSENT)


def show(found: StackStatus, repository: str | None) -> None:
    """Print the status as a table, and a sentence on the repository where there is one to say."""
    console = Console(highlight=False)
    if not found.up:
        console.print(f"The stack {found.stack} is not up: start it with `{starting(found.stack)}`.", markup=False)
        return
    table = Table(show_edge=False, box=None, pad_edge=False)
    for column in ("process", "state", "pid", "memory", "address"):
        table.add_column(column, justify="right" if column in {"pid", "memory"} else "left", overflow="fold")
    for process in found.processes:
        memory = "" if process.memory is None else f"{process.memory} MB"
        state = f"[{COLOURS[process.state]}]{process.state}[/]"
        table.add_row(process.name, state, str(process.pid or ""), memory, process.address or "")
    console.print(table)
    if found.starting:
        console.print(f"\nThe stack {found.stack} is still starting.", markup=False)
    if repository:
        console.print(f"\n{repository}", markup=False)
