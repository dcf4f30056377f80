"""This module declares the entry/exit system: PostgreSQL, soft deletes, dates as passports write them."""

from zoneinfo import ZoneInfo

from adapters.conversions import dates
from adapters.declaration import Adapter, Ended, Lookup, NameColumns, Sql, Stream, Surrogate
from adapters.row import Row
from contracts.identity import DocumentRef, DocumentType, IdentityData, PersonName, Sex, document_number
from contracts.records import BorderCrossingV1, Direction, DocumentStatus, PersonCategory, PersonV1, TravelDocumentV1

DIRECTIONS = {"E": Direction.ENTRY, "X": Direction.EXIT, "R": Direction.REFUSAL}
SEXES = {"M": Sex.MALE, "F": Sex.FEMALE, "X": Sex.UNSPECIFIED, "<": Sex.UNKNOWN, None: Sex.UNKNOWN}
TYPES = {
    "P": DocumentType.PASSPORT,
    "I": DocumentType.IDENTITY_CARD,
    "A": DocumentType.RESIDENCE_PERMIT,
    "V": DocumentType.VISA,
    "PR": DocumentType.REFUGEE_TRAVEL_DOCUMENT,
}
ENDED = Ended("deleted_at")
NAMES = (NameColumns(family="surname", given="forenames"),)
BIRTH = ("birth_date", "{year}%")


def identity(row: Row) -> IdentityData:
    """Read the five columns that every table has on its holder."""
    return IdentityData(
        names=(PersonName(family=row["surname"], given=row["forenames"] or None),),
        birth_dates=dates.some(dates.digits(row["birth_date"])),
        sex=SEXES[row["sex"]],
        nationalities=(row["nationality"],) if row["nationality"] else (),
    )


def document(row: Row) -> DocumentRef:
    """Read the document that was shown."""
    return DocumentRef(
        number=document_number(row["doc_no"]),
        type=TYPES[row["doc_type"]],
        issuer=row["issuing_state"],
        valid_until=dates.whole(row.get("expires_on")),
    )


def traveller(row: Row) -> PersonV1:
    """Map a traveller's file."""
    subject = row.subject("traveller", row["traveller_id"])
    return PersonV1(**row.own, subject=subject, identity=identity(row), category=PersonCategory.TRAVELLER)


def travel_document(row: Row) -> TravelDocumentV1:
    """Map a document; this agency knows of none that it is lost or stolen."""
    return TravelDocumentV1(
        **row.own,
        subject=row.subject("traveller", row["traveller_id"]),
        document=document(row),
        status=DocumentStatus.VALID,
        holder=identity(row),
    )


def crossing(row: Row) -> BorderCrossingV1:
    """Map an entry, an exit or a refusal."""
    return BorderCrossingV1(
        **row.own,
        subject=row.subject("traveller", row["traveller_id"]),
        traveller=identity(row),
        document=document(row) if row["doc_no"] else None,
        direction=DIRECTIONS[row["direction"]],
        at=dates.utc(row["crossed_at"]),
        place=row["border_point"],
        country=row["border_state"],
        stay_until=row["stay_until"],
    )


ADAPTER = Adapter(
    system="entry-exit",
    owner="Border Guard, registry of entries and exits",
    purpose="border-check",
    legal_basis="Regulation (EU) 2017/2226, art. 6",
    time_zone=ZoneInfo("UTC"),
    streams=(
        Stream(
            "traveller",
            PersonV1,
            Sql("travellers", ended=ENDED),
            key=Surrogate("traveller_id"),
            map=traveller,
            lookup=Lookup(names=NAMES, birth=BIRTH),
        ),
        Stream(
            "document",
            TravelDocumentV1,
            Sql("documents", ended=ENDED),
            key=Surrogate("document_id"),
            map=travel_document,
            lookup=Lookup(names=NAMES, birth=BIRTH, document="doc_no"),
        ),
        Stream(
            "crossing",
            BorderCrossingV1,
            Sql("crossings", ended=ENDED),
            key=Surrogate("crossing_id"),
            map=crossing,
            lookup=Lookup(names=NAMES, birth=BIRTH, document="doc_no"),
        ),
    ),
)
