"""This module judges how well a record fits what is looked for, and says why. It is pure.

The score is between 0 and 1. A shared document or a whole name speaks for the record; birth date, nationality and sex
confirm or contradict. The reasons name the values that were compared: they are for the one who asks, never for a log.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import DamerauLevenshtein

from contracts.dates import PartialDate
from contracts.identity import DocumentRef, IdentityData, PersonName, Sex
from contracts.query import Criteria
from search.names.compare import THRESHOLD as CLOSE_NAME
from search.names.compare import compare
from search.names.parse import parse_name
from search.names.parts import Name

# Weights are a first setting, chosen by hand so that a whole name with its birth date passes 0.9, a whole name alone
# 0.7, and a name with a contradicting birth date falls under the threshold of an answer.
THRESHOLD = 0.6
DOCUMENT_SCORE = 0.9
NAME_WEIGHT = 0.75
SAME_NAME = 0.995
BORN_SAME, BORN_AGREES, BORN_NEAR, BORN_OTHER = 0.18, 0.1, -0.02, -0.22
NATIONALITY_SAME, NATIONALITY_OTHER = 0.04, -0.05
WORTH_JUDGING = 0.3  # with every other comparison in its favour a record would still be far from the threshold
SEX_SAME, SEX_OTHER = 0.02, -0.1
# The cube of this, weighed as a name, and all that birth date, nationality and sex can add stay below the threshold.
WORTH_READING = 0.65


class Aspect(StrEnum):
    """What was compared."""

    DOCUMENT = "document"
    NAME = "name"
    BIRTH_DATE = "birth-date"
    NATIONALITY = "nationality"
    SEX = "sex"
    FINGER = "finger"


class Verdict(StrEnum):
    """How it came out."""

    SAME = "same"
    CLOSE = "close"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Reason:
    """One comparison: what was asked, what the record holds, how they compare, what it adds to the score."""

    aspect: Aspect
    verdict: Verdict
    asked: str
    held: str
    weight: float


@dataclass(frozen=True, slots=True)
class Score:
    """How well a record fits, with the reasons, weightiest first."""

    value: float
    reasons: tuple[Reason, ...]


NO_FIT = Score(0.0, ())


def score(criteria: Criteria, identity: IdentityData | None, documents: Sequence[DocumentRef]) -> Score:
    """Compare what is asked with what a record says of a person and of documents."""
    document = _compare_documents(criteria.documents, documents)
    name = _compare_names(criteria.names, identity.names) if identity else None
    reasons = [reason for reason in (document, name) if reason is not None]
    base = max((reason.weight for reason in reasons), default=0.0)
    if document and name:
        # Both speak of one person, or the document is in other hands: either is worth saying.
        base += 0.05 if name.verdict is not Verdict.DIFFERENT else -0.1
    if base < WORTH_JUDGING:
        return NO_FIT
    if identity is not None:
        reasons += _compare_person(criteria, identity)
    adjusted = base + sum(reason.weight for reason in reasons if reason.aspect not in {Aspect.DOCUMENT, Aspect.NAME})
    ordered = sorted(reasons, key=lambda reason: -abs(reason.weight))
    # Whatever contradicts it, the document that was asked for is shown: that another bears it is what matters then.
    least = THRESHOLD if document else 0.0
    return Score(round(min(1.0, max(least, adjusted)), 3), tuple(ordered))


def is_promising(one: Name, other: Name) -> bool:
    """Tell whether a name may resemble `one` enough to be judged; the words of `other` may stand in any order.

    Where one name has more words than the other, what is one word here may be two there: the order would tell.
    """
    return len(one.parts) != len(other.parts) or compare(one, other).score >= WORTH_READING


def _compare_documents(asked: Iterable[DocumentRef], held: Sequence[DocumentRef]) -> Reason | None:
    for mine in asked:
        for theirs in held:
            if mine.number == theirs.number and (mine.issuer is None or theirs.issuer in {None, mine.issuer}):
                return Reason(Aspect.DOCUMENT, Verdict.SAME, _written(mine), _written(theirs), DOCUMENT_SCORE)
    return None


def _compare_names(asked: Iterable[PersonName], held: Sequence[PersonName]) -> Reason | None:
    best: tuple[float, str, str] | None = None
    for mine in asked:
        asked_name = parse_name(mine)
        for theirs in held:
            similarity = compare(asked_name, parse_name(theirs)).score
            if best is None or similarity > best[0]:
                best = (similarity, mine.text, theirs.text)
    if best is None:
        return None
    similarity = best[0]
    verdict = (
        Verdict.SAME if similarity >= SAME_NAME else Verdict.CLOSE if similarity >= CLOSE_NAME else Verdict.DIFFERENT
    )
    # Below a close name little is left: what shares one word of three is another person.
    worth = NAME_WEIGHT * (similarity if similarity >= CLOSE_NAME else similarity**3)
    return Reason(Aspect.NAME, verdict, best[1], best[2], round(worth, 3))


def _compare_person(criteria: Criteria, identity: IdentityData) -> list[Reason]:
    reasons = []
    if criteria.birth_date is not None and identity.birth_dates:
        reasons.append(_compare_births(criteria.birth_date, identity.birth_dates))
    if criteria.nationalities and identity.nationalities:
        same = not set(criteria.nationalities).isdisjoint(identity.nationalities)
        reasons.append(
            Reason(
                Aspect.NATIONALITY,
                Verdict.SAME if same else Verdict.DIFFERENT,
                ", ".join(criteria.nationalities),
                ", ".join(identity.nationalities),
                NATIONALITY_SAME if same else NATIONALITY_OTHER,
            )
        )
    known = {Sex.FEMALE, Sex.MALE}
    if criteria.sex in known and identity.sex in known:
        same = criteria.sex is identity.sex
        verdict = Verdict.SAME if same else Verdict.DIFFERENT
        reasons.append(
            Reason(Aspect.SEX, verdict, str(criteria.sex), str(identity.sex), SEX_SAME if same else SEX_OTHER)
        )
    return reasons


def _compare_births(asked: PartialDate, held: Sequence[PartialDate]) -> Reason:
    weight, verdict, best = max(
        ((*_compare_birth(asked, date), date) for date in held), key=lambda comparison: comparison[0]
    )
    return Reason(Aspect.BIRTH_DATE, verdict, str(asked), str(best), weight)


def _compare_birth(asked: PartialDate, held: PartialDate) -> tuple[float, Verdict]:
    if asked == held:
        return (BORN_SAME if asked.is_whole else BORN_AGREES), Verdict.SAME
    if asked.agrees_with(held):
        return BORN_AGREES, Verdict.CLOSE
    swapped = asked.is_whole and (asked.year, asked.day, asked.month) == (held.year, held.month, held.day)
    if swapped or DamerauLevenshtein.distance(str(asked), str(held), score_cutoff=1) <= 1:
        return BORN_NEAR, Verdict.CLOSE  # day and month swapped, or one digit slipped
    return BORN_OTHER, Verdict.DIFFERENT


def _written(document: DocumentRef) -> str:
    return f"{document.number} ({document.issuer})" if document.issuer else document.number
