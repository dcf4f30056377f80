"""This module is `isthmus demo`: the main job, end to end, on invented people."""

import sys
from typing import Annotated

import typer
from rich.console import Console

from deploy.demo.population.roles import ROLES
from deploy.demo.run import DemoOptions, run_demo
from deploy.interrupts import end_as_by_ctrl_c

app = typer.Typer(rich_markup_mode="markdown")

PLAIN_WIDTH = 120


@app.command()
def demo(
    persons: Annotated[int, typer.Option(min=len(ROLES), max=1_000_000, help="How many people to invent.")] = 2_000,
    seed: Annotated[int, typer.Option(min=0, help="Another number gives other people.")] = 1,
    stay: Annotated[
        bool | None, typer.Option("--stay/--no-stay", help="Stay up afterwards; on a terminal unless said otherwise.")
    ] = None,
    stack: Annotated[str, typer.Option(envvar="ISTHMUS_STACK", help="Which stack of this checkout.")] = "local",
) -> None:
    """Start the stack, fill four invented agencies, and tell what can then be done; every statement is verified.

    Example: isthmus demo --persons 5000
    """
    end_as_by_ctrl_c()
    terminal = sys.stdout.isatty()
    console = Console(highlight=False, width=None if terminal else PLAIN_WIDTH)
    staying = terminal and sys.stdin.isatty() if stay is None else stay
    try:
        run_demo(DemoOptions(persons, seed, staying, stack), console)
    except KeyboardInterrupt:
        if not staying:
            raise
