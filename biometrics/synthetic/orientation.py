"""This module draws the orientation field of an invented finger: which way its ridges run at each point."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]


class Pattern(StrEnum):
    """The class of a fingerprint by its cores and deltas (Henry's classes)."""

    LEFT_LOOP = "left loop"
    RIGHT_LOOP = "right loop"
    WHORL = "whorl"
    TENTED_ARCH = "tented arch"
    ARCH = "arch"


# How often each class occurs: Wilson, Candela, Watson: "Neural network fingerprint classification" (1994).
PATTERN_FREQUENCY = {
    Pattern.LEFT_LOOP: 0.338,
    Pattern.RIGHT_LOOP: 0.317,
    Pattern.WHORL: 0.279,
    Pattern.ARCH: 0.037,
    Pattern.TENTED_ARCH: 0.029,
}


# How far ridges bend off the model's way (radians, one deviation), and over how many pixels: each finger has a flow of
# its own, and each ridge wavers. With less of either, different fingers are more alike to the engine than real ones.
BENDS = ((0.26, 70), (0.15, 30))


@dataclass(frozen=True, slots=True)
class Singularities:
    """Where ridges turn back (cores) and where three flows meet (deltas); in pixels from the middle, y upwards."""

    cores: tuple[complex, ...]
    deltas: tuple[complex, ...]


def choose_pattern(rng: np.random.Generator) -> Pattern:
    """Draw a class as often as it occurs among people."""
    patterns = list(PATTERN_FREQUENCY)
    return patterns[int(rng.choice(len(patterns), p=np.array(list(PATTERN_FREQUENCY.values()))))]


def place_singularities(pattern: Pattern, rng: np.random.Generator) -> Singularities:
    """Put cores and deltas where the class has them, each a little elsewhere on every finger."""

    def near(x: float, y: float, spread: float = 24.0) -> complex:
        return complex(x + rng.normal(0, spread), y + rng.normal(0, spread))

    match pattern:
        case Pattern.LEFT_LOOP:
            return Singularities((near(0, 30),), (near(95, -85),))
        case Pattern.RIGHT_LOOP:
            return Singularities((near(0, 30),), (near(-95, -85),))
        case Pattern.WHORL:
            middle, turn = near(0, 30), rng.normal(0, 0.5)
            half = complex(-np.sin(turn), np.cos(turn)) * rng.uniform(5, 45)
            return Singularities((middle + half, middle - half), (near(-105, -90), near(105, -90)))
        case Pattern.TENTED_ARCH:
            core = near(0, 10)
            return Singularities((core,), (core + near(0, -75, 10),))
        case Pattern.ARCH:
            return Singularities((), ())


def orientation_field(
    shape: tuple[int, int], step: float, pattern: Pattern, singularities: Singularities, rng: np.random.Generator
) -> Field:
    """Give the angle of the ridge at each sample, in radians, anticlockwise from the x axis.

    The zero-pole model of Sherlock and Monro ("A model for interpreting fingerprint topology", 1993), bent by the
    rounding of the finger's tip, as every print shows above its core, and by a smooth disturbance of its own.

    Args:
        shape: rows and columns of the field.
        step: pixels at 500 dpi between two samples.
        pattern: the class, which decides the bending.
        singularities: cores and deltas.
        rng: the finger's own source of chance.
    """
    rows, columns = shape
    x = (np.arange(columns, dtype=np.float32) - (columns - 1) / 2) * step
    y = ((rows - 1) / 2 - np.arange(rows, dtype=np.float32)) * step
    z = x[None, :] + 1j * y[:, None]
    angle = np.zeros(shape, dtype=np.float32)
    for core in singularities.cores:
        angle += np.angle(z - core) / 2
    for delta in singularities.deltas:
        angle -= np.angle(z - delta) / 2
    top = 1 / (1 + np.exp(-(y[:, None] - (60 if pattern is Pattern.ARCH else 20)) / 45))
    angle -= (rng.uniform(0.4, 0.6) * top * np.arctan(x[None, :] / 85)).astype(np.float32)
    if pattern is Pattern.ARCH:
        hump = rng.uniform(0.7, 1.0) * np.exp(-(((y[:, None] + 10) / 85) ** 2)) * np.exp(-((x[None, :] / 110) ** 4))
        angle -= np.arctan(hump * np.sin(np.pi * x[None, :] / 130)).astype(np.float32)
    return angle + sum(amount * smooth_noise(shape, scale / step, rng) for amount, scale in BENDS)


def smooth_noise(shape: tuple[int, int], scale: float, rng: np.random.Generator) -> Field:
    """Give noise of mean 0 and deviation 1 whose hills are about `scale` samples wide (it wraps at the edges)."""
    rows, columns = shape
    spectrum = np.fft.rfft2(rng.standard_normal(shape).astype(np.float32))
    fy = np.fft.fftfreq(rows)[:, None]
    fx = np.fft.rfftfreq(columns)[None, :]
    # A Gaussian of deviation `scale / 2` pixels, as its own transform.
    spectrum *= np.exp(-2 * (np.pi * scale / 2) ** 2 * (fx**2 + fy**2))
    noise = np.fft.irfft2(spectrum, s=shape)
    noise -= noise.mean()
    return (noise / max(float(noise.std()), 1e-9)).astype(np.float32)
