"""This module is the one place where linkage asks how alike names are and by what keys they are found."""

from functools import lru_cache

from search.names import latin, skeleton
from search.score import name_similarity, word_similarity

Words = tuple[str, ...]


def words(text: str) -> Words:
    """Give the words of a name in the form that compares."""
    return tuple(latin(text).split())


def alike(one: Words, other: Words) -> float:
    """Tell how alike two names or parts of names are, 0 to 1, whatever the order of their words."""
    if one == other:
        return 1.0
    if len(one) == len(other) == 1:
        return word_similarity(one[0], other[0])
    return name_similarity(one, other)


@lru_cache(maxsize=65_536)
def keys(name: Words) -> Words:
    """Give the forms under which the words of a name are found though they are spelt otherwise."""
    return tuple(dict.fromkeys(skeleton(word) for word in name))
