"""This module is `isthmus evaluate names`: it compares pairs of names that people have judged."""

import time
from pathlib import Path
from typing import Annotated

import typer

from deploy.bench.telling import Teller
from deploy.evaluating import AsJson, Faults, Scores, show
from deploy.text_files import name_of, read_table, scores_file
from search.evaluation import names as pairs_of_names
from search.evaluation.likeness import THRESHOLD as SAME_NAME
from search.evaluation.tables import NotMeasurable, with_added


def names(
    pairs: Annotated[Path, typer.Argument(metavar="PAIRS.csv", help="Columns left, right, match (1 or 0), group.")],
    as_json: AsJson = False,
    scores: Scores = None,
    threshold: Annotated[float, typer.Option(min=0, max=1, help="From here on two names count as the same.")] = (
        SAME_NAME
    ),
) -> None:
    """Compare pairs of names that people have judged. `docs/evaluation.md` describes the files.

    Example: `isthmus evaluate names pairs.csv --scores scored.csv`
    """
    with scores_file(scores, [pairs]) as write:
        table = read_table(pairs, pairs_of_names.COLUMNS)
        found, faults = pairs_of_names.pairs_of(table.rows)
        told = Faults()
        told.tell(table.faults + faults, name_of(pairs))
        if not found:
            raise NotMeasurable(f"{name_of(pairs)} holds no pair that can be judged; give left, right and match.")
        with Teller().counting("Pairs of names", len(found)) as tell:
            began = time.perf_counter()
            judged = pairs_of_names.judged(found, tell)
            seconds = time.perf_counter() - began
        added = pairs_of_names.ADDED
        write(with_added(table.columns, added), ((*each.pair.row.but(added), *each.added) for each in judged))
    show(pairs_of_names.figures_of(judged, seconds, threshold) | {"faults": told.count}, as_json)
    told.end()
