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


class Claim(StrEnum):
    """Why a record is shown however improbable it is."""

    DOCUMENT = "document"
    """It bears the document that was asked for: that another bears it is what matters then."""
    NUMBER = "number"
    """It bears a document of that number, which somebody else issued than was said: one of the two may be wrong."""
    NAME = "name"
    """It bears the name that was asked for, and nothing contradicts: who asks by a name asks for those who bear it."""
