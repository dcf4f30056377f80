"""This module judges how well a record fits what is looked for, and says why. It is pure.

Each comparison adds or takes bits of evidence (`search.weights`): a shared document or name speaks for the record, and
the more so the rarer the name is; what contradicts speaks against it. The score is the probability that they make
together. The reasons name the values that were compared: they are for the one who asks, never for a log.

Names are dear to compare, and all else is cheap: where all else speaks so much against a record that no name could make
it fit, its names are compared when its score is read, and for most candidates nobody does.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import NamedTuple, Self

from contracts.countries import may_be_one, share_one
from contracts.dates import PartialDate
from contracts.identity import DocumentRef, IdentityData, PersonName, Sex
from contracts.query import Criteria
from search import births
from search.births import Birth
from search.commonness import RARE, UNKNOWN, Commonness, words_of
from search.names.compare import THRESHOLD as CLOSE_NAME
from search.names.compare import likeness as likeness_of_names
from search.names.effort import A_RECORD, Effort
from search.names.parse import parse_name
from search.names.parts import Name
from search.reasons import Aspect, Claim, Reason, Verdict
from search.weights import Weights, probability, rare_share, weights

THRESHOLD = 0.3
"""A record that scores less is not shown, unless a purpose has a threshold of its own: see `search.settings`.

