"""What the commands of fingers say names the file that is meant, and words that can be typed."""

import json

import httpx
import pytest

from biometrics.formats.images import Decoding
from biometrics.formats.reading import one_finger, read_file
from biometrics.pairing import Features, Pairing
from biometrics.registration import one_of
from biometrics.rejections import BlankImage
from biometrics.service import UNLESS_SURE
from contracts.records import FingerPosition
from deploy import cli_biometrics_explain
from deploy.exits import Exit
from deploy.finger_outcomes import Refused
from deploy.fingers import IsFolder
from hub.errors import Misconfigured, Rejected
from tests.unit.biometrics.fakes import FakeEngine
from tests.unit.biometrics.formats.made import an2k, encoded, ridges, type_14
from tests.unit.deploy.test_cli_fingers import FOUND, PURPOSE, VERIFIED, enrolled, run, told

PERSON = ("--subject", "registration:person:7")
NAMED = ("--name", r"(?P<subject>\d+)_(?P<finger>\d+)_\d+")


def test_a_finger_that_names_tell_is_not_told_by_an_option_too(folder, service):
    asked = service(enrolled())
    result = run("enrol", folder, *NAMED, "--finger", "left-thumb")
    assert isinstance(result.exception, Misconfigured)
    assert "--finger" in str(result.exception)
    assert asked == []
    assert run("enrol", folder, "--name", r"(?P<subject>\d+)_.*", "--finger", "left-thumb").exit_code == Exit.DONE


def test_of_who_they_are_one_option_is_said(folder, service):
    service(enrolled())
    both = run("enrol", folder, *PERSON, *NAMED).exception
    assert str(both) == "Say either --subject or --name, not both: whose fingers they are is told once."


class Explaining(FakeEngine):
    def features(self, template):
        return Features(200, 250, ())

    def pairing(self, probe, candidate):
        return Pairing(100.0, (), (), {})


@pytest.fixture
def explaining(monkeypatch):
    monkeypatch.setattr(cli_biometrics_explain, "can_be_measured", lambda: False)

    def by(engine):
        monkeypatch.setattr(cli_biometrics_explain, "engine", lambda _: engine)

    by(Explaining())
    return by


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_prints_that_are_explained_the_one_that_is_wrong_is_named(folder, tmp_path, explaining, order):
    empty = folder / "empty.png"
    empty.touch()
    two = [folder / "7_2_1.png", empty][::order]
    result = run("explain", *two, "--out", tmp_path / "c.html")
    assert (result.exit_code, result.stderr) == (Exit.FAILED, f"{empty}: The file is empty; send it again.\n")
    status, answer = told("explain", *two, "--out", tmp_path / "c.html")
    assert (status, answer["refused"]) == (
        Exit.FAILED,
        [{"file": str(empty), "code": "unknown-format", "detail": "The file is empty; send it again."}],
    )


def test_so_is_one_that_the_engine_refuses(folder, tmp_path, explaining):
    class Blind(Explaining):
        seen = 0

        def extract(self, image):
            self.seen += 1
            if self.seen == 2:
                raise BlankImage("The image shows no ridge endings or forks; take the finger again.")
            return super().extract(image)

    explaining(Blind())
    result = run("explain", folder / "7_2_1.png", folder / "7_2_2.png", "--plain", "--out", tmp_path / "c.html")
    assert result.stderr.startswith(f"{folder / '7_2_2.png'}: The image shows no ridge endings")


def test_a_file_to_compare_with_that_cannot_be_sent_is_named_once(folder, service):
    asked = service((200, VERIFIED))
    empty = folder.parent / "empty"
    empty.touch()
    status, answer = told("verify", folder, "--with", empty, *PURPOSE)
    assert (status, [each["file"] for each in answer["refused"]], len(answer["not_tried"])) == (
        Exit.FAILED,
        [str(empty)],
        3,
    )
    assert answer["refused"][0]["detail"] == "The file is empty; send it again."
    assert asked == []
    result = run("verify", folder, "--with", empty, *PURPOSE)
    assert result.stderr == f"{empty}: The file is empty; send it again.\n0 verified, 1 refused, 3 not tried.\n"


def test_a_folder_in_place_of_a_file_is_said_to_be_one(folder, service):
    service((200, VERIFIED))
    for command in (("explain", folder / "7_2_1.png", folder), ("verify", folder, "--with", folder, *PURPOSE)):
        ended = run(*command).exception
        assert isinstance(ended, IsFolder)
        assert str(ended) == f"{folder} is a folder; name a file in it."


def test_an_empty_file_is_told_as_such_by_all_commands(folder, service):
    service((200, VERIFIED))
    empty = folder / "empty.png"
    empty.touch()
    refusals = [
        told(*command)[1]["refused"]
        for command in (
            ("verify", empty, "--record", "a:b:c", *PURPOSE),
            ("identify", empty, *PURPOSE),
            ("enrol", empty, *PERSON),
            ("convert", empty, "--to", "png", "--out", folder / "out"),
        )
    ]
    assert (
        refusals
        == [[{"file": str(empty), "code": "unknown-format", "detail": "The file is empty; send it again."}]] * 4
    )


