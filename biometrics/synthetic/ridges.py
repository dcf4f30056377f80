"""This module grows the ridges of an invented finger out of noise, along its orientation field."""

import numpy as np

from biometrics.synthetic.orientation import Field

RADIUS = 5
STEPS = 16
# Deviation of the Gaussian window in ridge periods: about three ridges under one filter, as in Cappelli's SFinGe
# ("Synthetic fingerprint generation", Handbook of Fingerprint Recognition, 2009).
WINDOW_PERIODS = 0.5


def gabor_weights(angle: Field, period: Field) -> list[tuple[int, int, Field]]:
    """Give, for half of the offsets around a sample (the filter is even), the weight of that neighbour at each sample.

    Args:
        angle: direction of the ridges, radians.
        period: distance from ridge to ridge, in samples.
    """
    across_x = -np.sin(angle)
    across_y = np.cos(angle)
    phase_step = 2 * np.pi / period
    narrowness = 1 / (2 * (WINDOW_PERIODS * period) ** 2)
    weights: list[tuple[int, int, Field]] = []
    total = np.ones_like(angle)
    windows = np.ones_like(angle)
    for dy in range(RADIUS + 1):
        for dx in range(-RADIUS, RADIUS + 1):
            if (dy == 0 and dx <= 0) or dx * dx + dy * dy > RADIUS * RADIUS + 2:
                continue
            window = np.exp(-(dx * dx + dy * dy) * narrowness)
            weight = window * np.cos(phase_step * (dx * across_x - dy * across_y))
            total += 2 * weight
            windows += 2 * window
            weights.append((dy, dx, weight))
    # Take the mean out, so that the filter answers to ridges and not to brightness.
    lift = total / windows
    balanced = [(dy, dx, w - lift * np.exp(-(dx * dx + dy * dy) * narrowness)) for dy, dx, w in weights]
    balanced.append((0, 0, (1 - lift) / 2))
    energy = np.sqrt(sum(np.square(w) for _, _, w in balanced) * 2)
    return [(dy, dx, (w / energy).astype(np.float32)) for dy, dx, w in balanced]


def grow(angle: Field, period: Field, rng: np.random.Generator, steps: int = STEPS) -> Field:
    """Filter noise along the field until ridges stand: values from -1 (valley) to 1 (ridge).

    Ridges from different places meet out of step, and there a ridge ends or forks: the minutiae come by themselves.
    """
    rows, columns = angle.shape
    weights = gabor_weights(angle, period)
    padded = np.zeros((rows + 2 * RADIUS, columns + 2 * RADIUS), dtype=np.float32)
    inside = (slice(RADIUS, RADIUS + rows), slice(RADIUS, RADIUS + columns))
    padded[inside] = rng.standard_normal(angle.shape).astype(np.float32) * 0.3
    both = np.empty_like(angle)
    for _ in range(steps):
        grown = np.zeros_like(angle)
        for dy, dx, weight in weights:
            ahead = padded[RADIUS + dy : RADIUS + dy + rows, RADIUS + dx : RADIUS + dx + columns]
            behind = padded[RADIUS - dy : RADIUS - dy + rows, RADIUS - dx : RADIUS - dx + columns]
            np.add(ahead, behind, out=both)
            both *= weight
            grown += both
        padded[inside] = np.tanh(grown)
    return padded[inside].copy()


def enlarge(field: Field, factor: int) -> Field:
    """Resample to `factor` times the size without loss: ridges are waves, so their spectrum is padded with zeros."""
    rows, columns = field.shape
    edge = 8
    mirrored = np.pad(field, edge, mode="reflect")
    spectrum = np.fft.fftshift(np.fft.fft2(mirrored))
    r, c = spectrum.shape
    padding = (((factor - 1) * r // 2,) * 2, ((factor - 1) * c // 2,) * 2)
    wide = np.fft.ifft2(np.fft.ifftshift(np.pad(spectrum, padding))).real * factor**2
    start = edge * factor
    return wide[start : start + rows * factor, start : start + columns * factor].astype(np.float32)
