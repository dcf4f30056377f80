"""This module learns what each unit of a script costs in Latin spellings, from pairs of words.

Run as `python -m deploy.names_tables.learning` with ISTHMUS_DATA set it writes the table `learned` anew. Half of the
pairs, by hash, are never read, so that what was learned can be measured on them. It is a one-to-many alignment of
units and letters by expectation and maximisation (Dempster, Laird and Rubin, 1977; for names Jiampojamarn and others,
2007).
"""

import gzip
import math
import os
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from anyascii import anyascii

from search.names.data import NOTHING
from search.names.units import script_of, units

Pair = tuple[tuple[str, ...], str, int]
"""The units of a native word, a Latin spelling of it, and how often the two were seen together."""
Table = dict[str, dict[str, float]]

ROUNDS = 6
MOST_PAIRS = 40_000
WORD = range(2, 15)  # letters of the Latin words that are learned from
OFTEN = 8  # how much one pair may count
PER_DECADE = 0.18 * math.log(10)  # cost, in letters, of a spelling that is ten times as rare as the usual one
DEAREST = 1.2  # what a letter of a spelling costs at most
RAREST, KEPT = 0.0015, 24
BEHIND_STANDARD = {"Hang": 0.2, "Arab": 0.06, "Hebr": 0.06, "Cyrl": 0.06, "Hani": 0.04, "Jpan": 0.06}
"""What a learned spelling costs more than one of a standard, so that native names are not read as foreign ones."""
LEAST_SEEN = {"Hani": 8.0, "Jpan": 3.0, "Kana": 3.0}
ALPHABET_SEEN = 20.0
NOT_WRITTEN_HAN = 0.3
FILES = {
    "Hang": ("wd_korean", 4),
    "Kana": ("wd_katakana", 5),
    "Arab": ("wd_arabic", 4),
    "Hebr": ("wd_hebrew", 4),
    "Cyrl": ("wd_russian", 4),
    "Hani": ("wd_chinese", 5),
}
"""For each script the file of `names/transliteration`, and the letters of its longest spelling."""


def is_learned_from(latin: str, native: str) -> bool:
    """Tell to which half a pair belongs: the one that is learned from, or the one that is measured on."""
    return sha256(f"{latin}\t{native}".encode()).digest()[0] % 2 == 0


def learn(
    pairs: Sequence[Pair], longest: int, *, may_be_silent: bool = True, rounds: int = ROUNDS
) -> tuple[Table, dict[str, float]]:
    """Learn the share of each spelling among those of its unit.

    Args:
        pairs: words with their spellings.
        longest: the most letters that one unit may take.
        may_be_silent: whether a unit may take no letter.
        rounds: how often what was learned is used to learn again.

    Returns:
        The shares, and how often each unit was seen.
    """
    shares: Table | None = None
    counts: Table = {}
    for _ in range(rounds):
        counts = defaultdict(lambda: defaultdict(float))
        for word, latin, times in pairs:
            _count(word, latin, times, shares, counts, longest, may_be_silent=may_be_silent)
        shares = {unit: _shares(seen) for unit, seen in counts.items()}
    return shares or {}, {unit: sum(seen.values()) for unit, seen in counts.items()}


def _shares(seen: Mapping[str, float]) -> dict[str, float]:
    total = sum(seen.values())
    return {spelling: times / total for spelling, times in seen.items() if times / total > 1e-4}  # noqa: PLR2004


