"""This module is which fingers an ANSI/NIST-ITL transaction tells to be missing, and why (14.018)."""

from collections.abc import Iterable, Iterator

from biometrics.formats.nist_records import NistRecord, as_number
from biometrics.formats.positions import Missing, Position, position_of

_FIELD = 18
_REASONS = {"XX": Missing.AMPUTATED, "UP": Missing.BANDAGED}
"""Amputated, and unable to print (ITL 1-2011, table 37)."""
_BY_STRENGTH = (Missing.AMPUTATED, Missing.BANDAGED, Missing.UNKNOWN)


def missing_of(record: NistRecord) -> Iterator[tuple[Position, Missing]]:
    """Read which fingers are amputated or bandaged: 14.018, finger and code."""
    for item in record.field(_FIELD):
        position = as_number(item[0])
        if position is not None:
            yield position_of(position), _REASONS.get(item[1].strip().upper() if len(item) > 1 else "", Missing.UNKNOWN)


def strongest(told: Iterable[tuple[Position, Missing]], notes: list[str]) -> dict[Position, Missing]:
    """Give the reason for which each finger is missing, of several the strongest, and note that there are several."""
    reasons: dict[Position, set[Missing]] = {}
    for position, reason in told:
        reasons.setdefault(position.plain_or_rolled, set()).add(reason)
    missing: dict[Position, Missing] = {}
    for position, several in reasons.items():
        missing[position] = next(reason for reason in _BY_STRENGTH if reason in several)
        if len(several) > 1:
            others = " and ".join(reason for reason in _BY_STRENGTH if reason in several - {missing[position]})
            notes.append(
                f"the {position.said} is told to be missing as {missing[position]} and as {others}; the first counts"
            )
    return missing
