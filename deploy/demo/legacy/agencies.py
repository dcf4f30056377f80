"""This module opens the legacy databases of the four reference agencies."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, create_engine

from deploy.demo.legacy import alerts, asylum, entry_exit

SYSTEMS = ("entry-exit", "alerts", "asylum", "blacklist")


@dataclass(frozen=True, slots=True)
class Agencies:
    """Where each agency keeps its records: three databases and a folder of dropped files."""

    entry_exit: Engine
    alerts: Engine
    asylum: Engine
    blacklist: Path

    def create(self) -> None:
        """Make tables and the folder where they are absent."""
        entry_exit.create(self.entry_exit)
        alerts.create(self.alerts)
        asylum.create(self.asylum)
        self.blacklist.mkdir(parents=True, exist_ok=True)


@contextmanager
def open_agencies(places: Mapping[str, str]) -> Iterator[Agencies]:
    """Open the agencies' databases, made where they are absent.

    Args:
        places: for each of `SYSTEMS` a database URL, or the folder of the blacklist.
    """
    engines = [create_engine(places[system], pool_size=2) for system in ("entry-exit", "alerts", "asylum")]
    agencies = Agencies(engines[0], engines[1], engines[2], Path(places["blacklist"]))
    try:
        agencies.create()
        yield agencies
    finally:
        for engine in engines:
            engine.dispose()


def utc_now() -> dt.datetime:
    """Read the clock."""
    return dt.datetime.now(dt.UTC)
