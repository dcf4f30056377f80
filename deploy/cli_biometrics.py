"""This module is `isthmus biometrics`: what can be done with files of fingers, here and through the service."""

import typer

from deploy.cli_biometrics_convert import convert
from deploy.cli_biometrics_enrol import enrol
from deploy.cli_biometrics_explain import explain
from deploy.cli_biometrics_extract import extract
from deploy.cli_biometrics_identify import identify
from deploy.cli_biometrics_quality import quality
from deploy.cli_biometrics_verify import verify

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")
for command in (extract, quality, convert, verify, identify, enrol, explain):
    app.command()(command)


@app.callback()
def biometrics() -> None:
    """Work with files of fingers: images, templates and records of any format.

    `extract`, `quality`, `convert` and `explain` work here, without a stack; `verify`, `identify` and `enrol` ask the
    service of a stack that is up.
    """
