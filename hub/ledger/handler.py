"""This module takes the pages of the `audit` topic into the ledger's index."""

from collections.abc import Sequence
from typing import Any, Protocol

from pydantic import ValidationError

from contracts.audit import AuditPageV1
from contracts.base import faults, read
from hub.errors import Rejected
from hub.ledger.pages import page_document
from hub.message import Message, Rejection


class PageStore(Protocol):
    """What the ledger needs of its index."""

    async def store(self, documents: Sequence[tuple[str, dict[str, Any]]]) -> None:
        """Store pages under their ids, idempotently."""
        ...


class Ledger:
    """Handles one batch at a time; see `hub.broker.Handler`."""

    def __init__(self, store: PageStore) -> None:
        self._store = store

    async def __call__(self, batch: Sequence[Message]) -> Sequence[Rejection]:
        """Index a batch of pages; what is no page is rejected."""
        documents: list[tuple[str, dict[str, Any]]] = []
        rejections: list[Rejection] = []
        for message in batch:
            try:
                page = read(AuditPageV1, message.value or b"").value
            except ValidationError as error:
                refusal = Rejected(f"This is no audit page: {faults(error)}.", code="contract-broken", field="payload")
                rejections.append(Rejection(message, refusal))
            else:
                # Its place on the topic names a page: nobody can write over the page of another.
                documents.append((f"{message.partition}-{message.offset}", page_document(page, message)))
        if documents:
            await self._store.store(documents)
        return rejections
