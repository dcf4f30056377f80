"""This module measures what a search finds and whom it alerts on wrongly. It is pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from search.evaluation.curves import quantile, share_of
from search.evaluation.people import People, Query
from search.evaluation.tables import Fault
from search.score import Score

ADDED = ("score", "found_id", "reasons")
"""The columns that are added to those of the input."""
FIRST = 10
P50, P95 = 0.5, 0.95
MS_DIGITS = 1


@dataclass(frozen=True, slots=True)
class Ranked:
    """A person that was found: the id that the table gives, and the score with its reasons."""

    id: str
    score: Score


@dataclass(frozen=True, slots=True)
class Answer:
    """What one query brought: the persons that the index offered, best first, and the milliseconds that it took."""

    query: Query
    found: tuple[Ranked, ...]
    ms: float

    def rank(self) -> int | None:
        """Give the place of the first right person, from 1; nothing where none was offered."""
        places = (place for place, item in enumerate(self.found, 1) if item.id in self.query.expected)
        return next(places, None)

    def alerts(self, threshold: float) -> int:
        """Count the persons that would be shown."""
        return sum(item.score.fits(threshold) for item in self.found)


def unanswered(query: Query) -> Answer:
    """Give what stands for the answer to a query that the repository kept refusing: nobody, and why."""
    return Answer(replace(query, criteria=None, fault="the repository did not answer it"), (), 0.0)


def faults_of_answers(answers: Iterable[Answer], queries: Iterable[Query]) -> list[Fault]:
    """Name the lines of queries that were asked and not answered."""
    return [
        Fault(query.row.line, f"{answer.query.fault}; it counts as refused")
        for answer, query in zip(answers, queries, strict=True)
        if query.criteria is not None and answer.query.criteria is None
    ]


def figures_of(answers: Sequence[Answer], threshold: float) -> dict[str, float | int | None]:
    """Give the figures; None is a share of nothing, or the time of no query.

    A positive query that could not be asked found nobody; a negative one counts for nothing.
    """
    ranks = [answer.rank() for answer in answers if answer.query.expected]
    negatives = [answer for answer in answers if not answer.query.expected and answer.query.criteria is not None]
    asked = [answer.ms for answer in answers if answer.query.criteria is not None]
    shown = sum(
        answer.found[rank - 1].score.fits(threshold)
        for answer in answers
        if answer.query.expected and (rank := answer.rank())
    )
    return {
        "recall_at_1": share_of(sum(rank == 1 for rank in ranks), len(ranks)),
        "recall_at_10": share_of(sum(rank is not None and rank <= FIRST for rank in ranks), len(ranks)),
        "candidates_recall": share_of(sum(rank is not None for rank in ranks), len(ranks)),
        "recall_at_threshold": share_of(shown, len(ranks)),
        "alerts_per_negative": share_of(sum(answer.alerts(threshold) for answer in negatives), len(negatives)),
        "p50_ms": round(quantile(asked, P50), MS_DIGITS) if asked else None,
        "p95_ms": round(quantile(asked, P95), MS_DIGITS) if asked else None,
        "threshold": threshold,
        "positives": len(ranks),
        "negatives": len(negatives),
        "refused": len(answers) - len(asked),
    }


def reasons_of(score: Score) -> str:
    """Write the reasons of a score on one line, weightiest first."""
    return "; ".join(
        f"{reason.aspect} {reason.verdict} {reason.weight:+.2f} ({reason.asked} | {reason.held})"
        for reason in score.reasons
    )


def best_of(answer: Answer) -> tuple[str, str, str]:
    """Give score, id and reasons of the person that was found first; what kept a query from being asked is a reason."""
    if not answer.found:
        return "", "", answer.query.fault
    best = answer.found[0]
    return f"{best.score.value:.6f}", best.id, reasons_of(best.score)


def faults_of(queries: Iterable[Query], people: People) -> list[Fault]:
    """Name the lines of queries that cannot be asked, and of those whose right person is not on record."""
    known = set(people.ids.values())
    return [fault for query in queries if (fault := _fault_of(query, known)) is not None]


def _fault_of(query: Query, known: set[str]) -> Fault | None:
    if query.criteria is None:
        return Fault(query.row.line, f"{query.fault}; it is not asked")
    if query.expected and query.expected.isdisjoint(known):
        return Fault(query.row.line, "no record has the expected_id; the query counts as not found", counts=True)
    return None
