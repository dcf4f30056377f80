"""This module declares the alerts system: SQLite, terse German names, dates as text, a status that withdraws."""

from zoneinfo import ZoneInfo

from adapters.conversions import dates
from adapters.conversions.names import listed_names
from adapters.declaration import Adapter, Clock, Ended, Lookup, NameColumns, Sql, Stream, Surrogate
from adapters.row import Row
from contracts.identity import DocumentRef, DocumentType, IdentityData, NameKind, PersonName, Sex, document_number
from contracts.records import AlertAction, AlertCategory, AlertV1, ErasureReason

SEXES = {1: Sex.MALE, 2: Sex.FEMALE, 3: Sex.UNSPECIFIED, 0: Sex.UNKNOWN, None: Sex.UNKNOWN}
TYPES = {
    "RP": DocumentType.PASSPORT,
    "PA": DocumentType.IDENTITY_CARD,
    "AT": DocumentType.RESIDENCE_PERMIT,
    "VI": DocumentType.VISA,
    "FA": DocumentType.REFUGEE_TRAVEL_DOCUMENT,
    None: DocumentType.OTHER,
}
REASONS = {
    "10": (AlertCategory.WANTED, AlertAction.ARREST),
    "20": (AlertCategory.REFUSE_ENTRY, AlertAction.REFUSE),
    "30": (AlertCategory.MISSING, AlertAction.PROTECT),
    "40": (AlertCategory.DISCREET_CHECK, AlertAction.REPORT_DISCREETLY),
    "50": (AlertCategory.DOCUMENT, AlertAction.SEIZE_DOCUMENT),
}
"""Ground of the alert, and what the agency asks for."""


def person(row: Row) -> IdentityData | None:
    """Read whom the alert is about; an alert on a document alone names nobody."""
    names = []
    if row.text("NM1") or row.text("NM2"):
        names.append(PersonName(family=row.text("NM1"), given=row.text("NM2")))
    if row.text("NM_ORIG"):
        names.append(PersonName(full=row.text("NM_ORIG"), kind=NameKind.ALIAS if names else NameKind.PRIMARY))
    names += listed_names(row["ALIAS"], NameKind.ALIAS)
    if not names:
        return None
    return IdentityData(
        names=tuple(names),
        birth_dates=dates.some(dates.day_first(row["GEB_DAT"], ".")),
        birth_place=row.text("GEB_ORT"),
        sex=SEXES[row["GESCHL"]],
        nationalities=(row["STAAT"],) if row["STAAT"] else (),
    )


def alert(row: Row) -> AlertV1:
    """Map an alert that is in force."""
    category, action = REASONS[row["GRUND"]]
    number = document_number(row["DOK_NR"] or "")
    document = DocumentRef(number=number, type=TYPES[row["DOK_ART"]], issuer=row["DOK_STAAT"]) if number else None
    return AlertV1(
        **row.own,
        subject=row.subject("alert", row["ALR_NO"]),
        category=category,
        action=action,
        person=person(row),
        documents=(document,) if document else (),
        issued_at=dates.day_first(row["ERF_DAT"], "."),
        expires_at=dates.day_first(row["ABL_DAT"], "."),
    )


ADAPTER = Adapter(
    system="alerts",
    owner="Police, alerts office",
    purpose="law-enforcement",
    legal_basis="Regulation (EU) 2018/1862, art. 20",
    time_zone=ZoneInfo("Europe/Berlin"),
    streams=(
        Stream(
            "alert",
            AlertV1,
            Sql(
                "ALR",
                updated="AEND_TS",
                clock=Clock.EPOCH_S,
                ended=Ended("STATUS", ("W", "E"), ErasureReason.WITHDRAWN),
                compare_s=10,
            ),
            key=Surrogate("ALR_NO"),
            map=alert,
            lookup=Lookup(
                names=(NameColumns(family="NM1", given="NM2"), NameColumns(full="NM_ORIG")),
                birth=("GEB_DAT", "%.{year}"),
                document="DOK_NR",
            ),
        ),
    ),
)
