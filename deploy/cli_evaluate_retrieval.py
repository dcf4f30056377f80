"""This module is `isthmus evaluate retrieval`: it searches for people in records of one's own."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from adapters.conversions.countries import nationalities_in
from deploy.bench.telling import Teller
from deploy.evaluating import AsJson, Faults, Scores, StackName, elasticsearch, show
from deploy.interrupts import end_as_by_ctrl_c
from deploy.text_files import name_of, read_table, scores_file
from hub.settings import ElasticsearchSettings
from search.evaluation import retrieval as searches
from search.evaluation.asking import ask_all, fill, temporary_repository
from search.evaluation.people import QUERY_COLUMNS, RECORD_COLUMNS, People, Query, people_of, queries_of
from search.evaluation.tables import NotMeasurable, with_added
from search.score import THRESHOLD


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

    `docs/evaluation.md` describes the files. The Elasticsearch is that of `ISTHMUS_ELASTICSEARCH__URL`, or
    of a stack that is up.

    Example: `isthmus evaluate retrieval records.csv queries.csv --json`
    """
    end_as_by_ctrl_c()
    with scores_file(scores, [records, queries]) as write:
        held, asked = read_table(records, RECORD_COLUMNS), read_table(queries, QUERY_COLUMNS)
        people = people_of(held.rows, nationalities_in)
        questions = queries_of(asked.rows, nationalities_in)
        told = Faults()
        told.tell(held.faults + people.faults, name_of(records))
        told.tell(asked.faults + searches.faults_of(questions, people), name_of(queries))
        if not people.events:
            raise NotMeasurable(f"{name_of(records)} holds no record that can be used; give id and name to each.")
        if all(question.criteria is None for question in questions):
            raise NotMeasurable(
                f"{name_of(queries)} holds no query that can be asked; give a name or a document to each."
            )
        answers = asyncio.run(answered(elasticsearch(stack), people, questions, Teller()))
        told.tell(searches.faults_of_answers(answers, questions), name_of(queries))
        added = searches.ADDED
        write(
            with_added(asked.columns, added),
            ((*each.query.row.but(added), *searches.best_of(each)) for each in answers),
        )
    show(searches.figures_of(answers, threshold) | {"faults": told.count}, as_json)
    told.end()


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
