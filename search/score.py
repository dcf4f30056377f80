"""This module judges how well a record fits what is looked for, and says why. It is pure.

Each comparison adds or takes bits of evidence (`search.weights`): a shared document or name speaks for the record, and
the more so the rarer the name is; what contradicts speaks against it. The score is the probability that they make
together. The reasons name the values that were compared: they are for the one who asks, never for a log.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from contracts.dates import PartialDate
from contracts.identity import DocumentRef, IdentityData, PersonName, Sex
from contracts.query import Criteria
from search import births
from search.births import Birth
from search.commonness import UNKNOWN, Commonness, words_of
from search.names.compare import THRESHOLD as CLOSE_NAME
from search.names.compare import likeness as likeness_of_names
from search.names.parse import parse_name
from search.weights import Weights, probability, weights

THRESHOLD = 0.3
"""A record that scores less is not shown, unless a purpose has a threshold of its own: see `search.settings`.

Below a half, as a person who is overlooked is worse than one more record to look at.
"""
SAME_NAME = 0.995
DIGITS = 3
RARE_FROM = 0.6
"""The likeness of names from which on it counts how rare they are; from here to 1 it counts more and more."""


class Aspect(StrEnum):
    """What was compared."""

    DOCUMENT = "document"
    NAME = "name"
    RARITY = "rarity"
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
    """One comparison: what was asked, what the record holds, how they compare, the bits that it adds or takes."""

    aspect: Aspect
    verdict: Verdict
    asked: str
    held: str
    weight: float


@dataclass(frozen=True, slots=True)
class Score:
    """How well a record fits, as a probability. Reasons are written when they are read: most candidates do not fit."""

    value: float
    explain: Callable[[], Iterable[Reason]] = tuple

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """What was compared, weightiest first."""
        return tuple(sorted(self.explain(), key=lambda reason: -abs(reason.weight)))


NO_FIT = Score(0.0)


@dataclass(frozen=True, slots=True)
class Compared:
    """What was compared of a record, before it is weighed: nothing where one side does not say."""

    document: tuple[DocumentRef, DocumentRef] | None = None
    likeness: float | None = None
    names: tuple[str, str] = ("", "")
    rarity: float | None = None
    birth: Birth | None = None
    dates: tuple[PartialDate, PartialDate] | None = None
    nationality: Verdict | None = None
    sex: Verdict | None = None

    @property
    def rare_share(self) -> float:
        """How much of its weight the rarity of the name has."""
        return rare_share(self.likeness or 0.0)


def score(
    criteria: Criteria,
    identity: IdentityData | None,
    documents: Sequence[DocumentRef],
    commonness: Commonness = UNKNOWN,
    *,
    threshold: float = THRESHOLD,
) -> Score:
    """Judge what a record says of a person and of documents by what is asked.

    Whatever contradicts it, the document that was asked for reaches the `threshold` from which on records are shown:
    that another bears it is what matters then.
    """
    compared = compare(criteria, identity, documents, commonness)
    if compared.document is None and compared.likeness is None:
        return NO_FIT
    by = weights()
    value = judge(compared, by)
    return Score(
        max(value, threshold) if compared.document else value, partial(_reasons, compared, criteria, identity, by)
    )


def judge(compared: Compared, by: Weights) -> float:
    """Give the probability that what was compared makes."""
    bits = by.prior
    if compared.document is not None:
        bits += by.document
    if compared.likeness is not None:
        bits += by.of_name(compared.likeness) + _rarity(compared.likeness, compared.rarity, by)
    if compared.birth is not None:
        bits += by.birth[compared.birth]
    if compared.nationality is not None:
        bits += by.nationality[compared.nationality]
    if compared.sex is not None:
        bits += by.sex[compared.sex]
    return probability(bits)


def _rarity(likeness: float, rarity: float | None, by: Weights) -> float:
    return 0.0 if rarity is None else by.rarity * rare_share(likeness) * (rarity - by.usual_rarity)


def rare_share(likeness: float) -> float:
    """Tell how much of its weight the rarity of a name has: nothing where the names are not alike."""
    return max(0.0, (likeness - RARE_FROM) / (1 - RARE_FROM))


def compare(
    criteria: Criteria, identity: IdentityData | None, documents: Sequence[DocumentRef], commonness: Commonness
) -> Compared:
    """Compare all that both sides tell; of several names, dates and documents the ones that weigh most.

    So another name or date, on either side, never takes anything from a score.
    """
    by = weights()
    document = _same_document(criteria.documents, documents)
    if identity is None:
        return Compared(document)
    name = _weightiest(criteria.names, identity.names, commonness, by)
    birth, dates = None, None
    if criteria.birth_date is not None and identity.birth_dates:
        birth, held = births.compare(criteria.birth_date, identity.birth_dates, by.birth)
        dates = criteria.birth_date, held
    return Compared(
        document=document,
        likeness=name.likeness if name else None,
        names=(name.asked.text, name.held.text) if name else ("", ""),
        rarity=name.rarity if name else None,
        birth=birth,
        dates=dates,
        nationality=_shared(criteria.nationalities, identity.nationalities),
        sex=_shared(_known(criteria.sex), _known(identity.sex)),
    )


def _reasons(compared: Compared, criteria: Criteria, identity: IdentityData | None, by: Weights) -> Iterable[Reason]:
    if compared.document is not None:
        asked, held = compared.document
        yield Reason(Aspect.DOCUMENT, Verdict.SAME, _written(asked), _written(held), by.document)
    if identity is None:
        return
    if compared.likeness is not None:
        verdict = (
            Verdict.SAME
            if compared.likeness >= SAME_NAME
            else Verdict.CLOSE
            if compared.likeness >= CLOSE_NAME
            else Verdict.DIFFERENT
        )
        yield Reason(Aspect.NAME, verdict, *compared.names, round(by.of_name(compared.likeness), DIGITS))
    if compared.rarity is not None and compared.rare_share:
        bits = round(_rarity(compared.likeness or 0.0, compared.rarity, by), DIGITS)
        by_chance = f"by chance {2.0**-compared.rarity:.2g} records bear it"
        yield Reason(Aspect.RARITY, Verdict.CLOSE, compared.names[0], by_chance, bits)
    if compared.birth is not None and compared.dates is not None:
        asked_date, held_date = compared.dates
        verdict = _BIRTH_VERDICTS.get(compared.birth, Verdict.CLOSE)
        yield Reason(Aspect.BIRTH_DATE, verdict, str(asked_date), str(held_date), by.birth[compared.birth])
    if compared.nationality is not None:
        values = ", ".join(criteria.nationalities), ", ".join(identity.nationalities)
        yield Reason(Aspect.NATIONALITY, compared.nationality, *values, by.nationality[compared.nationality])
    if compared.sex is not None:
        yield Reason(Aspect.SEX, compared.sex, str(criteria.sex), str(identity.sex), by.sex[compared.sex])


_BIRTH_VERDICTS = {Birth.SAME: Verdict.SAME, Birth.OTHER: Verdict.DIFFERENT}


def _same_document(asked: Iterable[DocumentRef], held: Sequence[DocumentRef]) -> tuple[DocumentRef, DocumentRef] | None:
    for mine in asked:
        for theirs in held:
            if mine.number == theirs.number and (mine.issuer is None or theirs.issuer in {None, mine.issuer}):
                return mine, theirs
    return None


@dataclass(frozen=True, slots=True)
class _Named:
    """Two names that were compared, and how rare the one that is asked for is."""

    asked: PersonName
    held: PersonName
    likeness: float
    rarity: float | None


def _weightiest(
    asked: Iterable[PersonName], held: Sequence[PersonName], commonness: Commonness, by: Weights
) -> _Named | None:
    """Give the pair of names that weighs most; where they are equally alike, a rare name weighs more than a common one.

    Of one name that is asked for the likest is the weightiest.
    """
    best: tuple[float, _Named] | None = None
    for mine in asked:
        name = parse_name(mine)
        theirs, likeness = max(
            ((other, likeness_of_names(name, parse_name(other))) for other in held), key=lambda pair: pair[1]
        )
        rarity = commonness.rarity(words_of(name))
        bits = by.of_name(likeness) + _rarity(likeness, rarity, by)
        if best is None or bits > best[0]:
            best = bits, _Named(mine, theirs, likeness, rarity)
    return best[1] if best else None


def _known(sex: Sex | None) -> tuple[Sex, ...]:
    return (sex,) if sex in {Sex.FEMALE, Sex.MALE} else ()


def _shared(asked: Sequence[str], held: Sequence[str]) -> Verdict | None:
    if not asked or not held:
        return None
    return Verdict.DIFFERENT if set(asked).isdisjoint(held) else Verdict.SAME


def _written(document: DocumentRef) -> str:
    return f"{document.number} ({document.issuer})" if document.issuer else document.number
