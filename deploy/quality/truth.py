"""This module reads the real data that accuracy is measured on, and derives from it what is right."""

import csv
import gzip
import hashlib
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from adapters.change import Changes
from adapters.declaration import File
from adapters.file_source import FileSource
from adapters.keys import key_maker
from adapters.registry import find
from contracts.identity import IdentityData
from contracts.records import AlertV1

NAMES = Path("names")
JUDGED = NAMES / "name-judgements" / "nomenklatura_cases.csv"
CROSS_SCRIPT = NAMES / "eu-journal" / "eu_journal_cross_script_dev.csv.gz"
JOURNAL = NAMES / "eu-journal"
NEGATIVES = NAMES / "screening" / "negatives_us.csv.gz"
LEGISLATURE = NAMES / "screening" / "positives_us_congress_untreated.csv"
FIRST_NEGATIVES = 5_000
SEED = 1
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SHORTEST_PART = 4
"""A slip is made in a part of so many letters or more: a shorter one would become another name."""
_KEY = b"a key of the measurement's own"


@dataclass(frozen=True, slots=True)
class JudgedNames:
    """Two names, and whether people say that they are of one person."""

    left: str
    right: str
    is_match: bool


@dataclass(frozen=True, slots=True)
class Spelt:
    """One person's names in the script of the country, and in Latin letters."""

    person: str
    script: str
    native: tuple[str, ...]
    latin: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """One person of a list, and the name under which it enters him or her."""

    key: str
    name: str
    identity: IdentityData


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody who is on no list: a name and a birth date, or a year alone."""

    name: str
    birth_date: str


def is_held_out(*texts: str) -> bool:
    """Tell whether an item belongs to the half that nothing may be tuned on: by the hash of its texts.

    The comparison of names and its tables were tuned on the halves that this same hash gives (`docs/names.md`).
    """
    return hashlib.sha256("\t".join(texts).encode()).digest()[0] % 2 == 1


def judged_names(folder: Path) -> list[JudgedNames]:
    """Read the pairs of persons' names that people have judged."""
    with (folder / JUDGED).open(encoding="utf-8", newline="") as stream:
        return [
            JudgedNames(row["name1"], row["name2"], row["is_match"] == "true")
            for row in csv.DictReader(stream)
            if row["schema"] == "Person"
        ]


def spelt_names(folder: Path) -> list[Spelt]:
    """Read the names in two scripts; a person who is written in several scripts counts once in each."""
    native: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    latin: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    with gzip.open(folder / CROSS_SCRIPT, "rt", encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            key = row["person"], row["script"]
            native[key][row["native"]] = None
            latin[key][row["latin"]] = None
    return [Spelt(*key, tuple(native[key]), tuple(latin[key])) for key in native]


def listed_persons(folder: Path) -> list[Listed]:
    """Read the persons of the journal as its adapter maps them; act, annex and number tell one."""
    adapter = find("eu-journal")
    (stream,) = adapter.streams
    assert isinstance(stream.source, File)
    source = FileSource(folder / JOURNAL, stream.source)
    drop = source.newest()
    if drop is None:
        raise FileNotFoundError(JOURNAL)
    changes, key = Changes(adapter, stream), key_maker(stream.key, stream.name, _KEY)
    found = []
    for page in source.pages(drop):
        for row in page:
            values = [row.columns.get(name) for name in stream.key.columns]
            value = changes.of(changes.row(key(values), "", 1, row.columns), None).value
            alert = AlertV1.model_validate_json(value) if value else None
            if alert is not None and alert.person is not None:
                found.append(Listed(alert.record, str(row.columns["name"]), alert.person))
    return found


def strangers(folder: Path) -> list[Stranger]:
    """Read people who are not listed: the first of the invented ones, and a legislature."""
    with gzip.open(folder / NEGATIVES, "rt", encoding="utf-8", newline="") as stream:
        first = [row for row, _ in zip(csv.DictReader(stream), range(FIRST_NEGATIVES), strict=False)]
    with (folder / LEGISLATURE).open(encoding="utf-8", newline="") as stream:
        return [Stranger(row["full_name"], row["date_of_birth"]) for row in (*first, *csv.DictReader(stream))]


def others(persons: Sequence[Spelt], each: int, seed: int = SEED) -> Iterator[tuple[str, str]]:
    """Pair each native name with `each` Latin names of other persons, drawn anew for each: what is not to match.

    `persons` are those of one script.
    """
    rng = random.Random(seed)  # noqa: S311  the same choice each time, not a secret one
    names = [(person.person, latin) for person in persons for latin in person.latin]
    for person in persons:
        own = set(person.latin)
        pool = [latin for owner, latin in names if owner != person.person and latin not in own]
        for native in person.native:
            for latin in rng.sample(pool, min(each, len(pool))):
                yield native, latin


def slip(name: str, rng: random.Random) -> str | None:
    """Make one slip in a long part of a name: a letter put in, left out, exchanged, or two swapped.

    Nothing where no part is long enough, or where two equal letters were swapped.
    """
    words = name.split(" ")
    long = [at for at, word in enumerate(words) if sum(map(str.isalpha, word)) >= SHORTEST_PART]
    if not long:
        return None
    at = rng.choice(long)
    words[at] = _slipped(words[at], rng)
    slipped = " ".join(words)
    return slipped if slipped != name else None


def _slipped(word: str, rng: random.Random) -> str:
    at = rng.randrange(len(word))
    letter = rng.choice(LETTERS)
    match rng.randrange(4):
        case 0:
            return word[:at] + letter + word[at:]
        case 1:
            return word[:at] + word[at + 1 :]
        case 2:
            return word[:at] + letter + word[at + 1 :]
        case _:
            at = min(at, len(word) - 2)
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def slipped_names(names: Iterable[str], seed: int = SEED) -> Iterator[tuple[str, str]]:
    """Give each name with a slip of it, where one can be made."""
    rng = random.Random(seed)  # noqa: S311  the same slips each time
    for name in names:
        slipped = next((each for _ in range(5) if (each := slip(name, rng))), None)
        if slipped is not None:
            yield name, slipped
