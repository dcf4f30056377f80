"""`isthmus quality` of fingers: which sets are measured, and at which resolution."""

import numpy as np
import pytest
from PIL import Image

from biometrics.evaluation.impressions import Impression, NotMeasurable
from biometrics.evaluation.scoring import PLAIN, SHIPPED, Scored
from biometrics.rejections import UnknownResolution
from deploy.bench.telling import Teller
from deploy.quality import fingers
from deploy.quality.figures import MARKS
from deploy.quality.fingers import (
    FEW,
    FINGERS,
    MISSED,
    few_figures,
    fingers_figures,
    missed_figures,
    resolution_of,
    score_set,
)
from tests.unit.biometrics.fakes import FakeEngine
from tests.unit.biometrics.formats.made import encoded, ridges


@pytest.mark.parametrize(
    ("name", "dpi"),
    [
        ("fvc2002_db1_b", 500),
        ("fvc2002_db3_b", 500),
        ("fvc2004_db4_b", 500),
        ("fvc2002_db2_b", 569),
        ("fvc2002_DB2_A", 569),
        ("fvc2004_db2_b", 512),
        ("fvc2004_db3", 512),
        ("fvc2006_db1_a", 250),
        ("fvc2002_db5_b", None),
        ("fvc2030_db1_b", None),
        ("fvc_ongoing", None),
    ],
)
def test_the_resolution_of_a_set_of_fvc_is_known_by_its_name_and_of_no_other(name, dpi):
    assert resolution_of(name) == dpi


def a_set(fingers, impressions=4):
    found = [Impression(f"{f}_{n}", str(f), str(n)) for f in range(fingers) for n in range(impressions)]
    whose = np.array([int(each.finger) for each in found])
    table = np.where(whose[:, None] == whose[None, :], 50.0, 5.0)
    table[0, 1:3] = 1.0  # one finger is hardly like itself
    return found, {name: Scored(table, (), 1.0, 1.0) for name in (SHIPPED, PLAIN)}


def test_every_rule_of_fusion_has_its_figure_and_its_mark(capsys):
    found = {each.name: each.value for each in missed_figures([a_set(8), a_set(9)], Teller())}
    assert set(found) == set(MISSED) <= set(FINGERS) <= set(MARKS)
    assert found["fnir_zero_fp_2x1_sum_shipped"] == 0 < found["fnir_zero_fp_2x1_least_shipped"]
    assert 0 < found["fnir_zero_fp_2x1_least_plain"] == found["fnir_zero_fp_2x1_least_shipped"]
    assert capsys.readouterr().err == ""


def test_a_rule_that_no_set_has_fingers_for_is_told(capsys):
    found = [each.name for each in missed_figures([a_set(4)], Teller())]
    assert "fnir_zero_fp_2x1_sum_shipped" in found
    assert "fnir_zero_fp_4x1_sum_shipped" not in found
    assert "SKIPPED fnir_zero_fp_4x1_sum_shipped" in capsys.readouterr().err


def test_persons_of_few_fingers_have_their_figures_and_their_marks(capsys):
    impressions, scored = a_set(8)
    scored[SHIPPED].scores[:] = np.where(scored[SHIPPED].scores == 50.0, 90.0, 5.0)
    found = {each.name: each.value for each in few_figures([(impressions, scored)], Teller())}
    assert set(found) == set(FEW) <= set(FINGERS) <= set(MARKS)
    assert found["missed_4_sought_1_held"] == found["missed_1_sought_1_held"] < 1
    assert list(few_figures([a_set(3)], Teller())) == []
    assert "SKIPPED missed_4_sought_4_held" in capsys.readouterr().err


@pytest.fixture
def engine(monkeypatch):
    """Let a set be scored here, without a JVM."""
    monkeypatch.setattr(fingers, "SourceAfis", FakeEngine)
    monkeypatch.setattr(fingers, "start_jvm", lambda *_: None)
    monkeypatch.setattr(fingers, "run_apart", lambda function, *arguments: function(*arguments))


@pytest.fixture
def prints(tmp_path):
    def write(name, **more):
        folder = tmp_path / "fingerprints" / name
        folder.mkdir(parents=True)
        for finger in range(4):
            for impression in range(4):
                image = ridges(9.0 + finger / 10, 250, 260)
                (folder / f"{finger}_{impression}.png").write_bytes(encoded(image, "PNG", **more))
        return sorted(folder.iterdir())

    return write


@pytest.mark.usefixtures("engine")
def test_a_set_whose_resolution_nobody_tells_is_refused_and_another_is_read_at_its_files_own(prints, tmp_path):
    (impressions, scored), told = score_set(tmp_path, prints("fvc_told", dpi=(569, 569)), None)
    assert (len(impressions), scored[PLAIN].failed, told) == (16, [], [])
    with pytest.raises(UnknownResolution):
        score_set(tmp_path, prints("fvc_silent"), None)


@pytest.mark.usefixtures("engine")
def test_an_image_that_is_refused_is_a_failure_and_what_is_no_image_is_passed_over(prints, tmp_path):
    files = prints("fvc_told")
    files[0].write_bytes(encoded(Image.new("L", (300, 300), 255), "PNG"))
    files[5].write_bytes(b"no image")
    (impressions, scored), told = score_set(tmp_path, files, 500)
    assert (len(impressions), len(scored[PLAIN].failed)) == (15, 1)
    assert [line.split(":")[0] for line in told] == ["1_1.png", "0_0.png"]
    assert not scored[PLAIN].scores[0].any()


@pytest.mark.usefixtures("engine")
def test_a_set_without_pairs_is_refused(prints, tmp_path):
    with pytest.raises(NotMeasurable, match="two impressions"):
        score_set(tmp_path, prints("fvc_told")[::4], 500)


@pytest.mark.usefixtures("engine")
def test_a_set_whose_resolution_is_not_known_is_left_out_and_that_is_told(prints, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(fingers, "Downloads", lambda *_: type("Jars", (), {"jars": lambda self, _: tmp_path})())
    prints("fvc_silent")
    assert list(fingers_figures(tmp_path, Teller())) == []
    told = capsys.readouterr().err
    assert "SKIPPED the set fvc_silent: its resolution is not known" in told
    assert "SKIPPED the figures of fingers" in told
