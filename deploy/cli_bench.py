"""This module is `isthmus bench`: it measures speed on this machine, beside ceilings of the same run and floors."""

import json
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from deploy.bench.figures import merge
from deploy.bench.floors import FLOORS, missed
from deploy.bench.parts import NAMES, measure
from deploy.bench.telling import Teller, show
from deploy.exits import Exit
from deploy.interrupts import end_as_by_ctrl_c
from deploy.local.home import CHECKOUT

app = typer.Typer(rich_markup_mode="markdown")

RESULTS = CHECKOUT / "var"
FULL_SIZE = 50_000


@app.command()
def bench(
    only: Annotated[list[str] | None, typer.Option(metavar="NAME", help=f"Measure these: {', '.join(NAMES)}.")] = None,
    persons: Annotated[int, typer.Option(min=100, help="How many people the agencies know.")] = FULL_SIZE,
    as_json: Annotated[bool, typer.Option("--json", help="Write the new figures as JSON, for programs.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the stack's data and logs, to look into them.")] = False,
) -> None:
    """Measure speed on real servers with fresh data, and put the figures into `var/bench.json`.

    The floors are meant for two cores that do nothing else, and 50,000 persons; with another number of persons the
    figures go into a file of their own, `var/bench-<persons>.json`. It
    fails where a figure does not reach its floor, or could not be measured.

    Examples: `isthmus bench`, `isthmus bench --only router_messages_per_s --persons 2000`
    """
    wanted = _chosen(only)
    end_as_by_ctrl_c()
    teller = Teller()
    figures = []
    with closing(measure(wanted, persons, teller, keep=keep)) as measured:
        for figure in measured:
            figures.append(figure)
            merge(results(persons), [figure.as_json()])
            teller.say(f"  {figure.name}: {figure.value:,g} {figure.unit}")
    if as_json:
        typer.echo(json.dumps([figure.as_json() for figure in figures], indent=2))
    else:
        show(figures)
    if missed(figures) or not set(wanted) <= {figure.name for figure in figures}:
        raise typer.Exit(Exit.FAILED)


def _chosen(only: list[str] | None) -> tuple[str, ...]:
    unknown = [name for name in only or () if name not in FLOORS]
    if unknown:
        raise typer.BadParameter(f"There is no figure {', '.join(unknown)}; choose of {', '.join(NAMES)}.")
    return tuple(name for name in NAMES if not only or name in only)


def results(persons: int) -> Path:
    """Name the file of figures: those of another size must not pass for those that the floors are meant for."""
    return RESULTS / ("bench.json" if persons == FULL_SIZE else f"bench-{persons}.json")
