"""Extraction and explanation of files on the real engine: what is told is what the service would make of them."""

import base64
import io
import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from biometrics.calibration import CALIBRATION
from biometrics.comparing import Comparing
from biometrics.formats.contents import ImageSample
from biometrics.formats.minutiae import MinutiaeFormat
from biometrics.formats.minutiae_reading import read_minutiae
from biometrics.formats.pictures import write_png
from biometrics.formats.resolution import ResolutionSource
from biometrics.quality.meter import can_be_measured
from biometrics.samples import views_of
from biometrics.synthetic.finger import make_finger
from biometrics.synthetic.impression import press
from deploy.cli_biometrics import app
from deploy.exits import Exit
from tests.integration.real_engine import real_engine
from tests.unit.biometrics.formats.independent import transaction
from tests.unit.biometrics.formats.made import an2k, type_4

pytestmark = pytest.mark.jvm
LONGEST_S = 120.0
MEASURED = () if can_be_measured() else ("--no-quality",)


@pytest.fixture(scope="module")
def engine():
    return real_engine()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("prints")
    for finger in (3, 5):
        for impression in (0, 1):
            (made / f"{finger}_{impression}.png").write_bytes(write_png(press(make_finger(finger), impression)))
    return made


def told(*arguments):
    result = CliRunner().invoke(app, [*map(str, arguments), "--json"])
    return result.exit_code, json.loads(result.stdout)


def test_an_extraction_tells_of_the_fingers_that_its_record_says_are_missing(engine, tmp_path):
    image = press(make_finger(3), 0)
    size = {"HLL": image.width, "VLL": image.height}
    record = transaction(write_png(image), subfields=[(18, [(9, "XX"), (10, "UP")])], **size)
    (tmp_path / "left.an2").write_bytes(record)
    status, answer = told("extract", tmp_path / "left.an2", "--no-quality")
    assert status == 0
    assert (answer["extracted"][0]["notes"], answer["extracted"][0]["impression"]) == ([], "live-scan-plain")
    assert answer["extracted"][0]["missing"] == {"left ring": "amputated", "left little": "bandaged"}


def test_an_extraction_tells_what_of_its_file_was_repaired(engine, tmp_path):
    template = engine.export(engine.extract(press(make_finger(3), 0)), MinutiaeFormat.ISO_2005)
    (tmp_path / "device.iso").write_bytes(template[:4] + b"020\0" + template[8:])
    _, answer = told("extract", tmp_path / "device.iso")
    odd = 'the version number "020" was read as " 20"'
    assert answer["extracted"][0]["notes"] == [odd]
    told("explain", tmp_path / "device.iso", tmp_path / "device.iso", "--out", tmp_path / "c.html")
    assert odd in (tmp_path / "c.html").read_text()


def test_templates_of_a_folder_are_told_and_written(engine, folder, tmp_path):
    (folder / "cut.png").write_bytes((folder / "3_0.png").read_bytes()[:9000])
    try:
        status, answer = told("extract", folder, "--out", tmp_path, *MEASURED)
    finally:
        (folder / "cut.png").unlink()
    assert (status, answer["refused"][0]["code"]) == (Exit.PARTLY, "undecodable-image")
    first, second, other, _ = answer["extracted"]
    templates = [engine.from_bytes(base64.b64decode(each["template"])) for each in (first, second, other)]
    assert engine.score(templates[0], templates[1]) > 40 > engine.score(templates[0], templates[2])
    assert (tmp_path / "3_0.sourceafis").read_bytes() == base64.b64decode(first["template"])
    assert (first["dpi"], first["resolution"], first["engine"]) == (500, "file", engine.name)
    assert first["minutiae"] == len(engine.features(templates[0]).minutiae)
    if not MEASURED:
        assert first["image_quality"]["verdict"] == "good"


def test_one_finger_that_shows_noise_does_not_cost_the_other(engine, tmp_path):
    image = press(make_finger(3), 0)
    noise = np.random.default_rng(1).integers(0, 255, (400, 400)).astype(np.uint8)
    size, card = (image.width, image.height), tmp_path / "card.an2"
    card.write_bytes(an2k(type_4(image.pixels, 7, size), type_4(noise.tobytes(), 8, noise.shape)))
    status, answer = told("extract", card, "--no-quality", "--out", tmp_path / "out")
    assert (status, [each["finger"] for each in answer["extracted"]]) == (Exit.PARTLY, ["left index"])
    assert [(each["finger"], each["code"]) for each in answer["refused"]] == [("left middle", "blank-image")]
    assert [each.name for each in (tmp_path / "out").iterdir()] == ["card-1.sourceafis"]
    status, answer = told("convert", card, "--to", "iso-19794-2:2011", "--out", tmp_path / "converted")
    assert (status, [each["fingers"] for each in answer["written"]]) == (Exit.PARTLY, [["left index"]])
    assert [each["finger"] for each in answer["refused"]] == ["left middle"]


def test_the_command_ends_when_its_work_is_done(engine, folder):
    """In a process of its own: Java, too, has to end, whichever thread has started it."""
    command = [sys.executable, "-m", "deploy.cli", "biometrics", "extract", str(folder / "3_0.png"), "--no-quality"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_S, check=False)
    assert (ended.returncode, ended.stderr.splitlines()[-1]) == (0, "1 extracted, 0 refused.")


