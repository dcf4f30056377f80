"""This module makes document numbers and machine readable zones as ICAO Doc 9303 shapes them."""

import datetime as dt
import random
import re
from dataclasses import dataclass

from anyascii import anyascii

from contracts.identity import DocumentType, Sex

WEIGHTS = (7, 3, 1)  # ICAO Doc 9303-3, 4.9
NAME_LENGTH = 39  # of a TD3 zone's first line (ICAO Doc 9303-4, 4.2.2)
NUMBER_LENGTH = 9

# L a letter, N a digit. Letters come from the end of the alphabet, where specimens have theirs.
SHAPES = {
    "UKR": "LLNNNNNN", "TUR": "LNNNNNNNN", "GEO": "NNLLNNNNN", "ARM": "LLNNNNNNN", "CHN": "LNNNNNNNN",
    "KOR": "LNNNNNNNN", "JPN": "LLNNNNNNN", "VNM": "LNNNNNNN", "BRA": "LLNNNNNN", "COL": "LLNNNNNN", "SYR": "NNNNNNNNN",
    "IRQ": "LNNNNNNNN", "IRN": "LNNNNNNNN", "AFG": "LNNNNNNNN", "MAR": "LLNNNNNNN", "RUS": "NNNNNNNNN",
    "FRA": "NNLLNNNNN", "GRC": "LLNNNNNNN",
}  # fmt: skip
COMMON_SHAPE = "LNNNNNNNN"
LETTERS = "XYZ"


@dataclass(frozen=True, slots=True)
class Document:
    """A travel document of nobody."""

    number: str
    issuer: str
    type: DocumentType
    issued: dt.date
    valid_until: dt.date


class Numbers:
    """Gives document numbers of a country's shape, never the same one twice."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._given: set[tuple[str, str]] = set()

    def next(self, issuer: str) -> str:
        """Give a number that no other document of `issuer` has."""
        shape = SHAPES.get(issuer, COMMON_SHAPE)
        while True:
            letters = self._rng.choices(LETTERS, k=len(shape))
            digits = f"{self._rng.randrange(10 ** len(shape)):0{len(shape)}d}"
            number = "".join(letters[at] if kind == "L" else digits[at] for at, kind in enumerate(shape))
            if (issuer, number) not in self._given:
                self._given.add((issuer, number))
                return number


def check_digit(text: str) -> str:
    """Compute the check digit of a part of a zone (ICAO Doc 9303-3, 4.9)."""
    values = (int(c) if c.isdigit() else 0 if c == "<" else ord(c) - ord("A") + 10 for c in text)
    return str(sum(value * WEIGHTS[at % 3] for at, value in enumerate(values)) % 10)


def machine_readable_zone(
    document: Document, family: str, given: str, *, nationality: str, birth: dt.date, sex: Sex
) -> tuple[str, str]:
    """Write the two lines of a passport's zone (TD3, ICAO Doc 9303-4, 4.2.2)."""
    names = f"{_zone_text(family)}<<{_zone_text(given)}"
    number = document.number.ljust(NUMBER_LENGTH, "<")
    born, expires = f"{birth:%y%m%d}", f"{document.valid_until:%y%m%d}"
    numbered = number + check_digit(number)
    dates = (born + check_digit(born), expires + check_digit(expires))
    optional = "<" * 14 + "0"
    mark = sex.value if sex in {Sex.FEMALE, Sex.MALE} else "<"
    whole = check_digit(numbered + dates[0] + dates[1] + optional)
    return (
        f"P<{document.issuer}{names}".ljust(NAME_LENGTH + 5, "<")[: NAME_LENGTH + 5],
        f"{numbered}{nationality}{dates[0]}{mark}{dates[1]}{optional}{whole}",
    )


def _zone_text(name: str) -> str:
    plain = anyascii(name).upper().replace("'", "")
    return re.sub(r"[^A-Z]+", "<", plain).strip("<")
