"""This module keeps the audit pages in Elasticsearch; it alone of the ledger knows Elasticsearch."""

import datetime as dt
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any, Self

from elasticsearch import ApiError, AsyncElasticsearch, TransportError
from pydantic_core import to_json

from hub.errors import Rejected, Retryable
from hub.ledger.pages import MAPPING
from hub.settings import ElasticsearchSettings

INDEX = "audit-pages"
BULK_BYTES = 2_000_000
STORED = {200, 201}
UNFIT = 400
_BULK_ANSWER = "errors,items.index.status,items.index.error.type"


class LedgerUnavailable(Retryable):
    """The index of the ledger does not answer."""

    code = "ledger-unavailable"


def connect(settings: ElasticsearchSettings) -> AsyncElasticsearch:
    """Make a client; it connects when it is first used."""
    trust: dict[str, Any] = {"ca_certs": str(settings.ca_file)} if settings.ca_file else {}
    return AsyncElasticsearch(settings.url, basic_auth=settings.basic_auth, request_timeout=10, max_retries=0, **trust)


class LedgerIndex:
    """The index of audit pages. It is a projection: dropped and replayed from the `audit.*` topics at any time."""

    def __init__(self, client: AsyncElasticsearch) -> None:
        self._client = client
        self._ready = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.close()

    async def store(self, documents: Sequence[tuple[str, bytes]]) -> dict[str, Rejected]:
        """Store pages, each a line of JSON, under their ids; a page stored twice is one document.

        Pages that the index refuses for good are given back by their ids, each with the reason.

        Raises:
            LedgerUnavailable: not all could be tried; storing all of them again is harmless.
        """
        refused: dict[str, Rejected] = {}
        try:
            await self._ensure()
            for part in _parts(documents):
                lines: Any = (b"".join(action for _, action in part),)  # the client sends bytes as they are
                answer = await self._client.bulk(operations=lines, index=INDEX, filter_path=_BULK_ANSWER)
                if answer["errors"]:
                    refused |= self._refusals([page for page, _ in part], answer["items"])
        except (ApiError, TransportError) as error:
            raise LedgerUnavailable("The audit index does not answer; it is tried again.") from error
        return refused

    async def pages_with(
        self, references: Sequence[str], begun_by: dt.datetime | None, size: int
    ) -> list[dict[str, Any]]:
        """Give the newest pages in which any of `references` occurs, the newest first.

        With `begun_by` only those that have an entry of that time or before.

        Raises:
            LedgerUnavailable: the index does not answer.
        """
        wanted: list[dict[str, Any]] = [{"terms": {"refs": list(references)}}]
        if begun_by is not None:
            wanted.append({"range": {"from": {"lte": begun_by.isoformat()}}})
        try:
            await self._ensure()
            answer = await self._client.search(
                index=INDEX,
                query={"bool": {"filter": wanted}},
                sort=[{"to": "desc"}],
                size=size,
                source={"includes": ["page"]},
            )
        except (ApiError, TransportError) as error:
            raise LedgerUnavailable("The audit index does not answer; try again.") from error
        return [hit["_source"] for hit in answer["hits"]["hits"]]

    async def is_reachable(self) -> bool:
        """Tell whether Elasticsearch answers this account."""
        try:
            return bool((await self._client.options(request_timeout=1).cluster.health(timeout="1s"))["status"])
        except (ApiError, TransportError):
            return False

    def _refusals(self, pages: Sequence[str], items: Sequence[dict[str, Any]]) -> dict[str, Rejected]:
        refused: dict[str, Rejected] = {}
        for page, item in zip(pages, items, strict=True):
            status, kind = item["index"]["status"], item["index"].get("error", {}).get("type", "")
            if kind == "index_not_found_exception":
                self._ready = False  # somebody dropped the index: it is made anew
                raise LedgerUnavailable("The audit index is gone; it is made anew and tried again.")
            # Overloaded, blocked for writing, a right taken away: all that another time may take is kept for it.
            if status not in {*STORED, UNFIT}:
                raise LedgerUnavailable("The audit index takes no pages now; it is tried again.")
            if status == UNFIT:
                refused[page] = Rejected(f"The audit index refuses the page: {kind}.", code="not-indexable")
        return refused

    async def _ensure(self) -> None:
        if self._ready:
            return
        if not await self._client.indices.exists(index=INDEX):
            await self._client.options(ignore_status=400).indices.create(
                index=INDEX,
                mappings=MAPPING,
                settings={
                    "number_of_shards": 1,
                    "number_of_replicas": 0,
                    "refresh_interval": "1s",
                    "codec": "best_compression",
                },
            )
        self._ready = True


def _parts(documents: Sequence[tuple[str, bytes]]) -> Iterator[list[tuple[str, bytes]]]:
    """Write bulk requests: many pages at once, and not so many that one request fills the server's memory."""
    part: list[tuple[str, bytes]] = []
    size = 0
    for page, document in documents:
        part.append((page, b"".join((b'{"index":{"_id":', to_json(page), b"}}\n", document, b"\n"))))
        size += len(document)
        if size >= BULK_BYTES:
            yield part
            part, size = [], 0
    if part:
        yield part
