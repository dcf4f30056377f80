"""What a trace tells of acts: who stands behind them, what came of them, what a number counts, where a letter lies."""

import datetime as dt
from io import StringIO
from uuid import uuid4

import pytest
from rich.console import Console

from contracts.audit import AuditAction, AuditEntryV1, AuditOutcome
from deploy import cli_trace
from deploy.cli_trace import COUNTED
from deploy.local.stack import Stack
from deploy.mistyped import Mistyped
from hub.ledger.trace import build_trace

START = dt.datetime(2026, 4, 2, tzinfo=dt.UTC)
RECORD = "registration:fingerprint:7"


def entry(second, action, *, service="biometrics", actor="clerk-3", **about):
    at = START + dt.timedelta(seconds=second)
    return AuditEntryV1(entry=uuid4(), at=at, service=service, actor=actor, action=action, flow="f", **about)


def printed(entries, *, brief):
    console = Console(file=StringIO(), width=200, color_system=None)
    for part in cli_trace.drawn(build_trace("f", ["f"], entries), brief=brief):
        console.print(part)
    return console.file.getvalue()


def row(*entries):
    """The one line of a flow, without its time."""
    _, line = printed(entries, brief=True).strip().splitlines()
    return " ".join(line.split()[2:])


def enrolment(*outcomes):
    about = {"record": RECORD, "event": "e1"}
    return [
        entry(at, AuditAction.ENROLLED, outcome=outcome, detail=None if at else "begun", **about)
        for at, outcome in enumerate(outcomes)
    ]


@pytest.mark.parametrize(
    ("outcomes", "told"),
    [
        ((AuditOutcome.INCOMPLETE, AuditOutcome.DONE), "done"),
        ((AuditOutcome.INCOMPLETE, AuditOutcome.FAILED), "failed"),
        ((AuditOutcome.INCOMPLETE,), "incomplete"),  # nothing tells how it ended
    ],
)
def test_an_enrolment_is_told_by_how_it_ended(outcomes, told):
    assert row(*enrolment(*outcomes)) == f"clerk-3 enrolled {told} {RECORD}"


def test_a_hop_of_another_service_is_not_how_an_act_ended():
    routed = entry(2, AuditAction.ROUTED, service="router", actor="router", event="e1", count=3)
    assert row(*enrolment(AuditOutcome.INCOMPLETE, AuditOutcome.DONE), routed).startswith("clerk-3 enrolled done")


@pytest.mark.parametrize("told", ["match", "no-match", "no-match, mirrored"])
def test_a_verification_is_told_by_its_result_and_counts_comparisons(told):
    verified = entry(0, AuditAction.VERIFIED, purpose="border-check", count=1, detail=told, record=RECORD)
    assert row(verified) == f"clerk-3 verified border-check {told} {RECORD}"
    whole = printed([verified], brief=False)
    assert "1 compared" in whole
    assert "found" not in whole


def test_what_was_refused_says_why():
    refused = entry(0, AuditAction.SEARCHED, outcome=AuditOutcome.REFUSED, detail="nothing-asked body", count=0)
    assert row(refused) == "clerk-3 searched 0 refused: nothing-asked body f"


def test_the_guard_stands_behind_a_finger_that_the_search_compares():
    compared = entry(0, AuditAction.IDENTIFIED, actor="search", purpose="border-check", count=6)
    searched = entry(1, AuditAction.SEARCHED, service="search", actor="guard-7", purpose="border-check", count=2)
    assert row(compared, searched) == "guard-7 searched border-check 2 done f"


def test_a_flow_behind_which_nobody_stands_is_told_by_how_it_began():
    published = entry(0, AuditAction.PUBLISHED, service="adapter-alerts", actor="adapter-alerts", event="e1")
    routed = entry(1, AuditAction.ROUTED, service="router", actor="router", event="e1")
    assert row(published, routed) == "adapter-alerts published done f"


@pytest.mark.parametrize("action", AuditAction)
def test_a_number_is_told_with_what_it_counts(action):
    assert f"4 {COUNTED.get(action, 'found')}" in printed([entry(0, action, count=4)], brief=False)


@pytest.mark.parametrize(("event", "ref"), [("e1", "e1"), (None, "f")])
def test_a_rejected_message_says_how_its_letter_is_found(event, ref):
    rejected = entry(0, AuditAction.REJECTED, outcome=AuditOutcome.REFUSED, detail="contract-broken", event=event)
    assert f"isthmus dead list --ref {ref}" in printed([rejected], brief=False)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"ref": "dead.permits/0/0"}, "`isthmus dead show dead.permits/0/0` names the message"),
        ({"ref": "alerts:alert:7", "before": "yesterday"}, "--before is not right: write a time"),
    ],
)
def test_what_cannot_be_traced_is_one_sentence_with_what_to_do(monkeypatch, arguments, told):
    monkeypatch.setattr(Stack, "is_up", lambda _: True)
    with pytest.raises(Mistyped, match=told.replace(".", r"\.")):
        cli_trace.trace(**{"before": None, **arguments})