def test_of_more_hits_than_are_told_it_is_said_that_there_may_be_more(folder, service):
    hits = [FOUND["candidates"][0] | {"subject": f"asylum:person:p{number}"} for number in range(2)]
    service((200, FOUND | {"candidates": hits}))
    one = ("identify", folder / "8_1_1.png", *PURPOSE, "--limit", 2)
    assert "the first 2 found (there may be more: raise --limit), 0 hints" in run(*one).stdout
    assert told(*one)[1]["searched"][0]["cut"] is True
    assert told("identify", folder / "8_1_1.png", *PURPOSE)[1]["searched"][0]["cut"] is False
    service((200, FOUND))
    assert told(*one)[1]["searched"][0]["cut"] is False, "below the last hit there are hints alone"
    assert ": 1 found, 1 hints" in run(*one).stdout


def of_real_refusals():
    png = encoded(ridges(), "PNG")
    two = an2k(*(type_14(png, str(code), (240, 260), "PNG") for code in (7, 8)))
    yield "--finger", lambda: one_finger(_read(two))
    yield "--finger", lambda: one_of(frozenset({FingerPosition.LEFT_INDEX, FingerPosition.LEFT_RING}))
    yield "--dpi, or estimate it with --estimate", lambda: _read(encoded(ridges(), "PNG"))
    yield "--dpi, or estimate it with --estimate", lambda: _read(encoded(ridges(), "PNG", dpi=(72, 72)))
    yield "`--best-available`", lambda: _raise(Rejected(f"The quality is 3.{UNLESS_SURE}"))


def _raise(error):
    raise error


def _read(data):
    return read_file(data, Decoding(_raise, None))


@pytest.mark.parametrize(("option", "refuse"), [*of_real_refusals()])
def test_advice_names_what_can_be_typed(tmp_path, option, refuse):
    with pytest.raises(Rejected) as refused:
        refuse()
    told_of = Refused(tmp_path, refused.value)
    assert option in str(told_of)
    assert option in told_of.as_json()["detail"]


def invalid(field):
    faults = [{"field": field, "fault": "string_pattern_mismatch"}]
    return 422, {"code": "invalid-request", "detail": "-", "faults": faults}


@pytest.mark.parametrize(
    ("field", "command", "right"),
    [
        ("record", ("verify", "--record", "rubbish", *PURPOSE), "a record as system:stream:key"),
        ("subject", ("verify", "--subject", "rubbish", *PURPOSE), "a person as system:stream:key"),
        ("key", ("enrol", *PERSON, "--key", "a b"), "1 to 80 letters"),
        ("systems.0", ("identify", "--system", "A", *PURPOSE), "the name of a system, such as registration"),
    ],
)
def test_what_is_typed_in_a_wrong_form_is_told_the_right_one(folder, service, field, command, right):
    service(invalid(field))
    result = run(command[0], folder / "7_2_1.png", *command[1:])
    assert result.exit_code == Exit.USAGE
    assert f"is not right (string pattern mismatch): write {right}" in result.stderr


def test_a_finger_that_there_is_not_is_quoted(folder, service):
    service(enrolled())
    assert str(run("enrol", folder, *PERSON, "--finger", "left").exception).startswith("There is no finger `left`; ")


BEHIND = "registration:finger:8-1 is published but not in the gallery yet; ask for it later, do not send it again."


def test_what_is_published_and_not_in_the_gallery_yet_is_told_apart_from_what_is_refused(folder, service):
    service(enrolled(), (503, {"code": "gallery-behind", "detail": BEHIND}))
    status, answer = told("enrol", folder, *NAMED)
    assert (status, len(answer["enrolled"]), answer["refused"]) == (Exit.PARTLY, 1, [])
    assert answer["published"] == [
        {"file": str(folder / "8_1_1.png"), "code": "gallery-behind", "detail": BEHIND},
    ]
    service(enrolled(), (503, {"code": "gallery-behind", "detail": BEHIND}))
    result = run("enrol", folder, *NAMED)
    assert "1 enrolled, 1 published but not in the gallery yet, 0 refused.\n" in result.stderr
    unread = "The gallery has not read the latest events yet; try again in a moment."
    service((503, {"code": "gallery-behind", "detail": unread}))
    answer = told("enrol", folder, *NAMED)[1]
    assert ("published" in answer, len(answer["refused"])) == (False, 2)


@pytest.mark.parametrize(
    "command", [("identify", *PURPOSE), ("verify", "--record", "a:b:c", *PURPOSE), ("enrol", *PERSON)]
)
def test_a_service_that_is_away_leaves_an_object_that_says_what_was_not_tried(folder, service, command):
    service(httpx.ConnectError("gone"))
    result = run(command[0], folder, *command[1:], "--json")
    answer = json.loads(result.stdout)
    assert (len(answer["refused"]), len(answer["not_tried"])) == (1, 2)
    assert answer["refused"][0]["code"] == "unavailable"
    assert "does not answer" in str(result.exception)


def test_so_does_a_place_that_cannot_be_written(folder, tmp_path):
    (tmp_path / "taken").write_text("")
    result = run("convert", folder, "--to", "png", "--out", tmp_path / "taken", "--json")
    assert isinstance(result.exception, Misconfigured)
    answer = json.loads(result.stdout)
    assert (answer["refused"][0]["code"], len(answer["not_tried"])) == ("unwritable-file", 2)


def test_an_explanation_that_is_interrupted_says_so(folder, tmp_path, explaining):
    class Interrupted(Explaining):
        def extract(self, image):
            raise KeyboardInterrupt

    explaining(Interrupted())
    result = run("explain", folder / "7_2_1.png", folder / "7_2_2.png", "--out", tmp_path / "c.html")
    assert (result.exit_code, result.stderr) == (Exit.INTERRUPTED, "Interrupted; no page was written.\n")
