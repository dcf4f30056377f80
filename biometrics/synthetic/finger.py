"""This module makes an invented finger: the whole ridge pattern that every impression of it shows a part of."""

from dataclasses import dataclass

import numpy as np

from biometrics.synthetic.orientation import (
    Field,
    Pattern,
    choose_pattern,
    orientation_field,
    place_singularities,
    smooth_noise,
)
from biometrics.synthetic.ridges import enlarge, grow

# The skin of a fingertip at 500 dpi: 18 by 23 mm, more than any one impression shows.
SKIN_ROWS, SKIN_COLUMNS = 448, 352
# Ridges are grown at half the resolution (a ridge every four or five samples) and enlarged: four times less work.
GROWTH_FACTOR = 2


@dataclass(frozen=True, slots=True)
class Finger:
    """A finger of nobody. The same seed gives the same finger, on every machine up to rounding."""

    seed: int
    pattern: Pattern
    ridges: Field  # 1 on a ridge's crest, -1 in a valley's ground


def make_finger(seed: int, pattern: Pattern | None = None) -> Finger:
    """Grow the finger of this seed; about a fifth of a second.

    Args:
        seed: any whole number from 0.
        pattern: the class; drawn as often as it occurs among people when not given.
    """
    rng = np.random.default_rng((seed, 1))
    drawn = choose_pattern(rng)
    pattern = pattern or drawn
    shape = (SKIN_ROWS // GROWTH_FACTOR, SKIN_COLUMNS // GROWTH_FACTOR)
    angle = orientation_field(shape, GROWTH_FACTOR, pattern, place_singularities(pattern, rng), rng)
    # Ridge periods of adults: 0.39 to 0.53 mm, wider towards the joint; 8 to 10.5 pixels.
    base = np.float32(rng.normal(8.9, 0.5))
    downwards = np.linspace(-0.03, 0.07, shape[0], dtype=np.float32)[:, None]
    period = base * (1 + downwards + 0.05 * smooth_noise(shape, 60 / GROWTH_FACTOR, rng))
    period = np.clip(period, 7.4, 11.5) / np.float32(GROWTH_FACTOR)
    ridges = enlarge(grow(angle, period.astype(np.float32), rng), GROWTH_FACTOR)
    return Finger(seed, pattern, _with_creases(ridges, rng))


def _with_creases(ridges: Field, rng: np.random.Generator) -> Field:
    """Draw the skin's few straight folds, which every impression shows as white lines."""
    rows, columns = ridges.shape
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    creased = ridges
    for _ in range(rng.poisson(1.3)):
        cx, cy = rng.uniform(0.2, 0.8) * columns, rng.uniform(0.2, 0.95) * rows
        tilt, length, width = rng.uniform(0, np.pi), rng.uniform(20, 60), rng.uniform(0.8, 1.6)
        along = (x - cx) * np.cos(tilt) + (y - cy) * np.sin(tilt)
        across = -(x - cx) * np.sin(tilt) + (y - cy) * np.cos(tilt) + 0.002 * along**2
        fold = np.exp(-((across / width) ** 2) - (along / length) ** 4)
        creased = creased - 1.6 * fold
    return np.clip(creased, -1.3, 1.0).astype(np.float32)
