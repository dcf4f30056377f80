"""This module brings the agencies' legacy databases to a population, each by that agency's own customs.

It may be run again, with the same population or another: rows are written anew, and rows that the population does not
have end as the agency ends them (marked as deleted, deleted for good, settled, absent from the next drop).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, Table, func, select, text
from sqlalchemy.dialects.sqlite import insert

from deploy.demo.legacy import blacklist
from deploy.demo.legacy.agencies import Agencies, utc_now
from deploy.demo.legacy.alerts import ALERTS
from deploy.demo.legacy.asylum import APPLICANTS, FINGERPRINTS
from deploy.demo.legacy.entry_exit import CROSSINGS, DOCUMENTS, TRAVELLERS
from deploy.demo.legacy.load import load
from deploy.demo.legacy.rows import (
    Row,
    alert_row,
    applicant_row,
    blacklist_row,
    crossing_row,
    document_rows,
    fingerprint_row,
    traveller_row,
)
from deploy.demo.population.holdings import FingerOfNobody, Holdings

Images = Mapping[FingerOfNobody, bytes]
"""A PNG for each finger of the holdings."""

KEPT_DROPS = 3  # an agency clears its folder now and then


@dataclass(frozen=True, slots=True)
class Filled:
    """How many rows each table was given."""

    travellers: int
    documents: int
    crossings: int
    applicants: int
    fingerprints: int
    alerts: int
    listed: int

    @property
    def total(self) -> int:
        """All rows."""
        return (
            self.travellers
            + self.documents
            + self.crossings
            + self.applicants
            + self.fingerprints
            + self.alerts
            + self.listed
        )


def fill(agencies: Agencies, holdings: Holdings, images: Images) -> Filled:
    """Write the holdings into the agencies' databases and end what is not among them.

    Fingerprints without an image in `images` are left out.
    """
    pictured = [
        fingerprint_row(fingerprint, images[fingerprint.finger])
        for fingerprint in holdings.fingerprints
        if fingerprint.finger in images
    ]
    travellers = holdings.travellers
    fill_time = {engine: _clock(engine) for engine in (agencies.entry_exit, agencies.asylum)}
    filled = Filled(
        travellers=load(agencies.entry_exit, TRAVELLERS, map(traveller_row, travellers)),
        documents=load(agencies.entry_exit, DOCUMENTS, (row for one in travellers for row in document_rows(one))),
        crossings=load(agencies.entry_exit, CROSSINGS, map(crossing_row, holdings.crossings)),
        applicants=load(agencies.asylum, APPLICANTS, map(applicant_row, holdings.applicants)),
        fingerprints=load(agencies.asylum, FINGERPRINTS, pictured),
        alerts=_load_alerts(agencies.alerts, list(map(alert_row, holdings.alerts))),
        listed=drop_list(agencies, list(map(blacklist_row, holdings.listed))),
    )
    for table in (TRAVELLERS, DOCUMENTS, CROSSINGS):
        _mark_deleted(agencies.entry_exit, table, fill_time[agencies.entry_exit])
    for table in (APPLICANTS, FINGERPRINTS):
        with agencies.asylum.begin() as connection:
            connection.execute(table.delete().where(table.c.updated_at < fill_time[agencies.asylum]))
    return filled


def drop_list(agencies: Agencies, rows: list[dict[str, str]]) -> int:
    """Drop a whole new blacklist; its name sorts after all that were dropped before."""
    blacklist.write(agencies.blacklist, f"liste-{utc_now():%Y%m%dT%H%M%S%f}", rows)
    for old in sorted(agencies.blacklist.glob("liste-*.csv"))[:-KEPT_DROPS]:
        old.unlink()
    return len(rows)


def next_alert_time(at_least: int) -> object:
    """Give the change time of a row of alerts: now, yet later than the row's own, as it counts in whole seconds."""
    return func.max(at_least, ALERTS.c.AEND_TS + 1)


def _load_alerts(engine: Engine, rows: list[Row]) -> int:
    now = int(utc_now().timestamp())
    with engine.begin() as connection:
        statement = insert(ALERTS)
        fresh = {name: statement.excluded[name] for name in rows[0] if name != "ALR_NO"}
        statement = statement.on_conflict_do_update(
            index_elements=["ALR_NO"], set_={**fresh, "AEND_TS": next_alert_time(now)}
        )
        connection.execute(statement, [{**row, "AEND_TS": now} for row in rows])
        present = {row["ALR_NO"] for row in rows}
        active = connection.scalars(select(ALERTS.c.ALR_NO).where(ALERTS.c.STATUS == "A"))
        settled = [{"key": key} for key in active if key not in present]
        if settled:
            connection.execute(
                text("UPDATE ALR SET STATUS = 'E', AEND_TS = max(:now, AEND_TS + 1) WHERE ALR_NO = :key"),
                [{**one, "now": now} for one in settled],
            )
    return len(rows)


def _clock(engine: Engine) -> object:
    with engine.connect() as connection:
        return connection.scalar(select(func.clock_timestamp()))


def _mark_deleted(engine: Engine, table: Table, before: object) -> None:
    now = func.clock_timestamp()
    with engine.begin() as connection:
        connection.execute(
            table.update()
            .where(table.c.updated_at < before, table.c.deleted_at.is_(None))
            .values(deleted_at=now, updated_at=now)
        )
