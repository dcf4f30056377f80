"""This module is the one place where linkage asks how alike names are and by what keys they are found."""

from collections.abc import Sequence
from functools import lru_cache

from contracts.identity import PersonName
from search.names import arabic
from search.names.compare import likeness
from search.names.effort import A_PAIR, LOOK, TWO_NAMES, Effort
from search.names.keys import keys_of_text
from search.names.parse import parse, parse_name
from search.names.parts import Kind, Name, Part
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


def alike(one: Words, other: Words) -> float:
    """Tell how alike two names or parts of names are, 0 to 1, whatever the scripts and the order of their words.

    It is what a comparison of names scores: about the square of the share of letters that need no edit.
    """
    return compared(one, other)[0]


@lru_cache(maxsize=65_536)
def compared(one: Words, other: Words) -> tuple[float, int]:
    """Tell how alike two names are, and what it costs to find that, in steps of effort, though it may be known by now.

    So what a bound of effort leaves out is the same, whatever was compared before.
    """
    if one == other:
        return 1.0, LOOK
    effort = Effort(A_PAIR)
    score = likeness(parse(" ".join(one)), parse(" ".join(other)), effort)
    return score, TWO_NAMES + min(A_PAIR, A_PAIR - effort.left)


@lru_cache(maxsize=65_536)
def are_fathers_in_another_order(one: Words, other: Words) -> bool:
    """Tell of two names of the same words whether their order makes the father of one the son in the other.

    Where people are called by their own, their father's and his father's name, two who bear the same names in another
    order are two persons: Mohamed Ahmed is a son of Ahmed. So are Arabic names, and what stands beside a word for `son
    of`. A family name may stand in front or at the end, and tells nothing.
    """
    if one == other:
        return False
    mine, theirs = (parse(" ".join(name)).parts for name in (one, other))
    if any((father, son) in _sons(theirs) for son, father in _sons(mine)):
        return True
    ones, others = _arabic(mine), _arabic(theirs)
    ones, others = _of_both(ones, others), _of_both(others, ones)
    return len(ones) > 1 and not all(here & there for here, there in zip(ones, others, strict=False))


def _sons(name: Sequence[Part]) -> set[tuple[str, str]]:
    """Give each who is said to be somebody's son or daughter, with the father."""
    return {
        (son.latin, father.latin)
        for son, word, father in zip(name, name[1:], name[2:], strict=False)
        if word.kind is Kind.PARTICLE and father.kind is Kind.PATRONYMIC
    }


def _arabic(name: Sequence[Part]) -> list[frozenset[str]]:
    """Give for each word that is a common Arabic name, in either script, what it may be in Arabic letters."""
    spelt = (
        frozenset({word.native}) if word.native in arabic.names() else arabic.of_latin().get(word.latin, frozenset())
        for word in name
    )
    return [each for each in spelt if each]


def _of_both(ones: Sequence[frozenset[str]], others: Sequence[frozenset[str]]) -> list[frozenset[str]]:
    return [one for one in ones if any(one & other for other in others)]


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
