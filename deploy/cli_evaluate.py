"""This module is `isthmus evaluate`: agencies measure on their own data before they trust a threshold."""

import typer

from deploy.cli_evaluate_calibrate import calibrate
from deploy.cli_evaluate_fingerprints import fingerprints
from deploy.cli_evaluate_linkage import linkage
from deploy.cli_evaluate_mrz import mrz
from deploy.cli_evaluate_names import names
from deploy.cli_evaluate_retrieval import retrieval
from hub.collector import collect_rarely

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")
for command in (names, retrieval, linkage, mrz, fingerprints, calibrate):
    app.command()(command)


@app.callback()
def evaluate() -> None:
    """Measure names, searches, linkage, the reading of zones and fingerprints on data of one's own."""
    collect_rarely()  # as in the services whose work is measured
