"""The account of a comparison: who told what, what was measured, what was found."""

import datetime as dt

import numpy as np
import pytest

from biometrics.calibration import CALIBRATION
from biometrics.explanation.explaining import Named, explain
from biometrics.formats.contents import ImageSample, NativeSample, TemplateSample
from biometrics.formats.kinds import SampleFormat
from biometrics.formats.minutiae import Capture, Minutia, MinutiaeFormat, MinutiaKind
from biometrics.formats.positions import Position
from biometrics.formats.resolution import ResolutionSource
from biometrics.gray import GrayImage
from biometrics.pairing import Features, Pairing
from biometrics.rejections import BlankImage
from tests.unit.biometrics.fakes import FakeEngine
from tests.unit.biometrics.formats.made import finger
from tests.unit.biometrics.quality.prints import FakeMeter, nfiq2, striped

NOW = dt.datetime(2026, 4, 2, 8, 0, tzinfo=dt.UTC)


class Explaining(FakeEngine):
    def extract(self, image):
        super().extract(image)
        return b"FAKEstriped!"

    def features(self, template):
        return Features(200, 250, (Minutia(MinutiaKind.ENDING, 1, 2, 3.0),))

    def pairing(self, probe, candidate):
        return Pairing(self.score(probe, candidate), ((0, 0),), (), {})


def image(dpi=500, position=Position.LEFT_INDEX, notes=()):
    made = striped(200, 250)
    sample = ImageSample(
        GrayImage(200, 250, made.pixels, dpi), ResolutionSource.FILE, Capture(position, quality=60), notes
    )
    return Named("probe.png", SampleFormat.PNG, sample)


def account(*sides, meter=None, **more):
    return explain(*sides, Explaining(), meter, **({"rate": 1e-4, "now": NOW, "calibration": None} | more))


def test_an_image_tells_its_size_its_resolution_and_who_told_it():
    facts = dict(account(image(), image()).probe.facts)
    assert facts == {
        "format": "png",
        "finger": "left index",
        "size": "200 x 250 pixels",
        "resolution": "500 dpi, told by the file",
        "quality": "not measured",
    }


def test_an_image_is_shown_at_the_resolution_that_minutiae_are_counted_in():
    shown = account(image(dpi=250), image()).probe.image
    assert (shown.width, shown.height, shown.dpi) == (400, 500, 500)


@pytest.mark.parametrize(
    ("score", "said", "advised"),
    [(60, "60 of 100; good", False), (20, "20 of 100; poor: 40 is wanted at enrolment", True)],
)
def test_quality_is_told_with_what_enrolment_asks_and_advice_where_it_is_poor(score, said, advised):
    told = account(image(), image(), meter=FakeMeter(nfiq2(score)))
    assert dict(told.candidate.facts)["quality"] == said
    assert bool(told.candidate.advice) is advised


def test_a_template_is_shown_without_an_image():
    template = Named("a.iso", SampleFormat.ISO_19794_2, TemplateSample(finger(), MinutiaeFormat.ISO_2005))
    native = Named("b.sourceafis", SampleFormat.SOURCEAFIS, NativeSample(b"FAKEfinger-a", None))
    told = account(template, native, meter=FakeMeter())
    assert (told.probe.image, told.candidate.image) == (None, None)
    assert dict(told.probe.facts)["resolution"] == "500 dpi, told by the record"
    assert dict(told.probe.facts)["quality"] == "not measured"
    assert dict(told.candidate.facts)["finger"] == "not told"


def test_notes_of_the_reader_are_passed_on():
    assert account(image(notes=("the file tells 1000 dpi",)), image()).probe.notes == ("the file tells 1000 dpi",)


def test_the_decision_is_that_of_a_comparison_or_of_a_search():
    alone, search = account(image(), image()), account(image(), image(), comparisons=1000)
    assert alone.decision.match
    assert search.decision.threshold == pytest.approx(alone.decision.threshold + 30)
    assert (search.comparisons, search.engine, search.at) == (1000, FakeEngine.name, NOW)


def test_by_views_the_score_is_that_of_both_and_the_account_tells_what_each_gave():
    told = account(image(), image(), calibration=CALIBRATION)
    assert (told.pairing.score, told.fusion.view) == (100.0, 100.0)
    (score,) = CALIBRATION.on_scale(np.array([200.0]), *map(float, told.fusion.agreed))
    assert told.decision.score == score


def test_a_template_has_no_view_and_the_score_is_that_of_its_pairing():
    native = Named("b.sourceafis", SampleFormat.SOURCEAFIS, NativeSample(b"FAKEfinger-a", None))
    told = account(native, image(), calibration=CALIBRATION)
    assert told.fusion is None
    assert told.decision.score == told.pairing.score


def test_what_cannot_be_compared_is_refused():
    blank = image()
    blank = Named(blank.name, blank.format, ImageSample(GrayImage(200, 250, bytes(50_000)), ResolutionSource.FILE))
    with pytest.raises(BlankImage):
        account(blank, image())
