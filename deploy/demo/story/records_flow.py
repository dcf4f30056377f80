"""This module tells how the agencies' databases are filled, and watches the records flow until all can be found."""

import time

import httpx
from rich.live import Live
from rich.table import Table

from deploy.demo.legacy.census import Census, present
from deploy.demo.legacy.fill import Images, fill
from deploy.demo.story.searchable import RepositoryAway, Searchable, searchable
from deploy.demo.story.stage import Stage
from deploy.demo.story.telling import StoryFailed

LOOK_EVERY_S = 0.5
PATIENCE_S = 150.0
PATIENCE_ROWS_PER_S = 200.0  # far below what the stack does; a standstill is not taken for slowness
WITHOUT_TIMES = ("blacklist",)
"""Systems whose versions are counted, not times: only what changed flows, so all that is present counts."""

AGENCIES = {
    "entry-exit": ("Border guard", "PostgreSQL"),
    "asylum": ("Asylum office", "PostgreSQL"),
    "alerts": ("Police", "SQLite"),
    "blacklist": ("Interior ministry", "CSV drop"),
}


def fill_agencies(stage: Stage, images: Images) -> int:
    """Write the population into the legacy databases; gives the first record version of this run."""
    begun = time.time()
    filled = fill(stage.agencies, stage.population.holdings, images)
    table = Table("agency", "keeps its records in", "tables and rows", box=None)
    rows = {
        "entry-exit": (
            f"travellers {filled.travellers:,}, documents {filled.documents:,}, crossings {filled.crossings:,}"
        ),
        "asylum": f"applicants {filled.applicants:,}, fingerprints {filled.fingerprints:,} (images)",
        "alerts": f"ALR {filled.alerts:,}",
        "blacklist": f"one file with {filled.listed:,} lines",
    }
    for system, text in rows.items():
        table.add_row(*AGENCIES[system], text)
    stage.telling.show(table)
    stage.telling.say(f"{filled.total:,} rows were written in {time.time() - begun:.1f} seconds.")
    # Alerts count whole seconds.
    return int(begun) * 1_000_000


def watch(stage: Stage, since_micros: int) -> int:
    """Show the records arriving until every present row of every agency can be found; gives their number.

    Raises:
        StoryFailed: they did not all arrive in time.
    """
    wanted = present(stage.agencies)
    patience = PATIENCE_S + sum(wanted.values()) / PATIENCE_ROWS_PER_S
    begun = time.monotonic()
    console = stage.telling.console
    found = Searchable({}, {})
    with Live(_table(wanted, found), console=console, refresh_per_second=4, transient=True) as live:
        while not _all_there(stage, wanted, found):
            if time.monotonic() - begun > patience:
                raise StoryFailed(_what_is_missing(wanted, found))
            time.sleep(LOOK_EVERY_S)
            try:
                found = searchable(stage.stack, since_micros)
            except RepositoryAway:
                continue
            live.update(_table(wanted, found))
    stage.telling.show(_table(wanted, found))
    return sum(wanted.values())


def arrived(wanted: Census, found: Searchable) -> Census:
    """Tell how many of the wanted records have arrived, by system and contract."""
    return {place: (found.present if place[0] in WITHOUT_TIMES else found.fresh).get(place, 0) for place in wanted}


def _all_there(stage: Stage, wanted: Census, found: Searchable) -> bool:
    # Nothing may be there, either, that its agency no longer holds.
    repository = arrived(wanted, found) == wanted and all(
        found.present.get(place, 0) == count for place, count in wanted.items()
    )
    return repository and _fingers_held(stage) >= wanted["asylum", "fingerprint"]


def _fingers_held(stage: Stage) -> int:
    try:
        return int(httpx.get(f"{stage.stack.addresses.url('biometrics')}/health", timeout=5).json()["fingers"])
    except (httpx.HTTPError, ValueError, KeyError):
        return 0


def _table(wanted: Census, found: Searchable) -> Table:
    table = Table("system", "contract", box=None)
    table.add_column("rows", justify="right")
    table.add_column("can be found", justify="right")
    for (system, contract), there in arrived(wanted, found).items():
        count = wanted[system, contract]
        colour = "green" if there == count else "yellow"
        table.add_row(system, contract, f"{count:,}", f"[{colour}]{there:,}[/{colour}]")
    return table


def _what_is_missing(wanted: Census, found: Searchable) -> str:
    there = arrived(wanted, found)
    missing = [
        f"{contract} of {system}: {there[system, contract]:,} of {count:,}"
        for (system, contract), count in wanted.items()
        if there[system, contract] != count or found.present.get((system, contract), 0) != count
    ]
    what = "; ".join(missing) or "the fingers of the gallery"
    return f"The records did not all arrive ({what}): look into the logs of the adapters, the router and the projector."
