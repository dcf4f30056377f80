"""This module measures the comparison of names on real ones: within a script, and across scripts."""

from collections.abc import Sequence
from pathlib import Path

from deploy.bench.telling import Teller
from deploy.quality.figures import Figures, Measured
from deploy.quality.truth import Spelt, is_held_out, judged_names, others, spelt_names
from search.evaluation.curves import bar_for, quality_at
from search.evaluation.likeness import THRESHOLD, likeness

SCRIPTS = {
    "CYRILLIC": "recall_cyrillic",
    "ARABIC": "recall_arabic",
    "HANGUL": "recall_hangul",
    "HAN": "recall_han",
    "HEBREW": "recall_hebrew",
}
OTHERS = 200
PASSING = 1 / 10_000


def names_f1(folder: Path) -> float:
    """Judge the half of the pairs that nothing was tuned on, at the shipped threshold."""
    positives: list[float] = []
    negatives: list[float] = []
    for pair in judged_names(folder):
        if is_held_out(pair.left, pair.right):
            (positives if pair.is_match else negatives).append(likeness(pair.left, pair.right).score)
    return quality_at(positives, negatives, THRESHOLD).f1 or 0.0


def recall_across(persons: Sequence[Spelt]) -> float:
    """Give the share of persons of one script whose best pair of names passes what 1 of 10,000 strangers passes."""
    bar = bar_for([likeness(*pair).score for pair in others(persons, OTHERS)], PASSING)
    best = [max(likeness(native, latin).score for native in p.native for latin in p.latin) for p in persons]
    return sum(score > bar for score in best) / len(best)


def names_figures(folder: Path, teller: Teller) -> Figures:
    """Measure names."""
    yield Measured("names_f1", names_f1(folder))
    spelt = spelt_names(folder)
    for script, figure in SCRIPTS.items():
        persons = [person for person in spelt if person.script == script]
        if not persons:
            teller.say(f"SKIPPED {figure}: there are no names in this script.")
            continue
        teller.say(f"Names across scripts, {script.title()}: {len(persons):,} persons")
        yield Measured(figure, recall_across(persons))
