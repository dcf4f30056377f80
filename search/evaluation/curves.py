"""This module makes figures of judged scores: what is found, what is wrongly found, and where a threshold has to lie.

`positives` and `negatives` are the scores of what belongs together and of what does not. It is pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass

DIGITS = 4


@dataclass(frozen=True, slots=True)
class Quality:
    """Precision, recall and their harmonic mean (van Rijsbergen's F with equal weights)."""

    precision: float
    recall: float
    f1: float


def quality_at(positives: Sequence[float], negatives: Sequence[float], threshold: float) -> Quality:
    """Judge a threshold: what scores at least as much counts as found. Without positives all is 0."""
    found = sum(score >= threshold for score in positives)
    wrong = sum(score >= threshold for score in negatives)
    precision = found / (found + wrong) if found + wrong else 0.0
    recall = found / len(positives) if positives else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return Quality(round(precision, DIGITS), round(recall, DIGITS), round(f1, DIGITS))


def bar_for(negatives: Sequence[float], share: float) -> float:
    """Give the score that a pair has to exceed so that at most `share` of the negatives do.

    With fewer negatives than 1 / `share` none may: the bar is the highest of them. Without any the bar is below all.
    """
    allowed = int(len(negatives) * share + 1e-9)
    return sorted(negatives, reverse=True)[allowed] if allowed < len(negatives) else float("-inf")


def recall_at(positives: Sequence[float], negatives: Sequence[float], share: float) -> float:
    """Give the share of the positives found where at most `share` of the negatives pass."""
    bar = bar_for(negatives, share)
    return round(sum(score > bar for score in positives) / len(positives), DIGITS) if positives else 0.0


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
