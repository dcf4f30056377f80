"""This module is `isthmus token`: a bearer token of the local issuer, to try the services with."""

import datetime as dt
from typing import Annotated

import typer

from deploy.local.stack import Stack
from deploy.operator import user_name
from hub.errors import Misconfigured
from hub.security.principal import Scope

app = typer.Typer(rich_markup_mode="markdown")


@app.command()
def token(
    scope: Annotated[list[str], typer.Option(help="A scope to grant; may stand several times.")],
    user: Annotated[str | None, typer.Option(help="Whose token; the person at the machine unless said.")] = None,
    system: Annotated[list[str] | None, typer.Option(help="A system to open; all unless said.")] = None,
    minutes: Annotated[int, typer.Option(help="How long it is valid.", min=1, max=24 * 60)] = 60,
    stack: Annotated[str, typer.Option(envvar="ISTHMUS_STACK", help="The stack to issue for.")] = "local",
) -> None:
    """Print a bearer token of the local stack's own issuer.

    Example: `curl -H "Authorization: Bearer $(isthmus token --scope audit:read)" ...`
    """
    unknown = sorted(set(scope) - set(Scope))
    if unknown:
        raise Misconfigured(f"There is no scope {unknown[0]}; there are {', '.join(Scope)}.")
    typer.echo(Stack.known(stack).token(user or user_name(), scope, system or ["*"], dt.timedelta(minutes=minutes)))
