"""`isthmus biometrics enrol`: whose fingers files show, by an option or by their names."""

import pytest

from contracts.records import FingerPosition
from deploy.cli_biometrics_enrol import plans_by_name
from deploy.exits import Exit
from deploy.fingers import FingerFile, finger_files
from hub.errors import Misconfigured
from tests.unit.biometrics.formats.made import encoded, ridges
from tests.unit.deploy.test_cli_fingers import (
    QUALITY,
    bodies,
    enrolled,
    run,
    told,
)


def test_enrol_makes_a_record_of_each_file_of_a_person(folder, service):
    asked = service(enrolled())
    subject = "registration:person:7"
    status, answer = told("enrol", folder / "7_2_1.png", folder / "8_1_1.png", "--subject", subject, "--finger", "2")
    assert (status, len(answer["enrolled"])) == (Exit.DONE, 2)
    assert [(body["subject"], body["position"], len(body["samples"])) for body in bodies(asked)] == [
        (subject, 2, 1)
    ] * 2
    assert asked[0][1] == ("biometrics:enrol",)
    result = run("enrol", folder / "7_2_1.png", "--subject", subject)
    assert "registration:finger:k of registration:person:7, quality 61 (good) (odd)" in result.stdout


def test_an_image_that_is_enrolled_all_the_same_is_not_said_to_be_refused(folder, service):
    advice = [{"code": "too-dry", "text": "Moisten the finger."}]
    service(enrolled(qualities=[QUALITY | {"nfiq2": 3, "verdict": "refused", "advice": advice}]))
    result = run("enrol", folder / "7_2_1.png", "--subject", "registration:person:7", "--best-available")
    assert ", quality 3 (unfit) Moisten the finger. (odd)" in result.stdout


def test_a_folder_of_many_persons_is_enrolled_by_the_names_of_its_files(folder, service):
    (folder / "stranger.png").write_bytes((folder / "8_1_1.png").read_bytes())
    asked = service(enrolled())
    status, answer = told("enrol", folder, "--name", r"(?P<subject>\d+)_(?P<finger>\d+)_\d+", "--best-available")
    assert status == Exit.PARTLY
    assert [each["code"] for each in answer["refused"]] == ["name-tells-nothing"]
    assert [
        (body["subject"], body["key"], body["position"], len(body["samples"]), body["best_available"])
        for body in bodies(asked)
    ] == [("registration:person:7", "7-2", 2, 2, True), ("registration:person:8", "8-1", 1, 1, True)]


def test_an_image_that_the_gate_refuses_is_named_with_what_would_help(folder, service):
    service((422, {"code": "quality-too-low", "detail": "The image's quality is 3 of 100: moisten the finger."}))
    result = run("enrol", folder / "7_2_1.png", "--subject", "registration:person:7")
    assert result.exit_code == Exit.FAILED
    assert "moisten the finger" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--subject", "registration:person:7", "--name", "(?P<subject>.*)"),
        ("--name", "(?P<subject>"),
        ("--name", r"(?P<person>\d+)"),
        ("--subject", "registration:person:7", "--key", "k"),
        ("--subject", "registration:person:7", "--finger", "nose"),
        ("--name", r"(?P<subject>\d+)_\d+_(?P<finger>\d+)", "--key", "k"),
    ],
)
def test_what_cannot_be_enrolled_is_said_before_anything_is_done(folder, service, arguments):
    asked = service(enrolled())
    assert isinstance(run("enrol", folder, *arguments).exception, Misconfigured)
    assert asked == []


def test_without_a_finger_in_the_name_each_file_is_a_record(folder):
    files: tuple[FingerFile, ...] = finger_files([folder]).files
    plans = plans_by_name(files, r"(?P<subject>\d+)_.*", FingerPosition.LEFT_RING)
    assert [(plan.subject, plan.key, plan.finger) for plan in plans] == [
        ("registration:person:7", "7_2_1", 9),
        ("registration:person:7", "7_2_2", 9),
        ("registration:person:8", "8_1_1", 9),
    ]


@pytest.fixture
def booths(tmp_path):
    """Give files of two folders, by their ways."""

    def named(*ways):
        for way in ways:
            (tmp_path / "booths" / way).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "booths" / way).write_bytes(encoded(ridges(), "PNG", dpi=(500, 500)))
        return finger_files([tmp_path / "booths"]).files

    return named


def ways(plan):
    return ["/".join(file.path.parts[file.path.parts.index("booths") + 1 :]) for file in plan.files]


def test_without_a_finger_in_the_name_files_of_one_name_are_records_of_their_own(booths):
    files = booths("booth1/7_a.png", "booth2/7_a.png", "booth2/7_a.jpg", "7_a.png")
    plans = plans_by_name(files, r"(?P<subject>\d+)_.*", None)
    assert [(ways(plan), plan.key) for plan in plans] == [
        (["7_a.png"], "7_a"),
        (["booth1/7_a.png"], "booth1~7_a"),
        (["booth2/7_a.jpg"], "booth2~7_a.jpg"),
        (["booth2/7_a.png"], "booth2~7_a.png"),
    ]
    plans = plans_by_name(booths("b/7_a.png", "b~7_a.png"), r"(?:b~)?(?P<subject>\d+)_.*", None)
    assert sorted(plan.key for plan in plans if not plan.fault).count("b~7_a") == 1
    assert [len(plan.files) for plan in plans] == [1] * len(plans), "none was put to another"


def test_with_a_finger_in_the_name_its_files_are_its_impressions_wherever_they_are(booths):
    plans = plans_by_name(
        booths("booth1/7_2_1.png", "booth2/7_02_1.png", "7_10_1.png"), r"(?P<subject>\d+)_(?P<finger>\d+)_\d+", None
    )
    assert [(ways(plan), plan.key, plan.finger) for plan in plans] == [
        (["7_10_1.png"], "7-10", 10),
        (["booth1/7_2_1.png", "booth2/7_02_1.png"], "7-2", 2),
    ]


def test_a_file_whose_name_tells_no_finger_is_refused_by_itself(folder, service):
    for name in ("7_11_1", "7_0_1", "7_00_2", "7_x_1"):
        (folder / f"{name}.png").write_bytes((folder / "8_1_1.png").read_bytes())
    asked = service(enrolled())
    status, answer = told("enrol", folder, "--name", r"(?P<subject>\d+)_(?:(?P<finger>\d+)|x)_\d+")
    assert (status, [body["key"] for body in bodies(asked)]) == (Exit.PARTLY, ["7-2", "8-1"])
    assert [each["file"].rpartition("/")[2] for each in answer["refused"]] == [
        "7_00_2.png",
        "7_0_1.png",
        "7_11_1.png",
        "7_x_1.png",
    ]
    assert {each["code"] for each in answer["refused"]} == {"name-tells-nothing"}
    assert {each["detail"] for each in answer["refused"]} == {
        "Its name tells no finger from 1 to 10; correct its name, or --name."
    }


@pytest.mark.parametrize("name", ["7 a", "7_ä", "", "7" * 90])
def test_a_name_that_is_none_of_a_person_or_a_record_is_refused_by_itself(booths, name):
    files = booths(f"{name}_1.png", "8_1.png")
    plans = plans_by_name(files, r"(?P<subject>.*)_1", None)
    assert [(plan.subject, plan.fault is None) for plan in plans] == [("registration:person:8", True), (None, False)]
    assert "A to Z" in str(plans[1].fault)
