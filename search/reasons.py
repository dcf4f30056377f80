"""This module holds the words in which a comparison is told: what was compared, how it came out, what it weighs."""

from dataclasses import dataclass
from enum import StrEnum


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
