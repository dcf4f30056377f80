"""This module is `isthmus evaluate linkage`: it links the records of files and compares with what is true."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress as Bar
from rich.table import Table

from deploy.text_files import lines_of, write_csv
from search.evaluation.linkage import (
    check_identifiers,
    linked_pairs,
    measure,
    read_map,
    read_pairs,
    read_records,
    score_rows,
)
from search.linkage.linking import Progress, Scored, score_pairs

LINKED = 0.5
"""From this probability on a pair is linked: it is then likelier than not of one person."""

_SECONDS_WITHOUT_BAR = 2


def linkage(
    files: Annotated[list[Path], typer.Argument(help="CSV files of records; `.gz` is unpacked.")],
    truth: Annotated[Path, typer.Option(help="CSV of true pairs: two columns of identifiers.")],
    mapping: Annotated[Path, typer.Option("--map", help="TOML: contract field = column.")],
    scores: Annotated[
        Path | None, typer.Option(help="Write pairs with their scores and reasons into this CSV.")
    ] = None,
    threshold: Annotated[float, typer.Option(min=0.0, max=1.0, help="The probability that makes a link.")] = LINKED,
    between: Annotated[bool, typer.Option(help="Link between files only: none holds a person twice.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Link records, and compare with the pairs that are true: precision, recall, F1.

    Nothing is learnt from the true pairs. `docs/linkage.md` describes the files.

    Example: `isthmus evaluate linkage a.csv.gz b.csv.gz --truth pairs.csv --map map.toml --scores scored.csv`
    """
    fields = read_map("".join(lines_of(mapping)))
    columns, pairs = read_pairs(lines_of(truth), truth.name)
    records = [record for file in files for record in read_records(lines_of(file), fields, str(file))]
    check_identifiers(records)
    started = time.monotonic()
    with _bar() as progress:
        scored = score_pairs(records, within_sources=not between, progress=progress)
    linked = linked_pairs(records, scored.pairs, threshold)
    told = {**measure(linked, pairs), "seconds": round(time.monotonic() - started, 3)}
    known = {record.id for record in records}
    unknown = sum(1 for pair in pairs if not known.issuperset(pair))
    if unknown:
        typer.echo(f"{unknown} of the true pairs name records that no file has; they count as missed.", err=True)
    if scores is not None:
        write_csv(scores, [*columns, "match", "score", "reasons"], score_rows(scored.pairs, pairs, known))
    if as_json:
        typer.echo(json.dumps(told))
    else:
        _show(told, scored, len(records))


def _show(told: dict[str, Any], scored: Scored, records: int) -> None:
    table = Table(show_edge=False, box=None, pad_edge=False)
    table.add_column("figure")
    table.add_column("value", justify="right")
    for name in ("precision", "recall", "f1"):
        table.add_row(name, f"{told[name]:.4f}")
    table.add_row("pairs", f"{told['pairs']:,}")
    table.add_row("compared", f"{scored.compared:,}")
    table.add_row("seconds", f"{told['seconds']:.1f}")
    console = Console(highlight=False)
    console.print(f"Linkage of {records:,} records")
    console.print(table)


@contextmanager
def _bar() -> Iterator[Progress]:
    """Show a bar on a terminal once two seconds have passed."""
    started = time.monotonic()
    bar = Bar(console=Console(stderr=True), transient=True)
    task = bar.add_task("Comparing")

    def show(done: int, total: int) -> None:
        if bar.console.is_terminal and time.monotonic() - started > _SECONDS_WITHOUT_BAR:
            bar.start()
            bar.update(task, completed=done, total=total)

    try:
        yield show
    finally:
        bar.stop()
