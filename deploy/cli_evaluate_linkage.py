"""This module is `isthmus evaluate linkage`: it links the records of files and compares with what is true."""

import time
from pathlib import Path
from typing import Annotated

import typer

from adapters.conversions.countries import nationalities_in
from deploy.bench.telling import Teller
from deploy.evaluating import AsJson, Scores, show, tell_faults
from deploy.text_files import lines_of, name_of, read_table, scores_file
from search.evaluation.linkage import check_identifiers, linked_pairs, measure, score_rows, truth_of
from search.evaluation.linked_records import FieldMap, check_columns, read_map, records_of
from search.linkage.linking import score_pairs
from search.linkage.persons import LinkRecord

LINKED = 0.5
"""From this probability on a pair is linked: it is then likelier than not of one person."""


def linkage(
    files: Annotated[list[Path], typer.Argument(metavar="RECORDS.csv...", help="Files of records.")],
    truth: Annotated[Path, typer.Option(metavar="PAIRS.csv", help="True pairs: two columns of identifiers.")],
    mapping: Annotated[Path, typer.Option("--map", metavar="MAP.toml", help="Contract field = column.")],
    as_json: AsJson = False,
    scores: Scores = None,
    threshold: Annotated[float, typer.Option(min=0, max=1, help="The probability that makes a link.")] = LINKED,
    between: Annotated[bool, typer.Option(help="Link between files only: none holds a person twice.")] = False,
) -> None:
    """Link records, and compare with the pairs that are true.

    Nothing is learnt from the true pairs. `docs/evaluation.md` describes the files.

    Example: `isthmus evaluate linkage a.csv.gz b.csv.gz --truth pairs.csv --map map.toml --scores scored.csv`
    """
    with scores_file(scores, [*files, truth, mapping]) as write:
        pairs = truth_of(read_table(truth), name_of(truth))
        records, faults = _records(files, read_map("".join(lines_of(mapping))))
        check_identifiers(records, pairs)
        known = {record.id for record in records}
        faults += tell_faults([*pairs.faults, *pairs.faults_among(known)], name_of(truth))
        started = time.perf_counter()
        with Teller().counting("Pairs of records") as progress:
            scored = score_pairs(records, within_sources=not between, progress=progress)
        linked = linked_pairs(records, scored.pairs, threshold)
        seconds = round(time.perf_counter() - started, 3)
        write(pairs.scores_columns, score_rows(scored.pairs, pairs, known))
    counted = {"records": len(records), "compared": scored.compared, "faults": faults}
    show({**measure(linked, pairs.pairs), "seconds": seconds, "threshold": threshold, **counted}, as_json)


def _records(files: list[Path], fields: FieldMap) -> tuple[list[LinkRecord], int]:
    """Read the records of all files; tell what cannot be read of them, and count it."""
    tables = [read_table(file) for file in files]
    check_columns(tables, fields)
    records: list[LinkRecord] = []
    count = 0
    for file, table in zip(files, tables, strict=True):
        found, faults = records_of(table, fields, str(file), nationalities_in)
        records += found
        count += tell_faults(table.faults + faults, name_of(file))
    return records, count