def test_quality_can_be_left_out(folder):
    _, answer = told("extract", folder / "3_0.png", "--no-quality")
    assert answer["extracted"][0]["image_quality"] is None


def test_minutiae_are_those_that_the_engine_exports(engine):
    template = engine.extract(press(make_finger(3), 0))
    found = engine.features(template)
    (exported,) = read_minutiae(engine.export(template, MinutiaeFormat.ISO_2011)).fingers
    assert (found.width, found.height) == (exported.width, exported.height)
    assert [(each.kind, each.x, each.y) for each in found.minutiae] == [
        (each.kind, each.x, each.y) for each in exported.minutiae
    ]
    turned = [
        abs((one.angle - other.angle + 180) % 360 - 180)
        for one, other in zip(found.minutiae, exported.minutiae, strict=True)
    ]
    assert max(turned) <= MinutiaeFormat.ISO_2011.angle_unit / 2 + 1e-6


@pytest.mark.parametrize(("one", "other"), [((3, 0), (3, 1)), ((3, 0), (5, 0)), ((3, 0), (3, 0))])
def test_a_pairing_is_that_of_the_score(engine, one, other):
    probe, candidate = (engine.extract(press(make_finger(finger), n)) for finger, n in (one, other))
    pairing = engine.pairing(probe, candidate)
    assert pairing.score == engine.score(probe, candidate), "telling every step changes nothing"
    probes, candidates = zip(*pairing.pairs, strict=True)
    assert len(set(probes)) == len(set(candidates)) == len(pairing.pairs), "no minutia is taken twice"
    assert len(pairing.edges) == len(pairing.pairs) - 1, "each pair but the first was reached from another"
    assert pairing.parts["minutiaCount"] == len(pairing.pairs)
    if one == other:
        assert all(first == second for first, second in pairing.pairs)
    else:
        assert (len(pairing.pairs) > 10) == (one[0] == other[0])


def test_two_templates_without_anything_in_common_have_no_pairs(engine):
    probe = engine.extract(press(make_finger(3), 0))
    assert engine.pairing(probe, engine._empty).pairs == ()


def test_the_page_of_a_comparison_shows_both_images_and_the_engines_score(engine, folder, tmp_path):
    page = tmp_path / "comparison.html"
    status, answer = told("explain", folder / "3_0.png", folder / "3_1.png", "--out", page)
    assert (status, answer["match"], answer["written"]) == (Exit.DONE, True, str(page))
    _, plain = told("explain", folder / "3_0.png", folder / "3_1.png", "--out", tmp_path / "plain.html", "--plain")
    samples = (ImageSample(press(make_finger(3), n), ResolutionSource.CALLER) for n in (0, 1))
    probe, candidate = (views_of(sample, engine) for sample in samples)
    assert answer["score"] == Comparing(engine, CALIBRATION).scores(probe, [candidate])[0]
    assert plain["score"] == engine.score(probe.plain, candidate.plain)
    written = page.read_text()
    assert f"The score of {answer['score']:.1f} reaches the threshold of 40.0" in written
    pictures = [part.partition('"')[0] for part in written.split("data:image/png;base64,")[1:]]
    for picture, name in zip(pictures, ("3_0.png", "3_1.png"), strict=True):
        with Image.open(io.BytesIO(base64.b64decode(picture))) as shown, Image.open(folder / name) as original:
            assert shown.tobytes() == original.tobytes()


def test_two_fingers_that_are_no_match_are_explained_too(folder, tmp_path):
    status, answer = told("explain", folder / "3_0.png", folder / "5_0.png", "--out", tmp_path / "c.html")
    assert (status, answer["match"]) == (Exit.DONE, False)
    _, search = told("explain", folder / "3_0.png", folder / "3_1.png", "--out", tmp_path / "c.html", "--among", 1000)
    assert search["threshold"] == pytest.approx(70.0)


@pytest.mark.parametrize("more", [(), ("--plain",)])
def test_a_print_that_matches_only_in_a_mirror_is_explained_as_such(folder, tmp_path, more):
    mirrored = tmp_path / "mirrored.png"
    with Image.open(folder / "3_1.png") as image:
        image.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(mirrored, dpi=(500, 500))
    _, answer = told("explain", folder / "3_0.png", mirrored, "--out", tmp_path / "c.html", *more)
    assert (answer["match"], answer["mirrored"]) == (False, True)
    _, other = told("explain", folder / "3_0.png", folder / "5_0.png", "--out", tmp_path / "c.html", *more)
    assert (other["match"], other["mirrored"]) == (False, False)


def test_a_template_is_explained_without_an_image(engine, folder, tmp_path):
    template = tmp_path / "3_1.iso"
    template.write_bytes(engine.export(engine.extract(press(make_finger(3), 1)), MinutiaeFormat.ISO_2005))
    status, answer = told("explain", folder / "3_0.png", template, "--out", tmp_path / "c.html")
    assert (status, answer["match"]) == (Exit.DONE, True)
    assert (tmp_path / "c.html").read_text().count("data:image/png") == 1
