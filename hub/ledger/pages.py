"""This module turns pages of audit entries into documents of the ledger's index, and back: pure rules.

A page is one document: its entries lie in it unindexed, and one keyword field holds every id that occurs in them. That
costs a fraction of a document for each entry, and a trace still finds any entry by any of its references. The page's
writer and sequence number, and its place on the topic, are what a Merkle tree over the log will be built from.
"""

from typing import Any

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
        "entries": {"type": "object", "enabled": False},
    },
}


def page_document(page: AuditPageV1, message: Message) -> dict[str, Any]:
    """Give the document of a page, as it lay on the topic."""
    times = [entry.at for entry in page.entries]
    return {
        "refs": sorted(references(page)),
        "writer": page.writer,
        "sequence": page.sequence,
        "from": min(times).isoformat(),
        "to": max(times).isoformat(),
        "topic_partition": message.partition,
        "topic_offset": message.offset,
        "entries": [entry.model_dump(mode="json", exclude_none=True) for entry in page.entries],
    }


def references(page: AuditPageV1) -> set[str]:
    """Collect everything by which an entry of the page can be asked for."""
    found: set[str | None] = set()
    for entry in page.entries:
        found.update((str(entry.entry), entry.flow, entry.event, entry.record, entry.subject, entry.actor))
    return {reference for reference in found if reference}


def entries_of(document: dict[str, Any]) -> list[AuditEntryV1]:
    """Give the entries of a page's document back."""
    return [AuditEntryV1.model_validate(entry) for entry in document["entries"]]
