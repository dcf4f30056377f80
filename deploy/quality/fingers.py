"""This module measures how well fingers are told apart: the shipped configuration beside the plain engine."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean

from biometrics.calibration import Impostors, calibrate
from biometrics.engine import SourceAfis, start_jvm
from biometrics.evaluation.curves import equal_error_rate, fnmr_at
from biometrics.evaluation.figures import curve_of
from biometrics.evaluation.impressions import Impression, impostor_pairs, read_name
from biometrics.evaluation.open_set import by_finger, fnir_at, search
from biometrics.evaluation.scoring import PLAIN, SHIPPED, SUM, Scored, score_all
from biometrics.formats.images import Decoding, decode_image
from biometrics.gray import STANDARD_DPI
from deploy.bench.apart import run_apart
from deploy.bench.figures import MeasurementFailed
from deploy.bench.telling import Teller
from deploy.local.artifacts import Bundle
from deploy.local.downloads import Downloads
from deploy.local.home import cache_folder
from deploy.quality.figures import Figures, Measured

FINGERS = ("eer_ratio", "fmr1000_ratio", "fnir_zero_fp_2x3", "fmr_calibration_factor")
PRINTS = Path("fingerprints")
NAME = re.compile(r"^(?P<finger>\d+)_(?P<impression>\d+)$")
# As FVC's own descriptions of its sensors give them; all others have 500.
RESOLUTIONS = {"fvc2002_db2_b": 569, "fvc2004_db2_b": 512, "fvc2004_db3_b": 512}
HEAP_MEGABYTES = 1024
CALIBRATED_RATE = 0.01
TWO_FINGERS, THREE_ENROLLED = 2, 3

Measurable = tuple[list[Impression], dict[str, Scored]]


def finger_sets(folder: Path) -> dict[str, list[Path]]:
    """Find the sets of fingerprints in the real data, by name: folders of FVC with files `finger_impression`."""
    found = {}
    for each in sorted((folder / PRINTS).glob("fvc*")):
        files = [file for file in sorted(each.glob("*.*")) if NAME.match(file.stem)]
        if files:
            found[each.name] = files
    return found


def fingers_figures(folder: Path, teller: Teller) -> Figures:
    """Measure all sets of fingerprints."""
    sets = finger_sets(folder)
    if not sets:
        teller.say(f"SKIPPED {', '.join(FINGERS)}: there are no sets of fingerprints.")
        return
    jars = Downloads(cache_folder(), teller).jars(Bundle.SOURCEAFIS)
    measured = []
    with teller.counting("Sets of fingerprints, in every configuration", len(sets)) as tell:
        for number, (name, files) in enumerate(sets.items(), 1):
            measured.append(run_apart(score_set, jars, files, RESOLUTIONS.get(name, STANDARD_DPI)))
            tell(number)
    yield Measured("eer_ratio", _ratio(measured, "eer"))
    yield Measured("fmr1000_ratio", _ratio(measured, "fmr1000"))
    yield Measured("fnir_zero_fp_2x3", fmean(_fnir(*each) for each in measured))
    if len(sets) > 1:
        yield Measured("fmr_calibration_factor", calibration_factor([impostors_of(*each) for each in measured]))


def score_set(jars: Path, files: Sequence[Path], dpi: int) -> Measurable:
    """Score all images of a set with one another; runs in a process of its own, for it starts a JVM."""
    start_jvm(jars, HEAP_MEGABYTES)
    engine = SourceAfis()
    impressions = [found for file in files if (found := read_name(file.stem, NAME))]
    images = [decode_image(file.read_bytes(), Decoding(engine.decode_wsq, dpi)).image for file in files]
    return impressions, score_all(engine, images, lambda _: None)


def calibration_factor(impostors: Sequence[Impostors]) -> float:
    """Give how far off a calibration is on a set that it never saw: the worst of all sets, each left out in turn.

    It is the share of impostors that pass where the calibration says 1 %, over 1 %, or its inverse if that is more.
    Nothing of the set that is left out is used: slope, intercept and the power of minutiae are fitted to the others.
    """
    worst = 1.0
    for left_out, unseen in enumerate(impostors):
        calibration = calibrate([each for number, each in enumerate(impostors) if number != left_out])
        rates = calibration.false_match_rates(unseen)
        passed = max(float((rates <= CALIBRATED_RATE).mean()), 1 / rates.size)
        worst = max(worst, passed / CALIBRATED_RATE, CALIBRATED_RATE / passed)
    return worst


def _ratio(measured: Sequence[Measurable], rate: str) -> float:
    """Give the mean rate of the shipped configuration over all sets, over that of the plain engine."""
    return fmean(_rates(*each, SHIPPED)[rate] for each in measured) / fmean(
        _rates(*each, PLAIN)[rate] for each in measured
    )


def _rates(impressions: Sequence[Impression], scored: Mapping[str, Scored], name: str) -> dict[str, float]:
    rates = curve_of(scored[name], impressions)
    return {"eer": equal_error_rate(rates), "fmr1000": fnmr_at(rates, 0.001)}


def _fnir(impressions: Sequence[Impression], scored: Mapping[str, Scored]) -> float:
    """Give FNIR without any false positive, of two fingers and three enrolled impressions."""
    searches = search(by_finger(scored[SHIPPED].scores, impressions), TWO_FINGERS, THREE_ENROLLED)
    if searches is None:
        raise MeasurementFailed("A set has too few fingers for persons with two; take one of four fingers or more.")
    return fnir_at(searches, 0.0)


def impostors_of(impressions: Sequence[Impression], scored: Mapping[str, Scored]) -> Impostors:
    """Give what a calibration is fitted to."""
    pairs, together = impostor_pairs(impressions), scored[SUM]
    assert together.agreed is not None, "a sum is over views"
    return Impostors.of(pairs.of(together.scores), together.agreed[pairs.probes], together.agreed[pairs.candidates])
