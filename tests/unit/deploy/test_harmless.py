"""What others wrote is shown as it stands: it is no markup, and no terminal obeys it."""

import datetime as dt
import io
from uuid import uuid4

import pytest
from rich.console import Console

from contracts.audit import AuditAction, AuditEntryV1, AuditOutcome
from deploy import cli_adapter, cli_trace
from deploy.harmless import as_written, harmless
from hub.ledger.trace import FlowTrace, Trace, TraceNode

EVIL = "[/bold]Ada\x1b[2J\u202eavotseT[red]"
SHOWN = "[/bold]Ada\ufffd[2J\ufffdavotseT[red]"


@pytest.fixture
def terminal():
    return Console(file=io.StringIO(), width=200, force_terminal=False)


def test_what_a_terminal_obeys_is_marked_in_every_text_of_a_value():
    assert harmless({"name": [EVIL, 1, None]}) == {"name": [SHOWN, 1, None]}


def test_lines_stay_and_markup_is_text(terminal):
    terminal.print(as_written(f"{EVIL}\nsecond"))
    assert terminal.file.getvalue() == f"{SHOWN}\nsecond\n"


def test_a_row_of_a_register_is_previewed_as_it_stands(monkeypatch, terminal):
    monkeypatch.setattr(cli_adapter, "PRINT", terminal)
    row = {"stream": "person", "contract": "person", "before": {"name": EVIL}, "after": {"name": EVIL}, "fault": None}
    cli_adapter._print_trial(row)
    assert terminal.file.getvalue().count("[/bold]Ada") == 2
    assert "\x1b" not in terminal.file.getvalue()


@pytest.mark.parametrize("brief", [True, False])
def test_what_the_audit_says_of_who_and_why_is_traced_as_it_stands(terminal, brief):
    entry = AuditEntryV1(
        entry=uuid4(),
        at=dt.datetime(2026, 4, 2, tzinfo=dt.UTC),
        service="search",
        actor=EVIL,
        action=AuditAction.SEARCHED,
        outcome=AuditOutcome.DONE,
        flow=str(uuid4()),
        detail=EVIL,
    )
    node = TraceNode(id=str(entry.entry), hops=[entry], children=[])
    found = Trace(ref=entry.flow, flows=[FlowTrace(flow=entry.flow, roots=[node])])
    for part in cli_trace.drawn(found, brief=brief):
        terminal.print(part)
    assert SHOWN in terminal.file.getvalue()
    assert "\x1b" not in terminal.file.getvalue()
