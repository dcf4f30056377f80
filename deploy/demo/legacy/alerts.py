"""This module is the legacy database of the alerts system: SQLite, terse German column names, dates as text.

Conventions of this agency: `DD.MM.YYYY` as text with `00` for a part that is not known; codes as two digits;
seconds since 1970 as time of change (`AEND_TS`, set by every write); a withdrawn alert keeps its row: `STATUS` tells.
"""

from sqlalchemy import Column, Engine, Index, Integer, MetaData, String, Table, func

METADATA = MetaData()

ALERTS = Table(
    "ALR",
    METADATA,
    Column("ALR_NO", Integer, primary_key=True),
    Column("NM1", String(120)),  # family name, capitals
    Column("NM2", String(120)),  # given names, capitals
    Column("NM_ORIG", String(200)),  # the whole name in its own script
    Column("ALIAS", String(1000)),  # further whole names, parted by ;
    Column("GEB_DAT", String(10)),  # birth date, 11.08.1960, 00.08.1960 or 00.00.1960
    Column("GEB_ORT", String(120)),
    Column("GESCHL", Integer),  # 1 male, 2 female, 3 other, 0 or empty: not known
    Column("STAAT", String(3)),  # nationality, three letters
    Column("DOK_ART", String(2)),  # RP passport, PA identity card, AT residence permit, VI visa
    Column("DOK_NR", String(40)),
    Column("DOK_STAAT", String(3)),
    Column(
        "GRUND", String(2), nullable=False
    ),  # 10 wanted, 20 refuse entry, 30 missing, 40 discreet check, 50 document
    Column("ERF_DAT", String(10), nullable=False),  # entered on
    Column("ABL_DAT", String(10)),  # expires on
    Column("STATUS", String(1), nullable=False),  # A active, W withdrawn, E settled
    Column("AEND_TS", Integer, nullable=False, index=True),
    Index("ALR_DOK", "DOK_NR"),
)

Index("ALR_NM", func.upper(ALERTS.c.NM1), ALERTS.c.GEB_DAT)
Index("ALR_ORIG", func.upper(ALERTS.c.NM_ORIG))


def create(engine: Engine) -> None:
    """Make the table and its indexes where they are absent."""
    METADATA.create_all(engine)
