"""This module is `isthmus adapter`: it lists adapters, checks them against their sources, previews and runs them."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from adapters.check import Finding, Level, check, is_fit
from adapters.declaration import Adapter, Sql, agreements
from adapters.failures import SourceUnavailable
from adapters.messages import rows_shown, service_name
from adapters.process import serve
from adapters.registry import MODULES, REFERENCE, find
from adapters.settings import AdapterSettings
from adapters.sql_source import WRITTEN
from adapters.streams import Sources
from adapters.trial import Trial, rows_of, trials
from deploy.exits import Exit
from deploy.harmless import as_written
from deploy.local.stack import Stack
from hub.errors import Misconfigured
from hub.router.agreements import Agreement

app = typer.Typer(help="List, check, preview and run adapters.", no_args_is_help=True, rich_markup_mode="markdown")
PRINT = Console()
MARKS = {Level.FINE: "[green]fine[/]", Level.ADVICE: "[yellow]advice[/]", Level.FAULT: "[red]fault[/]"}

Name = Annotated[str, typer.Argument(help="A system, or the path of a .py file that declares an adapter.")]
Source = Annotated[
    str | None,
    typer.Option(
        help="The source: a database URL without a password (`postgresql://reader@host/name`, "
        "`sqlite:////folder/name.db`), or a folder of drops. Without it the environment tells it "
        "(`ISTHMUS_SOURCE_FILE`, `ISTHMUS_SOURCE`), and for the reference agencies the stack."
    ),
]
StackName = Annotated[str, typer.Option("--stack", envvar="ISTHMUS_STACK", help="The stack that tells the source.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the adapters with their streams.

    Example: `isthmus adapter list`
    """
    adapters = [find(name) for name in MODULES]
    if as_json:
        typer.echo(json.dumps([_listed(adapter) for adapter in adapters], indent=2))
        return
    table = Table("system", "stream", "contract", "source", "live")
    for adapter in adapters:
        for number, stream in enumerate(_listed(adapter)["streams"]):
            live = "yes" if stream["live"] else ""
            table.add_row("" if number else adapter.system, stream["name"], stream["contract"], stream["source"], live)
        table.add_section()
    PRINT.print(table)


@app.command("check")
def check_(name: Name, source: Source = None, stack: StackName = "local", as_json: AsJson = False) -> None:
    """Look whether a declaration fits its source; nothing is published. It fails when it does not.

    Example: `isthmus adapter check entry-exit`
    """
    adapter = find(name)
    with _sources(adapter, source, stack) as sources:
        findings = check(adapter, sources)
    if as_json:
        typer.echo(json.dumps([{"stream": f.stream, "level": f.level, "text": f.text} for f in findings], indent=2))
    else:
        _print_findings(adapter, findings)
    raise typer.Exit(Exit.DONE if is_fit(findings) else Exit.FAILED)


@app.command()
def preview(
    name: Name,
    stream: Annotated[str | None, typer.Option(help="Only one stream.")] = None,
    rows: Annotated[int, typer.Option(min=1, max=1000, help="How many rows of each stream.")] = 3,
    source: Source = None,
    stack: StackName = "local",
    as_json: AsJson = False,
) -> None:
    """Show rows before and after their mapping, with what is wrong; nothing is published. It shows personal data.

    Example: `isthmus adapter preview blacklist --rows 5`
    """
    adapter = find(name)
    if stream is not None and stream not in {one.name for one in adapter.streams}:
        raise Misconfigured(f"{adapter.system} has no stream {stream}; see `isthmus adapter list`.")
    chosen = [one for one in adapter.streams if stream in {None, one.name}]
    shown: list[dict[str, Any]] = []
    with _sources(adapter, source, stack) as sources:
        for one in chosen:
            shown += [_shown(one.name, trial) for trial in trials(adapter, one, rows_of(one, sources, rows))]
    if as_json:
        typer.echo(json.dumps(shown, indent=2, ensure_ascii=False))
        return
    for row in shown:
        _print_trial(row)


