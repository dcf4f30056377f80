"""This module makes the table `cantonese`: how the syllables of Cantonese are spelt in names.

Run as `python -m deploy.names_tables.cantonese > search/names/tables/cantonese.tsv`, it writes the table anew. The
syllables are those of the table `han`; registries of Hong Kong, Macao, Malaysia and families themselves spell each in
several ways, which follow from its initial and its final.
"""

import re
import sys
from itertools import product

from search.names.data import rows

# By hand: what else is written for an initial and for a final, by the habits of Hong Kong's registry (which has no
# scheme of its own), Jyutping, Yale and the English ear.
INITIALS = {
    "j": "ch ts tz c", "ch": "ts tz j", "ts": "ch tz", "dz": "ch ts j", "g": "k", "gw": "kw qu ku", "kw": "gw qu ku",
    "b": "p", "d": "t", "p": "ph", "t": "th", "s": "sh sz", "sh": "s", "ng": "", "w": "", "k": "kh",
}  # fmt: skip
FINALS = {
    "a": "ah ar", "aa": "a ah ar", "ah": "a ar", "ai": "ay", "aai": "ai", "an": "un", "aan": "an", "am": "um",
    "aam": "am", "ap": "up", "aap": "ap", "at": "ut", "aat": "at", "ak": "uk", "aak": "ak", "ang": "ung", "aang": "ang",
    "au": "ow", "aau": "au", "ark": "ak", "e": "eh", "eh": "e", "ei": "ee i ay", "ee": "i ie", "i": "ee ie ze",
    "in": "een ien", "im": "eem", "ip": "eep", "ik": "ick", "ing": "eng", "eng": "ing", "ek": "ik", "iu": "ew iew io",
    "o": "oh or aw ow oe", "oh": "o or", "or": "o oh", "ou": "o oo u", "oo": "u ou", "u": "oo ou", "oi": "oy",
    "on": "orn", "ong": "orng", "ok": "ock", "ung": "oong ong", "uk": "ook", "un": "oon uen an", "oon": "un uen",
    "uen": "yuen un", "ui": "uey oi", "eung": "eong ong oeng", "euk": "eok", "yuen": "uen yun", "yun": "yuen uen",
}  # fmt: skip
OTHER = 0.08  # what a letter of another spelling costs, as in the table `syllables`
_SYLLABLE = re.compile("(ch|dz|ts|gw|kw|ng(?=[aeiou])|sh|[bpmfdtnlgkhjwsy])?(.*)")


def spellings(syllable: str) -> dict[str, float]:
    """Give the spellings of a syllable, each with its cost in letters."""
    parts = _SYLLABLE.fullmatch(syllable)
    assert parts is not None
    initial, final = parts[1] or "", parts[2]
    initials = dict.fromkeys(_others(INITIALS, initial), OTHER) | {initial: 0.0}
    finals = dict.fromkeys(_others(FINALS, final), OTHER) | {final: 0.0}
    found: dict[str, float] = {}
    for (head, head_price), (tail, tail_price) in product(initials.items(), finals.items()):
        found[head + tail] = min(head_price + tail_price, found.get(head + tail, OTHER + OTHER))
    return {spelling: price for spelling, price in found.items() if spelling}


def _others(table: dict[str, str], sound: str) -> list[str]:
    if sound not in table:
        return []
    return table[sound].split() or [""]


def main() -> None:
    """Write the table to standard output."""
    syllables = sorted({syllable for _, _, column, *_ in rows("han") for syllable in column.split()})
    sys.stdout.write("syllable\tspellings\n")
    for syllable in syllables:
        line = " ".join(f"{spelling}:{price:g}" for spelling, price in spellings(syllable).items())
        sys.stdout.write(f"{syllable}\t{line}\n")


if __name__ == "__main__":
    main()
