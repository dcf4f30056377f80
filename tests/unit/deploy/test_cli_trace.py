"""What `isthmus trace` prints of a flow that is not whole."""

import datetime as dt
from io import StringIO
from uuid import uuid4

import pytest
from rich.console import Console

from contracts.audit import AuditAction, AuditEntryV1
from deploy import cli_trace
from hub.ledger.trace import build_trace

START = dt.datetime(2026, 4, 2, tzinfo=dt.UTC)
NEXT = "2026-04-02T00:00:00Z~f"


def entry(second, **about):
    return AuditEntryV1(
        entry=uuid4(),
        at=START + dt.timedelta(seconds=second),
        service="search",
        actor="guard-7",
        action=AuditAction.SEARCHED,
        flow="f",
        **about,
    )


def printed(found, *, brief=False):
    console = Console(file=StringIO(), width=200, color_system=None)
    for part in cli_trace.drawn(found, brief=brief):
        console.print(part)
    return console.file.getvalue()


FIRST, ASKED = entry(0), entry(1, event="question", cause="first-that-lacks")
ANSWERED = entry(2, event="answer", cause="question")


@pytest.mark.parametrize("following", [None, NEXT])
@pytest.mark.parametrize("brief", [False, True])
def test_a_flow_that_is_not_whole_says_so_and_how_to_see_more(following, brief):
    text = printed(build_trace("guard-7", ["f"], [FIRST, ASKED], cut=["f"], following=following), brief=brief)
    assert text.count("not whole") == 2
    assert "Ask for such a flow by its id" in text
    assert ("There are older flows; add --before" in text) == (following is not None)


def test_a_part_of_the_flow_that_was_asked_for_says_how_to_see_the_older_one():
    text = printed(build_trace("f", ["f"], [FIRST, ASKED], cut=["f"], following=NEXT))
    assert "There are older entries of this flow; add --before" in text
    assert "Ask for such" not in text


def test_a_part_of_the_flow_that_was_asked_for_is_told_from_the_others_beside_it():
    other = ASKED.model_copy(update={"flow": "g"})
    text = printed(build_trace("f", ["f", "g"], [FIRST, other], cut=["f"], following=NEXT))
    assert "There are older entries of the flow that you asked for; add --before" in text


@pytest.mark.parametrize("brief", [False, True])
def test_where_reading_ended_before_anything_was_found_it_is_not_told_that_there_is_more(brief):
    text = printed(build_trace("f", [], [], following=NEXT), brief=brief)
    assert "Nothing was found so far, but not all was looked at; add --before" in text


def test_what_lacks_its_cause_in_a_hole_is_not_told_as_a_beginning():
    text = printed(build_trace("f", ["f"], [FIRST, ASKED, ANSWERED], cut=["f"]))
    assert text.count("led to by first-that-lacks, which is not shown") == text.count("led to by") == 1


@pytest.mark.parametrize("brief", [False, True])
def test_a_whole_flow_says_nothing_of_the_kind(brief):
    text = printed(build_trace("f", ["f"], [FIRST, ASKED, ANSWERED]), brief=brief)
    assert "not whole" not in text
    assert "led to by" not in text
