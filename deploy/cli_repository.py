"""This module is `isthmus repository`: what the common repository holds, and how it is rebuilt from the log."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from deploy.exits import Exit
from deploy.local.environment import kafka_settings
from deploy.local.stack import Stack
from deploy.repository_standing import ACCOUNT, elasticsearch_of, told_of_rebuild
from hub.log_reader import LogReader
from hub.settings import ElasticsearchSettings, KafkaSettings
from search.indices import Indices, RebuildAtWork
from search.rebuild import Progress as Read
from search.rebuild import Rebuild, Rebuilt
from search.repository import NOT_BUILT, Held, NotThere, Repository, connect
from search.standing import SILENT_S

app = typer.Typer(
    help="Look at the common repository, and rebuild it.", no_args_is_help=True, rich_markup_mode="markdown"
)
PRINT = Console()

StackName = Annotated[str, typer.Option("--stack", envvar="ISTHMUS_STACK", help="The stack to work on.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def status(stack: StackName = "local", as_json: AsJson = False) -> None:
    """Count the records by system and contract, and say whether a rebuild is at work or was cut off.

    Example: `isthmus repository status`
    """
    settings = elasticsearch_of(Stack.known(stack).must_be_up())
    try:
        held = asyncio.run(_held(settings))
    except NotThere:
        # Where the projector builds it already, or was cut off, there is more to say than to start it.
        raise NotThere(told_of_rebuild(settings) or NOT_BUILT) from None
    if as_json:
        typer.echo(json.dumps([asdict(each) for each in held], indent=2))
        return
    table = Table("system", "contract", title="The common repository")
    for title in ("records", "erased", "newest version"):
        table.add_column(title, justify="right")
    for each in held:
        newest = "" if each.newest_version is None else str(each.newest_version)
        table.add_row(each.system, each.contract, f"{each.present:,}", f"{each.erased:,}", newest)
    table.add_section()
    table.add_row("all", "", f"{sum(each.present for each in held):,}", f"{sum(each.erased for each in held):,}", "")
    PRINT.print(table)
    if told := told_of_rebuild(settings):
        PRINT.print(told, markup=False)


@app.command()
def rebuild(stack: StackName = "local", as_json: AsJson = False) -> None:
    """Replay the log into a new index and move searches to it, while everything goes on.

    It may be interrupted, killed and run again; searches miss nothing at any moment. One rebuild works at a time.

    Example: `isthmus repository rebuild`
    """
    opened = Stack.known(stack).must_be_up()
    columns = (TextColumn("[bold]Replaying the log"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), disable=as_json) as bar:
        task = bar.add_task("replay", total=None)

        def report(read: Read) -> None:
            bar.update(task, completed=read.read, total=read.total)

        try:
            done = asyncio.run(_rebuild(_kafka(opened), elasticsearch_of(opened), report, bar.console.print))
        except RebuildAtWork as error:
            bar.stop()
            typer.echo(f"isthmus: {error}", err=True)
            raise typer.Exit(Exit.BUSY) from None
    if as_json:
        typer.echo(json.dumps(asdict(done), indent=2))
        return
    PRINT.print(
        f"The repository is rebuilt: {done.messages:,} messages replayed, {done.skipped:,} skipped; {done.index}."
    )


async def _held(settings: ElasticsearchSettings) -> list[Held]:
    async with Repository(connect(settings)) as repository:
        return await repository.held()


async def _rebuild(
    kafka: KafkaSettings,
    elasticsearch: ElasticsearchSettings,
    report: Callable[[Read], None],
    tell: Callable[[str], None],
) -> Rebuilt:
    client = connect(elasticsearch)
    log = LogReader(kafka, ACCOUNT)
    async with Repository(client) as repository:
        indices = Indices(client)
        try:
            if (await indices.standing()).left:
                tell(f"An earlier rebuild has not ended: watching for {SILENT_S:.0f} s whether it is still alive.")
            return await Rebuild(log, repository, indices, report=report).run()
        finally:
            await log.close()


def _kafka(stack: Stack) -> KafkaSettings:
    return kafka_settings(ACCOUNT, stack.secrets, stack.addresses)
