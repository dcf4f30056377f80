"""This module judges pairs of identity data by rules that are data: same, similar or different in each field.

The rules of the package are in `rules.toml`; an authority sets its own, with a version of its own. The judgement of a
pair is pure, and says which rule decided, with the verdict of each field.
"""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from rapidfuzz.distance import DamerauLevenshtein

from hub.errors import Misconfigured
from search.linkage.names import alike
from search.linkage.persons import LinkRecord


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


class DateRule(_Part):
    """What makes two dates similar that are not the same."""

    similar: frozenset[Literal["slip", "swapped", "part", "year"]]


class SexRule(_Part):
    """Whether a sex that a document leaves open is similar to any."""

    similar: frozenset[Literal["unspecified"]]


class CodeRule(_Part):
    """Which nationalities are similar: pairs of codes, as of a state and its successor."""

    similar: tuple[frozenset[str], ...]


class NumberRule(_Part):
    """What makes two document numbers similar."""

    similar: frozenset[Literal["slip"]]


class FieldRules(_Part):
    """What counts as same and similar, field by field."""

    names: Likeness
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

    def holds(self, verdicts: Mapping[str, Verdict]) -> bool:
        """Tell whether all conditions are met."""
        wanted = ((field, getattr(self, field)) for field in verdicts)
        return all(allowed is None or verdicts[field] in allowed for field, allowed in wanted)


class Rules(_Part):
    """All rules, with the version that a link was made by."""

    version: str
    fields: FieldRules
    links: tuple[LinkRule, ...]


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


def judge(one: LinkRecord, other: LinkRecord, rules: Rules, biometrics: Verdict = Verdict.UNKNOWN) -> Judged:
    """Judge a pair by the first rule that holds. `biometrics` is the result of comparing fingers elsewhere."""
    fields = rules.fields
    verdicts = {
        "biometrics": biometrics,
        "names": _names(one, other, fields.names),
        "birth_date": _dates(one.birth_dates, other.birth_dates, fields.birth_date),
        "sex": _sex(one.sex, other.sex, fields.sex),
        "nationality": _codes(one.nationalities, other.nationalities, fields.nationality),
        "birth_place": _texts(one.birth_places, other.birth_places, fields.birth_place),
        "documents": _numbers(one.documents, other.documents, fields.documents),
    }
    deciding = next((rule for rule in rules.links if rule.holds(verdicts)), None)
    return Judged(
        deciding.link if deciding else Colour.NONE,
        deciding.rule if deciding else None,
        MappingProxyType(verdicts),
        rules.version,
    )


def _by_likeness(likeness: float | None, rule: Likeness) -> Verdict:
    if likeness is None:
        return Verdict.UNKNOWN
    if likeness >= rule.same:
        return Verdict.SAME
    return Verdict.SIMILAR if likeness >= rule.similar else Verdict.DIFFERENT


def _names(one: LinkRecord, other: LinkRecord, rule: Likeness) -> Verdict:
    likeness = [alike(mine.all, theirs.all) for mine in one.names for theirs in other.names if mine.all and theirs.all]
    return _by_likeness(max(likeness, default=None), rule)


def _texts(ones: Collection[str], others: Collection[str], rule: Likeness) -> Verdict:
    likeness = [DamerauLevenshtein.normalized_similarity(one, other) for one in ones for other in others]
    return _by_likeness(max(likeness, default=None), rule)


def _dates(ones: Collection[str], others: Collection[str], rule: DateRule) -> Verdict:
    if not ones or not others:
        return Verdict.UNKNOWN
    if not set(ones).isdisjoint(others):
        return Verdict.SAME
    found = {kind for one in ones for other in others for kind in _likenesses(one, other)}
    return Verdict.SIMILAR if found & rule.similar else Verdict.DIFFERENT


def _likenesses(one: str, other: str) -> set[str]:
    """Name all ways in which two dates of up to eight digits are alike."""
    shorter = min(len(one), len(other))
    found = {
        "slip": len(one) == len(other) and DamerauLevenshtein.distance(one, other, score_cutoff=1) <= 1,
        "swapped": one == other[:4] + other[6:8] + other[4:6],
        "part": len(one) != len(other) and shorter >= len("1960") and one[:shorter] == other[:shorter],
        "year": one[:4] == other[:4],
    }
    return {kind for kind, holds in found.items() if holds}


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
