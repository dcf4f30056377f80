"""Files of fingers are worked on in their order, however fast each is, and what ends the work loses nothing of it."""

import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import typer

from deploy import finger_outcomes
from deploy.exits import Exit
from deploy.finger_outcomes import MOST_IN_A_ROW, work_on
from deploy.finger_results import NameTaken, Results, UnwritableFile
from deploy.fingers import FingerFile, FingerFiles
from deploy.operator import NotNow, ServiceAway


@pytest.fixture
def found(tmp_path):
    return FingerFiles(tuple(FingerFile(tmp_path / name, tmp_path) for name in "abcdef"), 0)


def names(refused):
    return [each.path.name for each in refused]


def test_of_files_that_would_become_one_the_first_does_however_slow_it_is(found, tmp_path):
    results = Results(file.path for file in found.files)

    def work(file):
        with results.of(file.path) as write:
            time.sleep({"a": 0.2, "b": 0.1}.get(file.path.name, 0))
            if file.path.name == "a":
                raise NameTaken("It is refused for something else.")
            return [{"file": file.path.name, "written": write(tmp_path / "out", file.path.name.encode())}]

    outcome = work_on(found, work, at_once=3)
    assert [each["file"] for each in outcome.done] == ["b"]
    assert names(outcome.refused) == ["a", "c", "d", "e", "f"]
    assert (tmp_path / "out").read_bytes() == b"b"


def failing(**errors):
    """Work that fails with an error on some files."""

    def work(file):
        if error := errors.get(file.path.name):
            raise error
        return [{"file": file.path.name}]

    return work


def done(outcome):
    return "".join(each["file"] for each in outcome.done)


def not_now():
    return NotNow("Try again later.", "engine-overloaded")


def test_one_that_a_service_cannot_do_now_is_named_and_the_others_go_on(found, capsys):
    outcome = work_on(found, failing(b=not_now(), c=not_now(), e=not_now(), f=not_now()))
    assert (done(outcome), names(outcome.refused), outcome.not_tried) == ("ad", ["b", "c", "e", "f"], [])
    assert outcome.refused[0].as_json()["code"] == "engine-overloaded"
    assert "/b: Try again later.\n" in capsys.readouterr().err


def test_a_service_that_can_do_nothing_now_is_asked_no_more(found):
    outcome = work_on(found, failing(**{name: not_now() for name in "bcdef"}))
    assert done(outcome) == "a"
    assert (len(outcome.refused), names(outcome.refused)) == (MOST_IN_A_ROW, ["b", "c", "d"])
    assert [path.name for path in outcome.not_tried] == ["e", "f"]


@pytest.mark.parametrize("error", [ServiceAway("It does not answer."), UnwritableFile("There is no room.")])
def test_what_ends_the_work_is_told_with_all_that_was_done(found, capsys, error):
    outcome = work_on(found, failing(c=error))
    assert (done(outcome), names(outcome.refused)) == ("ab", ["c"])
    assert [path.name for path in outcome.not_tried] == ["d", "e", "f"]
    assert outcome.as_json("done")["not_tried"] == [str(file.path) for file in found.files[3:]]
    with pytest.raises(typer.Exit) as ended:
        outcome.tell("done", lambda each: each["file"], as_json=False)
    assert ended.value.exit_code == Exit.PARTLY
    told = capsys.readouterr()
    assert f"/c: {error}" in told.err
    assert "2 done, 1 refused, 3 not tried." in told.err
    assert told.out == "a\nb\n"


def test_what_ended_the_work_before_anything_was_done_is_the_commands_own_failure(found, capsys):
    error = ServiceAway("It does not answer.")
    with pytest.raises(ServiceAway):
        work_on(found, failing(**dict.fromkeys("abcdef", error)), at_once=2).tell("done", str, as_json=False)
    assert capsys.readouterr().err == ""


def test_what_one_did_before_the_other_ended_the_work_is_told(found):
    def work(file):
        if file.path.name == "a":
            time.sleep(0.1)
            raise UnwritableFile("There is no room.")
        time.sleep(0.02)
        return [{"file": file.path.name}]

    outcome = work_on(found, work, at_once=2)
    assert names(outcome.refused) == ["a"]
    assert done(outcome).startswith("b")


def test_what_nobody_foresaw_is_raised_and_what_was_done_is_told(found, capsys):
    with pytest.raises(ZeroDivisionError):
        work_on(found, failing(b=ZeroDivisionError()))
    told = capsys.readouterr().err
    assert told.startswith("Broken off; ")
    assert str(found.files[0].path) in told
    assert str(found.files[1].path) not in told


def test_of_what_was_not_tried_every_file_is_named_that_would_have_been_sent(found):
    def sent(file):
        names = ["d", "d1", "d2"] if file.path.name == "d" else [file.path.name]
        return {f"samples.{number}": file.path.with_name(name) for number, name in enumerate(names)}

    outcome = work_on(found, failing(b=ServiceAway("It does not answer.")), sent=sent)
    assert [path.name for path in outcome.not_tried] == ["c", "d", "d1", "d2", "e", "f"]


def test_what_there_is_no_room_for_leaves_nothing_behind(tmp_path, monkeypatch):
    def full(path, data):
        with path.open("wb") as file:
            file.write(data[:1])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(UnwritableFile):
        Results([]).write(tmp_path / "t.sourceafis", b"template")
    assert list(tmp_path.iterdir()) == []


def test_what_stands_at_a_name_keeps_its_rights_and_a_link_what_it_points_to(tmp_path):
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"old")
    target.chmod(0o600)
    link.symlink_to(target)
    Results([], overwrite=True).write(link, b"new")
    assert (target.read_bytes(), link.is_symlink(), target.stat().st_mode & 0o777) == (b"new", True, 0o600)


def test_the_progress_counts_fingers_that_were_tried(found, monkeypatch):
    told = []

    class Counting:
        @contextmanager
        def counting(self, _label, _count):
            yield lambda *count: told.append(count)

    monkeypatch.setattr(finger_outcomes, "Teller", Counting)
    sent = {f"samples.{number}": Path(str(number)) for number in range(3)}
    work_on(found, failing(b=ServiceAway("It does not answer.")), sent=lambda _: sent)
    assert told == [(1, None), (2, None), *[(2, 2)] * 4]
    told.clear()
    work_on(found, failing(**dict.fromkeys("abcdef", ServiceAway("It does not answer."))))
    assert told == [(0, 0)], "nothing was done, and nothing is said to be"
