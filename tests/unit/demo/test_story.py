import json
import shlex
import sys
from io import StringIO
from uuid import uuid4

import pytest
from rich.console import Console

from deploy.demo.story import commands
from deploy.demo.story.farewell import ending, write_asyncapi
from deploy.demo.story.records_flow import arrived
from deploy.demo.story.searchable import RepositoryAway, Searchable
from deploy.demo.story.telling import StoryFailed, Telling, until
from deploy.exits import Exit
from deploy.search_view import render
from search.answer import SearchAnswer


@pytest.fixture
def told():
    return StringIO()


@pytest.fixture
def telling(told):
    return Telling(Console(file=told, width=100))


def test_what_is_so_is_told_and_counted(telling, told):
    telling.proved("The alert was found.", if_=True, otherwise="")

    assert "✓ The alert was found." in told.getvalue()
    assert telling.proofs == 1


def test_what_is_not_so_is_never_told(telling, told):
    with pytest.raises(StoryFailed, match="No alert"):
        telling.proved("The alert was found.", if_=False, otherwise="No alert was found.")

    assert "The alert was found" not in told.getvalue()


def test_a_command_is_shown_as_a_shell_takes_it(telling, told):
    telling.command("search", "--name", "Ada Testova")

    assert told.getvalue().strip().endswith("isthmus search --name 'Ada Testova'")


def test_a_command_names_the_stack_of_the_demo_where_that_is_not_the_usual_one(telling, told, monkeypatch):
    monkeypatch.setenv("ISTHMUS_STACK", "mine")
    telling.command("dead", "list")
    assert told.getvalue().strip().startswith("$ ISTHMUS_STACK=mine ")


def test_a_demo_that_ends_by_itself_says_what_to_type_to_keep_it_up(telling, told):
    ending(telling)
    assert told.getvalue().rstrip().endswith("isthmus up")


ASKED = {"system": "alerts", "status": "no_hit", "elapsed_ms": 80.0}
ANSWER = {"query": str(uuid4()), "flow": "f", "complete": True, "elapsed_ms": 81, "systems": [ASKED], "persons": []}


class Command:
    """Stands for the `isthmus` command: says what it is told to, one answer after the other."""

    def __init__(self, *said):
        self.said = list(said)
        self.called = []

    def __call__(self):
        return self

    def main(self, args, **_):
        self.called.append(args)
        status, text = self.said.pop(0)
        sys.stdout.write(text)
        return status


@pytest.fixture
def no_pause(monkeypatch):
    monkeypatch.setattr(commands, "BETWEEN_ATTEMPTS_S", 0)


@pytest.mark.usefixtures("no_pause")
def test_what_is_shown_is_the_answer_of_the_very_command_that_is_printed(telling, told, monkeypatch):
    late = ANSWER | {"complete": False}
    fake = Command((Exit.PARTLY, json.dumps(late)), (Exit.DONE, json.dumps(ANSWER)))
    monkeypatch.setattr(commands, "command", fake)

    answer = commands.search(telling, "guard", "--name", "Ada Testova")

    assert answer == SearchAnswer.model_validate(ANSWER)
    printed = shlex.split(told.getvalue().splitlines()[0])
    typed = printed[printed.index("search") :]
    assert typed == ["search", "--name", "Ada Testova", "--purpose", "border-check", "--user", "guard"]
    assert fake.called == [[*typed, "--json"]] * 2
    assert "○ alerts 80 ms" in told.getvalue()


def test_a_command_that_fails_is_no_story(telling, monkeypatch):
    monkeypatch.setattr(commands, "command", Command((Exit.FAILED, "not fit")))
    with pytest.raises(StoryFailed, match="exit status 1"):
        commands.run(telling, "adapter", "check", "alerts")


def test_waiting_goes_on_while_something_does_not_answer():
    answers = iter([RepositoryAway("away"), None, "there"])

    def look():
        answer = next(answers)
        if isinstance(answer, RepositoryAway):
            raise answer
        return answer

    assert until(look, 10, "never")[0] == "there"


def test_waiting_ends_with_what_did_not_happen():
    with pytest.raises(StoryFailed, match="It never came"):
        until(lambda: None, 0, "It never came.")


def test_records_of_earlier_runs_do_not_count_as_arrived():
    wanted = {("alerts", "alert"): 2, ("blacklist", "travel-document"): 3}
    found = Searchable(present={("alerts", "alert"): 2, ("blacklist", "travel-document"): 3}, fresh={})

    assert arrived(wanted, found) == {("alerts", "alert"): 0, ("blacklist", "travel-document"): 3}


def test_an_answer_that_is_not_complete_says_so(telling, told):
    asked = {"system": "alerts", "status": "timed_out", "elapsed_ms": 800.0}
    answer = SearchAnswer(
        query=uuid4(), flow=str(uuid4()), complete=False, elapsed_ms=801, systems=(asked,), persons=()
    )

    telling.show(*render(answer))

    assert "not complete: alerts did not answer in time" in told.getvalue()


def test_the_description_of_the_topics_is_written_to_a_file(tmp_path):
    file = write_asyncapi(tmp_path / "var" / "asyncapi.json")

    assert json.loads(file.read_text(encoding="utf-8"))["asyncapi"] == "3.0.0"
