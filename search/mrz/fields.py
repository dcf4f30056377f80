"""This module names the fields of machine readable zones and what can be wrong with them."""

from dataclasses import dataclass
from enum import StrEnum


class Field(StrEnum):
    """The fields of a zone, as faults name them; `composite` is the check digit over most of the zone."""

    ZONE = "zone"
    CODE = "document_code"
    ISSUER = "issuer"
    NAME = "name"
    GIVEN = "given_name"
    NUMBER = "document_number"
    NATIONALITY = "nationality"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    EXPIRY_DATE = "expiry_date"
    OPTIONAL = "optional_data"
    OPTIONAL_2 = "optional_data_2"
    COMPOSITE = "composite"


class FaultKind(StrEnum):
    """What makes a zone invalid."""

    LINES = "lines"
    LENGTH = "length"
    CHARACTER = "character"
    CHECK_DIGIT = "check-digit"
    DATE = "date"
    EMPTY = "empty"


_SENTENCES = {
    FaultKind.LINES: "A zone has 2 lines of 44 or 36 characters, or 3 of 30; scan it again, fillers included.",
    FaultKind.LENGTH: "Line {line} does not have the length of its format; scan it again, fillers included.",
    FaultKind.CHARACTER: "The character at line {line}, column {column} cannot stand in the {field}; scan it again.",
    FaultKind.CHECK_DIGIT: "The check digit of the {field} (line {line}, column {column}) is wrong; scan it again.",
    FaultKind.DATE: "The {field} (line {line}, column {column}) is no date; scan it again.",
    FaultKind.EMPTY: "The {field} (line {line}, column {column}) is empty; type it in.",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and where: `line` and `column` count from 1.

    Of a check digit it is the place of the digit, and `expected` the digit that the field wants. `practice` names the
    state whose documents are known to be written so; such a fault keeps nobody from reading the zone.
    """

    field: Field
    kind: FaultKind
    line: int
    column: int
    expected: str | None = None
    practice: str | None = None

    @property
    def sentence(self) -> str:
        """What is wrong and what to do, without anything that was read."""
        return _SENTENCES[self.kind].format(line=self.line, column=self.column, field=self.field.replace("_", " "))


class Remark(StrEnum):
    """What is worth knowing of a zone that is valid all the same."""

    NAME_CUT = "name-may-be-cut"
    NAME_MISSING = "name-missing"
    NAME_PARTED_TWICE = "name-parted-twice"
    UNKNOWN_ISSUER = "issuer-unknown"
    UNKNOWN_NATIONALITY = "nationality-unknown"
    NO_NATIONALITY = "nationality-not-of-a-state"
    BIRTH_INCOMPLETE = "birth-date-incomplete"
    BIRTH_AFTER_EXPIRY = "birth-after-expiry"
    EXPIRED = "expired"
