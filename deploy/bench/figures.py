"""This module holds what a measurement gives, and keeps the newest figure of each name in one file."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from deploy.local.atomic import write_atomically
from hub.errors import Retryable

RATIO_DIGITS = 4
VALUE_DIGITS = 2


class MeasurementFailed(Retryable):
    """What was to be measured did not happen, so there is no figure."""

    code = "measurement-failed"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value, beside the ceiling that the same run gave; `ratio` is value by ceiling."""

    name: str
    value: float
    unit: str
    ceiling: float | None
    ratio: float | None
    at: str

    @classmethod
    def measured(cls, name: str, value: float, unit: str, ceiling: float | None = None) -> Self:
        """Note a value that was measured now."""
        ratio = round(value / ceiling, RATIO_DIGITS) if ceiling else None
        held = None if ceiling is None else round(ceiling, VALUE_DIGITS)
        return cls(name, round(value, VALUE_DIGITS), unit, held, ratio, dt.datetime.now(dt.UTC).isoformat())

    def as_json(self) -> dict[str, Any]:
        """Give what is written to the file."""
        return asdict(self)


def merge(path: Path, fresh: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Put figures into the list at `path`, each in the place of an older one of its name; give the whole list."""
    try:
        kept = {str(figure["name"]): dict(figure) for figure in json.loads(path.read_text(encoding="utf-8"))}
    except (OSError, ValueError, KeyError, TypeError):
        kept = {}
    kept |= {str(figure["name"]): dict(figure) for figure in fresh}
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, json.dumps(list(kept.values()), indent=2) + "\n", mode=0o644)
    return list(kept.values())


def percentile(values: Sequence[float], share: float) -> float:
    """Give the value that `share` of all do not exceed, by nearest rank.

    Raises:
        MeasurementFailed: there are no values.
    """
    if not values:
        raise MeasurementFailed("Nothing was measured; look whether the services answer.")
    rank = max(1, -(-len(values) * round(share * 1_000) // 1_000))
    return sorted(values)[rank - 1]
