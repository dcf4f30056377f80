"""This module tells that a man bears one of two names and a woman the other, where their words say so."""

import re
from collections.abc import Sequence
from functools import lru_cache

from search.names import arabic, data
from search.names.alike import Rule
from search.names.parts import Kind, Part
from search.names.ties import Tie

AGREEING = 2
"""Words that must say it by their endings. One alone says nothing: abroad a woman bears her husband's family name as it
is, translators drop its ending, and a slip drops that of a given name."""
_WOMAN = re.compile("(?:[oe]va|ina|[sc]k(?:aya|aja|aia|a)|(?:[oe]v|ich)na)$")
"""How family names of women end in Slavic languages, and fathers' names: Ivanova, Ilyina, Novitskaya, Petrovna."""

_SLAVIC = re.compile("(?:[oe]va?|[sc]k(?:i|y|iy|ij|yi|yj|aya|aja|aia|a)|[oe]vi?ch|(?:[oe]v|ich)na)$")
"""How family and fathers' names of men and women end in Slavic languages."""

_SHORT = re.compile("[a-z]{,4}|[a-z]+(?:y|ie?)")
"""Short forms, which men and women share whoever bears them more often: Mel, Max, Tony, Jackie."""


def are_of_two_sexes(ones: Sequence[Part], others: Sequence[Part], taken: Sequence[Tie]) -> bool:
    """Tell whether a man bears one name and a woman the other, by a word beside the names or by the endings of two."""
    return _by_words(ones, others) or _by_endings(ones, others, taken) or _by_given_names(ones, others, taken)


def _by_endings(ones: Sequence[Part], others: Sequence[Part], taken: Sequence[Tie]) -> bool:
    """Tell whether words that stand for each other end as a man's in one name and as a woman's in the other.

    Aleksandr Ivanov and Aleksandra Ivanova are two persons. At least one must end as only Slavic names of women do; of
    a word that may be cut nobody knows the end.
    """
    if len(taken) < AGREEING:
        return False
    women, other_women = list[str](), list[str]()
    for tie in taken:
        one, other = ones[tie.ones[0]], others[tie.others[0]]
        if one.cut or other.cut or len(tie.ones) + len(tie.others) > 2 or tie.rule is Rule.NICKNAME:  # noqa: PLR2004
            continue
        match one.latin.endswith("a"), other.latin.endswith("a"):
            case True, False:
                women.append(one.latin)
            case False, True:
                other_women.append(other.latin)
            case _:
                pass
    said = women or other_women
    return len(said) >= AGREEING and not (women and other_women) and any(map(_WOMAN.search, said))


def _by_given_names(ones: Sequence[Part], others: Sequence[Part], taken: Sequence[Tie]) -> bool:
    """Tell whether two given names that stand for each other are a man's and a woman's: Paolo, Paola.

    Both must be known, so that hardly a slip makes the one of the other. A Slavic name says it by two words, and a
    short form of a name says nothing.
    """
    for tie in taken:
        if len(tie.ones) + len(tie.others) == 2 and tie.likeness < 1.0:  # noqa: PLR2004
            one, other = ones[tie.ones[0]], others[tie.others[0]]
            if _is_short_form(one, other, tie.rule):
                continue
            sex = _sex(one)
            if sex and (_sex(other) or sex) != sex:
                return not any(_SLAVIC.search(word.latin) for word in (*ones, *others) if word not in {one, other})
    return False


def _is_short_form(one: Part, other: Part, rule: Rule) -> bool:
    """Tell whether one of two names is a short form of the other, or both are spellings of one: Jacky, Jackie."""
    short = [bool(_SHORT.fullmatch(name.latin)) for name in (one, other)]
    return any(short) if rule is Rule.NICKNAME else all(short) and _pet(one) == _pet(other)


def _pet(one: Part) -> str:
    """Give how a short form in -y sounds, and of any other name how it is written."""
    return one.sound if one.latin.endswith(("y", "i", "ie")) else one.latin


@lru_cache(maxsize=8_192)
def _sex(one: Part) -> str | None:
    """Tell who bears a given name, by what it is in Latin letters; of Arabic by any of its spellings."""
    if one.kind is Kind.FAMILY:
        return None
    spellings = arabic.names().get(one.native, frozenset()) if one.native else {one.latin}
    said = {data.bearers()[word] for word in spellings if word in data.bearers()}
    return said.pop() if len(said) == 1 else None


def _by_words(ones: Sequence[Part], others: Sequence[Part]) -> bool:
    """Tell whether words say by one custom that a man bears one name and a woman the other: Nguyen Van, Nguyen Thi.

    A name that says both says nothing: Van is a name, too.
    """
    men, women = _customs(ones)
    if not (men or women):
        return False
    other_men, other_women = _customs(others)
    return bool((men - women) & (other_women - other_men) or (women - men) & (other_men - other_women))


def _customs(parts: Sequence[Part]) -> tuple[frozenset[str], frozenset[str]]:
    """Give the customs by which words say that a man bears a name, and those by which a woman does.

    Of `bin` and `bint` the first one counts, for the next are of a father and a grandfather; and `bin` directly behind
    one given name, for the father himself may stand there without a word.
    """
    said = data.sexes()
    men = women = frozenset[str]()
    names = 0
    father_is_named = False
    for one in parts:
        told = said.get(one.word) or said.get(one.latin)
        if told and not (told.before_father and father_is_named):
            women |= told.of_women
            if names == 1 or not told.before_father:
                men |= told.of_men
            father_is_named |= told.before_father
        names += one.kind is not Kind.TITLE
    return men, women
