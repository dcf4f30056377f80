"""This module measures how well fingers are told apart: the shipped configuration beside the plain engine."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean

from biometrics.engine import SourceAfis, start_jvm
from biometrics.evaluation.curves import equal_error_rate, fnmr_at
from biometrics.evaluation.few_fingers import missed
from biometrics.evaluation.figures import curve_of, measured_pairs
from biometrics.evaluation.impressions import Impression, NotMeasurable
from biometrics.evaluation.open_set import OF_FINGERS, OF_IMPRESSIONS, Fuse, by_finger, fnir_at, search
from biometrics.evaluation.reading import read_set
from biometrics.evaluation.scoring import PLAIN, SHIPPED, Scored, score_all
from biometrics.formats.images import Decoding
from biometrics.rejections import UnknownResolution
from deploy.bench.apart import run_apart
from deploy.bench.telling import Teller
from deploy.fingers import read_bytes
from deploy.local.artifacts import Bundle
from deploy.local.downloads import Downloads
from deploy.local.home import cache_folder
from deploy.quality.figures import Figures, Measured
from deploy.quality.honesty import CONFIGURATIONS, HONESTY, Measurable, honesty_figures
from deploy.quality.invented_fingers import FITTED, JUDGED, score_crowd

RULES: tuple[tuple[str, str, dict[str, Fuse]], ...] = (
    ("2x1", "fingers_by", OF_FINGERS),
    ("4x1", "fingers_by", OF_FINGERS),
    ("1x3", "impressions_by", OF_IMPRESSIONS),
)
"""Fingers by enrolled impressions, and rules that may fuse their scores."""
MISSED: dict[str, tuple[str, str, dict[str, Fuse]]] = {
    "fnir_zero_fp_2x3": (SHIPPED, "2x3", {}),
    **{
        f"fnir_zero_fp_{shape}_{rule}_{name}": (name, shape, {of: fuse})
        for name in CONFIGURATIONS
        for shape, of, rules in RULES
        for rule, fuse in rules.items()
    },
}
"""Figures of searches that miss a person where nobody is found wrongly: of which configuration, and fused by what."""
FEW = {f"missed_{probes}_sought_{held}_held": (probes, held) for probes, held in ((1, 1), (4, 1), (4, 2), (4, 4))}
"""Figures of searches that miss a person by what the service asks: fingers that are sought, and that are held."""
FINGERS = ("eer_ratio", "fmr1000_ratio", *MISSED, *FEW, *HONESTY)
PRINTS = Path("fingerprints")
NAME = re.compile(r"^(?P<finger>\d+)_(?P<impression>\d+)$")
SET = re.compile(r"^(?P<year>fvc\d{4})_db(?P<number>[1-4])(_[ab])?$", re.IGNORECASE)
RESOLUTIONS = {
    "fvc2000": (500, 500, 500, 500),
    "fvc2002": (500, 569, 500, 500),
    "fvc2004": (500, 512, 512, 500),
    "fvc2006": (250, 569, 500, 500),
}
"""Dots to an inch of DB1 to DB4, as FVC describes its sensors: hardly a file of these sets tells any. Of DB2 of 2004 it
says 500, but the sensor has 512."""
HEAP_MEGABYTES = 1024


def finger_sets(folder: Path) -> dict[str, list[Path]]:
    """Find the sets of fingerprints in the real data, by name: folders of FVC with files `finger_impression`."""
    found = {}
    for each in sorted((folder / PRINTS).glob("fvc*")):
        files = [file for file in sorted(each.glob("*.*")) if NAME.match(file.stem)]
        if files:
            found[each.name] = files
    return found


def resolution_of(name: str) -> int | None:
    """Give the resolution of a set of FVC by its name, such as `fvc2002_db2_b`; of others the files have to tell it."""
    found = SET.match(name)
    numbers = found and RESOLUTIONS.get(found["year"].lower())
    return numbers[int(found["number"]) - 1] if found and numbers else None


def fingers_figures(folder: Path, teller: Teller) -> Figures:
    """Measure all sets of fingerprints."""
    sets = finger_sets(folder)
    if not sets:
        teller.say("SKIPPED the figures of fingers: there are no sets of fingerprints.")
        return
    jars = Downloads(cache_folder(), teller).jars(Bundle.SOURCEAFIS)
    measured = []
    with teller.counting("Sets of fingerprints, in every configuration", len(sets)) as tell:
        for number, (name, files) in enumerate(sets.items(), 1):
            try:
                scored, told = run_apart(score_set, jars, files, resolution_of(name))
            except UnknownResolution:
                teller.say(f"SKIPPED the set {name}: its resolution is not known; let each of its files tell it.")
            except NotMeasurable as error:
                teller.say(f"SKIPPED the set {name}: {error}")
            else:
                measured.append(scored)
                for line in told:
                    teller.say(f"{name}, {line}")
            tell(number)
    if not measured:
        teller.say("SKIPPED the figures of fingers: there is no set of fingerprints that can be measured.")
        return
    yield Measured("eer_ratio", _ratio(measured, "eer"))
    yield Measured("fmr1000_ratio", _ratio(measured, "fmr1000"))
    yield from missed_figures(measured, teller)
    yield from few_figures(measured, teller)
    with teller.counting("Crowds of invented fingers, scored with one another", 2) as tell:
        crowds = []
        for number, crowd in enumerate((FITTED, JUDGED), 1):
            crowds.append(run_apart(score_crowd, jars, crowd))
            tell(number)
    yield from honesty_figures(measured, *crowds)


def score_set(jars: Path, files: Sequence[Path], dpi: int | None) -> tuple[Measurable, list[str]]:
    """Score all images of a set with one another; runs in a process of its own, for it starts a JVM.

    Returns:
        The scores, and what is to be told of files that are no images, or are refused for what they show.

    Raises:
        UnknownResolution: `dpi` is not given, and a file tells nothing possible.
        NotMeasurable: there are no pairs of one finger, or none of different ones.
    """
    start_jvm(jars, HEAP_MEGABYTES)
    engine = SourceAfis()
    read = read_set(files, NAME, Decoding(engine.decode_wsq, dpi, doubt=dpi is None), read_bytes)
    measured_pairs(read.impressions)
    return (read.impressions, score_all(engine, read.images, lambda _: None)), read.told()


def _ratio(measured: Sequence[Measurable], rate: str) -> float:
    """Give the mean rate of the shipped configuration over all sets, over that of the plain engine."""
    return fmean(_rates(*each, SHIPPED)[rate] for each in measured) / fmean(
        _rates(*each, PLAIN)[rate] for each in measured
    )


def _rates(impressions: Sequence[Impression], scored: Mapping[str, Scored], name: str) -> dict[str, float]:
    rates = curve_of(scored[name], impressions)
    return {"eer": equal_error_rate(rates), "fmr1000": fnmr_at(rates, 0.001)}


def missed_figures(sets: Sequence[Measurable], teller: Teller) -> Figures:
    """Tell how often a person is missed without any false positive: by each rule the mean of the sets that allow it."""
    for figure, (name, shape, by) in MISSED.items():
        fingers, enrolled = map(int, shape.split("x"))
        arranged = (by_finger(scored[name].scores, impressions) for impressions, scored in sets)
        found = [fnir_at(each, 0.0) for scores in arranged if (each := search(scores, fingers, enrolled, **by))]
        if found:
            yield Measured(figure, fmean(found))
        else:
            teller.say(f"SKIPPED {figure}: each set has too few fingers or impressions.")


def few_figures(sets: Sequence[Measurable], teller: Teller) -> Figures:
    """Tell how often a person is missed of whom fewer fingers are held than are sought: the mean of the sets."""
    arranged = [by_finger(scored[SHIPPED].scores, impressions) for impressions, scored in sets]
    for figure, (probes, held) in FEW.items():
        found = [share.rate for scores in arranged if (share := missed(scores, probes, held)).of]
        if found:
            yield Measured(figure, fmean(found))
        else:
            teller.say(f"SKIPPED {figure}: each set has too few fingers or impressions.")
