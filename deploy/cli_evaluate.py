"""This module is `isthmus evaluate`: agencies measure on their own data before they trust a threshold."""

import typer

from deploy.cli_evaluate_linkage import linkage
from deploy.cli_evaluate_mrz import mrz

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")
app.command()(linkage)
app.command()(mrz)


@app.callback()
def evaluate() -> None:
    """Measure matching, search, linkage and the reading of zones on data of one's own."""
