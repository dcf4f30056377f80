"""This module is `isthmus evaluate names`: it compares pairs of names that people have judged."""

import time
from pathlib import Path
from typing import Annotated

import typer

from deploy.bench.telling import Teller
from deploy.evaluate_options import AsJson, Scores
from deploy.evaluating import NothingMeasured, show, tell_faults, write_scores
from search.evaluation import names as pairs_of_names
from search.evaluation.likeness import THRESHOLD as SAME_NAME
from search.evaluation.tables import read_table


def names(
    pairs: Annotated[Path, typer.Argument(metavar="PAIRS.csv", help="Columns left, right, match (1 or 0), group.")],
    as_json: AsJson = False,
    scores: Scores = None,
    threshold: Annotated[float, typer.Option(min=0, max=1, help="From here on two names count as the same.")] = (
        SAME_NAME
    ),
) -> None:
    """Compare pairs of names that people have judged.

    Example: `isthmus evaluate names pairs.csv --scores scored.csv`
    """
    table = read_table(pairs, pairs_of_names.COLUMNS)
    found, faults = pairs_of_names.pairs_of(table.rows)
    faults = table.faults + faults
    tell_faults(faults, pairs.name)
    if not found:
        raise NothingMeasured(f"{pairs.name} holds no pair that can be judged; see docs/evaluation.md.")
    with Teller().counting("Pairs of names", len(found)) as tell:
        began = time.perf_counter()
        judged = pairs_of_names.judged(found, tell)
        seconds = time.perf_counter() - began
    if scores is not None:
        lines = ((each.pair.row, (f"{each.likeness.score:.6f}", each.likeness.reasons)) for each in judged)
        write_scores(scores, table.columns, ("score", "reasons"), lines)
    show(pairs_of_names.figures_of(judged, seconds, threshold) | {"passed_over": len(faults)}, as_json)
