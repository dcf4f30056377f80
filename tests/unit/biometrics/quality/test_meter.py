"""Measuring in processes of their own: one that ends or hangs costs one image its score, and nothing else."""

import errno
import subprocess

import pytest

from biometrics.gray import GrayImage
from biometrics.quality.meter import QualityMeter
from biometrics.quality.nfiq2 import LARGEST, Nfiq2
from biometrics.quality.quality import Measurement
from biometrics.rejections import QualityUnavailable
from tests.unit.biometrics.quality.prints import FakeMeter, striped
from tests.unit.biometrics.quality.stand_in import CRASHES, HANGS, STAMMERS

STAND_IN = "tests.unit.biometrics.quality.stand_in"


@pytest.fixture
def meter():
    meter = QualityMeter(1, module=STAND_IN)
    yield meter
    meter.stop()


def image(first, side=10):
    return GrayImage(side, side, bytes([first]) * side * side)


def test_each_image_gets_its_own_answer(meter):
    begun = [meter.begin(image(first, side)) for first, side in ((70, 10), (60, 20), (50, 300))]
    assert [each.result().score for each in begun] == [70, 60, 50]
    assert [each.result().measures["pixels"] for each in begun] == [100, 400, 90_000]


@pytest.mark.parametrize("ends", [CRASHES, STAMMERS])
def test_an_image_that_ends_the_process_has_no_score_and_the_next_one_has(meter, ends):
    assert meter.begin(image(ends)).result() == Nfiq2(None, {})
    assert meter.begin(image(70)).result().score == 70


def test_an_image_that_hangs_the_process_is_given_up():
    impatient = QualityMeter(1, longest_s=1.0, module=STAND_IN)
    try:
        assert impatient.begin(image(HANGS)).result().score is None
        assert impatient.begin(image(70)).result().score == 70
    finally:
        impatient.stop()


def test_a_process_that_somebody_ended_costs_no_image_its_score(meter):
    meter.begin(image(70)).result()
    process = meter._idle.get()
    process._process.kill()
    meter._idle.put(process)
    assert meter.begin(image(60)).result().score == 60


def test_a_process_that_cannot_be_started_asks_to_try_again_and_is_started_at_the_next_image(meter, monkeypatch):
    def fails(*_command, **_pipes):
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    meter.begin(image(70)).result()
    ended = meter._idle.get()
    ended._process.kill()
    meter._idle.put(ended)
    with monkeypatch.context() as patch:
        patch.setattr(subprocess, "Popen", fails)
        for _image in range(3):
            with pytest.raises(QualityUnavailable):
                meter.begin(image(60)).result()
    assert [meter.begin(image(first)).result().score for first in (60, 50)] == [60, 50]


def test_an_image_that_ends_processes_has_no_score_though_no_other_can_be_started(meter, monkeypatch):
    started = subprocess.Popen
    left = iter([started])

    def once(*command, **pipes):
        try:
            return next(left)(*command, **pipes)
        except StopIteration:
            raise OSError(errno.ENOMEM, "Cannot allocate memory") from None

    with monkeypatch.context() as patch:
        patch.setattr(subprocess, "Popen", once)
        assert meter.begin(image(CRASHES)).result() == Nfiq2(None, {})
    assert meter.begin(image(70)).result().score == 70


def test_a_meter_that_lost_its_processes_can_be_stopped(monkeypatch):
    meter = QualityMeter(1, module=STAND_IN)

    def fails(*_command, **_pipes):
        raise OSError(errno.ENOMEM, "Cannot allocate memory")

    monkeypatch.setattr(subprocess, "Popen", fails)
    with pytest.raises(QualityUnavailable):
        meter.begin(image(CRASHES)).result()
    meter.stop()


def test_a_meter_that_is_stopped_leaves_no_process():
    meter = QualityMeter(2, module=STAND_IN)
    processes = [meter._idle.get() for _ in range(2)]
    for each in processes:
        meter._idle.put(each)
    meter.stop()
    assert [each._process.poll() is not None for each in processes] == [True, True]


def test_an_image_is_measured_at_500_dpi():
    meter = FakeMeter()
    coarse = striped()
    Measurement(meter, GrayImage(coarse.width, coarse.height, coarse.pixels, 250)).result()
    Measurement(meter, coarse).result()
    assert [(each.width, each.height, each.dpi) for each in meter.asked] == [(640, 800, 500), (320, 400, 500)]
    assert meter.asked[1].pixels == coarse.pixels


def test_of_an_image_too_large_for_nfiq_2_the_print_is_cut_out():
    meter = FakeMeter()
    Measurement(meter, striped(1600, 1500, left=960, top=480)).result()
    Measurement(meter, striped(1600, 1500)).result()
    part, middle = meter.asked
    assert (part.width, part.height) == (640, LARGEST[1])
    assert part.pixels[: part.width].count(40) == pytest.approx(640 * 5 / 9, abs=5), "stripes from edge to edge"
    assert (middle.width, middle.height) == LARGEST
