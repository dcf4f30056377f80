"""This module declares the blacklist of documents: CSV files dropped whole, French headings, keys with a meaning."""

from zoneinfo import ZoneInfo

from adapters.conversions import dates
from adapters.declaration import Adapter, File, Natural, Stream
from adapters.row import Row
from contracts.identity import DocumentRef, DocumentType, IdentityData, PersonName, document_number
from contracts.records import DocumentStatus, TravelDocumentV1

STATUSES = {"VOLE": DocumentStatus.STOLEN, "PERDU": DocumentStatus.LOST, "ANNULE": DocumentStatus.REVOKED}
TYPES = {
    "P": DocumentType.PASSPORT,
    "I": DocumentType.IDENTITY_CARD,
    "A": DocumentType.RESIDENCE_PERMIT,
    "V": DocumentType.VISA,
}


def holder(row: Row) -> IdentityData | None:
    """Read whose document it was, where the list says it."""
    if not (row.text("NOM") or row.text("PRENOMS")):
        return None
    return IdentityData(
        names=(PersonName(family=row.text("NOM"), given=row.text("PRENOMS")),),
        birth_dates=dates.some(dates.day_first(row["NE_LE"], "/")),
    )


def listed(row: Row) -> TravelDocumentV1:
    """Map a document that nobody may travel on."""
    return TravelDocumentV1(
        **row.own,
        subject=row.record,
        document=DocumentRef(number=document_number(row["NUMERO"]), type=TYPES[row["TYPE"]], issuer=row.text("PAYS")),
        status=STATUSES[row["MOTIF"]],
        status_since=dates.day_first(row["DEPUIS"], "/"),
        holder=holder(row),
    )


ADAPTER = Adapter(
    system="blacklist",
    owner="Interior ministry, list of documents",
    purpose="border-check",
    legal_basis="Regulation (EU) 2018/1862, art. 38",
    time_zone=ZoneInfo("Europe/Paris"),
    streams=(
        Stream(
            "document",
            TravelDocumentV1,
            File("*.csv", delimiter=";", encoding="cp1252"),
            key=Natural("NUMERO", "PAYS"),
            map=listed,
        ),
    ),
)
