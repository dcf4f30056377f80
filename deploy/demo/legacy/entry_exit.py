"""This module is the legacy database of the entry/exit system: PostgreSQL, English names, dates as in passports.

Conventions of this agency: surrogate numbers as keys; `birth_date` is eight digits `YYYYMMDD` with `00` for a part that
is not known; codes are those of machine readable zones; every write sets `updated_at`; a record that ends gets a
`deleted_at` (and its `updated_at`) and stays in the table.
"""

from sqlalchemy import BigInteger, Column, Date, DateTime, Engine, Index, MetaData, String, Table, func

METADATA = MetaData()


def _kept() -> tuple[Column[object], Column[object]]:
    return (
        Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now(), index=True),
        Column("deleted_at", DateTime(timezone=True)),
    )


def _holder() -> tuple[Column[object], ...]:
    """Who the document said that the traveller is: copied at the booth, never corrected afterwards."""
    return (
        Column("surname", String(120), nullable=False),
        Column("forenames", String(120)),
        Column("birth_date", String(8)),  # YYYYMMDD, 19600000 where only the year is known
        Column("sex", String(1)),  # M, F, X, or < as the zone writes "not given"
        Column("nationality", String(3)),
    )


TRAVELLERS = Table(
    "travellers",
    METADATA,
    Column("traveller_id", BigInteger, primary_key=True, autoincrement=False),
    *_holder(),
    *_kept(),
)

DOCUMENTS = Table(
    "documents",
    METADATA,
    Column("document_id", BigInteger, primary_key=True, autoincrement=False),
    Column("traveller_id", BigInteger, nullable=False, index=True),
    Column("doc_type", String(2), nullable=False),  # P passport, I identity card, A residence permit, V visa
    Column("doc_no", String(40), nullable=False, index=True),
    Column("issuing_state", String(3), nullable=False),
    Column("expires_on", Date),
    *_holder(),
    *_kept(),
)

CROSSINGS = Table(
    "crossings",
    METADATA,
    Column("crossing_id", BigInteger, primary_key=True, autoincrement=False),
    Column("traveller_id", BigInteger, nullable=False, index=True),
    Column("direction", String(1), nullable=False),  # E entry, X exit, R refusal
    Column("crossed_at", DateTime(timezone=True), nullable=False),
    Column("border_point", String(80), nullable=False),
    Column("border_state", String(3)),
    Column("stay_until", Date),  # last day of the authorised stay, for an entry
    Column("doc_type", String(2)),
    Column("doc_no", String(40), index=True),
    Column("issuing_state", String(3)),
    *_holder(),
    *_kept(),
)

for _table in (TRAVELLERS, DOCUMENTS, CROSSINGS):
    Index(f"{_table.name}_name_birth", func.upper(_table.c.surname), _table.c.birth_date)


def create(engine: Engine) -> None:
    """Make the tables and their indexes where they are absent."""
    METADATA.create_all(engine)
