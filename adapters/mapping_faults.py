"""This module names what is wrong with a row that does not map: the field of the contract and the column of the source.

Never a value. The column is found by the value that the contract refused, or else by what the declaration says.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from adapters.declaration import Lookup
from contracts.base import faults
from hub.errors import Rejected

COLUMN = "column "
FEW = 3  # columns with the same value; of more, none is named
LONGEST = 200


def fault_of(error: Exception, reads: dict[str, Any], lookup: Lookup | None) -> Rejected:
    """Name what is wrong with a row, of which the mapping read `reads`, the last of them just before it stumbled."""
    declared = _declared(lookup)
    if isinstance(error, ValidationError):
        field = faults(error, lambda detail: _beside(detail, reads, declared))[:LONGEST]
        return Rejected(f"The row does not make a valid record ({field}).", code="invalid", field=field)
    last = next(reversed(reads), None)
    if last is None:
        field = type(error).__name__
    else:
        field = f"{declared[last]} ({COLUMN}{last})" if last in declared else f"{COLUMN}{last}"
    if isinstance(error, KeyError):
        text = f"The row has a code that is not known, or lacks a column ({field})."
        return Rejected(text, code="unmapped", field=field)
    return Rejected(f"The row cannot be mapped ({field}).", code="unmapped", field=field)


def _beside(detail: ErrorDetails, reads: Mapping[str, Any], declared: Mapping[str, str]) -> str:
    given = detail["input"]
    by_value = []
    if isinstance(given, str | int | float):
        by_value = [name for name, value in reads.items() if value is not None and _plain(value) == _plain(given)]
    end = next((step for step in reversed(detail["loc"]) if isinstance(step, str)), None)
    by_name = [name for name, field in declared.items() if field == end and name in reads]
    # The declaration decides between equal values, and speaks alone where the mapping made another value of a column's.
    columns = [name for name in by_value if name in by_name] or by_value or by_name
    return f" ({COLUMN}{' or '.join(columns)})" if 0 < len(columns) <= FEW else ""


def _plain(value: object) -> str:
    return str(value).strip()


def _declared(lookup: Lookup | None) -> dict[str, str]:
    """Give the fields that the declaration names columns for, by column."""
    if lookup is None:
        return {}
    pairs: list[tuple[str | None, str]] = [(lookup.document, "number")]
    for names in lookup.names:
        pairs += [(names.family, "family"), (names.given, "given"), (names.full, "full")]
    if lookup.birth:
        pairs.append((lookup.birth[0], "birth_dates"))
    return {column: field for column, field in pairs if column}
