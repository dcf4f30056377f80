"""This module judges pairs of identity data by rules that are data: same, similar or different in each field.

The rules of the package are in `rules.toml`; an authority sets its own, with a version of its own. The judgement of a
pair is pure, and says which rule decided, with the verdict of each field.
"""

import tomllib
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from importlib.resources import files
from itertools import product
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from rapidfuzz.distance import DamerauLevenshtein

from contracts.countries import state_of
from hub.errors import Misconfigured
from search.births import Birth
from search.linkage import dates
from search.linkage.dates import YEAR
from search.linkage.names import Words, are_fathers_in_another_order, compared
from search.linkage.persons import LinkRecord
from search.names.effort import TWO_NAMES, Effort

_NAMES = "names"
_JUDGED = ("biometrics", _NAMES, "birth_date", "sex", "nationality", "birth_place", "documents")
_CHEAPEST_FIRST = ("biometrics", "documents", "birth_date", "sex", "nationality", "birth_place", _NAMES)
_WITHOUT_BOUND = 2**63
MOST_NAMES = 20
"""Of each side, whose spellings are compared: an alert may have two hundred. The same words are found in them all."""


class RulesUnreadable(Misconfigured):
    """The rules of linkage are not as they have to be."""

    code = "rules-unreadable"


class Verdict(StrEnum):
    """How one field of two records compares."""

    SAME = "same"
    SIMILAR = "similar"
    DIFFERENT = "different"
    UNKNOWN = "unknown"


class Colour(StrEnum):
    """Which link follows: of one person, to be judged by a person, none."""

    WHITE = "white"
    YELLOW = "yellow"
    NONE = "none"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Likeness(_Part):
    """From which likeness on, 0 to 1, two texts are the same or similar."""

    same: Annotated[float, Field(gt=0, le=1)]
    similar: Annotated[float, Field(gt=0, le=1)]


class NameRule(Likeness):
    """The same for names; a name of fewer `words` is at most similar, for a single word tells no person by itself.

    So are the same words in another order, where that makes of a father the son.
    """

    words: Annotated[int, Field(ge=1)] = 2


class DateRule(_Part):
    """What makes two dates similar that are not the same.

    A date that is known in part is never the same, nor is 1 January, which stands for its year alone. `year` is any
    two dates of one year; how all others compare decides `search.births`.
    """

    similar: frozenset[Literal["slip", "swapped", "part", "calendar", "year"]]


class SexRule(_Part):
    """Whether a sex that a document leaves open is similar to any."""

    similar: frozenset[Literal["unspecified"]]


class CodeRule(_Part):
    """Which nationalities are similar: pairs of codes, as of a state and its successor."""

    similar: tuple[frozenset[Annotated[str, AfterValidator(state_of)]], ...]


class NumberRule(_Part):
    """What makes two document numbers similar."""

    similar: frozenset[Literal["slip"]]


class FieldRules(_Part):
    """What counts as same and similar, field by field."""

    names: NameRule
    birth_date: DateRule
    sex: SexRule
    nationality: CodeRule
    birth_place: Likeness
    documents: NumberRule


class LinkRule(_Part):
    """Which link follows where each named field has one of the verdicts."""

    rule: str
    link: Colour
    biometrics: frozenset[Verdict] | None = None
    names: frozenset[Verdict] | None = None
    birth_date: frozenset[Verdict] | None = None
    sex: frozenset[Verdict] | None = None
    nationality: frozenset[Verdict] | None = None
    birth_place: frozenset[Verdict] | None = None
    documents: frozenset[Verdict] | None = None

    @cached_property
    def conditions(self) -> tuple[tuple[str, tuple[Verdict, ...]], ...]:
        """The fields that it looks at, each with the verdicts that it allows, cheapest first."""
        named = ((field, getattr(self, field)) for field in _CHEAPEST_FIRST)
        return tuple((field, tuple(allowed)) for field, allowed in named if allowed is not None)

    def holds(self, verdicts: Mapping[str, Verdict], but: str = "") -> bool:
        """Tell whether all conditions are met, or all `but` that on one field."""
        for field, allowed in self.conditions:  # noqa: SIM110  half the time of `all`, and each search comes by here
            if field != but and verdicts[field] not in allowed:
                return False
        return True


