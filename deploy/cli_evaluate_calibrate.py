"""This module is `isthmus evaluate calibrate`: it fits the weights of the scorer on invented people."""

import json
from pathlib import Path
from typing import Annotated

import typer

from deploy.bench.telling import Teller
from deploy.evaluating import StackName, elasticsearch
from deploy.quality.calibrate import calibrate as fit_weights
from deploy.quality.fit import calibration_error


def calibrate(
    write: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where the weights go; else they are shown.")
    ] = None,
    stack: StackName = "local",
) -> None:
    """Fit the weights of the scorer on invented people, so that a score is a probability, and tell how true that is.

    Example: `isthmus evaluate calibrate --write search/weights.json`
    """
    done = fit_weights(elasticsearch(stack), Teller())
    text = json.dumps(done.content, indent=2) + "\n"
    if write is None:
        typer.echo(text)
    else:
        write.write_text(text, encoding="utf-8")
    for title, bins in (("before", done.before), ("after", done.after)):
        typer.echo(f"{title}: calibration error {calibration_error(bins):.4f}", err=True)
        for each in bins:
            typer.echo(f"  {each.count:>8,} scored {each.mean:.3f} on average, right {each.right:.3f}", err=True)
