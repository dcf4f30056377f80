"""`isthmus biometrics` with fingers in files: judged here, compared and enrolled through the service."""

import base64
import json

import pytest
import typer
from typer.testing import CliRunner

from contracts.records import FingerPosition
from deploy import finger_outcomes
from deploy.cli_biometrics import app
from deploy.exits import Exit
from deploy.finger_service import position_named
from deploy.fingers import NoSuchFile, finger_files
from hub.errors import Misconfigured

PURPOSE = ("--purpose", "border-check")
QUALITY = {"nfiq2": 61, "verdict": "good", "least": 5, "wanted": 40, "advice": []}


def run(*arguments):
    return CliRunner().invoke(app, [str(each) for each in arguments])


def told(*arguments):
    result = run(*arguments, "--json")
    return result.exit_code, json.loads(result.stdout)


def bodies(asked):
    return [body for _, body in asked if isinstance(body, dict)]


VERIFIED = {
    "match": True,
    "score": 93.7,
    "threshold": 40.0,
    "rate": 1e-4,
    "record": None,
    "comparisons": 2,
    "complete": True,
    "unread": [],
    "notes": [],
    "candidate_notes": [],
}


@pytest.mark.parametrize(("match", "status"), [(True, Exit.DONE), (False, Exit.FAILED)])
def test_verify_asks_the_service_and_ends_by_the_match(folder, service, match, status):
    asked = service((200, VERIFIED | {"match": match, "record": "a:b:c", "notes": ["odd"]}))
    probe = folder / "7_2_1.png"
    result = run("verify", probe, "--record", "a:b:c", *PURPOSE, "--user", "ada")
    assert result.exit_code == status
    assert ("Match" if match else "No match") in result.stdout
    assert "0.01 %" in result.stdout
    assert "best of 2: a:b:c (odd)" in result.stdout
    assert asked[0] == ("ada", ("biometrics:verify",))
    (body,) = bodies(asked)
    assert base64.b64decode(body["probe"]["data"]) == probe.read_bytes()
    assert (body["record"], body["purpose"]) == ("a:b:c", "border-check")
    assert "subject" not in body


def test_verify_compares_with_another_file(folder, service):
    asked = service((200, VERIFIED | {"candidate_notes": ["odd"]}))
    result = run("verify", folder / "7_2_1.png", "--with", folder / "7_2_2.png", *PURPOSE, "--dpi", 500)
    assert result.exit_code == Exit.DONE
    assert result.stdout.endswith(f"({folder / '7_2_2.png'}: odd)\n")
    (body,) = bodies(asked)
    assert body["candidate"]["dpi"] == body["probe"]["dpi"] == 500


def test_verify_compares_every_file_of_a_folder_with_the_claimed_person(folder, service):
    asked = service((200, VERIFIED), (200, VERIFIED), (200, VERIFIED))
    status, answer = told("verify", folder, "--subject", "asylum:person:p1", *PURPOSE)
    assert (status, [each["file"] for each in answer["verified"]]) == (
        Exit.DONE,
        [str(folder / f"{name}.png") for name in ("7_2_1", "7_2_2", "8_1_1")],
    )
    assert [body["subject"] for body in bodies(asked)] == ["asylum:person:p1"] * 3
    assert answer["verified"][0]["score"] == 93.7


def test_one_file_that_does_not_match_is_no_match(folder, service):
    service((200, VERIFIED), (200, VERIFIED | {"match": False}), (200, VERIFIED))
    result = run("verify", folder, "--subject", "asylum:person:p1", *PURPOSE)
    assert result.exit_code == Exit.FAILED
    assert [line.partition(":")[0] for line in result.stdout.splitlines()] == ["Match", "No match", "Match"]
    assert str(folder / "7_2_2.png") in result.stdout.splitlines()[1]
    assert "3 verified, 0 refused." in result.stderr


def test_one_file_that_is_refused_is_named_and_the_others_are_compared(folder, service):
    refusal = {"code": "mirrored-image", "detail": "One of the two is mirrored."}
    service((200, VERIFIED), (422, refusal), (200, VERIFIED))
    status, answer = told("verify", folder, "--subject", "asylum:person:p1", *PURPOSE)
    assert (status, len(answer["verified"])) == (Exit.PARTLY, 2)
    assert [(each["file"], each["code"]) for each in answer["refused"]] == [
        (str(folder / "7_2_2.png"), "mirrored-image")
    ]


def test_what_is_typed_wrongly_ends_as_such_where_nothing_was_done(folder, service):
    service((422, {"code": "invalid-request", "detail": "-", "faults": [{"field": "record", "fault": "pattern"}]}))
    for command in (("verify", "--record", "nobody"), ("identify", "--system", "?")):
        result = run(command[0], folder, *command[1:], *PURPOSE)
        assert result.exit_code == Exit.USAGE
    assert "--record is not right (pattern): write a record as system:stream:key" in result.stderr


def test_verify_names_one_thing(folder, service):
    service((200, {}))
    for named in ((), ("--record", "a:b:c", "--subject", "a:b:d")):
        assert isinstance(run("verify", folder / "7_2_1.png", *named, *PURPOSE).exception, Misconfigured)


