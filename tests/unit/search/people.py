"""Invented people and their records, for the tests of the search."""

import datetime as dt
from uuid import uuid4

from contracts import topics
from contracts.dates import PartialDate
from contracts.envelope import Envelope, contract_schema, contract_type, event_id, source_of
from contracts.identity import DocumentRef, IdentityData, PersonName, Sex
from contracts.records import (
    AlertAction,
    AlertCategory,
    AlertV1,
    BorderCrossingV1,
    Direction,
    DocumentStatus,
    ErasureReason,
    ErasureV1,
    FingerprintV1,
    FingerTemplate,
    PersonV1,
    TravelDocumentV1,
)
from hub.message import Message

TODAY = dt.date(2026, 6, 15)
NOW = dt.datetime(2026, 6, 15, 12, 0, tzinfo=dt.UTC)


def identity(full="Ada Testova", born="1984-05-06", sex=Sex.FEMALE, nationality="UTO", **rest):
    return IdentityData(
        names=(PersonName(full=full),),
        birth_dates=(PartialDate.parse(born),) if born else (),
        sex=sex,
        nationalities=(nationality,) if nationality else (),
        **rest,
    )


def passport(number="X0000001", issuer="UTO"):
    return DocumentRef(number=number, issuer=issuer)


def person(key="1", system="entry-exit", *, documents=(), subject=None, **about):
    record = f"{system}:persons:{key}"
    return PersonV1(
        system=system, record=record, subject=subject or record, identity=identity(**about), documents=documents
    )


def crossing(key="1", direction=Direction.ENTRY, at=NOW, stay_until=None, subject="entry-exit:persons:1", **about):
    return BorderCrossingV1(
        system="entry-exit",
        record=f"entry-exit:crossings:{key}",
        subject=subject,
        traveller=identity(**about),
        document=passport(),
        direction=direction,
        at=at,
        place="Testport",
        stay_until=stay_until,
    )


def alert(key="1", *, action=AlertAction.REFUSE, expires=None, documents=(), about=None):
    return AlertV1(
        system="alerts",
        record=f"alerts:alerts:{key}",
        subject=f"alerts:alerts:{key}",
        category=AlertCategory.REFUSE_ENTRY,
        action=action,
        person=identity(**(about or {})) if about is not None or not documents else None,
        documents=documents,
        expires_at=PartialDate.parse(expires) if expires else None,
    )


def listed(key="1", status=DocumentStatus.STOLEN, number="X0000001", issuer="UTO"):
    return TravelDocumentV1(
        system="blacklist",
        record=f"blacklist:documents:{key}",
        subject=f"blacklist:documents:{key}",
        document=passport(number, issuer),
        status=status,
    )


def fingerprint(key="1", system="asylum", subject="asylum:applicants:1"):
    template = FingerTemplate(engine="sourceafis-3.18.1", data=b"invented")
    return FingerprintV1(system=system, record=f"{system}:fingers:{key}", subject=subject, templates=(template,))


def erasure(of):
    return ErasureV1(system=of.system, record=of.record, erased=of.contract, reason=ErasureReason.WITHDRAWN)


def envelope(event, version=1):
    system, stream, key = event.record.split(":")
    return Envelope(
        id=event_id(system, stream, key, version),
        source=source_of(system, stream),
        type=contract_type(event.contract, 1),
        subject=event.record,
        schema=contract_schema(event.contract, 1),
        time=NOW,
        flow=str(uuid4()),
        traceparent="00-" + "1" * 32 + "-" + "2" * 16 + "-01",
        record_version=version,
    )


def message(event, version=1, *, offset=0, value=None):
    headers = tuple(envelope(event, version).to_headers())
    raw = event.model_dump_json(exclude_none=True).encode() if value is None else value
    return Message(topics.outgoing(event.contract), 0, offset, 0, event.record.encode(), raw, headers)
