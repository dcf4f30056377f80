"""A refusal of `isthmus biometrics` names the file that it is of, where several are sent at once."""

import httpx
import pytest

from deploy.exits import Exit
from deploy.operator import ServiceAway
from tests.unit.deploy.test_cli_fingers import PURPOSE, VERIFIED, bodies, enrolled, run, told

NAME = ("--name", r"(?P<subject>\d+)_(?P<finger>\d+)_\d+")
BLANK = "The image is blank; take the finger again."


def blank(field, code="blank-image"):
    return 422, {"code": code, "detail": BLANK, "faults": [{"field": field, "fault": code}] if field else []}


@pytest.mark.parametrize(("field", "at_fault"), [("probes.1", 1), ("probes.0", 0), ("probes.2.dpi", 2), (None, 0)])
def test_a_probe_of_a_search_that_is_refused_is_named(folder, service, field, at_fault):
    service(blank(field))
    files = [str(folder / f"{name}.png") for name in ("7_2_1", "7_2_2", "8_1_1")]
    others = [file for number, file in enumerate(files) if number != at_fault]
    status, answer = told("identify", folder, "--together", *PURPOSE)
    assert status == Exit.FAILED
    assert answer["refused"] == [{"file": files[at_fault], "sent_with": others, "code": "blank-image", "detail": BLANK}]
    result = run("identify", folder, "--together", *PURPOSE)
    assert f"{files[at_fault]}: {BLANK} (sent with {', '.join(others)})\n" in result.stderr


def test_an_impression_that_is_refused_is_named_and_what_was_sent_with_it_too(folder, service):
    service(blank("samples.1"), enrolled())
    status, answer = told("enrol", folder, *NAME)
    assert (status, len(answer["enrolled"])) == (Exit.PARTLY, 1)
    (refused,) = answer["refused"]
    assert (refused["file"], refused["sent_with"]) == (str(folder / "7_2_2.png"), [str(folder / "7_2_1.png")])


@pytest.mark.parametrize(
    ("field", "at_fault"), [("candidate", "7_2_2"), ("candidate.data", "7_2_2"), ("probe", "7_2_1")]
)
def test_of_two_files_that_are_compared_the_one_that_is_refused_is_named(folder, service, field, at_fault):
    service(blank(field))
    two = (folder / "7_2_1.png", "--with", folder / "7_2_2.png")
    result = run("verify", *two, *PURPOSE)
    assert result.stderr.startswith(f"{folder / at_fault}.png: {BLANK} (sent with ")
    assert told("verify", *two, *PURPOSE)[1]["refused"][0]["file"] == f"{folder / at_fault}.png"


def test_a_refusal_of_what_was_typed_names_the_file_that_was_worked_on(folder, service):
    service(
        (200, VERIFIED),
        (404, {"code": "unknown-fingerprint", "detail": "No.", "faults": [{"field": "record", "fault": "-"}]}),
    )
    _, answer = told("verify", folder / "7_2_1.png", folder / "8_1_1.png", "--record", "a:b:c", *PURPOSE)
    assert answer["refused"] == [{"file": str(folder / "8_1_1.png"), "code": "unknown-fingerprint", "detail": "No."}]


def test_a_file_that_cannot_be_sent_is_named_and_not_the_first_one(folder, service):
    asked = service(enrolled())
    (folder / "7_2_2.png").write_bytes(b"no image")
    for command in (("identify", folder, "--together", *PURPOSE), ("enrol", folder, *NAME)):
        _, answer = told(*command)
        (refused,) = answer["refused"]
        assert (refused["file"], refused["code"]) == (str(folder / "7_2_2.png"), "unreadable-finger")
        assert str(folder / "7_2_1.png") in refused["sent_with"]
    assert len(bodies(asked)) == 1, "the finger of 8 alone was sent"


OVERLOADED = 503, {"code": "engine-overloaded", "detail": "The fingerprint engine has no memory left for this."}
BEHIND = (
    503,
    {"code": "gallery-behind", "detail": "a:b:c is published but not in the gallery yet; do not send it again."},
)


@pytest.mark.parametrize("answer", [OVERLOADED, BEHIND])
def test_one_that_the_service_cannot_enrol_now_is_named_and_not_sent_again(folder, service, answer):
    (folder / "9_1_1.png").write_bytes((folder / "8_1_1.png").read_bytes())
    asked = service(enrolled(), answer, enrolled())
    status, told_of = told("enrol", folder, *NAME)
    assert (status, len(told_of["enrolled"]), told_of["not_tried"]) == (Exit.PARTLY, 2, [])
    assert [body["key"] for body in bodies(asked)] == ["7-2", "8-1", "9-1"]
    refused = told_of.get("published", []) + told_of["refused"]
    assert refused == [{"file": str(folder / "8_1_1.png"), **answer[1]}]


def test_a_service_that_goes_in_the_middle_is_told_with_what_was_done(folder, service):
    service((200, VERIFIED), httpx.ConnectError("gone"))
    files = [str(folder / f"{name}.png") for name in ("7_2_1", "7_2_2", "8_1_1")]
    status, answer = told("verify", folder, "--record", "a:b:c", *PURPOSE)
    assert (status, [each["file"] for each in answer["verified"]]) == (Exit.PARTLY, files[:1])
    assert (answer["refused"][0]["file"], answer["not_tried"]) == (files[1], files[2:])
    assert answer["refused"][0]["code"] == "unavailable"
    assert "does not answer" in answer["refused"][0]["detail"]
    service((200, VERIFIED), httpx.ConnectError("gone"))
    assert (
        f"{files[1]}: The biometrics service of the stack local does not answer"
        in run("verify", folder, "--record", "a:b:c", *PURPOSE).stderr
    )


def test_a_service_that_is_away_from_the_first_is_the_commands_own_failure(folder, service):
    service(httpx.ConnectError("gone"))
    result = run("verify", folder, "--record", "a:b:c", *PURPOSE)
    assert isinstance(result.exception, ServiceAway)
    assert result.stderr == ""


def test_the_only_one_that_cannot_be_done_now_ends_as_what_is_not_there(folder, service):
    service(OVERLOADED)
    assert told("verify", folder / "7_2_1.png", "--record", "a:b:c", *PURPOSE)[0] == Exit.ABSENT
