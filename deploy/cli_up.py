"""This module is `isthmus up`: it starts a stack, says where everything is, and stays until it is told to stop."""

import signal
import threading
from itertools import combinations
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from deploy.interrupts import end_as_by_ctrl_c
from deploy.local.addresses import PORT_NAMES
from deploy.local.faults import StackFault
from deploy.local.progress import ConsoleNarrator, heard_or_not
from deploy.local.stack import Stack, StackOptions

app = typer.Typer(rich_markup_mode="markdown")

StackName = Annotated[
    str, typer.Option("--stack", envvar="ISTHMUS_STACK", help="Which stack of this checkout, with data of its own.")
]


@app.command()
def up(
    stack: StackName = "local",
    kafka: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="Use this Kafka instead of starting one.")
    ] = None,
    elasticsearch: Annotated[
        str | None, typer.Option(metavar="URL", help="Use this Elasticsearch instead of starting one.")
    ] = None,
    elasticsearch_home: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Start the Elasticsearch unpacked here, and download none.")
    ] = None,
    port: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=PORT", envvar="ISTHMUS_PORTS", help=f"Set a port: {', '.join(PORT_NAMES)}."),
    ] = None,
    take_over: Annotated[
        bool,
        typer.Option(
            "--take-over", help="Where others run servers, make users of theirs that are named like ours ours."
        ),
    ] = False,
    service: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Start only these services; `none` for servers alone.")
    ] = None,
) -> None:
    """Start servers and services, and stay until Ctrl-C. A second start finds its data again.

    Administrators of external servers are named by `ISTHMUS_KAFKA__USERNAME` and `ISTHMUS_KAFKA__PASSWORD_FILE`, and
    likewise for `ISTHMUS_ELASTICSEARCH`. A file with the certificate authority in `ISTHMUS_KAFKA__CA_FILE` has Kafka
    speak TLS; `ISTHMUS_ELASTICSEARCH__CA_FILE` is for an authority of your own.

    Examples: `isthmus up`, `isthmus up --port search=8010 --kafka kafka.test:9092`
    """
    options = StackOptions(kafka, elasticsearch, elasticsearch_home, chosen_ports(port or []), take_over)
    services = None if not service else [name for name in service if name != "none"]
    opened = Stack.open(stack, options)
    end_as_by_ctrl_c()
    narrator = ConsoleNarrator()
    try:
        opened.start(narrator, services)
        console = Console(highlight=False)
        with heard_or_not():
            console.print(ready_table(opened))
            for line in ready_lines(opened):
                console.print(line, markup=False, soft_wrap=True)
        narrator.say("Ready. Ctrl-C stops everything; the data stay.")
        threading.Event().wait()
    except KeyboardInterrupt:
        narrator.say("Stopping")
    finally:
        # A second Ctrl-C must not leave half of it running.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        opened.stop()
    narrator.say("Stopped.")


def chosen_ports(options: list[str]) -> dict[str, int]:
    """Read ports set by hand, as `name=number`.

    Raises:
        StackFault: a name is unknown, a number is none, or two names share one.
    """
    ports: dict[str, int] = {}
    for option in options:
        name, _, number = option.partition("=")
        if name not in PORT_NAMES or not number.isdecimal() or not 0 < int(number) < 1 << 16:
            raise StackFault(
                f"A port is set as NAME=PORT, with a name of {', '.join(PORT_NAMES)}; {option!r} is not so."
            )
        ports[name] = int(number)
    for (one, taken), (other, wanted) in combinations(ports.items(), 2):
        if taken == wanted:
            raise StackFault(f"Port {taken} is set for {one} and for {other}: give each a port of its own.")
    return ports


def ready_table(stack: Stack) -> Table:
    """Compose the ready message: what runs, and where. What is to be copied is never cut."""
    addresses = stack.addresses
    running = stack.pids()
    table = Table(title="Isthmus is up", title_justify="left", show_edge=False, box=None, pad_edge=False)
    for column in ("what", "address", "for"):
        table.add_column(column, overflow="fold")
    rows = (
        ("search", "single search; /docs describes it"),
        ("biometrics", "fingerprint matching; /docs describes it"),
        ("ledger", "traces; /docs describes it"),
    )
    for name, purpose in rows:
        if name in running:
            table.add_row(name, addresses.url(name), purpose)
    guarded = " (SASL/SCRAM)" if addresses.kafka is None or addresses.kafka.username else ""
    table.add_row("Kafka", addresses.kafka_bootstrap, f"the log of record{guarded}")
    table.add_row("Elasticsearch", addresses.elasticsearch_url, "common repository, audit index")
    table.add_row("PostgreSQL", f"127.0.0.1:{addresses.ports['postgres']}", "reference agencies")
    return table


def ready_lines(stack: Stack) -> list[str]:
    """Say what is too long for the table: other processes, and where the logs are."""
    shown = {"search", "biometrics", "ledger", "kafka", "elasticsearch", "postgres"}
    others = sorted(set(stack.pids()) - shown)
    also = [f"Also running: {', '.join(others)}"] if others else []
    return [*also, f"Logs: {stack.home.logs}"]
