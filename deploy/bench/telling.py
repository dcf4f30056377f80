"""This module tells a person what is being measured, and how far it is."""

from collections.abc import Iterator
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


class Update(Protocol):
    """Takes how many are done by now, and how many there are, once that is known."""

    def __call__(self, done: int, total: int | None = None) -> None:
        """Show it."""


class Teller(ConsoleNarrator):
    """Tells on standard error, so that figures alone go to standard output."""

    @contextmanager
    def counting(self, label: str, total: int | None = None) -> Iterator[Update]:
        """Show how many of `total` are done, once it has taken two seconds: a bar on a terminal, else one line."""
        columns = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        # Drawn seldom: what is measured shares the processor with the one who draws.
        bar = Progress(*columns, console=self.console, refresh_per_second=2, transient=True)
        task = bar.add_task(label, total=total)

        def update(done: int, total: int | None = None) -> None:
            bar.update(task, completed=done, total=total)

        def show() -> None:
            if self.console.is_terminal:
                bar.start()
            else:
                self.say(f"  {label}" if total is None else f"  {label} ({total:,})")

        timer = Timer(SECONDS_WITHOUT_BAR, show)
        timer.daemon = True
        timer.start()
        try:
            yield update
        finally:
            timer.cancel()
            timer.join()
            if bar.live.is_started:
                bar.stop()


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
