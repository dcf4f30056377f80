"""Records of invented people, and what happens to records on their way."""

import random

from search.linkage.names import words
from search.linkage.persons import LinkRecord, NameParts

SYLLABLES = [
    "ba",
    "de",
    "fi",
    "go",
    "lu",
    "ma",
    "ne",
    "pi",
    "ro",
    "su",
    "ta",
    "ve",
    "zi",
    "kor",
    "lin",
    "mar",
    "sten",
    "tal",
]


def invented(draw: random.Random, count: int) -> list[dict[str, str]]:
    """Make people whose names differ as those of real ones do: some are frequent, most are rare."""

    def name() -> str:
        return "".join(draw.choices(SYLLABLES, k=draw.choice([2, 3, 3, 4])))

    given, family = [name() for _ in range(80)], [name() for _ in range(400)]
    rank = [1 / (place + 1) for place in range(400)]
    return [
        {
            "id": f"r{number}",
            "given": draw.choices(given, rank[:80])[0],
            "family": draw.choices(family, rank)[0],
            "birth_date": f"{draw.randint(1940, 2009)}{draw.randint(1, 12):02d}{draw.randint(1, 28):02d}",
            "sex": draw.choice("FM"),
        }
        for number in range(count)
    ]


def slipped(draw: random.Random, text: str) -> str:
    """Replace one character by another of its kind."""
    at = draw.randrange(len(text))
    others = "0123456789" if text[at].isdigit() else "abcdefghijklmnopqrstuvwxyz"
    return text[:at] + draw.choice(others.replace(text[at], "")) + text[at + 1 :]


def record(person: dict[str, str], *, source: str = "a", **other: str) -> LinkRecord:
    """Make the record of a person, with other values where they are given."""
    values = {**person, **other}
    return LinkRecord(
        id=values["id"],
        source=source,
        names=(NameParts(words(values["given"]), words(values["family"])),),
        birth_dates=(values["birth_date"],) if values["birth_date"] else (),
        sex=values["sex"],
    )
