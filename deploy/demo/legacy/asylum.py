"""This module is the legacy database of the asylum register: PostgreSQL, names in two scripts, fingerprints as images.

Conventions of this agency: UUID keys; birth dates in three columns, empty where a part is not known; words instead of
codes; a row that ends is deleted for good, without a trace.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Engine,
    Index,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID

METADATA = MetaData()

APPLICANTS = Table(
    "applicants",
    METADATA,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("family_name", String(120)),  # as it is written at home
    Column("given_name", String(120)),
    Column("script", String(4)),  # ISO 15924 code of the two above, such as Arab
    Column("family_name_latin", String(120), nullable=False),
    Column("given_name_latin", String(120)),
    Column("aliases", JSONB, nullable=False, server_default="[]"),  # a list of whole names
    Column("birth_year", SmallInteger),
    Column("birth_month", SmallInteger),
    Column("birth_day", SmallInteger),
    Column("birth_place", String(120)),
    Column("sex", String(10)),  # male, female, other
    Column("citizenship", String(3)),
    Column("document_kind", String(20)),  # passport, identity card
    Column("document_number", String(40), index=True),
    Column("document_country", String(3)),
    Column("lodged_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now(), index=True),
)

FINGERPRINTS = Table(
    "applicant_fingerprints",
    METADATA,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("applicant_id", UUID(as_uuid=True), nullable=False, index=True),
    Column("encounter", String(40)),
    Column("position", SmallInteger, nullable=False),  # 1 right thumb ... 10 left little finger, 0 not known
    Column("image", LargeBinary, nullable=False),  # PNG, 500 dpi
    Column("taken_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now(), index=True),
)

Index("applicants_name_birth", func.upper(APPLICANTS.c.family_name_latin), APPLICANTS.c.birth_year)
Index("applicants_native_name", func.upper(APPLICANTS.c.family_name), APPLICANTS.c.birth_year)


def create(engine: Engine) -> None:
    """Make the tables and their indexes where they are absent."""
    METADATA.create_all(engine)
