"""This module makes figures of judged scores: what is found, what is wrongly found, and where a threshold has to lie.

`positives` and `negatives` are the scores of what belongs together and of what does not. It is pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass

DIGITS = 4


@dataclass(frozen=True, slots=True)
class Quality:
    """Precision, recall and their harmonic mean (van Rijsbergen's F with equal weights).

    None stands for what is not defined: a recall without positives; a precision without one of both, or where nothing
    is found; an F without one of both.
    """

    precision: float | None
    recall: float | None
    f1: float | None


def share_of(part: float, whole: float) -> float | None:
    """Give a share as figures show it, and none of nothing."""
    return round(part / whole, DIGITS) if whole else None


def quality_at(positives: Sequence[float], negatives: Sequence[float], threshold: float) -> Quality:
    """Judge a threshold: what scores at least as much counts as found."""
    found = sum(score >= threshold for score in positives)
    wrong = sum(score >= threshold for score in negatives)
    recall = share_of(found, len(positives))
    if not (positives and negatives):
        return Quality(None, recall, None)
    return Quality(share_of(found, found + wrong), recall, share_of(2 * found, found + wrong + len(positives)))


def bar_for(negatives: Sequence[float], share: float) -> float:
    """Give the score that a pair has to exceed so that at most `share` of the negatives do.

    With fewer negatives than 1 / `share` none may: the bar is the highest of them. Without any the bar is below all.
    """
    allowed = int(len(negatives) * share + 1e-9)
    return sorted(negatives, reverse=True)[allowed] if allowed < len(negatives) else float("-inf")


def recall_at(positives: Sequence[float], negatives: Sequence[float], share: float) -> float | None:
    """Give the share of the positives found where at most `share` of the negatives pass; None without one of both."""
    bar = bar_for(negatives, share)
    return share_of(sum(score > bar for score in positives), len(positives)) if negatives else None


def threshold_at(positives: Sequence[float], negatives: Sequence[float], share: float) -> float | None:
    """Give a score from which on at most `share` of the negatives pass, and all positives that can.

    It is the number of fewest digits between what must not pass and what scores next, 1 where nothing does. None where
    there are no negatives, or where even the highest score lets too many pass.
    """
    if not negatives:
        return None
    bar = bar_for(negatives, share)
    following = min((score for score in (*positives, *negatives) if score > bar), default=1.0)
    if bar >= following:
        return None
    middle = (bar + following) / 2
    rounded = (round(middle, digits) for digits in range(2, 17))
    return next((each for each in rounded if bar < each <= following), following)


def threshold_of_recall(positives: Sequence[float], recall: float) -> float:
    """Give the highest threshold at which at least the share `recall` of the positives is found.

    Raises:
        ValueError: there are no positives.
    """
    if not positives:
        raise ValueError("a recall needs positives")
    needed = max(1, -(-round(recall * len(positives) * 1_000_000) // 1_000_000))
    return sorted(positives, reverse=True)[min(needed, len(positives)) - 1]


def quantile(values: Sequence[float], share: float) -> float:
    """Give the value that `share` of all do not exceed, by nearest rank; 0 where there is none."""
    if not values:
        return 0.0
    rank = max(1, -(-len(values) * round(share * 1_000) // 1_000))
    return sorted(values)[rank - 1]