def _count(
    word: Sequence[str],
    latin: str,
    times: int,
    shares: Table | None,
    counts: Table,
    longest: int,
    *,
    may_be_silent: bool,
) -> None:
    """Add what one pair says, over all its alignments (forward and backward sums)."""
    size = len(latin)
    slope = size / len(word)
    ahead = [[0.0] * (size + 1) for _ in range(len(word) + 1)]
    ahead[0][0] = 1.0
    steps: list[tuple[int, int, int, float]] = []
    for place, unit in enumerate(word):
        for start in range(size + 1):
            if ahead[place][start] == 0 or abs(start - place * slope) > 5:  # noqa: PLR2004  far from the diagonal
                continue
            for end in range(start + (not may_be_silent), min(size, start + longest) + 1):
                chance = _chance(unit, latin[start:end], shares)
                steps.append((place, start, end, chance))
                ahead[place + 1][end] += ahead[place][start] * chance
    whole = ahead[-1][size]
    if whole <= 0:
        return
    behind = [[0.0] * (size + 1) for _ in range(len(word) + 1)]
    behind[-1][size] = 1.0
    for place, start, end, chance in reversed(steps):
        behind[place][start] += chance * behind[place + 1][end]
    # A pair that what was learned hardly explains is likely wrong, and counts less.
    trust = 1.0 if shares is None else min(1.0, whole ** (1 / size) * 30)
    for place, start, end, chance in steps:
        share = ahead[place][start] * chance * behind[place + 1][end] / whole
        if share > 1e-4:  # noqa: PLR2004
            counts[word[place]][latin[start:end]] += share * times * trust


def _chance(unit: str, spelling: str, shares: Table | None) -> float:
    if shares is not None:
        return shares.get(unit, {}).get(spelling, 1e-7 * 10.0 ** -len(spelling))
    known = plain(unit)
    if not spelling:
        return 0.02
    if spelling == known:
        return 1.0
    begins, within = known[:1] == spelling[0], known[:1] and known[0] in spelling
    return (0.15 if begins else 0.05 if within else 0.003) / len(spelling)


def plain(text: str) -> str:
    """Write a text in the letters a to z alone."""
    return re.sub("[^a-z]", "", anyascii(text).casefold())


def pairs_of(lines: Iterable[str], script: str, *, learned: bool = True) -> Iterator[Pair]:
    """Read `latin`, `native` and `count`, parted by tabs; `learned` says which half."""
    for line in lines:
        latin, native, times, *_ = [*line.rstrip("\n").split("\t"), "1"]
        word = units(native) if native and script_of(native[0]) == script else ()
        if len(plain(latin)) in WORD and 0 < len(word) < WORD.stop and is_learned_from(latin, native) is learned:
            yield word, plain(latin), min(int(times), OFTEN) if times.isdigit() else 1


def priced(shares: Table, seen: Mapping[str, float], script: str, most: int = KEPT) -> Table:
    """Turn shares into costs: nothing for the usual spelling of a unit, more the rarer another is; keep the `most`."""
    behind, least = BEHIND_STANDARD.get(script, 0.0), LEAST_SEEN.get(script, ALPHABET_SEEN)
    table: Table = {}
    for unit, spellings in shares.items():
        kept = sorted(((share, one) for one, share in spellings.items() if share >= RAREST), reverse=True)[:most]
        if seen[unit] < least or not kept:
            continue
        usual = kept[0][0]
        costs = {
            one: min(DEAREST * max(1, len(one)), PER_DECADE * math.log10(usual / share)) + behind for share, one in kept
        }
        if script == "Hani" and "" in costs:
            costs[""] = max(costs[""], NOT_WRITTEN_HAN)
        table[unit] = costs
    return table


def main() -> None:
    """Learn all scripts from the files under ISTHMUS_DATA, and write the table to standard output."""
    folder = Path(os.environ["ISTHMUS_DATA"]) / "names" / "transliteration"
    sys.stdout.write("script\tunit\tspellings\n")
    for script, (name, longest) in FILES.items():
        with gzip.open(folder / f"{name}_dev.tsv.gz", "rt", encoding="utf-8") as lines:
            pairs = list(pairs_of(lines, script))
        random.Random(1).shuffle(pairs)  # noqa: S311  a sample of pairs, no secret
        shares, seen = learn(pairs[:MOST_PAIRS], longest)
        for unit, costs in sorted(priced(shares, seen, script).items()):
            line = " ".join(f"{spelling or NOTHING}:{cost:.2f}" for spelling, cost in costs.items())
            sys.stdout.write(f"{script}\t{unit}\t{line}\n")


if __name__ == "__main__":
    main()
