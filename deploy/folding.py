"""This module makes tables whose cells are never cut: a reference that lacks its end cannot be asked for."""

from rich.table import Table


def folding(*columns: str, title: str | None = None, bare: bool = False) -> Table:
    """Give a table whose long values go on in the next line, on a narrow terminal and in a pipe alike.

    A bare one leaves more room to them.
    """
    table = Table(title=title, box=None, pad_edge=False) if bare else Table(title=title)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
