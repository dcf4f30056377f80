"""This module finds which parts of two names may stand for each other, and pairs them off.

Parts are paired in any order, each with the one it is most like; neighbours are joined where that is better.
"""

from collections.abc import Sequence
from typing import NamedTuple

from search.names.alike import Rule, alike, at_sight
from search.names.by_ear import SURE as SURE_AS_READ
from search.names.by_ear import by_ear, may_sound
from search.names.effort import LOOK, Effort
from search.names.joined import SURE, joined
from search.names.parts import Kind, Part

OTHER_GENERATION = 0.8  # a father's name that is the other's own name


class Tie(NamedTuple):
    """A possible pair, sorted by what it gains: minus the gain, the places of its parts, and how they are alike."""

    loss: float
    ones: tuple[int, ...]
    others: tuple[int, ...]
    likeness: float
    rule: Rule


def ties(ones: Sequence[Part], others: Sequence[Part], effort: Effort) -> list[Tie]:
    """Give all pairs of parts that are alike, one by one and joined."""
    found: list[Tie] = []
    best_one, best_other = [0.0] * len(ones), [0.0] * len(others)
    for i, one in enumerate(ones):
        for j, other in enumerate(others):
            likeness, rule, steps, is_read = alike(one, other) if effort.left > 0 else at_sight(one, other)
            effort.left -= LOOK + steps
            if not (likeness or is_read):
                continue
            is_father = one.kind is Kind.PATRONYMIC
            if is_father is not (other.kind is Kind.PATRONYMIC) and _tell_fathers(others if is_father else ones):
                likeness *= OTHER_GENERATION
            best_one[i], best_other[j] = max(best_one[i], likeness), max(best_other[j], likeness)
            found.append(Tie(-likeness * (one.mass + other.mass), (i,), (j,), likeness, rule))
    if max(best_one) or 1 in {len(ones), len(others)}:
        found += _heard(ones, others, best_one, best_other, effort)
    if len(others) > 1 and min(best_one) <= SURE:
        for i, places, mass, likeness in joined(ones, others, best_one, best_other, effort):
            found.append(Tie(-likeness * mass, (i,), places, likeness, Rule.JOINED))
    if len(ones) > 1 and min(best_other) <= SURE:
        for i, places, mass, likeness in joined(others, ones, best_other, best_one, effort):
            found.append(Tie(-likeness * mass, places, (i,), likeness, Rule.JOINED))
    return found


def _heard(
    ones: Sequence[Part], others: Sequence[Part], best_one: list[float], best_other: list[float], effort: Effort
) -> list[Tie]:
    """Give pairs of a word in its own script and a Latin one that is heard as it, where neither has a better one.

    Where nothing of a name is alike as it is written, its words are not looked at: that would cost more than it finds.
    """
    found: list[Tie] = []
    for i, one in enumerate(ones):
        for j, other in enumerate(others):
            if max(best_one[i], best_other[j]) >= SURE_AS_READ or not may_sound(one, other) or effort.left <= 0:
                continue
            likeness, rule, steps, _ = by_ear(one, other)
            effort.left -= LOOK + steps
            if likeness > min(best_one[i], best_other[j]):
                best_one[i], best_other[j] = max(best_one[i], likeness), max(best_other[j], likeness)
                found.append(Tie(-likeness * (one.mass + other.mass), (i,), (j,), likeness, rule))
    return found


def _tell_fathers(parts: Sequence[Part]) -> bool:
    return any(one.kind is Kind.PATRONYMIC for one in parts)


def paired(found: list[Tie]) -> list[Tie]:
    """Take the pairs that gain most, each part once."""
    if len(found) > 1:
        found.sort()
    left: set[int] = set()
    right: set[int] = set()
    taken = []
    for tie in found:
        if left.isdisjoint(tie.ones) and right.isdisjoint(tie.others):
            left.update(tie.ones)
            right.update(tie.others)
            taken.append(tie)
    return taken
