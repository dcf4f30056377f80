"""This module measures whether the quality of images is what NIST's own program makes of them."""

from math import isclose, nan
from pathlib import Path

from PIL import Image

from biometrics.gray import GrayImage
from biometrics.quality.meter import QualityMeter, can_be_measured
from biometrics.quality.nfiq2 import Nfiq2
from deploy.bench.telling import Teller
from deploy.quality.figures import Figures, Measured

FOLDER = Path("fingerprints") / "nfiq2_examples"
EXPECTED = "_output.txt"
SCORE = "UnifiedQualityScore"
DIGITS = 1e-5
"""The expected measures are written with six digits."""


def nfiq2_figures(folder: Path, teller: Teller) -> Figures:
    """Measure the share of NIST's examples whose score and measures are the expected ones."""
    files = sorted((folder / FOLDER).glob(f"*{EXPECTED}"))
    if not files:
        teller.say(f"SKIPPED nfiq2_equal: there are no examples in {FOLDER}.")
        return
    if not can_be_measured():
        teller.say("SKIPPED nfiq2_equal: the library of NFIQ 2 is not made for this machine.")
        return
    meter = QualityMeter(1)
    try:
        equal = [is_expected(meter.begin(_image(file)).result(), file.read_text()) for file in files]
    finally:
        meter.stop()
    yield Measured("nfiq2_equal", sum(equal) / len(equal))


def is_expected(found: Nfiq2, expected: str) -> bool:
    """Tell whether score and measures are those of the program's output, one `name: value` a line."""
    lines = (line.partition(": ") for line in expected.splitlines())
    values = {name: float(value) for name, _, value in lines if value}
    return found.score == values.pop(SCORE) and all(
        isclose(found.measures.get(name, nan), value, rel_tol=DIGITS) for name, value in values.items()
    )


def _image(expected: Path) -> GrayImage:
    with Image.open(expected.with_name(expected.name.removesuffix(EXPECTED) + ".png")) as opened:
        gray = opened.convert("L")
    return GrayImage(gray.width, gray.height, gray.tobytes())