KEPT = {"nfiq2": 44, "impressions": ["live-scan-rolled"]}
FOUND = {
    "candidates": [
        {
            "subject": "asylum:person:p1",
            "score": 120.0,
            "threshold": 73.0,
            "match": True,
            "fingers": [{"record": "asylum:finger:f1", "position": 2, "score": 120.0} | KEPT],
        },
        {"subject": "asylum:person:p2", "score": 12.0, "threshold": 63.0, "match": False, "fingers": []},
    ],
    "threshold": 73.0,
    "templates": 20_000,
    "complete": True,
    "unread": [],
    "notes": [["odd", "odder"]],
}


def test_identify_searches_for_each_file(folder, service):
    asked = service((200, FOUND))
    status, answer = told("identify", folder, *PURPOSE, "--limit", 2)
    assert (status, len(answer["searched"])) == (Exit.DONE, 3)
    assert [len(body["probes"]) for body in bodies(asked)] == [1, 1, 1]
    result = run("identify", folder / "8_1_1.png", *PURPOSE)
    assert "1 found, 1 hints below the threshold of 73.0 among 20,000 templates (odd; odder)" in result.stdout
    assert (
        "HIT    120.0 of 73.0  asylum:person:p1  by asylum:finger:f1 (right index, 120.0, quality 44, live-scan-rolled)"
        in result.stdout
    )


def test_what_an_answer_does_not_cover_is_said(folder, service):
    service((200, FOUND | {"unread": ["asylum:finger:9"], "complete": False}))
    result = run("identify", folder / "8_1_1.png", *PURPOSE)
    assert "not compared, for no template of theirs can be read: asylum:finger:9" in result.stdout
    assert "not complete" in result.stdout
    service((200, VERIFIED | {"unread": ["asylum:finger:9"]}))
    assert "asylum:finger:9" in run("verify", folder / "8_1_1.png", "--subject", "a:b:c", *PURPOSE).stdout


def test_a_search_of_systems_that_hold_nothing_says_that_nobody_was_searched(folder, service):
    service((200, FOUND | {"candidates": [], "templates": 0}))
    result = run("identify", folder / "8_1_1.png", *PURPOSE, "--system", "nowhere")
    assert "nobody was searched" in result.stdout


def test_fingers_of_one_person_are_searched_together(folder, service):
    asked = service((200, FOUND))
    _, answer = told("identify", folder, "--together", *PURPOSE)
    assert len(answer["searched"][0]["files"]) == len(bodies(asked)[0]["probes"]) == 3
    for number in range(10):
        (folder / f"more{number}.png").write_bytes((folder / "8_1_1.png").read_bytes())
    assert isinstance(run("identify", folder, "--together", *PURPOSE).exception, Misconfigured)


def test_a_file_that_the_service_refuses_is_named_and_the_others_are_searched(folder, service):
    refusal = {"code": "blank-image", "detail": "The image shows no finger."}
    service((200, FOUND), (422, refusal), (200, FOUND))
    status, answer = told("identify", folder, *PURPOSE)
    assert (status, len(answer["searched"])) == (Exit.PARTLY, 2)
    assert answer["refused"] == [
        {"file": str(folder / "7_2_2.png"), "code": "blank-image", "detail": "The image shows no finger."}
    ]


def enrolled(**more):
    told = {"record": "registration:finger:k", "subject": "registration:person:7", "qualities": [QUALITY]}
    return 201, told | {"notes": [["odd"]], "missing": []} | more


@pytest.mark.parametrize("name", ["left-index", "LEFT_INDEX", "left index", "7", "07"])
def test_a_finger_is_named_in_words_or_by_its_number(name):
    assert position_named(name) is FingerPosition.LEFT_INDEX
    assert position_named(None) is None
    for wrong in ("nose", "0", "00", "unknown", "011", ""):
        with pytest.raises(Misconfigured):
            position_named(wrong)


def test_who_interrupts_a_long_work_is_told_which_files_were_done(folder, capsys):
    files = finger_files([folder])

    def work(file):
        if file.path.stem == "7_2_2":
            raise KeyboardInterrupt
        return [{"file": str(file.path)}]

    outcome = finger_outcomes.work_on(files, work)
    with pytest.raises(typer.Exit) as ended:
        outcome.tell("done", str, as_json=True)
    told = capsys.readouterr()
    assert ended.value.exit_code == Exit.INTERRUPTED
    assert "Interrupted" in told.err
    answer = json.loads(told.out)
    done = [each["file"] for each in answer["done"]]
    assert str(folder / "7_2_1.png") in done
    assert str(folder / "7_2_2.png") not in done
    assert len(done) + len(answer["not_tried"]) == 3, "that under way came to no end"


def test_a_file_that_is_called_an_image_and_is_none_is_named(folder):
    (folder / "9_1_1.png").write_text("no image")
    (folder / "notes.txt").write_text("no image")
    found = finger_files([folder])
    assert [file.path.name for file in found.files][-1] == "9_1_1.png"
    assert found.passed_over == 1


def test_a_file_of_an_explanation_that_is_not_there_was_typed_wrongly(folder, tmp_path):
    here, absent = folder / "7_2_1.png", folder / "absent.png"
    for two in ((here, absent), (absent, here)):
        ended = run("explain", *two, "--out", tmp_path / "c.html")
        assert isinstance(ended.exception, NoSuchFile)


def test_an_explanation_makes_no_folder(folder, tmp_path):
    prints = [str(file.path) for file in finger_files([folder]).files[:2]]
    ended = CliRunner().invoke(app, ["explain", *prints, "--out", str(tmp_path / "nix" / "c.html")])
    assert isinstance(ended.exception, Misconfigured)
    assert "is not there; name a file in one that is with --out" in str(ended.exception)
    assert not (tmp_path / "nix").exists()
