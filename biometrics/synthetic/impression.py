"""This module presses an invented finger on an invented scanner: one image as a sensor would give it."""

from dataclasses import dataclass, fields

import numpy as np

from biometrics.gray import GrayImage
from biometrics.synthetic.finger import Finger
from biometrics.synthetic.orientation import Field, smooth_noise

# A common size of single-finger scanners at 500 dpi.
WIDTH, HEIGHT = 288, 352


@dataclass(frozen=True, slots=True)
class Care:
    """How much chance an impression is left to; one deviation of each."""

    rotation: float = 6.0  # degrees
    shift: float = 10.0  # pixels
    stretch: float = 1.6  # pixels of skin distortion
    pressure: float = 0.16  # -1 dry and thin ridges, 1 wet and thick
    noise: float = 1.0
    area: float = 0.08  # share by which the contact is smaller or larger


# What a guided enrolment gives, what a hurried booth gives.
ENROLMENT = Care()
BOOTH = Care(rotation=11.0, shift=17.0, stretch=2.2, pressure=0.26, noise=1.5, area=0.13)
# What nobody watches: half of the finger beside the sensor, dry or wet, turned. About the worst third of FVC2002 DB1.
UNWATCHED = Care(rotation=12.0, shift=46.0, stretch=3.8, pressure=0.45, noise=2.6, area=0.24)


def mixed(finger: Finger, impression: int) -> Care:
    """Give the care of a place where all happens, from guided to unwatched, half of it nearer to unwatched than 0.7.

    So the engine's scores are spread like those of sets of real prints (`docs/biometrics.md`).
    """
    share = float(np.sqrt(np.random.default_rng((finger.seed, 3, impression)).uniform()))
    return Care(
        **{
            field.name: (1 - share) * getattr(ENROLMENT, field.name) + share * getattr(UNWATCHED, field.name)
            for field in fields(Care)
        }
    )


def press(finger: Finger, impression: int, care: Care = ENROLMENT) -> GrayImage:
    """Give the impression of this number; the same numbers give the same image. About 30 milliseconds."""
    rng = np.random.default_rng((finger.seed, 2, impression))
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    dx, dy = rng.normal(0, care.shift, 2)
    contact = _contact(x - WIDTH / 2 - dx * 0.6, y - HEIGHT / 2 - dy * 0.6, care, rng)
    skin = _sample(finger.ridges, *_on_skin(x, y, dx, dy, care, rng))
    shape = (HEIGHT, WIDTH)
    # Pressure thickens ridges, and is never even under a fingertip.
    pressure = rng.normal(0, care.pressure) + 0.16 * smooth_noise(shape, 60, rng) - 0.35 * (1 - contact)
    grain = 0.42 * care.noise * smooth_noise(shape, 2.2, rng) + 0.2 * care.noise * smooth_noise(shape, 1.0, rng)
    ink = 1 / (1 + np.exp(-5.0 * (skin + pressure + grain)))
    edge = contact - 0.5 + 0.10 * smooth_noise(shape, 14, rng) + 0.10 * smooth_noise(shape, 3, rng)
    ink *= 1 / (1 + np.exp(-14.0 * edge))
    paper = 243 + 4 * smooth_noise(shape, 120, rng) + 2.0 * care.noise * smooth_noise(shape, 1.5, rng)
    dark = rng.uniform(22, 60) + 16 * smooth_noise(shape, 8, rng)
    gray = _soften(paper + (dark - paper) * ink)
    pixels = np.clip(gray, 0, 255).astype(np.uint8)
    return GrayImage(WIDTH, HEIGHT, pixels.tobytes())


def _on_skin(x: Field, y: Field, dx: float, dy: float, care: Care, rng: np.random.Generator) -> tuple[Field, Field]:
    """Tell which point of the finger's skin lies under each pixel: turned, shifted and stretched."""
    turn = np.deg2rad(rng.normal(0, care.rotation))
    cos, sin = np.float32(np.cos(turn)), np.float32(np.sin(turn))
    shape = (HEIGHT, WIDTH)
    u, v = x - np.float32(WIDTH / 2 + dx), y - np.float32(HEIGHT / 2 + dy)
    stretch_x = care.stretch * smooth_noise(shape, 110, rng)
    stretch_y = care.stretch * smooth_noise(shape, 110, rng)
    return cos * u + sin * v + stretch_x, -sin * u + cos * v + stretch_y


def _contact(u: Field, v: Field, care: Care, rng: np.random.Generator) -> Field:
    """Give 1 deep inside the touching area and 0 far outside it: an upright oval, rounder above."""
    size = 1 + float(np.clip(rng.normal(0, care.area), -0.35, 0.3))
    half_width, half_height = 122 * size, 158 * size
    distance = np.hypot(u / half_width, np.where(v < 0, v * 1.05, v) / half_height)
    return np.asarray(np.clip(0.5 + (1 - distance) * 3, 0, 1), dtype=np.float32)


def _sample(ridges: Field, u: Field, v: Field) -> Field:
    """Read the skin between its samples (bilinear); u and v count from its middle."""
    rows, columns = ridges.shape
    x = np.clip(u + (columns - 1) / 2, 0, columns - 1.001)
    y = np.clip(v + (rows - 1) / 2, 0, rows - 1.001)
    left, top = x.astype(np.int32), y.astype(np.int32)
    fx, fy = x - left, y - top
    flat = ridges.ravel()
    at = top * columns + left
    upper = flat[at] * (1 - fx) + flat[at + 1] * fx
    lower = flat[at + columns] * (1 - fx) + flat[at + columns + 1] * fx
    return np.asarray(upper * (1 - fy) + lower * fy, dtype=np.float32)


def _soften(gray: Field) -> Field:
    """Blur by one pixel, as a lens does (binomial filter 1 2 1 both ways)."""
    padded = np.pad(gray, 1, mode="edge")
    rows = (padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4
    return np.asarray((rows[:, :-2] + 2 * rows[:, 1:-1] + rows[:, 2:]) / 4, dtype=np.float32)
