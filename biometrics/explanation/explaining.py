"""This module compares two samples, and puts together what the account of it tells."""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from biometrics.calibration import Calibration
from biometrics.comparing import Views
from biometrics.decision import decide
from biometrics.engine import Template
from biometrics.explanation.account import Account, Fusion, Side
from biometrics.formats.contents import ImageSample, Sample, TemplateSample
from biometrics.formats.kinds import SampleFormat
from biometrics.formats.minutiae import dpi_of
from biometrics.formats.positions import Position
from biometrics.formats.resampling import at_standard
from biometrics.gray import GrayImage
from biometrics.pairing import Features, Pairing
from biometrics.quality.gate import Demand, Gate, Use, Verdict, judge
from biometrics.quality.quality import Measurement, Meter, Quality
from biometrics.samples import Extractor, template_of, views_of
from biometrics.sent import refused_as
from contracts.records import FingerPosition

_AT_ENROLMENT = {
    Verdict.GOOD: "good",
    Verdict.POOR: "poor: {wanted} is wanted at enrolment",
    Verdict.REFUSED: "too poor to enrol: {least} is the least",
}


class Explainer(Extractor, Protocol):
    """What explaining needs of the engine."""

    def features(self, template: Template) -> Features:
        """Give the minutiae."""
        ...

    def pairing(self, probe: Template, candidate: Template) -> Pairing:
        """Compare, and tell which minutiae were taken for the same."""
        ...

    def score(self, probe: Template, candidate: Template) -> float:
        """Compare."""
        ...


@dataclass(frozen=True, slots=True)
class Named:
    """A sample, the file that it was read of, and what that is."""

    name: str
    format: SampleFormat
    sample: Sample


def explain(
    probe: Named,
    candidate: Named,
    engine: Explainer,
    meter: Meter | None,
    *,
    rate: float,
    comparisons: int = 1,
    calibration: Calibration | None,
    now: dt.datetime,
) -> Account:
    """Compare two samples, and give an account of it.

    Args:
        probe: what is asked about.
        candidate: what it is compared with.
        engine: what compares.
        meter: what measures the quality of images; nothing where it cannot be measured.
        rate: the accepted probability of a false match.
        comparisons: how many images the candidate was found among.
        calibration: what scores of image and view mean; without one the plain engine compares.
        now: when.

    Raises:
        Rejected: nothing in one of them can be compared; `field` names it, `probe` or `candidate`.
    """
    # Both are measured while the engine works.
    measured = [_measurement(each.sample, meter) for each in (probe, candidate)]
    with refused_as("probe"):
        one = _views(probe.sample, engine, calibration)
    with refused_as("candidate"):
        other = _views(candidate.sample, engine, calibration)
    pairing = engine.pairing(one.plain, other.plain)
    score, fusion = pairing.score, None
    if calibration is not None and one.drawn is not None and other.drawn is not None:
        fusion = Fusion(engine.score(one.drawn, other.drawn), (one.agreed, other.agreed))
        sums = np.array([pairing.score + fusion.view])
        score = float(calibration.on_scale(sums, one.agreed, float(other.agreed))[0])
    first, second = (
        _side(role, named, engine.features(views.plain), measurement.result() if measurement else None)
        for role, named, views, measurement in zip(
            ("probe", "candidate"), (probe, candidate), (one, other), measured, strict=True
        )
    )
    decision = decide(score, rate, comparisons)
    return Account(first, second, pairing, decision, comparisons, engine.name, now, fusion)


def _views(sample: Sample, engine: Explainer, calibration: Calibration | None) -> Views:
    return Views(template_of(sample, engine)) if calibration is None else views_of(sample, engine)


def _measurement(sample: Sample, meter: Meter | None) -> Measurement | None:
    return Measurement(meter, sample.image) if meter is not None and isinstance(sample, ImageSample) else None


def _side(role: str, named: Named, features: Features, quality: Quality | None) -> Side:
    sample = named.sample
    demand = Gate().demand(Use.ENROLMENT, sample.capture.position.finger or FingerPosition.UNKNOWN)
    poor = quality is not None and judge(quality.score, demand) is not Verdict.GOOD
    return Side(
        role=role,
        name=named.name,
        features=features,
        image=_shown(sample),
        facts=(
            ("format", named.format.value),
            ("finger", _finger(sample.capture.position)),
            *_size(sample),
            ("quality", _quality(quality, demand)),
        ),
        notes=sample.notes,
        advice=tuple(each.text for each in quality.advice) if quality and poor else (),
    )


def _shown(sample: Sample) -> GrayImage | None:
    """Give the image in whose pixels minutiae are counted."""
    return at_standard(sample.image) if isinstance(sample, ImageSample) else None


def _finger(position: Position) -> str:
    return position.said if position else "not told"


def _size(sample: Sample) -> tuple[tuple[str, str], ...]:
    if isinstance(sample, ImageSample):
        image = sample.image
        return (
            ("size", f"{image.width} x {image.height} pixels"),
            ("resolution", f"{image.dpi} dpi, told by the {sample.source}"),
        )
    if isinstance(sample, TemplateSample):
        finger = sample.finger
        across, down = (f"{dpi_of(each):.0f}" for each in (finger.x_per_cm, finger.y_per_cm))
        dpi = across if across == down else f"{across} x {down}"
        return (
            ("size", f"{finger.width} x {finger.height} pixels"),
            ("resolution", f"{dpi} dpi, told by the record"),
        )
    return (("resolution", "500 dpi, as all templates of the engine"),)


def _quality(quality: Quality | None, demand: Demand) -> str:
    if quality is None:
        return "not measured"
    said = _AT_ENROLMENT[judge(quality.score, demand)].format(wanted=demand.wanted, least=demand.least)
    return f"NFIQ 2 finds nothing to judge; {said}" if quality.score is None else f"{quality.score} of 100; {said}"
