"""This module runs commands of ours for the reader, and shows what they say."""

import os
from contextlib import redirect_stdout
from io import StringIO

from rich.text import Text

from deploy.cli import command
from deploy.demo.story.telling import StoryFailed, Telling

WIDEST = 150


def run(telling: Telling, *arguments: str) -> None:
    """Show a command and what it says.

    It runs in this process: starting another takes longer than what the command does.

    Raises:
        StoryFailed: it failed.
        IsthmusError: it failed, and says why.
    """
    telling.command(*arguments)
    os.environ["COLUMNS"] = str(min(telling.console.width - 2, WIDEST))  # what the command prints is set in a little
    said = StringIO()
    with redirect_stdout(said):
        status = command().main(args=list(arguments), prog_name="isthmus", standalone_mode=False)
    if status:
        raise StoryFailed(f"`isthmus {' '.join(arguments)}` ended with exit status {status}.")
    telling.show(Text.from_ansi(said.getvalue().rstrip()))
