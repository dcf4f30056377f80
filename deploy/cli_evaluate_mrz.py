"""This module is `isthmus evaluate mrz`: it reads machine readable zones of a file, and reports on each."""

import datetime as dt
import json
from pathlib import Path
from typing import Annotated

import typer

from deploy.text_files import lines_of
from search.evaluation.mrz import report, zones


def mrz(
    file: Annotated[Path, typer.Argument(help="Zones parted by blank lines; `.gz` is unpacked.")],
) -> None:
    """Read machine readable zones, and print a JSON line for each: `format valid fields faults correction`.

    `docs/mrz.md` tells all keys. Lower case, spaces and a zone on one line are forgiven; nothing that the file holds is
    an error.

    Example: `isthmus evaluate mrz zones.txt | jq 'select(.valid | not) | .faults'`
    """
    today = dt.datetime.now(tz=dt.UTC).date()
    for zone in zones(lines_of(file)):
        typer.echo(json.dumps(report(zone, today), ensure_ascii=False))
