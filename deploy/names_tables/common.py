"""This module makes the table `common`, the words that are names of their own, from the lists of the package Faker.

Run as `python -m deploy.names_tables.common` it writes the table anew. A word counts that is a given or a family name
in the lists of three countries; titles and signs that stand with names in these lists are left out.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import faker.providers.person as persons

from deploy.names_tables.han import TABLES
from search.names.latin import latin
from search.names.part import is_particle
from search.names.units import script_of

LISTED = 3  # lists that hold a word; of names that only one or two hold, many are rare
SHORTEST = 3  # letters; shorter words are too near to one another to be told apart as names
LISTS = ("first_names", "first_names_male", "first_names_female", "last_names", "last_names_male", "last_names_female")
ALPHABETS = frozenset({"Latn"})
"""Elsewhere a romanisation of one's own would be but one of the spellings that bearers use."""


def names() -> set[str]:
    """Give the words that several lists hold, in the letters a to z."""
    lists: Counter[str] = Counter()
    for provider in providers():
        lists.update(_words(provider))
    return {word for word, times in lists.items() if times >= LISTED}


def providers() -> Iterator[Any]:
    """Give what Faker has of persons of each country and language: a class whose attributes are lists of names."""
    for _, locale, is_package in iter_modules(persons.__path__):
        if is_package:
            yield import_module(f"faker.providers.person.{locale}").Provider


def _words(provider: Any) -> set[str]:
    listed = (getattr(provider, each, ()) for each in LISTS)
    found = {name for names in listed if isinstance(names, Iterable) for name in names}  # some are made when asked for
    written = (name for name in found if name and script_of(name[0]) in ALPHABETS)
    words = {word for name in written for word in latin(name).split()}
    return {word for word in words if len(word) >= SHORTEST and word.isalpha() and not is_particle(word)}


def main() -> None:
    """Write the table."""
    (TABLES / "common.tsv").write_text("word\n" + "".join(f"{word}\n" for word in sorted(names())), encoding="utf-8")


if __name__ == "__main__":
    main()