Below a half, as a person who is overlooked is worse than one more record to look at.
"""
SAME_NAME = 0.995
DIGITS = 3
ROUNDING = 1e-6
"""Bits, by which a sum may differ in another order."""


Explain = Callable[[], Iterable[Reason]]


class Judged(NamedTuple):
    """What came of judging a record; it may be more than that where it `is_rough`.

    Its names were too many to be compared in full, or it holds what nobody foresaw, and could not be judged: `failure`
    is the class of error that it ended with.
    """

    value: float
    explain: Explain = tuple
    claim: Claim | None = None
    is_rough: bool = False
    failure: str | None = None


class Score:
    """How well a record fits, as a probability; value, claim and reasons are worked out when they are read.

    Attributes:
        most: what the value cannot exceed.
        may_claim: whether there may be a claim to be shown.
        by_number: whether it bears the number of the document that was asked for, by another issuer.
    """

    __slots__ = ("_judge", "_judged", "by_number", "may_claim", "most")

    def __init__(
        self, value: float, explain: Explain = tuple, claim: Claim | None = None, *, by_number: bool = False
    ) -> None:
        self.most, self.may_claim, self.by_number = value, claim is not None, by_number
        self._judged: Judged | None = Judged(value, explain, claim)
        self._judge: Callable[[], Judged] | None = None

    @classmethod
    def at_most(cls, most: float, judge: Callable[[], Judged], *, may_claim: bool) -> Self:
        """Make a score that is judged when it is read."""
        score = cls(most)
        score._judged, score._judge, score.may_claim = None, judge, may_claim
        return score

    def fits(self, threshold: float) -> bool:
        """Tell whether the record is to be shown; of most that are not the value need not be known.

        A document or its number is shown whatever the threshold is.
        """
        return self.by_number or self.is_meant(threshold)

    def is_meant(self, threshold: float) -> bool:
        """Tell whether it fits by more than the number of a document that another issued.

        A document fits whatever the threshold is, a name where the threshold is not above `THRESHOLD`.
        """
        if self.most < threshold and not self.may_claim:
            return False
        judged, claim = self._read(), self._read().claim
        return judged.value >= threshold or claim is Claim.DOCUMENT or (claim is Claim.NAME and threshold <= THRESHOLD)

    def work_out(self) -> None:
        """Judge now what else is judged when it is read."""
        self._read()

    @property
    def value(self) -> float:
        """The probability that the record is of the person, or names the document, that is asked for."""
        return self._read().value

    @property
    def claim(self) -> Claim | None:
        """Why it is shown though it may score less than others that are not."""
        return self._read().claim

    @property
    def is_rough(self) -> bool:
        """Whether it was judged, and may be more than could be found out."""
        return self._judged is not None and self._judged.is_rough

    @property
    def failure(self) -> str | None:
        """The class of error that judging ended with, where it did."""
        return self._judged.failure if self._judged is not None else None

    @property
    def standing(self) -> tuple[float, float]:
        """What records are ordered by, the highest first: what has a claim stands with what just fits."""
        judged = self._read()
        return max(judged.value, THRESHOLD if judged.claim else 0.0), judged.value

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """What was compared, weightiest first."""
        return tuple(sorted(self._read().explain(), key=lambda reason: -abs(reason.weight)))

    def _read(self) -> Judged:
        if self._judged is None:
            assert self._judge is not None
            try:
                self._judged = self._judge()
            except Exception as error:  # noqa: BLE001  one record of one register must not take all others with it
                self._judged = Judged(0.0, is_rough=True, failure=type(error).__name__)
        return self._judged

    @property
    def bears_the_name(self) -> bool:
        """Whether the name is alike, and nothing that was compared contradicts."""
        verdicts = {reason.aspect: reason.verdict for reason in self._read().explain()}
        return verdicts.get(Aspect.NAME) in {Verdict.SAME, Verdict.CLOSE} and Verdict.DIFFERENT not in verdicts.values()


NO_FIT = Score(0.0)


@dataclass(frozen=True, slots=True)
class Compared:
    """What was compared of a record, before it is weighed: nothing where one side does not say.

    `number` is that of a document which another issued; `may_bear_it` tells whether the record bears a name that is
    asked for, or one like it that hardly anybody bears;
    `is_rough`, that not all ways to compare the names were tried.
    """

    document: tuple[DocumentRef, DocumentRef] | None = None
    number: tuple[DocumentRef, DocumentRef] | None = None
    likeness: float | None = None
    names: tuple[str, str] = ("", "")
    rarity: float | None = None
    may_bear_it: bool = False
    is_rough: bool = False
    birth: Birth | None = None
    dates: tuple[PartialDate, PartialDate] | None = None
    nationality: Verdict | None = None
    sex: Verdict | None = None

    @property
    def rare_share(self) -> float:
        """How much of its weight the rarity of the name has."""
        return rare_share(self.likeness or 0.0)


def judge(compared: Compared, by: Weights) -> float:
    """Give the probability that what was compared makes."""
    return probability(_bits(compared, by))


def _bits(compared: Compared, by: Weights) -> float:
    bits = by.prior
    if compared.document is not None:
        bits += by.document
    if compared.likeness is not None:
        bits += by.of_name(compared.likeness, compared.rarity)
    if compared.birth is not None:
        bits += by.birth[compared.birth]
    if compared.nationality is not None:
        bits += by.nationality[compared.nationality]
    if compared.sex is not None:
        bits += by.sex[compared.sex]
    return bits


class Scorer:
    """Judges records by one question, whose names are parsed and weighed once.

    `commonness` tells how common the names are.
    """

    def __init__(self, criteria: Criteria, commonness: Commonness = UNKNOWN) -> None:
        self._criteria = criteria
        self._by = weights()
        self._of_name = cache(self._by.of_name)  # most names that are looked at are not alike at all
        parsed = [(name, parse_name(name)) for name in criteria.names]
        self._names = [_Asked(name, words, commonness.rarity(words_of(words))) for name, words in parsed]
        self._most_of_a_name = max((self._by.of_name(1.0, name.rarity) for name in self._names), default=0.0)

    def score(self, identity: IdentityData | None, documents: Sequence[DocumentRef]) -> Score:
        """Judge what a record says of a person and of documents by what is asked.

        Whatever contradicts it, the document that was asked for has a claim to be shown, and so has the very name,
        however common it is, where nothing contradicts. So does a name like it, as with a slip or in another script, if
        by chance nobody would bear it.
        """
        but_names = self._compare_all_but_names(identity, documents)
        if but_names.document is not None:
            judged = self._judge(but_names, identity)
            return Score(judged.value, judged.explain, Claim.DOCUMENT)
        if but_names.number is not None:
            judged = self._judge(but_names, identity)
            return Score(judged.value, judged.explain, judged.claim or Claim.NUMBER, by_number=True)
        if identity is None or not self._names:
            return NO_FIT
        most = probability(_bits(but_names, self._by) + self._most_of_a_name + ROUNDING)
        may_claim = not self.is_contradicted(but_names)
        return Score.at_most(most, partial(self._judge, but_names, identity), may_claim=may_claim)

    def is_contradicted(self, compared: Compared) -> bool:
        """Tell whether birth date, nationality or sex speak against it."""
        against = compared.birth is not None and self._by.birth[compared.birth] < 0
        return against or Verdict.DIFFERENT in {compared.nationality, compared.sex}

    def compare(self, identity: IdentityData | None, documents: Sequence[DocumentRef]) -> Compared:
        """Compare all that both sides tell; of several names, dates and documents the ones that weigh most.

        So another name or date, on either side, never takes anything from a score.
        """
        return self._with_names(self._compare_all_but_names(identity, documents), identity)

    def _judge(self, but_names: Compared, identity: IdentityData | None) -> Judged:
        compared = self._with_names(but_names, identity)
        claim = Claim.NAME if compared.may_bear_it and not self.is_contradicted(compared) else None
        explain = partial(_reasons, compared, self._criteria, identity, self._by)
        return Judged(judge(compared, self._by), explain, claim, compared.is_rough)

    def _compare_all_but_names(self, identity: IdentityData | None, documents: Sequence[DocumentRef]) -> Compared:
        criteria = self._criteria
        alike = [(mine, held) for mine in criteria.documents for held in documents if mine.number == held.number]
        document = next((pair for pair in alike if may_be_one(pair[0].issuer, pair[1].issuer)), None)
        number = alike[0] if alike and document is None else None
        if identity is None:
            return Compared(document, number)
        birth, dates = None, None
        if criteria.birth_date is not None and identity.birth_dates:
            birth, held = births.compare(criteria.birth_date, identity.birth_dates, self._by.birth)
            dates = criteria.birth_date, held
        return Compared(
            document=document,
            number=number,
            birth=birth,
            dates=dates,
            nationality=_nationality(criteria.nationalities, identity.nationalities),
            sex=_shared(_known(criteria.sex), _known(identity.sex)),
        )

    def _with_names(self, compared: Compared, identity: IdentityData | None) -> Compared:
        if identity is None or not self._names:
            return compared
        effort = Effort(A_RECORD)
        pairs = self._pairs(identity.names, effort)
        # The likest is not always the weightiest: a common name that is nearly the same may tell less than a rare one
        # that is alike.
        asked, held, likeness = max(pairs, key=self._weight)
        return replace(
            compared,
            likeness=likeness,
            names=(asked.name.text, held.text),
            rarity=asked.rarity,
            may_bear_it=any(asked.may_be(likeness) for asked, _, likeness in pairs),
            is_rough=effort.fell_short,
        )

    def _pairs(self, held: Sequence[PersonName], effort: Effort) -> list[tuple["_Asked", PersonName, float]]:
        """Give each pair of names with how alike they are, as far as effort lasts.

        A name behind the others takes nothing from what the comparison of these may cost.
        """
        levels = [
            [likeness_of_names(asked.parsed, parsed, effort) for asked in self._names]
            for parsed in map(parse_name, held)
        ]
        return [
            (asked, name, levels[row][column])
            for column, asked in enumerate(self._names)
            for row, name in enumerate(held)
        ]

    def _weight(self, pair: tuple["_Asked", PersonName, float]) -> tuple[float, float]:
        """Weigh two names; of two pairs that weigh the same the likest counts."""
        asked, _, likeness = pair
        return self._of_name(likeness, asked.rarity), likeness


@dataclass(frozen=True, slots=True)
class _Asked:
    """A name that is asked for, and how rare it is."""

    name: PersonName
    parsed: Name
    rarity: float | None

    def may_be(self, likeness: float) -> bool:
        """Tell whether who bears a name so alike is sooner the one who is asked for than somebody else."""
        is_rare = self.rarity is None or self.rarity >= RARE
        return likeness >= (CLOSE_NAME if is_rare else SAME_NAME)


def score(
    criteria: Criteria,
    identity: IdentityData | None,
    documents: Sequence[DocumentRef],
    commonness: Commonness = UNKNOWN,
) -> Score:
    """Judge one record, as `Scorer` does."""
    return Scorer(criteria, commonness).score(identity, documents)


def compare(
    criteria: Criteria, identity: IdentityData | None, documents: Sequence[DocumentRef], commonness: Commonness
) -> Compared:
    """Compare one record, as `Scorer` does."""
    return Scorer(criteria, commonness).compare(identity, documents)


def _reasons(compared: Compared, criteria: Criteria, identity: IdentityData | None, by: Weights) -> Iterable[Reason]:
    if compared.document is not None:
        asked, held = compared.document
        yield Reason(Aspect.DOCUMENT, Verdict.SAME, _written(asked), _written(held), by.document)
    if compared.number is not None:
        asked, held = compared.number
        yield Reason(Aspect.DOCUMENT, Verdict.DIFFERENT, _written(asked), _written(held), 0.0)
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
        likeness = compared.likeness or 0.0
        bits = round(by.of_name(likeness, compared.rarity) - by.of_name(likeness), DIGITS)
        bearers = f"{2.0**-compared.rarity:.2g}"
        by_chance = "by chance 1 person bears it" if bearers == "1" else f"by chance {bearers} persons bear it"
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


def _known(sex: Sex | None) -> tuple[Sex, ...]:
    return (sex,) if sex in {Sex.FEMALE, Sex.MALE} else ()


def _nationality(asked: Sequence[str], held: Sequence[str]) -> Verdict | None:
    verdict = _shared(asked, held)
    return Verdict.SAME if verdict is Verdict.DIFFERENT and share_one(asked, held) else verdict


def _shared(asked: Sequence[str], held: Sequence[str]) -> Verdict | None:
    if not asked or not held:
        return None
    return Verdict.DIFFERENT if set(asked).isdisjoint(held) else Verdict.SAME


def _written(document: DocumentRef) -> str:
    return f"{document.number} ({document.issuer})" if document.issuer else document.number
