"""This module decides: from a score and the number of comparisons to hit or no hit (pure)."""

import math
from dataclasses import dataclass

# The engine's scale: a score of t is reached by different fingers with a probability of 10^(-t/10)
# (SourceAFIS, documentation of FingerprintMatcher.match: 10 is 10 %, 20 is 1 %, 30 is 0.1 %, 40 is 0.01 %).
SCORE_PER_DECADE = 10.0

# What the engine's documentation advises for 1:1, score 40; stricter than the 0.05 % at which Implementing Decision
# (EU) 2019/329 measures.
VERIFY_FALSE_MATCH_RATE = 1e-4
# The false positive identification rate at which Implementing Decision (EU) 2019/329, annex, measures 1:N.
IDENTIFY_FALSE_POSITIVE_RATE = 1e-3
HIGHEST_SCORE = 1000.0


@dataclass(frozen=True, slots=True)
class Decision:
    """What is concluded, and on what grounds: the one place where a score is held against a threshold."""

    score: float
    threshold: float
    rate: float

    @property
    def match(self) -> bool:
        """Whether the score reaches the threshold."""
        return self.score >= self.threshold


def false_match_rate(score: float, fingers: int = 1) -> float:
    """Give the probability that different persons reach this score with the sum over `fingers` fingers.

    For one finger the engine's own scale: an exponential tail. A sum of independent ones is Erlang distributed.
    Measured impostor scores lie below it, so that it errs on the safe side.
    """
    x = max(score, 0.0) * math.log(10) / SCORE_PER_DECADE
    term, total = 1.0, 1.0
    for k in range(1, fingers):
        term *= x / k
        total += term
    return min(1.0, math.exp(-x) * total)


def assignments(probes: int, fingers: int, templates: int) -> float:
    """Tell in how many ways several probes may be given to the fingers of one person, each to one of its own.

    Each way may go wrong by itself, so that all of them count as comparisons (Bonferroni). Of `templates` each finger
    has a share: that they are equal is the most that it can be (Maclaurin's inequality).
    """
    given = min(probes, fingers)
    return math.perm(max(probes, fingers), given) * (templates / fingers) ** given


def threshold(rate: float, comparisons: float = 1, fingers: int = 1) -> float:
    """Give the lowest score that keeps false matches at `rate` over a whole search.

    Each of N comparisons may go wrong, so each is held to rate / N (for small rates the sum bounds the union;
    Bonferroni): 10 more for a gallery ten times as large.

    Args:
        rate: the accepted probability of one or more false matches, between 0 and 1.
        comparisons: templates that a probe is compared with; 1 for a verification. Of several probes see
            `biometrics.thresholds`.
        fingers: whose scores are summed.
    """
    accepted = rate / max(comparisons, 1)
    low, high = 0.0, HIGHEST_SCORE
    for _ in range(60):
        middle = (low + high) / 2
        if false_match_rate(middle, fingers) > accepted:
            low = middle
        else:
            high = middle
    return round(high, 6)


def decide(score: float, rate: float, comparisons: float = 1, fingers: int = 1) -> Decision:
    """Conclude whether a score is a match at the accepted rate."""
    return Decision(score, threshold(rate, comparisons, fingers), rate)
