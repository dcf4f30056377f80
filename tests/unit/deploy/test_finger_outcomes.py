"""Files of fingers are worked on in their order, however fast each is, and what ends the work loses nothing of it."""

import time

import pytest

from deploy.finger_outcomes import work_on
from deploy.fingers import FingerFile, FingerFiles, NameTaken, Results


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
