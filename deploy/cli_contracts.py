"""This module is `isthmus contracts`: the gate that guards the published schemas, and the documents made from them."""

import json

import typer

from contracts.snapshots import gate, snapshot
from deploy.exits import Exit

app = typer.Typer(help="Check and publish the contracts.", no_args_is_help=True, rich_markup_mode="markdown")


@app.command()
def check() -> None:
    """Compare every contract with all its released schemas; fail and say what breaks whom.

    Example: `isthmus contracts check`
    """
    found = list(gate())
    for line in found:
        typer.echo(line, err=True)
    if found:
        raise typer.Exit(Exit.FAILED)
    typer.echo("The contracts are compatible with every released schema.")


@app.command("snapshot")
def snapshot_() -> None:
    """Write the schema of every contract that says something new, as its next minor version.

    Example: `isthmus contracts snapshot`
    """
    written = snapshot()
    for release in written:
        typer.echo(f"Wrote {release.file_name}.")
    if not written:
        typer.echo("Every contract is as released.")


@app.command()
def asyncapi() -> None:
    """Print the AsyncAPI document of all topics, as JSON.

    Example: `isthmus contracts asyncapi`
    """
    from deploy.asyncapi import document  # noqa: PLC0415  the check must not pay for it

    typer.echo(json.dumps(document(), indent=2))
