"""This module compares a name that is written without spaces, as in Han and Hangul, with all words of a Latin one."""

from collections.abc import Sequence

from search.names.alike import NOT_ALIKE, Likeness, Rule, across, family_spellings, spoken, spoken_in_hangul
from search.names.data import SECOND_READING
from search.names.effort import JOIN, Effort
from search.names.given import DOUBTFUL, most_in_han
from search.names.korean import most_in_korean
from search.names.match import DIGITS, EXTRA, NameMatch, Pair
from search.names.parts import Kind, Part
from search.names.spelling import steps
from search.names.units import SYLLABIC
from search.names.words import orders

SURE_OF_OTHERS = 0.9  # so alike are the others where a word is left over: it might be the family name
LEAST_LEFT_OVER = 0.4  # score of words one by one, from which on one word may be left over by a name in one word
FAMILY_AND_GIVEN = 2
_BESIDE_HAN = frozenset({"Kana", "Hang"})  # scripts that part a name which Han writes in one word


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
        return _read_in_hangul(whole, words, least, effort)
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
        if read.level - price > best.level and (
            korean := most_in_korean(whole, order, effort, are_parted=len(words) > 1)
        ):
            best = read._replace(level=max(best.level, min(korean, read.level - price)))
    return best


def _read_in_hangul(whole: Part, words: Sequence[Part], least: float, effort: Effort) -> Likeness:
    """Compare with words of Hangul as they stand, and with the family name, which may be the last, in front."""
    best = _as_name(max(spoken_in_hangul(whole, order, effort) for order in orders(words)[:2]))
    return best if best.level > least else NOT_ALIKE


def _as_name(words: Likeness) -> Likeness:
    """Weigh words that make a name as between two names: half alike is far less than half the evidence."""
    return words._replace(level=words.level**2)


def _orders(whole: Part, words: Sequence[str]) -> dict[str, float]:
    """Join words as they stand, with the last first and with the first last; each with what that costs.

    A Korean family name may be spelt as its bearers do instead; that costs what any rarer reading does.
    """
    found: dict[str, float] = {}
    family, usual = family_spellings(whole.text[0]) if whole.script == "Hang" else ((), "")
    for order in orders(words):
        found["".join(order)] = 0.0
        if order[:1] and order[0] in family:
            found.setdefault("".join((usual, *order[1:])), SECOND_READING / whole.span)
    return found
