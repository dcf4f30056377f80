"""This module is the `isthmus` command: it loads a part only when that is asked for, and is the rim for errors."""

import logging
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

from deploy.exits import TOLD, Exit, exit_of
from deploy.harmless import harmless
from deploy.local.faults import FORBIDDEN, NO_ROOM
from hub.errors import IsthmusError

WAITS, COMES_AGAIN = "; it is tried again.", "; look at `isthmus status`, and try again in a while."
"""What a service does that finds something away, and what is left to do where a command ends by it."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the command: a typer app called `app` in `module`."""

    name: str
    module: str
    help: str


# One line each; a part whose module is not installed is not offered.
PARTS = (
    Part("up", "deploy.cli_up", "Start everything, and stay until Ctrl-C."),
    Part("down", "deploy.cli_down", "Stop what `up` started in another terminal."),
    Part("status", "deploy.cli_status", "Say what runs, where, and how it is."),
    Part("demo", "deploy.cli_demo", "Show the main job, end to end, on invented people."),
    Part("search", "deploy.cli_search", "Ask all systems about a person or a document."),
    Part("trace", "deploy.cli_trace", "Show what became of a message, a flow, a record or a person."),
    Part("adapter", "deploy.cli_adapter", "List, check, preview and run adapters."),
    Part("biometrics", "deploy.cli_biometrics", "Extract, judge, convert, compare, enrol and explain fingers."),
    Part("dead", "deploy.cli_dead", "List, show and replay dead letters."),
    Part("repository", "deploy.cli_repository", "Rebuild the common repository from the log."),
    Part("token", "deploy.cli_token", "Issue a bearer token of the local issuer."),
    Part("contracts", "deploy.cli_contracts", "Write schema snapshots, and check that contracts stay compatible."),
    Part("bench", "deploy.cli_bench", "Measure speed as ratios to ceilings of the same run."),
    Part("evaluate", "deploy.cli_evaluate", "Measure names, searches, links and zones on your own data."),
    Part("quality", "deploy.cli_quality", "Measure accuracy on real data."),
)


class LazyCommand(TyperCommand):
    """Stands for a part until it is called: help texts are shown without loading it."""

    def __init__(self, part: Part) -> None:
        super().__init__(name=part.name, help=part.help)
        self._module = part.module

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Load the part and let it take over."""
        command = get_command(import_module(self._module).app)
        # A part is never installed by itself, so it has no completion of its own.
        command.params = [
            param for param in command.params if param.name not in {"install_completion", "show_completion"}
        ]
        _tell_exits(command)
        return command.make_context(info_name, args, parent=parent, **extra)


def _tell_exits(command: Any) -> None:
    """End the help of a command, and of all below it, with the table of exit statuses."""
    command.epilog = TOLD
    for each in getattr(command, "commands", {}).values():
        _tell_exits(each)


class Plain(TyperGroup):
    """Says what is not right with an option, without what a library puts before it."""

    def invoke(self, ctx: Any) -> Any:
        """Run what was asked for; all parts read their options within."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            error.message = error.message.removeprefix("Value error, ")
            raise


app = typer.Typer(
    name="isthmus", cls=Plain, no_args_is_help=True, add_completion=False, rich_markup_mode="markdown", epilog=TOLD
)


@app.callback()
def isthmus() -> None:
    """Join the information systems of migration and border agencies."""


def command() -> Any:
    """Compose the command of the parts that are there."""
    group = get_group(app)
    for part in PARTS:
        if find_spec(part.module) is not None:
            group.add_command(LazyCommand(part))
    return group


def main() -> None:
    """Run the command. Errors are one sentence and a status of `deploy.exits`."""
    debugging = bool(os.environ.get("ISTHMUS_DEBUG"))
    if not debugging:
        logging.lastResort = logging.NullHandler()  # what a library logs beside an error helps nobody at a terminal
    try:
        command()(prog_name="isthmus")
    except IsthmusError as error:
        _tell(str(error).replace(WAITS, COMES_AGAIN))
        sys.exit(exit_of(error))
    except KeyboardInterrupt:
        sys.exit(Exit.INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output has left (as `head` does); nothing more can be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Exit.FAILED)
    except Exception as error:
        if debugging:
            raise
        _tell(_sentence(error))
        sys.exit(Exit.FAILED)


def _sentence(error: Exception) -> str:
    """Say what befell a command that nothing in it foresaw."""
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        where = f" at {error.filename}" if error.filename else ""
        return f"The disk is full{where}: make room there and start again."
    if isinstance(error, OSError) and error.errno in FORBIDDEN and error.filename:
        why = os.strerror(error.errno)
        return f"{error.filename} cannot be used ({why}): give this account the right to it and start again."
    return f"Something unforeseen happened ({type(error).__name__}): set ISTHMUS_DEBUG=1 to see where, and report it."


def _tell(sentence: str) -> None:
    with suppress(OSError):  # where it cannot be said, the exit status tells
        sys.stderr.write(f"isthmus: {harmless(sentence)}\n")


if __name__ == "__main__":
    main()
