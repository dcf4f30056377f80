"""This module fills the agencies' legacy databases for a measurement, with invented people."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit
from urllib.request import url2pathname

from deploy.bench.bench_stack import BenchStack
from deploy.demo.legacy.agencies import SYSTEMS, open_agencies
from deploy.demo.legacy.census import present
from deploy.demo.legacy.fill import fill
from deploy.demo.population.population import Population, build_population

SEED = 4
FILE = "file"


@dataclass(frozen=True, slots=True)
class Legacy:
    """What the agencies hold."""

    population: Population
    rows: int
    entry_exit_rows: int
    places: Mapping[str, str]


def fill_agencies(bench: BenchStack, persons: int) -> Legacy:
    """Write a population of `persons` into the legacy databases.

    Without fingers: making templates of images is measured by nobody here, and would take the time.
    """
    bench.teller.say(f"Inventing {persons:,} persons and filling the agencies' databases")
    population = build_population(persons, SEED, dt.datetime.now(dt.UTC).date(), fingers=0)
    places = {system: _place(bench.stack.sources.owner_url(system)) for system in SYSTEMS}
    with open_agencies(places) as agencies:
        fill(agencies, population.holdings, {})
        census = present(agencies)
    rows = sum(census.values())
    bench.teller.say(f"  {rows:,} rows")
    return Legacy(population, rows, sum(n for (system, _), n in census.items() if system == "entry-exit"), places)


def _place(url: str) -> str:
    parts = urlsplit(url)
    return url2pathname(parts.path) if parts.scheme == FILE else url
