"""This module tells the demo's stories: chapters, sentences, commands to repeat, and what was proved."""

import os
import shlex
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from deploy.local.home import CHECKOUT
from hub.errors import IsthmusError, Retryable

T = TypeVar("T")

USUAL_STACK = "local"
INDENT = (0, 0, 0, 2)
LOOK_EVERY_S = 0.25


class StoryFailed(IsthmusError):
    """Something that the demo was about to tell did not happen."""

    code = "story-failed"


class Telling:
    """Speaks to the reader, and counts what it could prove."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.proofs = 0
        self.durations: dict[str, float] = {}

    @contextmanager
    def chapter(self, title: str) -> Iterator[None]:
        """Open a chapter; its duration is kept for the summary."""
        begun = time.monotonic()
        self.console.print()
        self.console.print(Rule(f"[bold]{title}[/bold]", align="left", style="cyan"))
        yield
        self.durations[title] = time.monotonic() - begun

    def say(self, text: str) -> None:
        """Tell one sentence or a few."""
        self.console.print(Text(text))

    def command(self, *arguments: str) -> None:
        """Show what a reader can type to see the same."""
        self.line(f"{isthmus_command()} {shlex.join(arguments)}")

    def line(self, text: str) -> None:
        """Show a line for a shell."""
        self.console.print(Text(f"  $ {text}", style="bold blue"), soft_wrap=True)

    def show(self, *parts: RenderableType) -> None:
        """Show a table, a tree, a panel."""
        for part in parts:
            self.console.print(Padding(part, INDENT))

    def proved(self, text: str, *, if_: bool, otherwise: str) -> None:
        """Tell what was found, only if it was.

        Raises:
            StoryFailed: it was not; `otherwise` says what was found instead, and where to look.
        """
        if not if_:
            raise StoryFailed(otherwise)
        self.proofs += 1
        self.console.print(Text.assemble(("  ✓ ", "bold green"), text))


def until(look: Callable[[], T | None], seconds: float, otherwise: str) -> tuple[T, float]:
    """Look until something is seen; gives it, and how many seconds that took.

    Raises:
        StoryFailed: it was not seen in time; `otherwise` is what is told.
    """
    begun = time.monotonic()
    while True:
        try:
            seen = look()
        except Retryable:
            seen = None
        waited = time.monotonic() - begun
        if seen is not None:
            return seen, waited
        if waited > seconds:
            raise StoryFailed(otherwise)
        time.sleep(LOOK_EVERY_S)


def isthmus_command() -> str:
    """Give the `isthmus` command as a reader of this terminal can type it; it asks the stack of the demo."""
    stack = os.environ.get("ISTHMUS_STACK", USUAL_STACK)
    named = "" if stack == USUAL_STACK else f"ISTHMUS_STACK={shlex.quote(stack)} "
    if shutil.which("isthmus"):
        return f"{named}isthmus"
    ours = Path(sys.executable).parent / "isthmus"
    return named + shlex.quote(str(ours.relative_to(CHECKOUT) if ours.is_relative_to(CHECKOUT) else ours))