class Rules(_Part):
    """All rules, with the version that a link was made by."""

    version: str
    fields: FieldRules
    links: tuple[LinkRule, ...]

    @cached_property
    def linking(self) -> tuple[LinkRule, ...]:
        """The rules that make a link."""
        return tuple(rule for rule in self.links if rule.link is not Colour.NONE)

    @cached_property
    def want_a_key(self) -> bool:
        """Whether each link wants the same document, or birth dates that share a key (`search.linkage.dates.keys`).

        So it is where all rules for fingers that were not compared want a document that is the same, or birth dates
        that are at least similar: whatever makes dates similar, they share a key.
        """
        unknown = [rule for rule in self.linking if rule.biometrics is None or Verdict.UNKNOWN in rule.biometrics]
        same, alike = frozenset({Verdict.SAME}), frozenset({Verdict.SAME, Verdict.SIMILAR})
        return all(
            rule.documents == same or (rule.birth_date is not None and rule.birth_date <= alike) for rule in unknown
        )


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules say of a pair: the link, the rule that decided (None if none held), and each field's verdict."""

    link: Colour
    rule: str | None
    verdicts: Mapping[str, Verdict]
    version: str


@cache
def rules_of_the_package() -> Rules:
    """Read the rules of the package once."""
    return read_rules((files(__package__) / "rules.toml").read_text("utf-8"))


def read_rules(text: str) -> Rules:
    """Read rules from TOML.

    Raises:
        RulesUnreadable: the text is no TOML, or lacks or misspells something; the message says where.
    """
    try:
        return Rules.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as wrong:
        raise RulesUnreadable(f"The rules of linkage are no TOML ({wrong}); mend them.") from None
    except ValidationError as wrong:
        where = ".".join(str(part) for part in wrong.errors()[0]["loc"])
        raise RulesUnreadable(f"The rules of linkage are wrong at {where}; see those of the package.") from None


def rules_of(file: Path | None) -> Rules:
    """Read the rules of an authority, or those of the package where it has no file of its own.

    Raises:
        RulesUnreadable: the file cannot be read, or holds no rules; the message says why.
    """
    if file is None:
        return rules_of_the_package()
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as wrong:
        why = "it is no UTF-8 text" if isinstance(wrong, UnicodeDecodeError) else wrong.strerror
        raise RulesUnreadable(
            f"The rules of linkage in {file} cannot be read ({why}); set ISTHMUS_LINKAGE_RULES to a readable file."
        ) from None
    return read_rules(text)


def judge(one: LinkRecord, other: LinkRecord, rules: Rules, biometrics: Verdict = Verdict.UNKNOWN) -> Judged:
    """Judge a pair by the first rule that holds. `biometrics` is the result of comparing fingers elsewhere."""
    return Pair(one, other, rules, biometrics).judged()


class Pair:
    """Two records to be judged. What is told of them is made when it is asked for: comparing names costs the most."""

    def __init__(self, one: LinkRecord, other: LinkRecord, rules: Rules, biometrics: Verdict = Verdict.UNKNOWN) -> None:
        self._rules = rules
        self._verdicts = _Verdicts(one, other, rules.fields, biometrics)

    def may_link(self) -> bool:
        """Tell whether any rule could link the pair, whatever comes of the names."""
        return any(rule.holds(self._verdicts, but=_NAMES) for rule in self._rules.linking)

    def judged(self, effort: Effort | None = None) -> Judged:
        """Judge by the first rule that holds.

        Of `effort` is taken what comparing names costs. Where it is spent, less than none is left, and no further names
        are alike but those of the same words.
        """
        verdicts = self._verdicts
        verdicts.effort = effort
        deciding = next((rule for rule in self._rules.links if rule.holds(verdicts)), None)
        return Judged(
            deciding.link if deciding else Colour.NONE,
            deciding.rule if deciding else None,
            MappingProxyType({field: verdicts[field] for field in _JUDGED}),
            self._rules.version,
        )


class _Verdicts(dict[str, Verdict]):
    """The verdicts of a pair, each made when it is first asked for."""

    def __init__(self, one: LinkRecord, other: LinkRecord, fields: FieldRules, biometrics: Verdict) -> None:
        super().__init__(biometrics=biometrics)
        self._pair, self._fields = (one, other), fields
        self.effort: Effort | None = None

    def __missing__(self, field: str) -> Verdict:
        if field == _NAMES:
            made = _names(*self._pair, self._fields.names, self.effort or Effort(_WITHOUT_BOUND))
        else:
            made = _COMPARISONS[field](*self._pair, self._fields)
        self[field] = made
        return made


def _by_likeness(likeness: float | None, rule: Likeness) -> Verdict:
    if likeness is None:
        return Verdict.UNKNOWN
    if likeness >= rule.same:
        return Verdict.SAME
    return Verdict.SIMILAR if likeness >= rule.similar else Verdict.DIFFERENT


def _names(one: LinkRecord, other: LinkRecord, rule: NameRule, effort: Effort) -> Verdict:
    """Compare the names of two records as far as `effort` goes."""
    ones, others = ([name.all for name in record.names if name.all] for record in (one, other))
    if not ones or not others:
        return Verdict.UNKNOWN
    best = _of_the_same_words(ones, others, rule, effort)
    if best is Verdict.SAME:
        return best
    spelt = _of_spellings(ones, others, rule, effort)
    return best if spelt is Verdict.DIFFERENT else spelt


