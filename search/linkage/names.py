"""This module is the one place where linkage asks how alike names are and by what keys they are found."""

from functools import lru_cache

from contracts.identity import PersonName
from search.names.compare import likeness
from search.names.keys import keys_of_text
from search.names.parse import parse, parse_name
from search.names.parts import Name
from search.names.skeleton import skeleton

Words = tuple[str, ...]


def words(text: str) -> Words:
    """Give the words of a name in the form that compares: in the letters a to z, or in their own script."""
    return _words(parse(text))


def words_of(name: PersonName) -> Words:
    """Give the words of a name that a record holds."""
    return _words(parse_name(name))


def _words(name: Name) -> Words:
    return tuple(part.text if part.native else part.latin for part in name.parts)


@lru_cache(maxsize=65_536)
def alike(one: Words, other: Words) -> float:
    """Tell how alike two names or parts of names are, 0 to 1, whatever the scripts and the order of their words.

    It is what a comparison of names scores: about the square of the share of letters that need no edit.
    """
    if one == other:
        return 1.0
    return likeness(parse(" ".join(one)), parse(" ".join(other)))


@lru_cache(maxsize=65_536)
def keys(name: Words) -> Words:
    """Give the forms under which the words of a name are found though they are spelt otherwise in the same script."""
    return tuple(dict.fromkeys(skeleton(word) for word in name))


def is_foreign(name: Words) -> bool:
    """Tell whether a name has words that are not in the letters a to z."""
    return not all(map(str.isascii, name))


@lru_cache(maxsize=65_536)
def crossing_keys(name: Words) -> Words:
    """Give the forms under which a name is found though it is written in another script: those of a search."""
    return keys_of_text(" ".join(name)).skeletons
