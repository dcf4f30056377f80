"""This module is `isthmus quality`: it measures accuracy on the real data that ISTHMUS_DATA names."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from adapters.failures import SourceUnavailable
from adapters.registry import find
from deploy.bench.apart import run_apart
from deploy.bench.engine_equality import engine_scores_equal
from deploy.bench.figures import MeasurementFailed, merge
from deploy.bench.mapped_rows import rows_mapped
from deploy.bench.telling import Teller
from deploy.exits import Exit
from deploy.local.artifacts import Bundle
from deploy.local.downloads import Downloads
from deploy.local.home import CHECKOUT, cache_folder
from hub.errors import Misconfigured

app = typer.Typer(rich_markup_mode="markdown")

RESULTS = CHECKOUT / "var" / "quality.json"
DATA = "ISTHMUS_DATA"
FINGERS = Path("fingerprints") / "fvc2002_db1_b"
LIST = Path("names") / "eu-journal"


class NoData(Misconfigured):
    """There is no real data to measure on."""


@app.command()
def quality(
    as_json: Annotated[bool, typer.Option("--json", help="Write the new figures as JSON, for programs.")] = False,
) -> None:
    """Measure accuracy on real data, and put the figures into `var/quality.json`.

    `ISTHMUS_DATA` names the folder of the data; without it nothing is measured, and this is an error.

    Example: `ISTHMUS_DATA=../data isthmus quality`
    """
    folder = data_folder(os.environ.get(DATA))
    teller = Teller()
    figures = []
    for figure in measure(folder, teller):
        figures.append(figure)
        merge(RESULTS, [figure])
    if as_json:
        typer.echo(json.dumps(figures, indent=2))
    else:
        show(figures)
    if not figures:
        raise typer.Exit(Exit.FAILED)


def data_folder(named: str | None) -> Path:
    """Give the folder of the real data.

    Raises:
        NoData: it is not named, or not there.
    """
    if not named:
        raise NoData(
            f"NOTHING WAS MEASURED: accuracy is measured on real data; set {DATA} to the folder that holds it."
        )
    folder = Path(named)
    if not folder.is_dir():
        raise NoData(f"NOTHING WAS MEASURED: {DATA} names no folder; set it to the one that holds the real data.")
    return folder


def measure(folder: Path, teller: Teller) -> Iterator[dict[str, Any]]:
    """Measure on whatever of the data is there; what is not is said loudly.

    `peer` is what the best comparable system gives on the same data, where it is known.
    """
    files = sorted((folder / FINGERS).glob("*.png"))
    if files:
        pairs = len(files) ** 2
        with teller.counting("Scores through the service, beside the engine's own", pairs):
            jars = Downloads(cache_folder(), teller).jars(Bundle.SOURCEAFIS)
            share = run_apart(engine_scores_equal, jars, files)
        yield {"name": "engine_scores_equal", "value": share, "peer": 1.0}
    else:
        teller.say(f"SKIPPED engine_scores_equal: there are no fingerprints in {FINGERS}.")
    try:
        share = rows_mapped(find("eu-journal"), folder / LIST)
        yield {"name": "eu_journal_rows_mapped", "value": round(share, 6), "peer": None}
    except (MeasurementFailed, SourceUnavailable) as error:
        teller.say(f"SKIPPED eu_journal_rows_mapped: {error}")


def show(figures: list[dict[str, Any]]) -> None:
    """Print figures beside those of peers."""
    table = Table(title="Measured on real data", title_justify="left", show_edge=False, box=None, pad_edge=False)
    for column in ("figure", "value", "peer"):
        table.add_column(column, justify="left" if column == "figure" else "right")
    for figure in figures:
        peer = "" if figure["peer"] is None else f"{figure['peer']:.4f}"
        table.add_row(figure["name"], f"{figure['value']:.4f}", peer)
    Console(highlight=False).print(table)
