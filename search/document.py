"""This module makes repository documents of record events: the record itself, and the keys by which it is found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic_core import to_json

from contracts.dates import PartialDate
from contracts.envelope import Envelope
from contracts.identity import DocumentRef, IdentityData, PersonName, Sex
from contracts.records import (
    AlertV1,
    BorderCrossingV1,
    ErasureV1,
    FingerprintV1,
    PersonV1,
    RecordEvent,
    TravelDocumentV1,
)
from contracts.references import RecordRef
from search.births import keys_of_births
from search.names.keys import keys_of

PERSONS = 65_536
"""Persons whose keys are kept: a traveller has many records, and all say the same of who it is. Some 100 MB."""


@dataclass(frozen=True, slots=True)
class Document:
    """One record as the repository stores it: its reference, its version, and the document as a line of JSON."""

    record: RecordRef
    version: int
    source: bytes


def document_of(envelope: Envelope, version: int, event: RecordEvent, raw: bytes) -> Document:
    """Make the document of an event; `raw` is the event's own JSON, kept as it came.

    An erasure becomes a stub without content: it holds the version, so that a late older event cannot bring the record
    back, and no key by which anything of the person is found. A fingerprint is kept without its templates.
    """
    fields: dict[str, Any] = {
        "record": event.record,
        "system": event.system,
        "contract": event.erased if isinstance(event, ErasureV1) else event.contract,
        "version": version,
        "event": envelope.id,
        "flow": envelope.flow,
        "erased": isinstance(event, ErasureV1),
    }
    if isinstance(event, ErasureV1):
        return Document(event.record, version, to_json(fields))
    fields["subject"] = event.subject
    if isinstance(event, FingerprintV1):
        fields["payload"] = event.model_dump(mode="json", exclude={"templates"}, exclude_none=True)
        return Document(event.record, version, to_json(fields))
    identity, documents = identity_of(event), documents_of(event)
    if documents:
        fields["document"] = [document.number for document in documents]
    keys = keys_of_identity(identity) if identity is not None else b""
    payload = raw if b"\n" not in raw else event.model_dump_json(exclude_none=True).encode()
    return Document(event.record, version, to_json(fields)[:-1] + keys + b',"payload":' + payload + b"}")


def identity_of(event: RecordEvent) -> IdentityData | None:
    """Tell whom a record is about, where it says so."""
    match event:
        case PersonV1():
            return event.identity
        case BorderCrossingV1():
            return event.traveller
        case TravelDocumentV1():
            return event.holder
        case AlertV1():
            return event.person
        case _:
            return None


def documents_of(event: RecordEvent) -> Sequence[DocumentRef]:
    """Give the documents that a record names."""
    match event:
        case PersonV1() | AlertV1():
            return event.documents
        case TravelDocumentV1():
            return (event.document,)
        case BorderCrossingV1():
            return (event.document,) if event.document else ()
        case _:
            return ()


def keys_of_identity(identity: IdentityData) -> bytes:
    """Give the keys of a person as members of a JSON object, each after a comma."""
    return _members(identity.names, identity.birth_dates, identity.nationalities, identity.sex)


@lru_cache(PERSONS)
def _members(
    names: tuple[PersonName, ...], birth_dates: tuple[PartialDate, ...], nationalities: tuple[str, ...], sex: Sex
) -> bytes:
    """Write names in their forms, birth dates whole and in part, and the rest."""
    keyed = [keys_of(name) for name in names]
    keys: dict[str, Any] = {
        "name": _distinct(name.whole for name in keyed),
        "token": _distinct(token for name in keyed for token in name.tokens),
        "skeleton": _distinct(bones for name in keyed for bones in name.skeletons),
        "slip": _distinct(key for name in keyed for key in name.slips),
    }
    keys["born"] = keys_of_births(birth_dates)
    if nationalities:
        keys["nationality"] = nationalities
    if sex is not Sex.UNKNOWN:
        keys["sex"] = sex
    return b"," + to_json(keys)[1:-1]


def newest(documents: Iterable[Document]) -> list[Document]:
    """Keep the highest version of each record; of equal ones the first."""
    kept: dict[RecordRef, Document] = {}
    for document in documents:
        held = kept.get(document.record)
        if held is None or document.version > held.version:
            kept[document.record] = document
    return list(kept.values())


def _distinct(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))
