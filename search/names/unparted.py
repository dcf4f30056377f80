"""This module compares a name that is written without spaces, as in Han and Hangul, with all words of a Latin one."""

import math
import re
from collections.abc import Sequence
from functools import lru_cache

from search.names import data
from search.names.alike import NOT_ALIKE, Likeness, Rule, across, family_spellings, heard, spoken
from search.names.data import SECOND_READING
from search.names.effort import JOIN, Effort
from search.names.given import DOUBTFUL, most_in_han
from search.names.match import EXTRA, NameMatch, Pair
from search.names.part import part, unknown
from search.names.parts import Kind, Part
from search.names.spelling import SLIP, VOWEL, Slot, cost, steps
from search.names.units import SYLLABIC, units

SURE_OF_OTHERS = 0.9  # so alike are the others where a word is left over: it might be the family name
LEAST_LEFT_OVER = 0.4  # score of words one by one, from which on one word may be left over by a name in one word
FAMILY_AND_GIVEN = 2
_BESIDE_HAN = frozenset({"Kana", "Hang"})  # scripts that part a name which Han writes in one word
KOREAN = 3  # syllables of nearly all Korean names: one of the family, two of the given name
ANOTHER = 0.25  # likeness of a syllable, below which it is another one: nothing of it is as it is written
A_LETTER = 0.8
"""What a syllable may cost, in letters, whose letters are all spelt as Koreans do; a vowel more is half a letter."""
DIGITS = 4
_HIEUH = "\u1112"
_ASPIRATED = re.compile("w?h")
_STRAY = re.compile("(?:[^aeou]|[eo]o|eu|ae)h$")  # an h that lengthens no vowel, as in ah, eh, oh and uh
_VOICED = frozenset("aeiouyw")


def unparted(ones: Sequence[Part], others: Sequence[Part], parted: float, effort: Effort) -> NameMatch | None:
    """Compare a name in one word with all Latin words, each way round; give what is more alike than words one by one.

    Where the words one by one (`parted`) have told that there is something to it, one word may be left over: a foreign
    given name that stands with a Chinese name in Latin letters alone.
    """
    whole = ones[0]
    if len(ones) != 1 or whole.script not in SYLLABIC or len(whole.slots) == 1:
        return None
    if any(one.native and not (whole.script == "Hani" and one.script in _BESIDE_HAN) for one in others):
        return None
    words = [one for one in others if one.kind is not Kind.TITLE]
    found = [_as_one(whole, words, others, parted, effort)]
    if 0 < len(words) < len(others):
        found.append(_as_one(whole, others, others, parted, effort))  # what is a title may be a syllable: Eng, Sen
    if parted >= LEAST_LEFT_OVER and len(words) > FAMILY_AND_GIVEN:
        for place, left in enumerate(words):
            found.append(_as_one_but(whole, words[:place] + words[place + 1 :], left, parted, effort))
    return max((match for match in found if match is not None and match.score > parted), default=None)


def _as_one(
    whole: Part, words: Sequence[Part], others: Sequence[Part], parted: float, effort: Effort
) -> NameMatch | None:
    likeness, rule, *_ = _read(whole, words, parted, effort)
    if not likeness:
        return None
    text = " ".join(one.text for one in others)
    return NameMatch(round(likeness, DIGITS), (Pair(whole.text, text, round(likeness, 3), rule),))


def _as_one_but(whole: Part, words: Sequence[Part], left: Part, parted: float, effort: Effort) -> NameMatch | None:
    likeness, rule, *_ = _read(whole, words, max(parted, SURE_OF_OTHERS), effort)
    if likeness < SURE_OF_OTHERS:
        return None
    mass = sum(one.mass for one in words)
    text = " ".join(one.text for one in words)
    pairs = Pair(whole.text, text, round(likeness, 3), rule), Pair("", left.text, 0.0, Rule.MISSING)
    return NameMatch(round(likeness * mass / (mass + EXTRA * left.mass), DIGITS), pairs)


def _read(whole: Part, words: Sequence[Part], least: float, effort: Effort) -> Likeness:
    """Give the likeness of the order that is most alike, or nothing where none is as alike as `least`."""
    if whole.script == "Hani" and words and all(one.script == "Hang" for one in words):
        return _heard(whole, words, least, effort)
    names = [one.latin for one in words]
    most = None
    best = NOT_ALIKE
    for order, price in _orders(whole, names).items():
        if not effort.spend(JOIN + steps(whole.slots, order)):
            break
        read = across((whole,), order, least)
        if whole.script == "Hani":
            read = max(read, _as_name(spoken(whole, order, effort)))
            if read.level > max(best.level, DOUBTFUL):
                most = most or most_in_han(whole, names, effort)
                read = read._replace(level=min(most, read.level))
        if read.level - price > best.level and (korean := _most(whole, order, effort, are_parted=len(words) > 1)):
            best = read._replace(level=max(best.level, min(korean, read.level - price)))
    return best


