"""This module judges how well a record fits what is looked for, and says why. It is pure.

The score is between 0 and 1. A shared document or a whole name speaks for the record; birth date, nationality and sex
confirm or contradict. The reasons name the values that were compared: they are for the one who asks, never for a log.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from contracts.dates import PartialDate
from contracts.identity import DocumentRef, IdentityData, PersonName, Sex
from contracts.query import Criteria
from search.names.latin import tokens
from search.names.skeleton import skeleton

# Weights are a first setting, chosen by hand so that a whole name with its birth date passes 0.9, a whole name alone
# 0.7, and a name with a contradicting birth date falls under the threshold of an answer.
THRESHOLD = 0.6
DOCUMENT_SCORE = 0.9
NAME_WEIGHT = 0.75
SAME_SOUND = 0.9
LEAST_SIMILAR = 0.7  # of two words, below which they are different words
CLOSE_NAME = 0.85
SAME_NAME = 0.995
BORN_SAME, BORN_AGREES, BORN_NEAR, BORN_OTHER = 0.18, 0.1, -0.02, -0.22
NATIONALITY_SAME, NATIONALITY_OTHER = 0.04, -0.05
WORTH_JUDGING = 0.3  # with every other comparison in its favour a record would still be far from the threshold
SEX_SAME, SEX_OTHER = 0.02, -0.1
# The cube of this, weighed as a name, and all that birth date, nationality and sex can add stay below the threshold.
WORTH_READING = 0.75


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


def name_similarity(one: Sequence[str], other: Sequence[str]) -> float:
    """Compare two names word by word, in any order, between 0 and 1; longer words count more.

    A word that only one side has costs half of what a differing word costs: names are often given in part.
    """
    if not one or not other:
        return 0.0
    if sorted(one) == sorted(other) or "".join(one) == "".join(other):
        return 1.0
    pairs = [
        (similarity, i, j)
        for i, a in enumerate(one)
        for j, b in enumerate(other)
        if (similarity := word_similarity(a, b)) >= LEAST_SIMILAR
    ]
    left, right = set(range(len(one))), set(range(len(other)))
    agreed = weight = 0.0
    for similarity, i, j in sorted(pairs, reverse=True):
        if i in left and j in right:
            left.discard(i)
            right.discard(j)
            length = (len(one[i]) + len(other[j])) / 2
            agreed += similarity * length
            weight += length
    paired_off = min(len(left), len(right)) > 0
    missing = sum(len(one[i]) for i in left) + sum(len(other[j]) for j in right)
    return agreed / (weight + missing * (0.6 if paired_off else 0.3)) if weight else 0.0


def is_promising(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether a name resembles `one` enough to be judged; the words of `other` may stand in any order.

    What is less alike stays under the threshold though all else agrees. Names that are one when their words are joined
    have the same letters.
    """
    return name_similarity(one, other) >= WORTH_READING or sorted("".join(one)) == sorted("".join(other))


@lru_cache(maxsize=65_536)
def word_similarity(one: str, other: str) -> float:
    """Compare two words: 1 for the same, less for each edit (Damerau, Levenshtein), 0.9 where they sound the same."""
    if one == other:
        return 1.0
    if min(len(one), len(other)) == 1:
        return SAME_SOUND if one[0] == other[0] else 0.0  # an initial
    edits = DamerauLevenshtein.normalized_similarity(one, other, score_cutoff=LEAST_SIMILAR)
    if edits >= SAME_SOUND:
        return edits
    bones = skeleton(one)
    return max(edits, SAME_SOUND if len(bones) > 1 and bones == skeleton(other) else 0.0)


def _compare_documents(asked: Iterable[DocumentRef], held: Sequence[DocumentRef]) -> Reason | None:
    for mine in asked:
        for theirs in held:
            if mine.number == theirs.number and (mine.issuer is None or theirs.issuer in {None, mine.issuer}):
                return Reason(Aspect.DOCUMENT, Verdict.SAME, _written(mine), _written(theirs), DOCUMENT_SCORE)
    return None


def _compare_names(asked: Iterable[PersonName], held: Sequence[PersonName]) -> Reason | None:
    best: tuple[float, str, str] | None = None
    for mine in asked:
        words = tokens(mine.text)
        for theirs in held:
            similarity = name_similarity(words, tokens(theirs.text))
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
