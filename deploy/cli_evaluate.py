"""This module is `isthmus evaluate`: agencies measure on data of their own before they trust a threshold."""

import asyncio
import json
import time
from pathlib import Path
from typing import Annotated

import typer

from adapters.conversions.countries import nationalities_in
from deploy.bench.telling import Teller
from deploy.evaluating import NothingMeasured, elasticsearch, show, tell_faults, write_scores
from deploy.quality.calibrate import calibrate as fit_weights
from deploy.quality.fit import calibration_error
from hub.settings import ElasticsearchSettings
from search.evaluation import names as pairs_of_names
from search.evaluation import retrieval as searches
from search.evaluation.asking import ask_all, fill, temporary_repository
from search.evaluation.likeness import THRESHOLD as SAME_NAME
from search.evaluation.people import QUERY_COLUMNS, RECORD_COLUMNS, People, Query, people_of, queries_of
from search.evaluation.tables import read_table
from search.score import THRESHOLD

app = typer.Typer(
    help="Measure names, searches, links and zones on data of your own.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)

AsJson = Annotated[bool, typer.Option("--json", help="Print one object of JSON.")]
Scores = Annotated[Path | None, typer.Option("--scores", metavar="FILE", help="Write each row with its score as CSV.")]
StackName = Annotated[str, typer.Option("--stack", envvar="ISTHMUS_STACK", help="Whose Elasticsearch is used.")]


@app.command()
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


@app.command()
def retrieval(
    records: Annotated[
        Path,
        typer.Argument(metavar="RECORDS.csv", help="Columns id, name, birth_date, nationality, document, sex."),
    ],
    queries: Annotated[
        Path, typer.Argument(metavar="QUERIES.csv", help="The same without id, and expected_id: empty for a negative.")
    ],
    as_json: AsJson = False,
    scores: Scores = None,
    stack: StackName = "local",
    threshold: Annotated[float, typer.Option(min=0, max=1, help="From here on a person is shown.")] = THRESHOLD,
) -> None:
    """Search a temporary index of Elasticsearch that holds the records of a file, and is removed at the end.

    It is that of the environment (`ISTHMUS_ELASTICSEARCH__URL`), or of a stack that is up.

    Example: `isthmus evaluate retrieval records.csv queries.csv --json`
    """
    held, asked = read_table(records, RECORD_COLUMNS), read_table(queries, QUERY_COLUMNS)
    people = people_of(held.rows, nationalities_in)
    questions = queries_of(asked.rows, nationalities_in)
    tell_faults(held.faults + people.faults, records.name)
    refused = [searches.fault_of(query) for query in questions if query.criteria is None]
    tell_faults(asked.faults + refused, queries.name)
    if not (people.events and questions):
        raise NothingMeasured("There is no record, or no query, that can be used; see docs/evaluation.md.")
    answers = asyncio.run(answered(elasticsearch(stack), people, questions, Teller()))
    if scores is not None:
        added = ("score", "found_id", "reasons")
        write_scores(scores, asked.columns, added, ((each.query.row, searches.best_of(each)) for each in answers))
    passed_over = len(held.faults) + len(people.faults) + len(asked.faults)
    show(searches.figures_of(answers, threshold) | {"passed_over": passed_over}, as_json)


async def answered(
    settings: ElasticsearchSettings, people: People, questions: list[Query], teller: Teller
) -> list[searches.Answer]:
    """Fill a temporary repository with people, and ask it everything.

    Raises:
        RepositoryUnavailable: Elasticsearch does not answer, or forbids it.
    """
    async with temporary_repository(settings) as repository:
        with teller.counting("Records", len(people.events)) as tell:
            await fill(repository, people.events, tell)
        with teller.counting("Queries", len(questions)) as tell:
            return await ask_all(repository, questions, people.ids, tell)


@app.command()
def calibrate(
    write: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where the weights go; else they are shown.")
    ] = None,
    stack: StackName = "local",
) -> None:
    """Fit the weights of the scorer on invented people, so that a score is a probability, and tell how true that is.

    Example: `isthmus evaluate calibrate --write search/weights.json`
    """
    done = fit_weights(elasticsearch(stack), Teller())
    text = json.dumps(done.content, indent=2) + "\n"
    if write is None:
        typer.echo(text)
    else:
        write.write_text(text, encoding="utf-8")
    for title, bins in (("before", done.before), ("after", done.after)):
        typer.echo(f"{title}: calibration error {calibration_error(bins):.4f}", err=True)
        for each in bins:
            typer.echo(f"  {each.count:>8,} scored {each.mean:.3f} on average, right {each.right:.3f}", err=True)
