"""This module tells a person how the stack is getting on: on a terminal, in a plain log, or not at all."""

import datetime as dt
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

Advance = Callable[[int], None]
"""Takes the number of bytes that were added (or, when negative, taken back)."""


class Narrator(Protocol):
    """Who is told what happens. Both may be called from any thread; that nobody can be told ends nothing."""

    def say(self, text: str) -> None:
        """Tell one sentence."""

    def bar(self, label: str, total: int) -> AbstractContextManager[Advance]:
        """Show a download of `total` bytes."""


def heard_or_not() -> suppress:
    """Go on where what is said cannot be written: the disk is full, or whoever read it has left.

    Rich makes of a reader who has left a `SystemExit`, which would end the thread that looks after the children, and
    them with it.
    """
    return suppress(OSError, SystemExit)


class Silence:
    """Tells nobody."""

    def say(self, text: str) -> None:
        """Say nothing."""

    @contextmanager
    def bar(self, label: str, total: int) -> Iterator[Advance]:
        """Show nothing."""
        _ = label, total
        yield lambda _added: None


class Recorded:
    """Tells another narrator, and writes each sentence with its time into a log."""

    def __init__(self, narrator: Narrator, log: Path) -> None:
        self._narrator = narrator
        self._log = log

    def say(self, text: str) -> None:
        """Pass the sentence on, and write it down."""
        # A full disk must not end the thread that looks after the children: it is heard on the terminal alone.
        with suppress(OSError), self._log.open("a", encoding="utf-8") as file:
            file.write(f"{dt.datetime.now(dt.UTC).isoformat(timespec='milliseconds')} {text}\n")
        self._narrator.say(text)

    def bar(self, label: str, total: int) -> AbstractContextManager[Advance]:
        """Show the other narrator's bar."""
        return self._narrator.bar(label, total)


class ConsoleNarrator:
    """Tells a person: progress bars on a terminal, plain lines elsewhere."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(file=sys.stderr, highlight=False, soft_wrap=True)

    def say(self, text: str) -> None:
        """Print one line."""
        with heard_or_not():
            self.console.print(text, markup=False)

    @contextmanager
    def bar(self, label: str, total: int) -> Iterator[Advance]:
        """Show a bar on a terminal, else one line."""
        if not self.console.is_terminal:
            self.say(f"Downloading {label}, {total / 1e6:,.0f} MB")
            yield lambda _added: None
            return
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
        )
        progress = Progress(*columns, console=self.console)
        task = progress.add_task(f"Downloading {label}", total=total)
        # Where the terminal goes, Rich fails in more ways than by what it writes: it ends what it has not begun.
        with suppress(Exception, SystemExit):
            progress.start()
        try:
            yield lambda added: progress.advance(task, added)
        finally:
            with suppress(Exception, SystemExit):
                progress.stop()
