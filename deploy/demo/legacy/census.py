"""This module counts what the agencies hold at present, by the contract that each row is published as."""

from sqlalchemy import ColumnElement, Connection, Table, func, select

from deploy.demo.legacy.agencies import Agencies
from deploy.demo.legacy.alerts import ALERTS
from deploy.demo.legacy.asylum import APPLICANTS, FINGERPRINTS
from deploy.demo.legacy.changes import listed_rows
from deploy.demo.legacy.entry_exit import CROSSINGS, DOCUMENTS, TRAVELLERS

Census = dict[tuple[str, str], int]
"""Present rows by system and contract."""


def present(agencies: Agencies) -> Census:
    """Count the rows that are there and in force: this is what the repository has to hold in the end."""
    with agencies.entry_exit.connect() as connection:
        census: Census = {
            ("entry-exit", contract): _count(connection, table, table.c.deleted_at.is_(None))
            for contract, table in (
                ("person", TRAVELLERS),
                ("travel-document", DOCUMENTS),
                ("border-crossing", CROSSINGS),
            )
        }
    with agencies.asylum.connect() as connection:
        census["asylum", "person"] = _count(connection, APPLICANTS)
        census["asylum", "fingerprint"] = _count(connection, FINGERPRINTS)
    with agencies.alerts.connect() as connection:
        census["alerts", "alert"] = _count(connection, ALERTS, ALERTS.c.STATUS == "A")
    census["blacklist", "travel-document"] = len(listed_rows(agencies))
    return census


def _count(connection: Connection, table: Table, *where: ColumnElement[bool]) -> int:
    return int(connection.scalar(select(func.count()).select_from(table).where(*where)) or 0)
