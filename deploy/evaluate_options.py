"""This module is the options that several `isthmus evaluate` commands have."""

from pathlib import Path
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print one object of JSON.")]
Scores = Annotated[Path | None, typer.Option("--scores", metavar="FILE", help="Write each row with its score as CSV.")]
StackName = Annotated[str, typer.Option("--stack", envvar="ISTHMUS_STACK", help="Whose Elasticsearch is used.")]
