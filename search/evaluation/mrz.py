"""This module reports on machine readable zones one by one, for those who want to know what reading theirs comes to."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from search.mrz.correction import Proposal, correct
from search.mrz.fields import Remark
from search.mrz.reading import Reading, examine
from search.mrz.zone import Zone

COLUMNS = ("line", "zone")
"""Of the scores: where a zone begins in the file, and its lines."""
ADDED = ("score", "reasons")
_MOST_LINES = (
    4  # of one zone; one more than any has, so that the surplus is seen, and a file without blank lines is read
)


@dataclass(frozen=True, slots=True)
class Found:
    """The lines of what may be a zone, and the line of the file on which it begins."""

    line: int
    lines: list[str]


@dataclass(slots=True)
class Tally:
    """How many zones there are, how many without and with faults, no zones at all, and with a proposed correction."""

    zones: int = 0
    valid: int = 0
    with_faults: int = 0
    no_zones: int = 0
    proposals: int = 0

    def add(self, told: Mapping[str, Any]) -> int:
        """Count a report; give how many there are."""
        self.zones += 1
        self.valid += told["valid"]
        self.no_zones += told["format"] is None
        self.with_faults += told["format"] is not None and not told["valid"]
        self.proposals += bool(told["correction"] and told["correction"]["proposal"])
        return self.zones


def zones(lines: Iterable[str]) -> Iterator[Found]:
    """Part a text into zones: blank lines stand between them; what is longer than any zone is handed on in pieces."""
    zone: list[str] = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            zone.append(line.strip())
        if zone and (not line.strip() or len(zone) == _MOST_LINES):
            yield Found(number - len(zone) + bool(line.strip()), zone)
            zone = []
    if zone:
        yield Found(number - len(zone) + 1, zone)


def scored(zone: Found, told: Mapping[str, Any]) -> tuple[int, str, int, str]:
    """Give the row of the scores: 1 for a zone without faults, else 0 and the faults, each in a sentence."""
    return zone.line, "\n".join(zone.lines), int(told["valid"]), " ".join(fault["says"] for fault in told["faults"])


def report(lines: list[str], today: dt.date) -> dict[str, Any]:
    """Read one zone and give what `isthmus evaluate mrz` prints of it; `docs/mrz.md` tells the keys."""
    reading = examine(lines, today.year)
    remarks = [*reading.remarks]
    if reading.zone is not None and reading.zone.has_expired(today):
        remarks.append(Remark.EXPIRED)
    return {
        "format": reading.format,
        "valid": reading.is_valid,
        "fields": _fields(reading.zone) if reading.zone else {},
        "faults": [{**asdict(fault), "says": fault.sentence} for fault in reading.faults],
        "correction": _correction(reading, today.year),
        "checks": {str(field): agrees for field, agrees in reading.checks.items()},
        "remarks": remarks,
    }


def _fields(zone: Zone) -> dict[str, Any]:
    return {
        "document_code": zone.code,
        "type": zone.type,
        "document_number": zone.number,
        "issuer": zone.issuer,
        "family_name": zone.name.family if zone.name else None,
        "given_name": zone.name.given if zone.name else None,
        "nationality": zone.nationality,
        "birth_date": _text(zone.birth_date),
        "sex": zone.sex,
        "expiry_date": _text(zone.expiry_date),
        "optional_data": zone.optional,
        "optional_data_2": zone.optional_2,
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _correction(reading: Reading, this_year: int) -> dict[str, Any] | None:
    found = correct(reading, this_year)
    if found is None:
        return None
    return {
        "proposal": _proposal(found.proposal) if found.proposal else None,
        "candidates": [_proposal(candidate) for candidate in found.candidates],
    }


def _proposal(proposal: Proposal) -> dict[str, Any]:
    return {"lines": [*proposal.lines], "changes": [asdict(change) for change in proposal.changes]}
