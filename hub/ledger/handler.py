"""This module takes the pages of all `audit.*` topics into the ledger's index."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from pydantic import ValidationError

from contracts import topics
from contracts.audit import AuditPageV1
from contracts.base import faults, read
from hub.errors import Rejected
from hub.ledger.pages import page_document
from hub.logs import get_logger
from hub.message import MAX_STORED_BYTES, Message, Rejection


class PageStore(Protocol):
    """What the ledger needs of its index."""

    async def store(self, documents: Sequence[tuple[str, bytes]]) -> Mapping[str, Rejected]:
        """Store pages under their ids, idempotently; give those that are refused for good, and why."""
        ...


class Ledger:
    """Handles one batch at a time; see `hub.broker.Handler`."""

    def __init__(self, store: PageStore) -> None:
        self._store = store
        self._log = get_logger()

    async def __call__(self, batch: Sequence[Message]) -> Sequence[Rejection]:
        """Index a batch of pages; what is no page, is written in another's name, or cannot be indexed, is rejected."""
        documents: list[tuple[str, bytes]] = []
        rejections: list[Rejection] = []
        for message in batch:
            try:
                page = _page(message)
            except Rejected as error:
                rejections.append(Rejection(message, error))
            else:
                # Its place in the log names a page: nobody can write over the page of another.
                documents.append((message.place, page_document(page, message)))
        if documents:
            refused = await self._store.store(documents)
            rejections += [Rejection(message, refused[message.place]) for message in batch if message.place in refused]
        self._log.info("batch indexed", count=len(batch) - len(rejections), rejected=len(rejections))
        return rejections


def _page(message: Message) -> AuditPageV1:
    """Read a page, and hold it against its topic: Kafka lets one account write there, which has the service's name.

    Raises:
        Rejected: it is no page, is larger than any of ours, or tells of the acts of another service.
    """
    if len(message.value or b"") > MAX_STORED_BYTES:  # it came in a compressed batch
        raise Rejected("The page is larger than a service writes one.", code="too-large", field="payload")
    try:
        page = read(AuditPageV1, message.value or b"").value
    except ValidationError as error:
        raise Rejected(f"This is no audit page: {faults(error)}.", code="contract-broken", field="payload") from None
    if not page.is_of(message.topic.removeprefix(topics.audit(""))):
        raise Rejected(
            "The page tells of another service than the one that may write its topic; look for who wrote it.",
            code="foreign-service",
            field="service",
        )
    return page
