"""This module compares two samples, and puts together what the account of it tells."""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from biometrics.decision import decide
from biometrics.engine import Template
from biometrics.explanation.account import Account, Side
from biometrics.formats.contents import ImageSample, Sample, TemplateSample
from biometrics.formats.kinds import SampleFormat
from biometrics.formats.minutiae import dpi_of
from biometrics.formats.positions import Position
from biometrics.formats.resampling import at_standard
from biometrics.gray import GrayImage
from biometrics.pairing import Features, Pairing
from biometrics.quality.gate import Demand, Gate, Use, Verdict, judge
from biometrics.quality.quality import Measurement, Meter, Quality
from biometrics.samples import Extractor, template_of
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
    now: dt.datetime,
) -> Account:
    """Compare two samples, and give an account of it.

    Args:
        probe: what is asked about.
        candidate: what it is compared with.
        engine: what compares.
        meter: what measures the quality of images; nothing where it cannot be measured.
        rate: the accepted probability of a false match.
        comparisons: how many templates the candidate was found among.
        now: when.

    Raises:
        Rejected: nothing in one of them can be compared.
    """
    # Both are measured while the engine works.
    measured = [_measurement(each.sample, meter) for each in (probe, candidate)]
    templates = [template_of(each.sample, engine) for each in (probe, candidate)]
    pairing = engine.pairing(*templates)
    first, second = (
        _side(role, named, engine.features(template), measurement.result() if measurement else None)
        for role, named, template, measurement in zip(
            ("probe", "candidate"), (probe, candidate), templates, measured, strict=True
        )
    )
    decision = decide(pairing.score, rate, comparisons)
    return Account(first, second, pairing, decision, comparisons, engine.name, now)


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
