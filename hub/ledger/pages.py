"""This module turns pages of audit entries into documents of the ledger's index, and back: pure rules.

A page is one document: it lies there as it was written, unindexed, and one keyword field holds the ids that occur in
it. That costs a fraction of a document for each entry, and a trace still finds any entry by its references. The page's
writer and sequence number, and its place on the topic, are what a Merkle tree over the log will be built from.
"""

from collections.abc import Mapping
from typing import Any

from pydantic_core import to_json

from contracts.audit import AuditEntryV1, AuditPageV1
from hub.message import Message

MAPPING: dict[str, Any] = {
    "dynamic": "strict",
    "properties": {
        "refs": {"type": "keyword", "doc_values": False},
        "writer": {"type": "keyword"},
        "sequence": {"type": "long"},
        "from": {"type": "date"},
        "to": {"type": "date"},
        "topic_offset": {"type": "long"},
        "topic_partition": {"type": "integer"},
        "page": {"type": "object", "enabled": False},
    },
}


def page_document(page: AuditPageV1, message: Message) -> bytes:
    """Give the document of a page, as it lay on the topic, on one line of JSON."""
    times = [entry.at for entry in page.entries]
    keys = {
        "refs": sorted(references(page)),
        "writer": page.writer,
        "sequence": page.sequence,
        "from": min(times),
        "to": max(times),
        "topic_partition": message.partition,
        "topic_offset": message.offset,
    }
    written = message.value or b""
    raw = written if b"\n" not in written else page.model_dump_json(exclude_defaults=True).encode()
    return to_json(keys)[:-1] + b',"page":' + raw + b"}"


def references(page: AuditPageV1) -> set[str]:
    """Collect everything by which an entry of the page can be asked for: its own id only where it tells of no message.

    The index holds each of them as a term, and most pages tell of hundreds of messages.
    """
    found: set[str | None] = set()
    for entry in page.entries:
        found.update((entry.event or str(entry.entry), entry.flow, entry.record, entry.subject, entry.actor))
    return {reference for reference in found if reference}


def entries_of(document: Mapping[str, Any]) -> tuple[AuditEntryV1, ...]:
    """Give the entries of a page's document back; fields that a newer minor version added are left out."""
    return AuditPageV1.model_validate(document["page"], extra="ignore").entries