@app.command()
def run(
    name: Name,
    source: Source = None,
    stack: StackName = "local",
    admit: Annotated[
        bool, typer.Option("--admit", help="First let a system that is new publish on the stack.")
    ] = False,
) -> None:
    """Run an adapter until Ctrl-C: on the stack that is up, or by the environment where that names Kafka.

    A source or a Kafka that is away is waited for, and the log says so; a folder or a file that is not there at the
    start is refused. Ctrl-C or SIGTERM ends it well.

    Example: `isthmus adapter run eu-journal --source /path/to/drops --admit`
    """
    adapter = find(name)
    if source is not None:
        os.environ.pop("ISTHMUS_SOURCE_FILE", None)
        os.environ["ISTHMUS_SOURCE"] = source
    is_named = _is_named(adapter)
    if is_named:
        _must_be_there(adapter)
    if "ISTHMUS_KAFKA__BOOTSTRAP" not in os.environ:
        opened = Stack.known(stack).must_be_up()
        if admit:
            opened.admit(Agreement.model_validate(agreements([adapter])[0]))
        elif adapter.system not in {agreement.system for agreement in opened.agreements()}:
            raise Misconfigured(f"{adapter.system} is not admitted on the stack {stack} yet; run it once with --admit.")
        environment = opened.env_for(service_name(adapter.system))
        if is_named:  # what a person names goes before what the stack would tell
            del environment["ISTHMUS_SOURCE_FILE"]
        os.environ.update(environment)
    os.environ.setdefault("ISTHMUS_LOG__FORMAT", "console")
    serve(name)


def _is_named(adapter: Adapter, source: str | None = None) -> bool:
    """Tell whether a person named the source, by option or environment; the stack knows those of its own agencies.

    Raises:
        Misconfigured: nobody tells the source.
    """
    if source is not None or {"ISTHMUS_SOURCE", "ISTHMUS_SOURCE_FILE"} & os.environ.keys():
        return True
    if adapter.system in REFERENCE:
        return False
    written = (
        WRITTEN if any(isinstance(stream.source, Sql) for stream in adapter.streams) else "the folder of its lists"
    )
    raise Misconfigured(f"Nothing tells the source of {adapter.system}; name it with --source: {written}.")


def _must_be_there(adapter: Adapter) -> None:
    """Refuse a folder or a file that is not there: where a person starts, it is rather mistyped than away."""
    sources = Sources(adapter, AdapterSettings.load().location(adapter))
    absent = sources.absent()
    sources.close()
    if absent:
        raise Misconfigured(absent)


@contextmanager
def _sources(adapter: Adapter, source: str | None, stack: str) -> Iterator[Sources]:
    """Open the source: the one that is named, else the environment's, else the stack's."""
    if not _is_named(adapter, source):
        known = Stack.known(stack)
        os.environ["ISTHMUS_SOURCE_FILE"] = known.env_for(service_name(adapter.system))["ISTHMUS_SOURCE_FILE"]
        source = AdapterSettings.load().location(adapter)
        if source.startswith("postgresql"):  # files can be read while the stack is down
            known.must_be_up()
    opened = Sources(adapter, source or AdapterSettings.load().location(adapter))
    try:
        yield opened
    except SourceUnavailable as error:
        raise SourceUnavailable(f"{error} Look at it with `isthmus adapter check {adapter.system}`.") from error
    finally:
        opened.close()


def _listed(adapter: Adapter) -> dict[str, Any]:
    return {
        **agreements([adapter])[0],
        "streams": [
            {
                "name": stream.name,
                "contract": stream.contract_name,
                "source": stream.source.kind,
                "live": stream.lookup is not None,
            }
            for stream in adapter.streams
        ],
    }


def _print_findings(adapter: Adapter, findings: list[Finding]) -> None:
    table = Table("stream", "", "finding", title=f"{adapter.system}: {'fit' if is_fit(findings) else 'not fit'} to run")
    for finding in findings:
        table.add_row(finding.stream, MARKS[finding.level], finding.text)
    PRINT.print(table)


def _shown(stream: str, trial: Trial) -> dict[str, Any]:
    fault = trial.fault
    return {
        "stream": stream,
        "before": rows_shown([trial.before])[0],
        "contract": trial.contract,
        "after": json.loads(trial.after) if trial.after else None,
        "fault": None if fault is None else {"reason": fault.reason, "field": fault.field, "text": str(fault)},
    }


def _print_trial(row: dict[str, Any]) -> None:
    table = Table("row", f"{row['contract']} v1", title=row["stream"], expand=True, title_justify="left")
    before = "\n".join(f"{name}: {_short(value)}" for name, value in row["before"].items())
    fault = row["fault"]
    after = json.dumps(row["after"], indent=2, ensure_ascii=False) if fault is None else _told(**fault)
    table.add_row(as_written(before), as_written(after), style="red" if fault else None)
    PRINT.print(table)


def _told(reason: str, field: str | None, text: str) -> str:
    """Tell a dead letter in a sentence: its reason, as `check` and the audit name it, what is wrong, and where."""
    where = "" if field is None or field in text else f" ({field})"
    return f"dead letter, {reason}: {text.removesuffix('.')}{where}."


def _short(value: Any) -> str:
    """Write a value on a line; an empty one and none are not the same to a mapping."""
    if value is None or value == "":
        return "NULL" if value is None else "''"
    text = str(value)
    limit = 80
    return text if len(text) <= limit else f"{text[:limit]}…"


if __name__ == "__main__":
    app()
