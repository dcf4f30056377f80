"""What the gate would not let in is told with what would help, and in other words than a file that was refused."""

import numpy as np
import pytest
from PIL import Image

from biometrics.quality.nfiq2 import Nfiq2
from deploy import cli_biometrics_extract
from deploy.exits import Exit
from tests.unit.biometrics.formats.made import SLAP, an2k, encoded, ridges, type_14
from tests.unit.biometrics.quality.prints import nfiq2
from tests.unit.deploy.test_cli_fingers import run, told


@pytest.fixture
def image(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(encoded(ridges(), "PNG", dpi=(500, 500)))
    return path


@pytest.fixture
def extracting(monkeypatch):
    """Let an engine find the same in any image."""

    class Engine:
        name = "none"

        def minutiae(self, _):
            return 30

        def to_bytes(self, _):
            return b"template"

    monkeypatch.setattr(cli_biometrics_extract, "engine", lambda _: Engine())
    monkeypatch.setattr(cli_biometrics_extract, "template_of", lambda *_: None)


@pytest.mark.parametrize(
    ("found", "said"),
    [(nfiq2(60), "quality 60 (good)"), (nfiq2(3), "quality 3 (unfit)"), (Nfiq2(None, {}), "quality none (unfit)")],
)
def test_an_extraction_says_why_an_image_is_unfit(image, judging, extracting, found, said):
    judging(found)
    first = [each["text"] for each in told("extract", image)[1]["extracted"][0]["image_quality"]["advice"]][:1]
    result = run("extract", image)
    assert (result.exit_code, "1 extracted, 0 refused." in result.stderr) == (Exit.DONE, True)
    assert result.stdout == f"{image}: unknown, 30 minutiae, {said}{''.join(f'  {text}' for text in first)}\n"
    assert bool(first) == ("unfit" in said)


@pytest.mark.parametrize(
    ("found", "said"),
    [(nfiq2(60), " 60 of 100  good "), (nfiq2(3), "  3 of 100  unfit"), (Nfiq2(None, {}), "nothing to judge  unfit")],
)
def test_a_quality_says_what_would_make_an_image_fit(image, judging, found, said):
    judging(found)
    (measured,) = told("quality", image)[1]["measured"]
    line = run("quality", image).stdout
    assert line.startswith(said)
    assert "refused" not in line
    assert all(advice["text"] in line for advice in measured["advice"])


def test_noise_and_several_fingers_have_no_quality_however_good_it_seems(tmp_path, judging):
    judging(nfiq2(60))
    noise = np.random.default_rng(1).integers(0, 256, (500, 500)).astype(np.uint8)
    (tmp_path / "noise.png").write_bytes(encoded(Image.fromarray(noise), "PNG", dpi=(500, 500)))
    (tmp_path / "slap.an2").write_bytes(an2k(type_14(encoded(SLAP, "PNG"), "14", SLAP.size, "PNG")))
    status, answer = told("quality", tmp_path)
    assert (status, answer["measured"]) == (Exit.FAILED, [])
    assert {each["code"] for each in answer["refused"]} == {"blank-image", "several-fingers"}