def _of_the_same_words(ones: Sequence[Words], others: Sequence[Words], rule: NameRule, effort: Effort) -> Verdict:
    """Compare each name with those of the same words, in whatever order."""
    telling: defaultdict[Words, list[Words]] = defaultdict(list)
    for name in ones:
        if len(name) >= rule.words:
            telling[tuple(sorted(name))].append(name)
    best = Verdict.DIFFERENT
    for theirs in others:
        for mine in telling.get(tuple(sorted(theirs)), ()):
            best = Verdict.SIMILAR
            if mine != theirs and not effort.spend(TWO_NAMES):
                return best
            if not are_fathers_in_another_order(mine, theirs):
                return Verdict.SAME
    return best


def _of_spellings(ones: Sequence[Words], others: Sequence[Words], rule: NameRule, effort: Effort) -> Verdict:
    """Compare the first names of both, word by word, until they are the same or the effort is spent."""
    best = Verdict.DIFFERENT
    for mine, theirs in product(ones[:MOST_NAMES], others[:MOST_NAMES]):
        if effort.left < 0:
            break
        likeness, cost = compared(mine, theirs)
        effort.spend(cost)
        verdict = _by_likeness(likeness, rule)
        if verdict is Verdict.SAME and _is_the_same(mine, theirs, rule):
            return verdict
        if verdict is not Verdict.DIFFERENT:
            best = Verdict.SIMILAR
    return best


def _is_the_same(one: Words, other: Words, rule: NameRule) -> bool:
    """Tell of names that are alike whether they tell a person by themselves."""
    return min(len(one), len(other)) >= rule.words and not are_fathers_in_another_order(one, other)


def _texts(ones: Collection[str], others: Collection[str], rule: Likeness) -> Verdict:
    likeness = [DamerauLevenshtein.normalized_similarity(one, other) for one in ones for other in others]
    return _by_likeness(max(likeness, default=None), rule)


def _dates(ones: Collection[str], others: Collection[str], rule: DateRule) -> Verdict:
    if not ones or not others:
        return Verdict.UNKNOWN
    found = {dates.compared(one, other) for one in ones for other in others}
    if Birth.SAME in found:
        return Verdict.SAME
    similar = any(_KIND_OF.get(birth) in rule.similar for birth in found)
    if not similar and "year" in rule.similar:
        similar = any(one[:YEAR] == other[:YEAR] for one in ones for other in others)
    return Verdict.SIMILAR if similar else Verdict.DIFFERENT


_KIND_OF: Mapping[Birth, str] = {
    Birth.AGREES: "part",
    Birth.SWAPPED: "swapped",
    Birth.CALENDAR: "calendar",
    Birth.SLIP: "slip",
}
"""What rules call how two dates compare; dates that are only near are different."""


def _sex(one: str, other: str, rule: SexRule) -> Verdict:
    if not one or not other:
        return Verdict.UNKNOWN
    if one == other:
        return Verdict.SAME
    return Verdict.SIMILAR if "unspecified" in rule.similar and "X" in {one, other} else Verdict.DIFFERENT


def _codes(ones: Collection[str], others: Collection[str], rule: CodeRule) -> Verdict:
    if not ones or not others:
        return Verdict.UNKNOWN
    if not set(ones).isdisjoint(others):
        return Verdict.SAME
    similar = any(frozenset((one, other)) in rule.similar for one in ones for other in others)
    return Verdict.SIMILAR if similar else Verdict.DIFFERENT


def _numbers(ones: Collection[str], others: Collection[str], rule: NumberRule) -> Verdict:
    if not ones or not others:
        return Verdict.UNKNOWN
    if not set(ones).isdisjoint(others):
        return Verdict.SAME
    near = any(DamerauLevenshtein.distance(one, other, score_cutoff=1) <= 1 for one in ones for other in others)
    return Verdict.SIMILAR if near and "slip" in rule.similar else Verdict.DIFFERENT


_COMPARISONS: Mapping[str, Callable[[LinkRecord, LinkRecord, FieldRules], Verdict]] = {
    "birth_date": lambda one, other, fields: _dates(one.birth_dates, other.birth_dates, fields.birth_date),
    "sex": lambda one, other, fields: _sex(one.sex, other.sex, fields.sex),
    "nationality": lambda one, other, fields: _codes(one.nationalities, other.nationalities, fields.nationality),
    "birth_place": lambda one, other, fields: _texts(one.birth_places, other.birth_places, fields.birth_place),
    "documents": lambda one, other, fields: _numbers(one.documents, other.documents, fields.documents),
}
