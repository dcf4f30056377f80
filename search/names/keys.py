"""This module gives the keys by which a name is found: the same code at index and at query time.

The index then needs keyword fields only, and what was compared can be shown and explained.
"""

from dataclasses import dataclass
from functools import lru_cache

from contracts.identity import PersonName
from search.names.latin import tokens
from search.names.skeleton import skeleton


@dataclass(frozen=True, slots=True)
class NameKeys:
    """The keys by which a name is found: the whole name in any order, each of its words, and the skeleton of each."""

    whole: str
    tokens: tuple[str, ...]
    skeletons: tuple[str, ...]


def keys_of(name: PersonName) -> NameKeys:
    """Give the keys of a name."""
    return keys_of_text(name.text)


@lru_cache(maxsize=65_536)
def keys_of_text(text: str) -> NameKeys:
    """Give the keys of a name that stands on one line."""
    words = tokens(text)
    telling = tuple(dict.fromkeys(word for word in words if len(word) > 1)) or tuple(dict.fromkeys(words))
    skeletons = tuple(dict.fromkeys(bones for word in telling if len(bones := skeleton(word)) > 1))
    return NameKeys(" ".join(sorted(words)), telling, skeletons)
