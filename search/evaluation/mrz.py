"""This module reports on machine readable zones one by one, for those who want to know what reading theirs comes to."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from search.mrz.correction import Proposal, correct
from search.mrz.fields import Remark
from search.mrz.reading import Reading, examine
from search.mrz.zone import Zone

_MOST_LINES = (
    4  # of one zone; one more than any has, so that the surplus is seen, and a file without blank lines is read
)


def zones(lines: Iterable[str]) -> Iterator[list[str]]:
    """Part a text into zones: blank lines stand between them; what is longer than any zone is handed on in pieces."""
    zone: list[str] = []
    for line in lines:
        if line.strip():
            zone.append(line.strip())
        if zone and (not line.strip() or len(zone) == _MOST_LINES):
            yield zone
            zone = []
    if zone:
        yield zone


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
