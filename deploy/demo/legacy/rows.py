"""This module writes what an agency holds as rows of its own legacy tables, each in that agency's conventions."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from contracts.dates import PartialDate
from contracts.identity import DocumentType, Sex
from contracts.records import AlertCategory, Direction, DocumentStatus
from deploy.demo.population.documents import Document
from deploy.demo.population.holdings import (
    Alert,
    Applicant,
    Crossing,
    Fingerprint,
    Holder,
    Holdings,
    ListedDocument,
    Traveller,
)

Row = dict[str, Any]

ZONE_TYPES = {
    DocumentType.PASSPORT: "P",
    DocumentType.IDENTITY_CARD: "I",
    DocumentType.RESIDENCE_PERMIT: "A",
    DocumentType.VISA: "V",
}
DIRECTIONS = {Direction.ENTRY: "E", Direction.EXIT: "X", Direction.REFUSAL: "R"}
SEX_WORDS = {Sex.FEMALE: "female", Sex.MALE: "male", Sex.UNSPECIFIED: "other"}
SEX_CODES = {Sex.MALE: 1, Sex.FEMALE: 2, Sex.UNSPECIFIED: 3}
GERMAN_TYPES = {
    DocumentType.PASSPORT: "RP",
    DocumentType.IDENTITY_CARD: "PA",
    DocumentType.RESIDENCE_PERMIT: "AT",
    DocumentType.VISA: "VI",
}
GROUNDS = {
    AlertCategory.WANTED: "10",
    AlertCategory.REFUSE_ENTRY: "20",
    AlertCategory.MISSING: "30",
    AlertCategory.DISCREET_CHECK: "40",
    AlertCategory.DOCUMENT: "50",
}
MOTIVES = {DocumentStatus.STOLEN: "VOLE", DocumentStatus.LOST: "PERDU", DocumentStatus.REVOKED: "ANNULE"}


def _entry_exit_holder(holder: Holder) -> Row:
    birth = holder.birth
    return {
        "surname": holder.spelling.family.upper(),
        "forenames": holder.spelling.given.upper() or None,
        "birth_date": f"{birth.year:04d}{birth.month or 0:02d}{birth.day or 0:02d}" if birth else None,
        "sex": holder.sex.value if holder.sex is not Sex.UNKNOWN else "<",
        "nationality": holder.nationality,
    }


def traveller_row(traveller: Traveller) -> Row:
    """Write a file of the entry/exit system."""
    return {"traveller_id": traveller.key, **_entry_exit_holder(traveller.holder)}


def document_rows(traveller: Traveller) -> Iterator[Row]:
    """Write the documents on a file of the entry/exit system."""
    for key, document in traveller.documents:
        yield {
            "document_id": key,
            "traveller_id": traveller.key,
            **_shown(document),
            "expires_on": document.valid_until,
            **_entry_exit_holder(traveller.holder),
        }


def crossing_row(crossing: Crossing) -> Row:
    """Write a crossing."""
    return {
        "crossing_id": crossing.key,
        "traveller_id": crossing.traveller.key,
        "direction": DIRECTIONS[crossing.direction],
        "crossed_at": crossing.at,
        "border_point": crossing.place[0],
        "border_state": crossing.place[1],
        "stay_until": crossing.stay_until,
        **_shown(crossing.document),
        **_entry_exit_holder(crossing.traveller.holder),
    }


def _shown(document: Document) -> Row:
    return {
        "doc_type": ZONE_TYPES[document.type],
        "doc_no": document.number,
        "issuing_state": document.issuer,
    }


def applicant_row(applicant: Applicant) -> Row:
    """Write a case of the asylum register."""
    native, birth, document = applicant.native, applicant.birth, applicant.document
    return {
        "id": applicant.key,
        "family_name": native.family if native else None,
        "given_name": (native.given or None) if native else None,
        "script": applicant.script if native else None,
        "family_name_latin": applicant.latin.family,
        "given_name_latin": applicant.latin.given or None,
        "aliases": json.dumps(applicant.aliases, ensure_ascii=False),
        "birth_year": birth.year if birth else None,
        "birth_month": birth.month if birth else None,
        "birth_day": birth.day if birth else None,
        "birth_place": applicant.birth_place or None,
        "sex": SEX_WORDS.get(applicant.sex),
        "citizenship": applicant.nationality,
        "document_kind": document.type.value.replace("-", " ") if document else None,
        "document_number": document.number if document else None,
        "document_country": document.issuer if document else None,
        "lodged_at": applicant.lodged_at,
    }


def fingerprint_row(fingerprint: Fingerprint, image: bytes) -> Row:
    """Write a finger of an applicant."""
    return {
        "id": fingerprint.key,
        "applicant_id": fingerprint.applicant.key,
        "encounter": f"FP-{fingerprint.key}",
        "position": int(fingerprint.position),
        "image": image,
        "taken_at": fingerprint.applicant.lodged_at + dt.timedelta(minutes=20),
    }


def alert_row(alert: Alert) -> Row:
    """Write an alert."""
    document = alert.document
    return {
        "ALR_NO": alert.key,
        "NM1": alert.latin.family.upper() if alert.latin else None,
        "NM2": (alert.latin.given.upper() or None) if alert.latin else None,
        "NM_ORIG": alert.native,
        "ALIAS": ";".join(alert.aliases) or None,
        "GEB_DAT": _german_partial(alert.birth) if alert.birth else None,
        "GEB_ORT": alert.birth_place or None,
        "GESCHL": SEX_CODES.get(alert.sex, 0),
        "STAAT": alert.nationality,
        "DOK_ART": GERMAN_TYPES[document.type] if document else None,
        "DOK_NR": document.number if document else None,
        "DOK_STAAT": document.issuer if document else None,
        "GRUND": GROUNDS[alert.category],
        "ERF_DAT": f"{alert.issued:%d.%m.%Y}",
        "ABL_DAT": f"{alert.expires:%d.%m.%Y}" if alert.expires else None,
        "STATUS": "A",
    }


def _german_partial(date: PartialDate) -> str:
    return f"{date.day or 0:02d}.{date.month or 0:02d}.{date.year:04d}"


def blacklist_row(listed: ListedDocument) -> dict[str, str]:
    """Write a line of the blacklist."""
    holder, document = listed.holder, listed.document
    return {
        "NUMERO": document.number,
        "TYPE": ZONE_TYPES[document.type],
        "PAYS": document.issuer,
        "MOTIF": MOTIVES[listed.status],
        "DEPUIS": f"{listed.since:%d/%m/%Y}",
        "NOM": holder.spelling.family.upper() if holder else "",
        "PRENOMS": holder.spelling.given if holder else "",
        "NE_LE": _french_whole(holder.birth) if holder and holder.birth else "",
    }


def _french_whole(date: PartialDate) -> str:
    return f"{date.day:02d}/{date.month:02d}/{date.year:04d}" if date.is_whole else ""


def rows_of(holdings: Holdings) -> tuple[Iterator[Row], Iterator[Row], Iterator[Row], Iterator[Row], Iterator[Row]]:
    """Give the rows of travellers, documents, crossings, applicants and alerts."""
    return (
        (traveller_row(traveller) for traveller in holdings.travellers),
        (row for traveller in holdings.travellers for row in document_rows(traveller)),
        (crossing_row(crossing) for crossing in holdings.crossings),
        (applicant_row(applicant) for applicant in holdings.applicants),
        (alert_row(alert) for alert in holdings.alerts),
    )
