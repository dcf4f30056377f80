"""This module knows the common Arabic names, in Arabic letters and in the Latin spellings that stand for each."""

from collections.abc import Mapping
from functools import cache

from search.names.data import rows


@cache
def names() -> Mapping[str, frozenset[str]]:
    """Give for a common name in Arabic letters, its article left out, all Latin spellings that it may have."""
    return {name: frozenset(" ".join(spelt).split()) for name, *spelt in rows("arabic")}


@cache
def of_latin() -> Mapping[str, frozenset[str]]:
    """Give for a Latin spelling the common names in Arabic letters that it may stand for."""
    return _turned(names())


@cache
def meant() -> Mapping[str, frozenset[str]]:
    """Give for a Latin spelling those of these names that it stands for where nothing else is known.

    None where it stands as often for either of two; more than one where a name is written in two ways.
    """
    return _turned(first())


@cache
def first() -> Mapping[str, frozenset[str]]:
    """Give for a common name in Arabic letters the Latin spellings that stand for it rather than for another one."""
    return {name: frozenset(spelt[0].split()) for name, *spelt in rows("arabic")}


@cache
def hardly() -> Mapping[str, frozenset[str]]:
    """Give for a common name in Arabic letters the Latin spellings that nearly always stand for another one.

    They write another vowel than is long in it, which neither a standard nor a habit does: Salem is hardly Salīm.
    """
    return {name: frozenset(more[1].split()) for name, _, *more in rows("arabic") if len(more) > 1}


def _turned(spellings: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, spelt in spellings.items():
        for spelling in spelt:
            found.setdefault(spelling, set()).add(name)
    return {spelling: frozenset(written) for spelling, written in found.items()}
