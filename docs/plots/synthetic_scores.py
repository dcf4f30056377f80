"""Draw how the engine scores invented fingers: docs/biometrics-synthetic.svg.

ISTHMUS_JARS=<folder of the engine's jars> .venv/bin/python docs/plots/synthetic_scores.py
"""

import os
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from biometrics.engine import SourceAfis, start_jvm
from biometrics.synthetic.finger import make_finger
from biometrics.synthetic.impression import BOOTH, ENROLMENT, press

FINGERS = 100
ADVISED = 40  # the threshold that the engine's documentation advises for 1:1
PICTURE = Path(__file__).parents[1] / "biometrics-synthetic.svg"


def main() -> None:
    """Press every finger twice with care and twice in a hurry, compare all with all, draw."""
    start_jvm(Path(os.environ["ISTHMUS_JARS"]), 1024)
    engine = SourceAfis()
    fingers = [make_finger(seed) for seed in range(FINGERS)]
    cares = (ENROLMENT, ENROLMENT, BOOTH, BOOTH)
    templates = [engine.extract(press(f, n, care)) for f in fingers for n, care in enumerate(cares)]
    row = engine.new_scan(len(templates), templates)
    scores = np.array([engine.scan(probe, row, len(templates)) for probe in templates])
    whose = np.repeat(np.arange(FINGERS), len(cares))
    hurried = np.tile(np.array([care is BOOTH for care in cares]), FINGERS)
    same = (whose[:, None] == whose[None, :]) & ~np.eye(len(whose), dtype=bool)
    in_booth = hurried[:, None] | hurried[None, :]
    genuine, booth = scores[same & ~in_booth], scores[same & in_booth]
    impostor = scores[whose[:, None] != whose[None, :]]
    for name, values in (("genuine", genuine), ("genuine, booth", booth), ("impostor", impostor)):
        quantiles = np.percentile(values, [0, 1, 50, 99, 100]).round(1).tolist()
        print(f"{name}: {values.size} pairs; least, 1 %, median, 99 %, most: {quantiles}")
        print(f"  at {ADVISED} or more: {np.mean(values >= ADVISED):.3%}")
    draw(genuine, booth, impostor)


def draw(genuine: np.ndarray, booth: np.ndarray, impostor: np.ndarray) -> None:
    """Draw the three distributions, each as shares of its own pairs."""
    mpl.rcParams["svg.hashsalt"] = "isthmus"
    figure = Figure(figsize=(8, 4))
    axes = figure.subplots()
    bins = np.arange(0, max(genuine.max(), booth.max()) + 10, 10)
    for values, colour, label in (
        (impostor, "#b03a2e", f"different fingers ({impostor.size:,} pairs)"),
        (booth, "#d4a017", f"same finger, hurried ({booth.size:,} pairs)"),
        (genuine, "#1e6f5c", f"same finger, careful ({genuine.size:,} pairs)"),
    ):
        weights = np.full(values.size, 100 / values.size)
        axes.hist(values, bins=bins, weights=weights, color=colour, alpha=0.65, label=label)
    axes.axvline(ADVISED, color="black", linewidth=1, linestyle="--")
    axes.text(43, 60, "40: the engine's\nadvised threshold", fontsize=8, va="top")
    axes.set_yscale("symlog", linthresh=0.1)
    axes.set_ylim(0, 120)
    axes.set_yticks([0, 0.1, 1, 10, 100], ["0", "0.1 %", "1 %", "10 %", "100 %"])
    axes.set_xlabel("score")
    axes.set_ylabel("share of pairs")
    axes.set_title("Invented fingers, compared by the engine", fontsize=11)
    axes.legend(frameon=False, fontsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(PICTURE, metadata={"Date": None})


if __name__ == "__main__":
    main()
