"""This module makes tables whose cells are never cut: a reference that lacks its end cannot be asked for."""

from rich.table import Table


def folding(*columns: str, title: str) -> Table:
    """Give a table whose long values go on in the next line, on a narrow terminal and in a pipe alike."""
    table = Table(title=title)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
