"""This module is `isthmus down`: it stops a stack that another process runs."""

from typing import Annotated

import typer

from deploy.local.progress import ConsoleNarrator
from deploy.local.stack import Stack

app = typer.Typer(rich_markup_mode="markdown")


@app.command()
def down(
    stack: Annotated[
        str, typer.Option("--stack", envvar="ISTHMUS_STACK", help="Which stack of this checkout.")
    ] = "local",
) -> None:
    """Stop a stack that runs in another terminal, or what a killed one left behind. The data stay.

    One that is down already is left so, and that is no failure.

    Example: `isthmus down`
    """
    narrator = ConsoleNarrator()
    narrator.say("Stopped." if Stack.known(stack).stop_from_outside(narrator) else "It was not up.")
