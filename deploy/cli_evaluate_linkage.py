"""This module is `isthmus evaluate linkage`: it links the records of files and compares with what is true."""

import time
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Annotated

import typer

from adapters.conversions.countries import nationalities_in
from deploy.bench.telling import Teller
from deploy.evaluating import AsJson, Faults, Scores, show
from deploy.text_files import lines_of, name_of, read_table, scores_file
from search.evaluation.linkage import (
    check_comparable,
    check_identifiers,
    clusters_of,
    judgements_of,
    linked_pairs,
    measure,
    score_rows,
    truth_of,
)
from search.evaluation.linked_records import FieldMap, check_columns, lines_of_more_rows, read_map, records_of
from search.linkage.clusters import Judgement
from search.linkage.judgements import JUDGED
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
    judgements: Annotated[
        Path | None, typer.Option(metavar="JUDGED.csv", help="What people decided: one,other,decision,by.")
    ] = None,
    between: Annotated[bool, typer.Option(help="Link between files only: none holds a person twice.")] = False,
) -> None:
    """Link records, and compare with the pairs that are true.

    Nothing is learnt from the true pairs. What people decided of two records (join or split) no link overrides.
    `docs/evaluation.md` describes the files.

    Example: `isthmus evaluate linkage a.csv.gz b.csv.gz --truth pairs.csv --map map.toml --scores scored.csv`
    """
    with scores_file(scores, [*files, truth, mapping, *([judgements] if judgements else [])]) as write:
        told = Faults()
        pairs = truth_of(read_table(truth), name_of(truth))
        fields = read_map("".join(lines_of(mapping)))
        typer.echo(f"{name_of(mapping)}: {fields.told}.", err=True)
        records = _records(files, fields, told)
        check_identifiers(records, pairs)
        check_comparable(records, between=between)
        known = {record.id for record in records}
        told.tell([*pairs.faults, *pairs.faults_among(known)], name_of(truth))
        judged = _judgements(judgements, known, told)
        started = time.perf_counter()
        with Teller().counting("Pairs of records") as progress:
            scored = score_pairs(records, within_sources=not between, progress=progress)
        clusters = clusters_of(records, scored.pairs, threshold, judged)
        linked = linked_pairs(clusters)
        seconds = round(time.perf_counter() - started, 3)
        write(pairs.scores_columns, score_rows(scored.pairs, pairs, known, clusters))
    counted: dict[str, int] = {"records": len(records), "compared": scored.compared, "faults": told.count}
    if judgements is not None:
        counted |= {"judgements": len(judged), "overridden": len(clusters.left_out)}
    show({**measure(linked, pairs.pairs), "seconds": seconds, "threshold": threshold, **counted}, as_json)
    told.end()


def _judgements(file: Path | None, known: Collection[str], told: Faults) -> list[Judgement]:
    """Read what people decided; tell what cannot be read of it."""
    if file is None:
        return []
    judged, faults = judgements_of(read_table(file, JUDGED), known)
    told.tell(faults, name_of(file))
    return judged


def _records(files: list[Path], fields: FieldMap, told: Faults) -> list[LinkRecord]:
    """Read the records of all files; tell what cannot be read of them."""
    tables = [read_table(file) for file in files]
    check_columns(tables, fields)
    records: list[LinkRecord] = []
    for file, table in zip(files, tables, strict=True):
        found, faults = records_of(table, fields, str(file), nationalities_in)
        records += found
        _tell_more_rows(lines_of_more_rows(table, fields), name_of(file))
        told.tell(table.faults + faults, name_of(file))
    return records


def _tell_more_rows(lines: Sequence[int], name: str) -> None:
    """Say that rows of one identifier are one record: two people who bear it by mistake would be merged unseen."""
    if lines:
        more = f" and {len(lines) - 1:,} more" if lines[1:] else ""
        typer.echo(f"{name}: line {lines[0]}{more}: the identifier of a row above; they are one record.", err=True)
