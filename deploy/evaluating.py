"""This module is what the `isthmus evaluate` commands share: options, Elasticsearch, faults, figures."""

import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic_settings import BaseSettings, SettingsConfigDict
from rich.console import Console
from rich.table import Table

from deploy.bench.telling import PLAIN_WIDTH
from deploy.exits import Exit
from deploy.harmless import json_line
from deploy.local.environment import elasticsearch_settings
from deploy.local.stack import Stack
from hub.settings import ElasticsearchSettings
from search.evaluation.curves import DIGITS
from search.evaluation.tables import Fault

ACCOUNT = "evaluation"
URL = "ISTHMUS_ELASTICSEARCH__URL"
FAULTS_TOLD = 10
UNDEFINED = "–"  # noqa: RUF001  a dash, for a share of nothing


AsJson = Annotated[bool, typer.Option("--json", help="Print one object of JSON.")]
Scores = Annotated[Path | None, typer.Option("--scores", metavar="FILE", help="Write each row with its score as CSV.")]
StackName = Annotated[str, typer.Option("--stack", envvar="ISTHMUS_STACK", help="Whose Elasticsearch is used.")]


class _Environment(BaseSettings):
    """Where the environment says that Elasticsearch is."""

    model_config = SettingsConfigDict(env_prefix="ISTHMUS_", env_nested_delimiter="__", extra="ignore", frozen=True)

    elasticsearch: ElasticsearchSettings = ElasticsearchSettings()


def elasticsearch(stack: str) -> ElasticsearchSettings:
    """Give the Elasticsearch that the environment names, or that of a stack that is up.

    Raises:
        NotUp: neither is there.
    """
    if os.environ.get(URL):
        return _Environment().elasticsearch
    return elasticsearch_of(Stack.known(stack).must_be_up())


def elasticsearch_of(stack: Stack) -> ElasticsearchSettings:
    """Give a stack's Elasticsearch, with the rights of one who measures."""
    return elasticsearch_settings(ACCOUNT, stack.secrets, stack.addresses)


class Faults:
    """The faults of all files of a command, told as they are found."""

    def __init__(self) -> None:
        self.count = 0
        self._passed_over = 0

    def tell(self, faults: Sequence[Fault], name: str) -> None:
        """Name the lines that are at fault, the first of them each, on standard error."""
        for fault in sorted(faults, key=lambda each: each.line)[:FAULTS_TOLD]:
            where = f"line {fault.line}: " if fault.line else ""
            typer.echo(f"{name}: {where}{fault.text}.", err=True)
        if len(faults) > FAULTS_TOLD:
            typer.echo(f"{name}: {len(faults) - FAULTS_TOLD:,} further faults.", err=True)
        self.count += len(faults)
        self._passed_over += sum(not fault.counts for fault in faults)

    def end(self) -> None:
        """End the command: in part, where rows were passed over.

        Raises:
            typer.Exit: some were.
        """
        if self._passed_over:
            raise typer.Exit(Exit.PARTLY)


def show(figures: Mapping[str, Any], as_json: bool, *, aside: bool = False) -> None:
    """Print figures: one object of JSON, or a table, and of what has figures by name another one, such as `groups`.

    `aside` puts the table on standard error, where standard output has something else to carry.
    """
    if as_json:
        typer.echo(json_line(figures))
        return
    console = Console(highlight=False, stderr=aside)
    if not console.is_terminal:
        console.width = PLAIN_WIDTH
    if isinstance(console.file, io.TextIOWrapper):  # not every terminal has a dash, or the letters of a group
        console.file.reconfigure(errors="replace")
    whole = Table(show_header=False, box=None, pad_edge=False)
    tables: dict[str, Mapping[str, Mapping[str, Any]]] = {}
    for name, value in figures.items():
        if isinstance(value, Mapping):
            tables[name.removesuffix("s")] = value
        else:
            whole.add_row(name, _written(value))
    console.print(whole)
    for name, lines in tables.items():
        if lines:
            console.print(_table(name, lines))


def _table(name: str, lines: Mapping[str, Mapping[str, Any]]) -> Table:
    table = Table(box=None, pad_edge=False)
    # Two columns for thresholds more would leave none its width; JSON has them.
    columns = [column for column in next(iter(lines.values())) if not column.startswith("threshold")]
    table.add_column(name, overflow="fold")
    for column in columns:
        table.add_column(column, justify="right", overflow="fold")
    for line, values in lines.items():
        table.add_row(line, *(_written(values[column]) for column in columns))
    return table


def _written(value: object) -> str:
    if value is None:
        return UNDEFINED
    if isinstance(value, float):  # a threshold may need more digits to part what it parts
        return f"{value:.4f}" if value == round(value, DIGITS) else repr(value)
    return f"{value:,}" if isinstance(value, int) else str(value)
