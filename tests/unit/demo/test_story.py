import json
from io import StringIO
from uuid import uuid4

import pytest
from rich.console import Console

from deploy.demo.story.farewell import write_asyncapi
from deploy.demo.story.records_flow import arrived
from deploy.demo.story.searchable import RepositoryAway, Searchable
from deploy.demo.story.telling import StoryFailed, Telling, until
from deploy.demo.story.view import view
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

    telling.show(view(answer))

    assert "Nobody was found." in told.getvalue()
    assert "alerts timed out" in told.getvalue()
    assert "NOT complete" in told.getvalue()


def test_the_description_of_the_topics_is_written_to_a_file(tmp_path):
    file = write_asyncapi(tmp_path / "var" / "asyncapi.json")

    assert json.loads(file.read_text(encoding="utf-8"))["asyncapi"] == "3.0.0"
