"""This module finds the pairs of records that are worth comparing, without comparing all with all."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, combinations, product

from search.linkage import dates
from search.linkage.names import crossing_keys, is_foreign, keys
from search.linkage.persons import LinkRecord, NameParts

MOST_IN_A_BLOCK = 60
"""A key that more records share says too little: those of them that are one person share a rarer key as well."""
MOST_ALONE = 30
"""The same for a key that is a single word or value."""


def pairs(records: Sequence[LinkRecord], *, within_sources: bool = True) -> set[tuple[int, int]]:
    """Give the pairs of places in `records` that share a key; of one source only if `within_sources`."""
    blocks: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    # Keys that cross scripts are many, and those of one script suffice where there is one.
    crossing = any(is_foreign(name.all) for record in records for name in record.names)
    for place, record in enumerate(records):
        for key in set(keys_of(record, crossing=crossing)):
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


def _forms(name: NameParts) -> list[str]:
    """Give the forms of the words of a name, and of a given or family name that may have fallen apart by a slip."""
    fallen = (("".join(words),) for words in (name.given, name.family) if len(words) > 1)
    return sorted({*keys(name.all), *chain.from_iterable(map(keys, fallen))})


def keys_of(record: LinkRecord, *, crossing: bool) -> Iterator[tuple[str, ...]]:
    """Give the keys of a record: its kind, then one value or two; by names, birth dates, documents and extra fields."""
    written = [_forms(name) for name in record.names]
    yield from {("words", *two) for forms in written for two in combinations(forms, 2)}
    words = set(chain.from_iterable(written))
    if crossing:
        words.update(key for name in record.names for key in crossing_keys(name.all))
    for word in words:
        yield ("word", word)
    for date in record.birth_dates:
        yield ("birth", date, "")
        for word in words:
            yield from (("word-birth", word, key) for key in dates.keys(date))
    for number in record.documents:
        yield ("document", number)
    values = sorted((name, value) for name, held in record.extras.items() for value in held)
    for extra, value in values:
        yield (extra, value)
        for word in words:
            yield (f"word-{extra}", word, value)
    for place, word in product(record.birth_places, words):
        yield ("word-place", word, place)
