"""This module keeps the audit pages in Elasticsearch; it alone of the ledger knows Elasticsearch."""

from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any, Self

from elasticsearch import ApiError, AsyncElasticsearch, TransportError
from pydantic_core import to_json

from hub.errors import Retryable
from hub.ledger.pages import MAPPING
from hub.settings import ElasticsearchSettings

INDEX = "audit-pages"
ENOUGH_PAGES = 500
BULK_BYTES = 2_000_000


class LedgerUnavailable(Retryable):
    """The index of the ledger does not answer."""

    code = "ledger-unavailable"


class LedgerIndex:
    """The index of audit pages. It is a projection: dropped and replayed from the `audit.*` topics at any time."""

    def __init__(self, settings: ElasticsearchSettings) -> None:
        trust: dict[str, Any] = {"ca_certs": str(settings.ca_file)} if settings.ca_file else {}
        self._client = AsyncElasticsearch(
            settings.url, basic_auth=settings.basic_auth, request_timeout=10, max_retries=0, **trust
        )
        self._ready = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.close()

    async def store(self, documents: Sequence[tuple[str, bytes]]) -> None:
        """Store pages, each a line of JSON, under their ids; a page stored twice is one document.

        Raises:
            LedgerUnavailable: not all were stored.
        """
        failed = False
        try:
            await self._ensure()
            for part in _parts(documents):
                lines: Any = (part,)  # the client sends bytes as they are
                answer = await self._client.bulk(operations=lines, index=INDEX, filter_path="errors")
                failed |= bool(answer["errors"])
        except (ApiError, TransportError) as error:
            raise LedgerUnavailable("The audit index does not answer; it is tried again.") from error
        if failed:
            raise LedgerUnavailable("The audit index did not store every page; it is tried again.")

    async def pages_with(self, references: Sequence[str]) -> list[dict[str, Any]]:
        """Give the newest pages in which any of `references` occurs, at most 500, oldest first.

        Raises:
            LedgerUnavailable: the index does not answer.
        """
        try:
            await self._ensure()
            answer = await self._client.search(
                index=INDEX,
                query={"bool": {"filter": [{"terms": {"refs": list(references)}}]}},
                sort=[{"to": "desc"}],
                size=ENOUGH_PAGES,
                source={"includes": ["page"]},
            )
        except (ApiError, TransportError) as error:
            raise LedgerUnavailable("The audit index does not answer; try again.") from error
        return [hit["_source"] for hit in reversed(answer["hits"]["hits"])]

    async def is_reachable(self) -> bool:
        """Tell whether Elasticsearch answers this account."""
        try:
            return bool((await self._client.options(request_timeout=1).cluster.health(timeout="1s"))["status"])
        except (ApiError, TransportError):
            return False

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


def _parts(documents: Sequence[tuple[str, bytes]]) -> Iterator[bytes]:
    """Write bulk requests: many pages at once, and not so many that one request fills the server's memory."""
    part: list[bytes] = []
    size = 0
    for page, document in documents:
        part += [b'{"index":{"_id":', to_json(page), b"}}\n", document, b"\n"]
        size += len(document)
        if size >= BULK_BYTES:
            yield b"".join(part)
            part, size = [], 0
    if part:
        yield b"".join(part)
