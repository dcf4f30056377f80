"""This module runs commands of ours as a reader would, in a process of their own."""

import os
import subprocess
import sys

from rich.text import Text

from deploy.demo.story.telling import StoryFailed, Telling

PATIENCE_S = 60.0
WIDEST = 150


def run(telling: Telling, *arguments: str) -> None:
    """Show a command and what it says.

    Raises:
        StoryFailed: it failed.
    """
    telling.command(*arguments)
    telling.show(Text.from_ansi(output(*arguments, columns=min(telling.console.width - 2, WIDEST)).rstrip()))


def output(*arguments: str, columns: int = WIDEST) -> str:
    """Give what a command says.

    Raises:
        StoryFailed: it failed.
    """
    done = subprocess.run(  # noqa: S603  our own command, with our own arguments
        [sys.executable, "-m", "deploy.cli", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
        env=os.environ | {"COLUMNS": str(columns)},
    )
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise StoryFailed(f"`isthmus {' '.join(arguments)}` failed: {' '.join(last)}")
    return done.stdout
