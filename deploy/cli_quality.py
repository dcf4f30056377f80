"""This module is `isthmus quality`: it measures accuracy on the real data that ISTHMUS_DATA names."""

import json
import os
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from adapters.failures import SourceUnavailable
from adapters.registry import find
from deploy.bench.apart import run_apart
from deploy.bench.engine_equality import engine_scores_equal
from deploy.bench.figures import MeasurementFailed, merge
from deploy.bench.mapped_rows import rows_mapped
from deploy.bench.telling import PLAIN_WIDTH, Teller
from deploy.exits import Exit
from deploy.interrupts import end_as_by_ctrl_c
from deploy.local.artifacts import Bundle
from deploy.local.downloads import Downloads
from deploy.local.home import CHECKOUT, cache_folder
from deploy.quality.figures import MARKS, Figures, Measured
from deploy.quality.fingers import FINGERS, finger_sets, fingers_figures
from deploy.quality.formats import formats_figures
from deploy.quality.linkage import linkage_figures
from deploy.quality.names import SCRIPTS, names_figures
from deploy.quality.nfiq2 import nfiq2_figures
from deploy.quality.searches import searches_figures
from deploy.quality.servers import some_elasticsearch
from deploy.quality.truth import JUDGED
from deploy.quality.zones import zones_figures
from hub.errors import Misconfigured

app = typer.Typer(rich_markup_mode="markdown")

RESULTS = CHECKOUT / "var" / "quality.json"
DATA = "ISTHMUS_DATA"
LIST = Path("names") / "eu-journal"


NAMES = tuple(MARKS)


class NoData(Misconfigured):
    """There is no real data to measure on."""


@app.command()
def quality(
    only: Annotated[list[str] | None, typer.Option(metavar="NAME", help=f"Measure these: {', '.join(NAMES)}.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the new figures as JSON, for programs.")] = False,
) -> None:
    """Measure accuracy on real data, and put the figures into `var/quality.json`.

    `ISTHMUS_DATA` names the folder of the data; without it nothing is measured, and this is an error. Searches need an
    Elasticsearch: that of the environment or of the local stack, if it is up, or one that is started for the time.

    Examples: `ISTHMUS_DATA=../data isthmus quality`, `isthmus quality --only names_f1`
    """
    if unknown := [name for name in only or () if name not in NAMES]:
        raise typer.BadParameter(f"There is no figure {', '.join(unknown)}; choose of {', '.join(NAMES)}.")
    folder = data_folder(os.environ.get(DATA))
    end_as_by_ctrl_c()
    figures = []
    for figure in measure(folder, Teller(), only or NAMES):
        figures.append(figure)
        merge(RESULTS, [figure.as_json()])
    if as_json:
        typer.echo(json.dumps([figure.as_json() for figure in figures], indent=2))
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


def measure(folder: Path, teller: Teller, wanted: Collection[str]) -> Figures:
    """Measure what is wanted on whatever of the data is there; what is not is said loudly."""
    for names, part in PARTS:
        missing = set(names) & set(wanted)
        for figure in part(folder, teller) if missing else ():
            if figure.name in missing:
                yield figure
                missing.remove(figure.name)
            if not missing:
                break  # what comes later of this part may take minutes


def _engine(folder: Path, teller: Teller) -> Figures:
    files = list(finger_sets(folder).values())
    if not files:
        teller.say("SKIPPED engine_scores_equal: there are no sets of fingerprints.")
        return
    with teller.counting("Scores through the service, beside the engine's own", sum(len(each) ** 2 for each in files)):
        jars = Downloads(cache_folder(), teller).jars(Bundle.SOURCEAFIS)
        shares = [run_apart(engine_scores_equal, jars, each) for each in files]
    yield Measured("engine_scores_equal", min(shares))


def _rows(folder: Path, teller: Teller) -> Figures:
    try:
        yield Measured("eu_journal_rows_mapped", rows_mapped(find("eu-journal"), folder / LIST))
    except (MeasurementFailed, SourceUnavailable) as error:
        teller.say(f"SKIPPED eu_journal_rows_mapped: {error}")


def _names(folder: Path, teller: Teller) -> Figures:
    if not (folder / JUDGED).exists():
        teller.say("SKIPPED the figures of names: there are no pairs that people have judged.")
        return
    yield from names_figures(folder, teller)


def _searches(folder: Path, teller: Teller) -> Figures:
    with some_elasticsearch(teller) as settings:
        yield from searches_figures(folder, teller, settings)


PARTS: tuple[tuple[tuple[str, ...], Callable[[Path, Teller], Figures]], ...] = (
    (("engine_scores_equal",), _engine),
    (("formats_round_trip",), formats_figures),
    (("nfiq2_equal",), nfiq2_figures),
    (FINGERS, fingers_figures),
    (("eu_journal_rows_mapped",), _rows),
    (("mrz_read", "mrz_faults_located"), zones_figures),
    (("names_f1", *SCRIPTS.values()), _names),
    (("febrl4_f1", "uganda_f1"), linkage_figures),
    (("cross_script_recall_at_1", "slips_recall_at_1", "alerts_per_negative", "generated_recall_at_1"), _searches),
)
"""What measures which figures; each gives a figure as soon as it is known."""


def show(figures: list[Measured]) -> None:
    """Print figures beside their floors and those of peers."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = PLAIN_WIDTH
    table = Table(title="Measured on real data", title_justify="left", show_edge=False, box=None, pad_edge=False)
    for column in ("figure", "value", "of 95 %", "floor", "", "peer"):
        table.add_column(column, justify="right" if column in {"value", "peer"} else "left")
    for figure in figures:
        mark = figure.mark
        told = "" if mark.floor is None else "[green]met[/]" if mark.is_met(figure.value) else "[bold red]missed[/]"
        peer = "" if mark.peer is None else f"{mark.peer:.4f}"
        within = "" if figure.interval is None else "{:.4f} to {:.4f}".format(*figure.interval)
        table.add_row(figure.name, f"{figure.value:.4f}", within, str(mark), told, peer)
    console.print(table)
