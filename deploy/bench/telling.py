"""This module tells a person what is being measured, and how far it is."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from deploy.bench.figures import Figure
from deploy.bench.floors import FLOORS
from deploy.local.progress import ConsoleNarrator

NUMBERS = {"value", "ceiling", "ratio"}
PLAIN_WIDTH = 120

SECONDS_WITHOUT_BAR = 2.0
"""What is done sooner shows no progress: it would be gone before it is read."""
SECONDS_BETWEEN_LINES = 10.0
"""Between two lines of progress in a log."""


class Update(Protocol):
    """Takes how many are done by now, and how many there are, once that is known."""

    def __call__(self, done: int, total: int | None = None) -> None:
        """Show it."""


class _Count:
    """What is told of one count: that it began, how far it is, that it ended."""

    def __init__(self, console: Console, say: Callable[[str], None], label: str, total: int | None) -> None:
        self._label, self._say, self._is_terminal = label, say, console.is_terminal
        self._done, self._total = 0, total
        self._began, self._told = time.monotonic(), 0.0
        self._is_shown = False
        columns = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        # Drawn seldom: what is measured shares the processor with the one who draws.
        self._bar = Progress(*columns, console=console, refresh_per_second=2, transient=True)
        self._task = self._bar.add_task(label, total=total)

    def show(self) -> None:
        """Begin to tell."""
        self._is_shown, self._told = True, time.monotonic()
        if self._is_terminal:
            self._bar.start()
        else:
            self._say(f"  {self._label}{self._so_far()}")

    def update(self, done: int, total: int | None = None) -> None:
        """Tell how far it is: by the bar, or in a log by a line now and then."""
        self._done, self._total = done, self._total if total is None else total
        self._bar.update(self._task, completed=done, total=total)
        if self._is_shown and not self._is_terminal and time.monotonic() - self._told >= SECONDS_BETWEEN_LINES:
            self._told = time.monotonic()
            self._say(f"  {self._label}{self._so_far()}")

    def hide(self) -> None:
        """Take the bar away."""
        if self._bar.live.is_started:
            self._bar.stop()

    def end(self) -> None:
        """Tell that all is done, if it was told that it began."""
        if self._is_shown:
            count = self._done if self._total is None else self._total
            self._say(f"  {self._label}: {count:,} done in {time.monotonic() - self._began:,.0f} s")

    def _so_far(self) -> str:
        if self._total is None:
            return f": {self._done:,}" if self._done else ""
        return f": {self._done:,} of {self._total:,}"


class Teller(ConsoleNarrator):
    """Tells on standard error, so that figures alone go to standard output."""

    @contextmanager
    def counting(self, label: str, total: int | None = None) -> Iterator[Update]:
        """Show how many of `total` are done, once it has taken two seconds, and then that it ended.

        A terminal has a bar, a log a line every ten seconds.
        """
        count = _Count(self.console, self.say, label, total)
        timer = Timer(SECONDS_WITHOUT_BAR, count.show)
        timer.daemon = True
        timer.start()
        try:
            yield count.update
        finally:
            timer.cancel()
            timer.join()
            count.hide()
        count.end()


def show(figures: list[Figure]) -> None:
    """Print figures beside their ceilings and floors."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = PLAIN_WIDTH
    table = Table(title="Measured on this machine", title_justify="left", show_edge=False, box=None, pad_edge=False)
    for column in ("figure", "value", "unit", "ceiling", "ratio", "floor", ""):
        table.add_column(column, no_wrap=True, justify="right" if column in NUMBERS else "left")
    for figure in figures:
        floor = FLOORS.get(figure.name)
        mark = "" if floor is None else "[green]met[/]" if floor.is_met(figure) else "[bold red]missed[/]"
        ceiling = "" if figure.ceiling is None else f"{figure.ceiling:,.0f}"
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
        value = f"{figure.value:,.1f}" if figure.unit == "ms" else f"{figure.value:,.0f}"
        table.add_row(figure.name, value, figure.unit, ceiling, ratio, "" if floor is None else str(floor), mark)
    console.print(table)
