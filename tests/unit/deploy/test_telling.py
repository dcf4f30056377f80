"""Progress: told of what takes its time, by lines where there is no terminal."""

import io
import re
from threading import Event

import pytest
from rich.console import Console

from deploy.bench import telling
from deploy.bench.telling import Teller


class Log(Teller):
    """Tells into a text."""

    def __init__(self):
        super().__init__(Console(file=io.StringIO(), soft_wrap=True))
        self.began = Event()

    def say(self, text):
        super().say(text)
        self.began.set()

    @property
    def lines(self):
        return [re.sub(r"in [0-9]+ s", "in N s", line.strip()) for line in self.console.file.getvalue().splitlines()]


@pytest.fixture
def log(monkeypatch):
    monkeypatch.setattr(telling, "SECONDS_WITHOUT_BAR", 0.0)
    monkeypatch.setattr(telling, "SECONDS_BETWEEN_LINES", 0.0)
    return Log()


def test_a_log_has_lines_with_counts_and_an_end(log):
    with log.counting("Queries", 1_200) as tell:
        assert log.began.wait(30)
        tell(1_000)
    assert log.lines == ["Queries: 0 of 1,200", "Queries: 1,000 of 1,200", "Queries: 1,200 done in N s"]


def test_how_many_there_are_may_be_known_later(log):
    with log.counting("Pairs of records") as tell:
        assert log.began.wait(30)
        tell(1_000, 2_000)
        tell(2_000, 2_000)
    assert log.lines == [
        "Pairs of records",
        "Pairs of records: 1,000 of 2,000",
        "Pairs of records: 2,000 of 2,000",
        "Pairs of records: 2,000 done in N s",
    ]


def test_lines_are_few(log, monkeypatch):
    monkeypatch.setattr(telling, "SECONDS_BETWEEN_LINES", 3_600.0)
    with log.counting("Queries", 9) as tell:
        assert log.began.wait(30)
        for done in range(9):
            tell(done)
    assert log.lines == ["Queries: 0 of 9", "Queries: 9 done in N s"]


def test_what_is_done_soon_is_not_told(log, monkeypatch):
    monkeypatch.setattr(telling, "SECONDS_WITHOUT_BAR", 3_600.0)
    with log.counting("Queries", 9) as tell:
        tell(9)
    assert log.lines == []


def test_what_fails_has_no_end(log):
    def fail():
        with log.counting("Queries", 9):
            assert log.began.wait(30)
            raise ValueError("away")

    with pytest.raises(ValueError, match="away"):
        fail()
    assert log.lines == ["Queries: 0 of 9"]
