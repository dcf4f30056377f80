"""This module measures what the tables and the memory of `search.names` take, and how long the first name waits.

Run as `python -m deploy.bench.names_memory`, it prints both. The names are put together from the tables themselves:
Japanese ones in Han, Latin and Arabic ones, as many as fill every cache.
"""

import random
import time
from pathlib import Path

from search.names import arabic, data
from search.names.compare import compare
from search.names.keys import keys_of_text
from search.names.parse import parse

NAMES, SEED = 40_000, 1
PAGE = 4_096
MEGABYTE = 1_000_000
KEPT = 8_000
"""Japanese names that others are made of: the measure must not hold the table a second time."""


def resident() -> float:
    """Give the megabytes that this process holds in memory (Linux, `/proc/self/statm`)."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE / MEGABYTE


def first_name() -> float:
    """Give the seconds from now until names of several scripts are compared and keyed, with all tables read."""
    began = time.perf_counter()
    for native, latin in (("安倍花子", "Hanako Abe"), ("김민정", "Kim Minjung"), ("حسن علي", "Hassan Ali")):
        compare(parse(native), parse(latin))
        keys_of_text(native)
    return time.perf_counter() - began


def hold_names(names: int = NAMES) -> None:
    """Parse, key and compare so many names."""
    rng = random.Random(SEED)  # noqa: S311  the same names each time
    table = rng.sample([line.split("\t") for line in data.lines("japanese")], KEPT)
    families, given = [row[0] for row in table if row[1]], [row[0] for row in table if row[2]]
    del table
    latin, native = sorted(word for word in data.known() if word.isascii()), sorted(arabic.names())
    before = parse("Ada Test")
    for place in range(names):
        kinds = (
            [rng.choice(families) + rng.choice(given)],
            rng.sample(latin, 3),
            rng.sample(native, 3),
            rng.sample(latin, 2),
        )
        name = parse(" ".join(kinds[place % len(kinds)]))
        keys_of_text(name.text)
        compare(name, before)
        before = before if place % 3 else name


if __name__ == "__main__":
    print(f"first name after {first_name():.2f} s, then {resident():.0f} MB")  # noqa: T201  what it is run for
    hold_names()
    print(f"after {NAMES:,} names {resident():.0f} MB")  # noqa: T201
