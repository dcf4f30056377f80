"""Draw how the engine scores real fingers and invented ones: docs/biometrics-real-and-invented.svg.

ISTHMUS_DATA=<folder of the data> ISTHMUS_JARS=<folder of the engine's jars> .venv/bin/python docs/plots/real_scores.py
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from biometrics.engine import SourceAfis, start_jvm
from biometrics.evaluation.honesty import distance
from biometrics.evaluation.impressions import Impression, genuine_pairs, impostor_pairs, read_name
from biometrics.formats.images import Decoding, decode_image
from biometrics.gray import GrayImage
from biometrics.synthetic.finger import make_finger
from biometrics.synthetic.impression import mixed, press
from deploy.quality.fingers import NAME, finger_sets, resolution_of

FINGERS, IMPRESSIONS = 60, 4
INVENTED = "invented, taken in all ways"
# Colours that people with any colour vision tell apart (Okabe and Ito, 2008).
COLOURS = ("#000000", "#0072b2", "#d55e00", "#009e73")
PICTURE = Path(__file__).parents[1] / "biometrics-real-and-invented.svg"
GENUINE, IMPOSTOR = (2, 10, 25, 50, 75, 90), (50, 90, 99, 99.9)

Pairs = tuple[np.ndarray, np.ndarray]


def main() -> None:
    """Compare each set with itself by the plain engine, print percentiles and distances, draw."""
    start_jvm(Path(os.environ["ISTHMUS_JARS"]), 1024)
    engine = SourceAfis()
    fingers = [make_finger(30_000 + seed) for seed in range(FINGERS)]
    scores = {
        INVENTED: pairs(
            engine,
            [press(finger, n, mixed(finger, n)) for finger in fingers for n in range(IMPRESSIONS)],
            [Impression("", str(finger.seed), str(n)) for finger in fingers for n in range(IMPRESSIONS)],
        )
    }
    for name, files in finger_sets(Path(os.environ["ISTHMUS_DATA"])).items():
        decoding = Decoding(engine.decode_wsq, resolution_of(name))
        images = [decode_image(file.read_bytes(), decoding).image for file in files]
        scores[name] = pairs(engine, images, [found for file in files if (found := read_name(file.stem, NAME))])
    tell(scores)
    draw(scores)


def pairs(engine: SourceAfis, images: Sequence[GrayImage], impressions: Sequence[Impression]) -> Pairs:
    """Give the scores of the pairs of one finger, and of those of different ones."""
    templates = [engine.extract(image) for image in images]
    row = engine.new_scan(len(templates), templates)
    scores = np.array([engine.scan(probe, row, len(templates)) for probe in templates])
    return genuine_pairs(impressions).of(scores), impostor_pairs(impressions).of(scores)


def tell(scores: Mapping[str, Pairs]) -> None:
    """Print percentiles, and how far each set is from each."""
    for name, (genuine, impostors) in scores.items():
        print(f"{name}: {genuine.size} pairs of one finger, {impostors.size} of different ones")
        print(f"  same, percentiles {GENUINE}: {np.percentile(genuine, GENUINE).round().tolist()}")
        print(f"  different, percentiles {IMPOSTOR}: {np.percentile(impostors, IMPOSTOR).round(1).tolist()}")
        for other, found in scores.items():
            if other != name:
                apart = [round(distance(*each), 2) for each in zip(scores[name], found, strict=True)]
                print(f"  Kolmogorov's distance to {other}: same {apart[0]}, different {apart[1]}")


def draw(scores: Mapping[str, Pairs]) -> None:
    """Draw, for each set, the shares of pairs that reach a score."""
    mpl.rcParams["svg.hashsalt"] = "isthmus"
    figure = Figure(figsize=(9, 4))
    left, right = figure.subplots(1, 2)
    for (name, (genuine, impostors)), colour in zip(scores.items(), COLOURS, strict=False):
        style = {"color": colour, "label": name, "linewidth": 2 if name == INVENTED else 1.2}
        reaching(left, genuine, style)
        reaching(right, impostors, style)
    left.set_title("Pairs of one finger", fontsize=11)
    right.set_title("Pairs of different fingers", fontsize=11)
    right.set_yscale("log")
    right.set_ylim(1e-4, 1)
    right.set_xlim(0, 50)
    right.plot([0, 40], [1, 1e-4], color="gray", linestyle=":", linewidth=1, label="what the engine promises")
    left.set_ylabel("share of pairs that reach a score")
    for axes in (left, right):
        axes.set_xlabel("score of the plain engine")
        axes.legend(frameon=False, fontsize=8)
        axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(PICTURE, metadata={"Date": None})


def reaching(axes: Axes, scores: np.ndarray, style: Mapping[str, object]) -> None:
    """Draw one line, in a hundred points of the distribution's body and all of its end."""
    ordered = np.sort(scores)
    places = np.unique(
        np.concatenate([np.linspace(0, ordered.size - 1, 100), ordered.size - np.geomspace(1, ordered.size, 60)])
    )
    at = places.astype(int)
    axes.plot(ordered[at], 1 - at / ordered.size, **style)


if __name__ == "__main__":
    main()
