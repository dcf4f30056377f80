"""This module finds the pairs of records that are worth comparing, without comparing all with all."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import product

from search.linkage.names import Words, keys
from search.linkage.persons import LinkRecord

MOST_IN_A_BLOCK = 60
"""A key that more records share says too little: those of them that are one person share a rarer key as well."""
MOST_ALONE = 30
"""The same for a key that is a single word or value."""


def pairs(records: Sequence[LinkRecord], *, within_sources: bool = True) -> set[tuple[int, int]]:
    """Give the pairs of places in `records` that share a key; of one source only if `within_sources`."""
    blocks: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, record in enumerate(records):
        for key in set(keys_of(record)):
            blocks[key].append(place)
    found: set[tuple[int, int]] = set()
    for key, members in blocks.items():
        if 1 < len(members) <= (MOST_ALONE if len(key) == 2 else MOST_IN_A_BLOCK):  # noqa: PLR2004  its kind and one value
            for at, one in enumerate(members):
                found.update(
                    (one, other)
                    for other in members[at + 1 :]
                    if within_sources or records[one].source != records[other].source
                )
    return found


def _joined(words: Words) -> Words:
    """Give the key of a name that may have fallen apart by a slip."""
    return keys(("".join(words),)) if len(words) > 1 else ()


def keys_of(record: LinkRecord) -> Iterator[tuple[str, ...]]:
    """Give the keys of a record: its kind, then one value or two; by names, birth dates, documents and extra fields."""
    words = sorted(
        {bones for name in record.names for bones in (*keys(name.all), *_joined(name.given), *_joined(name.family))}
    )
    for at, word in enumerate(words):
        yield ("word", word)
        for other in words[at + 1 :]:
            yield ("words", word, other)
    for date in record.birth_dates:
        yield ("birth", date, "")
        for word in words:
            yield ("word-year", word, date[:4])
            yield ("word-day", word, date[4:])
    for number in record.documents:
        yield ("document", number)
    values = sorted((name, value) for name, held in record.extras.items() for value in held)
    for name, value in values:
        yield (name, value)
        for word in words:
            yield (f"word-{name}", word, value)
    for place, word in product(record.birth_places, words):
        yield ("word-place", word, place)
