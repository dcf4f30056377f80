"""This module is `isthmus evaluate mrz`: it reads machine readable zones of a file, and reports on each."""

import datetime as dt
import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from deploy.bench.telling import Teller
from deploy.evaluating import Scores, show
from deploy.text_files import lines_of, name_of, scores_file
from search.evaluation.mrz import ADDED, COLUMNS, Tally, report, scored, zones
from search.evaluation.tables import NotMeasurable


def mrz(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Zones parted by blank lines.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print nothing but the JSON lines.")] = False,
    scores: Scores = None,
) -> None:
    """Read machine readable zones, and print a JSON line for each: `format valid fields faults correction`.

    How many are valid is shown on standard error. `docs/evaluation.md` tells all keys. Lower case, spaces and a zone on
    one line are forgiven; nothing that the file holds is an error.

    Example: `isthmus evaluate mrz zones.txt | jq 'select(.valid | not) | .faults'`
    """
    today = dt.datetime.now(tz=dt.UTC).date()
    tally, kept = Tally(), []
    with scores_file(scores, [file]) as write, Teller().counting("Zones") as tell:
        for zone in zones(lines_of(file)):
            told = report(zone.lines, today)
            typer.echo(json.dumps({"line": zone.line, **told}, ensure_ascii=False))
            tell(tally.add(told))
            if scores is not None:
                kept.append(scored(zone, told))
        if not tally.zones:
            raise NotMeasurable(f"{name_of(file)} holds no zone; write its lines, and a blank line between two zones.")
        write((*COLUMNS, *ADDED), kept)
    if not as_json:
        show(asdict(tally), False, aside=True)