def _heard(whole: Part, words: Sequence[Part], least: float, effort: Effort) -> Likeness:
    """Compare with words of Hangul as they stand, and with the family name, which may be the last, in front."""
    orders = dict.fromkeys((tuple(words), (*words[-1:], *words[:-1])))
    best = _as_name(max(heard(whole, order, effort) for order in orders))
    return best if best.level > least else NOT_ALIKE


def _as_name(words: Likeness) -> Likeness:
    """Weigh words that make a name as between two names: half alike is far less than half the evidence."""
    return words._replace(level=words.level**2)


def _most(whole: Part, latin: str, effort: Effort, *, are_parted: bool) -> float:
    """Tell how alike a Korean name can be at most, where one syllable is another one: that may be somebody's brother.

    Over the whole name one wrong syllable of three is little. By itself it is nothing like what is written, or has a
    letter that no Korean spells so: Ji Sun is no Ji Sung. It is looked for among the two last, however the Latin
    letters are parted: families spell their name as they like. A foreign word is bent: what has no Korean family name,
    or is one word in Latin letters too (`are_parted` is false), is read as it may be bent.
    """
    if whole.script != "Hang" or len(whole.text) != KOREAN:
        return 1.0
    is_korean = are_parted and whole.text[0] in data.surnames()
    slots = _as_koreans_spell if is_korean else _as_bent
    family, first, second = map(slots, whole.text)
    cheapest, amiss, worst = math.inf, 0.0, 0.0
    for end in range(1, len(latin) - 1):
        head = _price(family, latin[:end], effort)
        for middle in range(end + 1, len(latin)):
            prices = _price(first, latin[end:middle], effort), _price(second, latin[middle:], effort)
            strays = _strays(whole.text, (latin[:end], latin[end:middle], latin[middle:])) if is_korean else (0.0, 0.0)
            total = head + sum(prices) + sum(strays)
            if total < cheapest:
                cheapest = total
                amiss = max(price + stray for price, stray in zip(prices, strays, strict=True))
                worst = max(price / max(1, len(one)) for price, one in zip(prices, (first, second), strict=True))
    if worst > 1 - ANOTHER:
        return 0.0
    return DOUBTFUL if is_korean and amiss > A_LETTER else 1.0


def _strays(name: str, spelt: tuple[str, str, str]) -> tuple[float, float]:
    """Give for both syllables of a given name what it costs that one begins with an h and the other writes none.

    That is all that tells Min-ho from Min-woo, Young from Hyung. An h before a vowel begins a syllable, unless it
    lengthens the vowel before it: Ah-young.
    """
    first, second = (
        (_ASPIRATED.match(text) is not None or (_STRAY.search(before) is not None and text[0] in _VOICED))
        is not (units(syllable)[:1] == (_HIEUH,))
        for syllable, before, text in zip(name[1:], spelt[:-1], spelt[1:], strict=True)
    )
    return SLIP * first, SLIP * second


def _price(slots: tuple[Slot, ...], latin: str, effort: Effort) -> float:
    """Give what it costs to read letters as a syllable."""
    effort.left -= steps(slots, latin)
    return cost(slots, latin, math.inf, VOWEL)


@lru_cache(maxsize=4_096)
def _as_koreans_spell(syllable: str) -> tuple[Slot, ...]:
    known = data.by_hand()
    return tuple(known.get(unit) or unknown(unit) for unit in units(syllable))


def _as_bent(syllable: str) -> tuple[Slot, ...]:
    return part(syllable, Kind.PLAIN).slots


def _orders(whole: Part, words: Sequence[str]) -> dict[str, float]:
    """Join words as they stand, with the last first and with the first last; each with what that costs.

    A Korean family name may be spelt as its bearers do instead; that costs what any rarer reading does.
    """
    found: dict[str, float] = {}
    family, usual = family_spellings(whole.text[0]) if whole.script == "Hang" else ((), "")
    for order in (words, (*words[-1:], *words[:-1]), (*words[1:], *words[:1])):
        found["".join(order)] = 0.0
        if order[:1] and order[0] in family:
            found.setdefault("".join((usual, *order[1:])), SECOND_READING / whole.span)
    return found
