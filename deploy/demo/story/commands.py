"""This module runs commands of ours for the reader, and shows what they say."""

import json
import os
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from typing import Any, TypeVar

from rich.text import Text

from contracts.query import Purpose
from deploy.cli import command
from deploy.cli_trace import drawn
from deploy.demo.story.telling import StoryFailed, Telling
from deploy.exits import Exit
from deploy.search_view import render
from hub.ledger.trace import Trace
from search.answer import SearchAnswer

T = TypeVar("T")

WIDEST = 150
PURPOSE = Purpose.BORDER_CHECK
ATTEMPTS = 8
BETWEEN_ATTEMPTS_S = 1.0


def run(telling: Telling, *arguments: str) -> None:
    """Show a command and what it says.

    Raises:
        StoryFailed: it failed.
        IsthmusError: it failed, and says why.
    """
    telling.command(*arguments)
    status, said = _said(telling, *arguments)
    if status != Exit.DONE:
        raise StoryFailed(f"`isthmus {' '.join(arguments)}` ended with exit status {status}.")
    telling.show(Text.from_ansi(said.rstrip()))


def search(telling: Telling, user: str, *arguments: str) -> SearchAnswer:
    """Show a search and what it says; give its answer.

    It is asked again where somebody was too slow: right after a start, or on a busy machine.
    """
    words = ("search", *arguments, "--purpose", PURPOSE, "--user", user)
    read = _asked(telling, SearchAnswer.model_validate, *words)
    telling.show(*render(read))
    return read


def trace(telling: Telling, reference: str, *, limit: int, brief: bool = False) -> Trace:
    """Show a trace and what it says; give what it tells."""
    words = ("trace", reference, "--limit", str(limit), *(["--brief"] if brief else []))
    read = _asked(telling, Trace.model_validate, *words)
    telling.show(*drawn(read, brief=brief))
    return read


def _asked(telling: Telling, read: Callable[[Any], T], *arguments: str) -> T:
    """Show a command, run it for its answer, and read that.

    The caller draws it as the command itself does: so one run gives what is shown and what is verified.
    """
    telling.command(*arguments)
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(BETWEEN_ATTEMPTS_S)
        status, said = _said(telling, *arguments, "--json")
        if status != Exit.PARTLY:
            break
    return read(json.loads(said))


def _said(telling: Telling, *arguments: str) -> tuple[int, str]:
    """Run a command in this process: starting another takes longer than what the command does."""
    os.environ["COLUMNS"] = str(min(telling.console.width - 2, WIDEST))  # what the command prints is set in a little
    said = StringIO()
    with redirect_stdout(said):
        status = command().main(args=list(arguments), prog_name="isthmus", standalone_mode=False)
    return int(status or 0), said.getvalue()
