"""This module ends the demo: what was shown, in figures, and where to look on."""

import json
from pathlib import Path

from rich.table import Table

from deploy.asyncapi import document
from deploy.demo.story.stage import Stage
from deploy.demo.story.telling import Telling
from deploy.local.atomic import write_atomically
from deploy.local.home import CHECKOUT

ASYNCAPI = CHECKOUT / "var" / "asyncapi.json"


def summary(stage: Stage, records: int, flow_seconds: float) -> None:
    """Sum up."""
    telling = stage.telling
    table = Table("what was shown", box=None)
    table.add_column("figure", justify="right")
    table.add_row("invented people", f"{stage.population.size:,}")
    table.add_row("records from their agencies to the answer", f"{records:,}")
    table.add_row("from the first adapter's start to the last record found", f"{flow_seconds:.1f} s")
    table.add_row("statements that were verified while they were told", f"{telling.proofs}")
    for title, seconds in telling.durations.items():
        table.add_row(f"  {title}", f"{seconds:.1f} s")
    telling.show(table)


def addresses(stage: Stage) -> None:
    """Say where to look on."""
    where, telling = stage.stack.addresses, stage.telling
    table = Table("look at", box=None)
    table.add_column("address", overflow="fold")
    for service, what in (("search", "single search"), ("biometrics", "biometrics"), ("ledger", "ledger")):
        table.add_row(f"{what}: OpenAPI, to try out", f"{where.url(service)}/docs")
        table.add_row("", f"{where.url(service)}/openapi.json")
    table.add_row("topics: AsyncAPI", str(write_asyncapi()))
    table.add_row("logs, one file each", str(stage.stack.home.logs))
    table.add_row("files of the stories", str(stage.folder))
    telling.show(table)


def ending(telling: Telling) -> None:
    """Say that all of it stops now, and what to type to have it again."""
    telling.say("The demo ends here and stops everything; the data stay. This starts it again with them, and stays up:")
    telling.command("up")


def write_asyncapi(path: Path = ASYNCAPI) -> Path:
    """Write the document of all topics to a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, json.dumps(document(), indent=2) + "\n", mode=0o644)
    return path
