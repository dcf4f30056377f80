"""This module draws error rates: FNMR over FMR, both as logarithms, as an SVG picture (pure, without a library)."""

import math
from collections.abc import Mapping
from xml.sax.saxutils import escape

import numpy as np

from biometrics.evaluation.curves import Curve

WIDTH, HEIGHT = 640, 460
LEFT, RIGHT, TOP, BOTTOM = 76, 24, 24, 56
LOWEST, HIGHEST = 1e-4, 1.0
FONT = "font: 12px sans-serif"
# Colours that people with any colour vision tell apart (Okabe and Ito, 2008).
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")


def det_curve(curves: Mapping[str, Curve], title: str) -> str:
    """Draw one line for each curve, by its name; rates below 0.01 % are drawn there."""
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" style="{FONT}">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        *_axes(),
    ]
    for number, (name, rates) in enumerate(curves.items()):
        colour = COLOURS[number % len(COLOURS)]
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in _points(rates))
        lines.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.8"/>')
        y = TOP + 18 + 18 * number
        lines.append(f'<path d="M{WIDTH - RIGHT - 190},{y - 4}h24" stroke="{colour}" stroke-width="3"/>')
        lines.append(f'<text x="{WIDTH - RIGHT - 160}" y="{y}">{escape(name)}</text>')
    return "\n".join([*lines, "</svg>", ""])


def _axes() -> list[str]:
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    lines = []
    for power in range(-4, 1):
        rate = 10.0**power
        x, y = _x(rate), _y(rate)
        told = f"{rate * 100:g} %"
        lines.append(f'<path d="M{x:.1f},{TOP}V{bottom}M{LEFT},{y:.1f}H{right}" stroke="#ddd"/>')
        lines.append(f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{told}</text>')
        lines.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{told}</text>')
    middle = (TOP + bottom) / 2
    lines.append(f'<text x="{(LEFT + right) / 2}" y="{HEIGHT - 14}" text-anchor="middle">false match rate</text>')
    lines.append(
        f'<text x="18" y="{middle}" text-anchor="middle" transform="rotate(-90 18 {middle})">'
        "false non-match rate</text>"
    )
    return lines


def _points(rates: Curve) -> list[tuple[float, float]]:
    """Give the corners of the steps, those that are drawn on one another once."""
    points: list[tuple[float, float]] = []
    for fmr, fnmr in zip(np.clip(rates.fmr, LOWEST, 1), np.clip(rates.fnmr, LOWEST, 1), strict=True):
        point = (round(_x(float(fmr)), 1), round(_y(float(fnmr)), 1))
        if points and points[-1] != point:
            points.append((point[0], points[-1][1]))
        if not points or points[-1] != point:
            points.append(point)
    return points


def _x(rate: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * _share(rate)


def _y(rate: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * _share(rate)


def _share(rate: float) -> float:
    return math.log(rate / LOWEST) / math.log(HIGHEST / LOWEST)
