"""This module is `isthmus biometrics`: what can be done with files of fingers, without a service."""

import typer

from deploy.cli_biometrics_convert import convert

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")
for command in (convert,):
    app.command()(command)


@app.callback()
def biometrics() -> None:
    """Work with files of fingers: images, templates and records of any format."""
