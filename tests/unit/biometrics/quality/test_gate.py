"""The gate: what is asked of which finger for which use, and what an authority may set."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from biometrics.quality.advice import Advice
from biometrics.quality.gate import Demand, Gate, Use, Verdict, judge
from biometrics.quality.quality import Quality, check, is_refused
from biometrics.rejections import InvertedImage, QualityTooLow, SeveralFingers, TurnedImage
from biometrics.settings import BiometricsSettings
from contracts.records import FingerPosition
from tests.unit.biometrics.quality.prints import nfiq2, touch

SCORES = st.integers(0, 100)


def test_enrolment_has_a_gate_and_comparing_has_none_unless_it_is_set():
    gate = Gate()
    assert gate.demands(Use.ENROLMENT).any
    assert not gate.demands(Use.VERIFICATION).any
    assert not gate.demands(Use.IDENTIFICATION).any


def test_less_is_asked_of_a_little_finger_and_more_of_a_thumb():
    thumb, index, little = (
        Gate().demand(Use.ENROLMENT, finger)
        for finger in (FingerPosition.LEFT_THUMB, FingerPosition.RIGHT_INDEX, FingerPosition.LEFT_LITTLE)
    )
    assert thumb.least > index.least > little.least
    assert thumb.wanted >= index.wanted > little.wanted


def test_a_finger_that_nobody_names_is_asked_what_most_are():
    gate = Gate()
    assert gate.demand(Use.ENROLMENT, FingerPosition.UNKNOWN) == gate.demand(Use.ENROLMENT, FingerPosition.LEFT_INDEX)


@pytest.mark.parametrize("finger", FingerPosition)
def test_a_child_is_never_refused_and_never_asked_for_more(finger):
    gate = Gate()
    child, adult = (gate.demand(Use.ENROLMENT, finger, child=child) for child in (True, False))
    assert child.least == 0
    assert child.wanted <= adult.wanted
    assert judge(0, child) is not Verdict.REFUSED


@given(SCORES, SCORES, SCORES, SCORES)
def test_a_better_image_is_never_judged_worse(one, other, least, wanted):
    demand = Demand(least=min(least, wanted), wanted=max(least, wanted))
    order = list(Verdict)
    assert order.index(judge(max(one, other), demand)) <= order.index(judge(min(one, other), demand))


def test_an_image_that_cannot_be_judged_counts_as_the_worst():
    assert judge(None, Demand(least=1, wanted=1)) is Verdict.REFUSED
    assert judge(None, Demand()) is Verdict.GOOD


def test_what_is_not_measured_passes():
    assert not is_refused(None, Demand(least=50, wanted=50))
    check(None, Demand(least=50, wanted=50), "probe")


def test_a_refusal_says_what_was_found_what_is_asked_and_what_to_do():
    poor = Quality(nfiq2(4), touch(ridge_share=0.1))
    with pytest.raises(QualityTooLow, match=r"4 of 100 .* at least 5 is asked: moisten the finger") as refused:
        check(poor, Demand(least=5, wanted=40), "samples.0")
    assert refused.value.field == "samples.0"
    check(poor, Demand(least=4, wanted=40), "samples.0")


@pytest.mark.parametrize(
    ("fault", "refusal"), [("inverted", InvertedImage), ("several", SeveralFingers), ("upside_down", TurnedImage)]
)
def test_an_image_that_is_not_faithful_is_refused_however_good_where_it_has_to_be(fault, refusal):
    image = Quality(nfiq2(90), touch(), **{fault: True})
    assert image.verdict(Demand(faithful=True)) is Verdict.REFUSED
    assert image.verdict(Demand()) is Verdict.GOOD
    with pytest.raises(refusal, match="If it is not") as refused:
        check(image, Demand(least=5, wanted=40, faithful=True), "samples.0", " If it is not, say so.")
    assert refused.value.field == "samples.0"
    check(image, Demand(least=5, wanted=40), "samples.0")


def test_what_is_enrolled_of_adults_has_to_be_faithful_and_of_children_where_that_is_set():
    assert {Gate().demand(Use.ENROLMENT, finger).faithful for finger in FingerPosition} == {True}
    assert not Gate().demand(Use.ENROLMENT, FingerPosition.LEFT_THUMB, child=True).faithful
    usual = Gate().enrolment
    strict = Gate(enrolment=usual.model_copy(update={"child": Demand(wanted=20, faithful=True)}))
    assert strict.demand(Use.ENROLMENT, FingerPosition.LEFT_THUMB, child=True).faithful


def test_a_poor_image_is_refused_for_what_the_person_at_the_sensor_can_mend():
    poor = Quality(nfiq2(4), touch(ridge_share=0.1), upside_down=True)
    assert poor.advice == (Advice.UPSIDE_DOWN, Advice.TOO_DRY)
    with pytest.raises(QualityTooLow, match="moisten the finger"):
        check(poor, Demand(least=5, wanted=40), "probe")


def test_of_an_inverted_image_nothing_is_told_that_its_valleys_look_like():
    assert Quality(nfiq2(4), touch(ridge_share=0.8), inverted=True).advice == (Advice.INVERTED,)


def test_more_cannot_be_refused_than_is_wanted():
    with pytest.raises(ValidationError):
        Demand(least=50, wanted=40)


def test_one_number_is_set_and_the_others_stay(monkeypatch):
    monkeypatch.setenv("ISTHMUS_GATE__ENROLMENT__LITTLE__LEAST", "20")
    monkeypatch.setenv("ISTHMUS_GATE__VERIFICATION__FINGER__WANTED", "30")
    gate = BiometricsSettings.load().gate
    little, usual = gate.enrolment.little, Gate().enrolment
    assert (little.least, little.wanted, gate.enrolment.thumb) == (20, usual.little.wanted, usual.thumb)
    assert gate.demands(Use.VERIFICATION).any
