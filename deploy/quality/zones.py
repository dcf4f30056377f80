"""This module measures the reading of machine readable zones on specimens whose check digits are known."""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.bench.telling import Teller
from deploy.quality.figures import Figures, Measured
from deploy.text_files import lines_of
from search.evaluation.mrz import report

SPECIMENS = Path("names") / "mrz" / "specimens.jsonl"
FRENCH = "french_national_id"
"""Specimens that are valid by the rules of France, though the digits of Doc 9303 would be others."""
_FIELDS = {"number": "document_number", "birth": "birth_date", "expiry": "expiry_date", "optional": "optional_data"}


@dataclass(frozen=True, slots=True)
class Specimen:
    """A zone, and the fields whose check digits are wrong; none in a valid one."""

    lines: tuple[str, ...]
    wrong: frozenset[str]


def zones_figures(folder: Path, teller: Teller) -> Figures:
    """Measure the reading of zones."""
    if not (folder / SPECIMENS).exists():
        teller.say("SKIPPED mrz_read and mrz_faults_located: there are no specimens.")
        return
    specimens = specimens_of(lines_of(folder / SPECIMENS))
    today = dt.datetime.now(dt.UTC).date()
    yield Measured("mrz_read", read_share(specimens, today))
    yield Measured("mrz_faults_located", located_share(specimens, today))


def specimens_of(lines: Iterable[str]) -> list[Specimen]:
    """Read specimens, a JSON object a line: `lines`, `kind`, and `checks` that tell which digits agree."""
    found = []
    for line in lines:
        read = json.loads(line)
        wrong = {_FIELDS.get(check, check) for check, agrees in read["checks"].items() if not agrees}
        found.append(Specimen(tuple(read["lines"]), frozenset() if read["kind"] == FRENCH else frozenset(wrong)))
    return found


def read_share(specimens: Sequence[Specimen], today: dt.date) -> float:
    """Give the share of the valid specimens that are read without a fault."""
    told = [bool(report([*specimen.lines], today)["valid"]) for specimen in specimens if not specimen.wrong]
    return sum(told) / len(told)


def located_share(specimens: Sequence[Specimen], today: dt.date) -> float:
    """Give the share of the others of which exactly the wrong check digits are faults."""
    spoilt = [specimen for specimen in specimens if specimen.wrong]
    located = 0
    for specimen in spoilt:
        faults = report([*specimen.lines], today)["faults"]
        located += {str(fault["field"]) for fault in faults if fault["kind"] == "check-digit"} == specimen.wrong
    return located / len(spoilt)
