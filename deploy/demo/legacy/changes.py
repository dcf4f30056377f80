"""This module changes and ends rows as the agencies' clerks do: one by one for the stories, in bulk for tests."""

import csv
import random
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, func, select

from deploy.demo.legacy.agencies import Agencies, utc_now
from deploy.demo.legacy.alerts import ALERTS
from deploy.demo.legacy.asylum import APPLICANTS, FINGERPRINTS
from deploy.demo.legacy.blacklist import DELIMITER, ENCODING
from deploy.demo.legacy.entry_exit import CROSSINGS
from deploy.demo.legacy.fill import drop_list, next_alert_time
from deploy.demo.population.registrar import FIRST_KEY
from deploy.demo.population.roles import ROLES

# People of the stories are left alone by what is done in bulk.
LAST_OF_THE_CAST = FIRST_KEY + len(ROLES)
ALERTS_OF_THE_CAST = FIRST_KEY + 3

CORRECTED_PLACE = "Corrected Crossing Point"
CORRECTED_BIRTH_PLACE = "CORRECTED"


def withdraw_alert(agencies: Agencies, key: int) -> None:
    """Take an alert back: its row stays, under another status."""
    with agencies.alerts.begin() as connection:
        now = int(utc_now().timestamp())
        connection.execute(
            ALERTS.update().where(ALERTS.c.ALR_NO.in_([key])).values(STATUS="W", AEND_TS=next_alert_time(now))
        )


def listed_rows(agencies: Agencies) -> list[dict[str, str]]:
    """Read the newest blacklist."""
    drops = sorted(agencies.blacklist.glob("liste-*.csv"))
    if not drops:
        return []
    with drops[-1].open(encoding=ENCODING, newline="") as file:
        return list(csv.DictReader(file, delimiter=DELIMITER))


def list_rows(agencies: Agencies, rows: list[dict[str, str]]) -> None:
    """Drop a new blacklist that has some rows more."""
    drop_list(agencies, [*listed_rows(agencies), *rows])


def unlist(agencies: Agencies, number: str) -> None:
    """Drop a new blacklist without a document."""
    drop_list(agencies, [row for row in listed_rows(agencies) if row["NUMERO"] != number])


def change(agencies: Agencies, count: int, rng: random.Random) -> dict[str, list[int]]:
    """Correct about `count` rows: most of them crossings, some alerts. The number of present rows stays.

    Returns:
        The changed keys by legacy table: crossings now say `CORRECTED_PLACE`, alerts `CORRECTED_BIRTH_PLACE`.
    """
    with agencies.alerts.begin() as connection:
        alerts = _draw(connection, ALERTS, _bulk_alerts(), count // 10, rng)
        now = int(utc_now().timestamp())
        connection.execute(
            ALERTS.update()
            .where(ALERTS.c.ALR_NO.in_(alerts))
            .values(GEB_ORT=CORRECTED_BIRTH_PLACE, AEND_TS=next_alert_time(now))
        )
    with agencies.entry_exit.begin() as connection:
        crossings = _draw(connection, CROSSINGS, _bulk(CROSSINGS), count - len(alerts), rng)
        connection.execute(
            CROSSINGS.update()
            .where(CROSSINGS.c.crossing_id.in_(crossings))
            .values(border_point=CORRECTED_PLACE, updated_at=func.clock_timestamp())
        )
    return {CROSSINGS.name: crossings, ALERTS.name: alerts}


def delete(agencies: Agencies, count: int, rng: random.Random) -> dict[str, list[Any]]:
    """End about `count` records in each agency's way: marked, withdrawn, deleted for good, left out of the next drop.

    Returns:
        The keys that ended, by legacy table; of the blacklist the document numbers.
    """
    ended: dict[str, list[Any]] = {}
    with agencies.alerts.begin() as connection:
        ended[ALERTS.name] = _draw(connection, ALERTS, _bulk_alerts(), count // 20, rng)
        now = int(utc_now().timestamp())
        connection.execute(
            ALERTS.update()
            .where(ALERTS.c.ALR_NO.in_(ended[ALERTS.name]))
            .values(STATUS="W", AEND_TS=next_alert_time(now))
        )
    with agencies.asylum.begin() as connection:
        pictured = select(FINGERPRINTS.c.applicant_id)
        applicants = _draw(connection, APPLICANTS, APPLICANTS.c.id.not_in(pictured), count // 20, rng)
        connection.execute(APPLICANTS.delete().where(APPLICANTS.c.id.in_(applicants)))
        ended[APPLICANTS.name] = applicants
    rows = listed_rows(agencies)
    gone = {row["NUMERO"] for row in rng.sample(rows[1:], min(count // 20, max(len(rows) - 1, 0)))}
    if gone:
        drop_list(agencies, [row for row in rows if row["NUMERO"] not in gone])
    ended["blacklist"] = sorted(gone)
    rest = count - sum(map(len, ended.values()))
    with agencies.entry_exit.begin() as connection:
        now_there = func.clock_timestamp()
        ended[CROSSINGS.name] = _draw(connection, CROSSINGS, _bulk(CROSSINGS), rest, rng)
        connection.execute(
            CROSSINGS.update()
            .where(CROSSINGS.c.crossing_id.in_(ended[CROSSINGS.name]))
            .values(deleted_at=now_there, updated_at=now_there)
        )
    return ended


def _bulk(table: Table) -> ColumnElement[bool]:
    present: ColumnElement[bool] = table.c.deleted_at.is_(None)
    return present & (table.c.traveller_id > LAST_OF_THE_CAST)


def _bulk_alerts() -> ColumnElement[bool]:
    active: ColumnElement[bool] = ALERTS.c.STATUS == "A"
    return active & (ALERTS.c.ALR_NO > ALERTS_OF_THE_CAST)


def _draw(
    connection: Connection, table: Table, among: ColumnElement[bool], count: int, rng: random.Random
) -> list[Any]:
    key = next(iter(table.primary_key.columns))
    keys: Sequence[Any] = connection.scalars(select(key).where(among).order_by(key)).all()
    return rng.sample(keys, min(count, len(keys)))
