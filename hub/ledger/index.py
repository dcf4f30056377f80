"""This module keeps the audit pages in Elasticsearch; it alone of the ledger knows Elasticsearch."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Literal, Self
from uuid import uuid4

from elasticsearch import (
    ApiError,
    AsyncElasticsearch,
    AuthorizationException,
    BadRequestError,
    ConflictError,
    TransportError,
)
from pydantic_core import to_json

from hub.bulk import ANSWER, BLOCKED, GONE, IndexForbidden, IndexRefused, forbidden, not_made, parts, refused
from hub.errors import Misconfigured, Rejected, Retryable
from hub.ledger.pages import MAPPING
from hub.settings import ElasticsearchSettings

INDEX = "audit-pages"
BULK_BYTES = 2_000_000
FILLING, WHOLE = "filling", "whole"
"""Documents that are no pages. The first filling of an index leaves a mark in the one, for good; every filling writes
the mark that it began with into the other at its end. An index is whole where both bear the same mark: one that was put
in its place meanwhile bears another."""
ORDER = [{"to": "desc"}, {"writer": "asc"}, {"topic_partition": "asc"}, {"topic_offset": "asc"}]
"""No two pages stand at one place: a writer belongs to one topic."""
THERE_ALREADY = "resource_already_exists_exception"
NOT_READ = (
    f"Elasticsearch forbids to read {INDEX}, or to make it; give this service's role the rights `create_index`, `read` "
    "and `view_index_metadata` on it."
)
NOT_READ_NOW = f"The index {INDEX} is blocked for reading; lift its `index.blocks`."
NOT_REFRESHED = f"Elasticsearch forbids to refresh {INDEX}; give this service's role the right `maintenance` on it."
NOT_MADE_NOW = (
    f"Elasticsearch makes no index now, and {INDEX} is not there; see whether its disks are full, and lift "
    "`cluster.blocks.create_index`, `cluster.blocks.read_only` or what else blocks it."
)
NOT_OURS = (
    f"Elasticsearch made the index {INDEX} by itself, and nothing is found in it; set `action.auto_create_index` to "
    f"false there and delete {INDEX}, and the ledger makes and fills it."
)


_Doing = Literal["look", "read", "write", "refresh"]
"""What is done: each needs rights of its own. To look whether the index is there and ours, or to make it, is one."""


class LedgerUnavailable(Retryable):
    """The index of the ledger does not answer."""

    code = "ledger-unavailable"


class LedgerGone(LedgerUnavailable):
    """Somebody dropped the index of the ledger; it is made anew."""


class LedgerFilling(Retryable):
    """The index of the ledger is being filled from the log, and lacks what was asked for as yet."""

    code = "ledger-filling"

    def __init__(self) -> None:
        super().__init__("The ledger is being filled anew from the log; ask again in a while.")


def connect(settings: ElasticsearchSettings) -> AsyncElasticsearch:
    """Make a client; it connects when it is first used."""
    trust: dict[str, Any] = {"ca_certs": str(settings.ca_file)} if settings.ca_file else {}
    return AsyncElasticsearch(settings.url, basic_auth=settings.basic_auth, request_timeout=10, max_retries=0, **trust)


class LedgerIndex:
    """The index of audit pages. It is a projection: dropped and replayed from the `audit.*` topics at any time."""

    def __init__(self, client: AsyncElasticsearch) -> None:
        self._client = client
        self._ready = False
        self._faults: dict[_Doing, str] = {}

    @property
    def fault(self) -> str | None:
        """What a person has to change before pages can be stored and found; nothing where they can, or never were."""
        return " ".join(dict.fromkeys(self._faults.values())) or None

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
            Misconfigured: this service may not write, or the index is none of its making: somebody has to change that
                first.
        """
        await self._ensure()
        with self._reached("write"):
            return await self._store(documents)

    @contextmanager
    def _reached(self, doing: _Doing) -> Iterator[None]:
        """Raise what a failure of Elasticsearch means, and keep as `fault` what a person has to change, until it goes.

        It goes when Elasticsearch does that, or fails in it for another reason; of one that is silent nobody knows.

        Raises:
            LedgerUnavailable: it does not answer, or not now.
            Misconfigured: it forbids or refuses it, or the index is none that the ledger made.
        """
        try:
            yield
        except LedgerUnavailable as error:
            self._faults.pop(doing, None)
            self._ready = self._ready and not isinstance(error, LedgerGone)
            raise
        except Misconfigured as error:
            self._faults[doing] = str(error)
            raise
        except AuthorizationException as error:
            denied = _denied(doing, blocked=error.error == BLOCKED)
            self._faults[doing] = str(denied)
            raise denied from error
        except (ApiError, TransportError) as error:
            if isinstance(error, ApiError):
                self._faults.pop(doing, None)
            raise LedgerUnavailable("The audit index does not answer now; try again in a while.") from error
        self._faults.pop(doing, None)

    async def _store(self, documents: Sequence[tuple[str, bytes]]) -> dict[str, Rejected]:
        refusals: dict[str, Rejected] = {}
        actions = ((page, _action(page, document)) for page, document in documents)
        for part in parts(actions, BULK_BYTES):  # not so many that one request fills the server's memory
            lines: Any = (b"".join(action for _, action in part),)  # the client sends bytes as they are
            answer = await self._client.bulk(operations=lines, index=INDEX, filter_path=ANSWER)
            if answer["errors"]:
                unfit = refused(answer["items"], INDEX, gone=LedgerGone, away=LedgerUnavailable)
                refusals |= {part[at][0]: error for at, error in unfit.items()}
        return refusals

    async def is_whole(self) -> bool:
        """Tell whether the index holds all that was in the log when it was filled.

        Raises:
            LedgerUnavailable: it does not answer.
            Misconfigured: it is none that the ledger made, or Elasticsearch does not let the ledger make or read it.
        """
        await self._ensure()
        if await self._bears_one_mark():
            return True
        self._ready = False  # somebody may have dropped it
        await self._ensure()
        return False

    async def _bears_one_mark(self) -> bool:
        with self._reached("read"):
            answer = await self._client.mget(index=INDEX, ids=[FILLING, WHOLE])
            for found in answer["docs"]:  # a shard that is not up yet says so of each document, under status 200
                if found.get("error", {}).get("type", GONE) != GONE:
                    raise LedgerUnavailable("The audit index does not answer; it is tried again.")
        begun, ended = (found.get("_source", {}).get("writer") for found in answer["docs"])
        return begun is not None and begun == ended

    async def begin_filling(self) -> str:
        """Leave a mark in the index, or find the one that it bears, and give it; raises as `store` does."""
        mark: str | None = uuid4().hex
        with self._reached("write"):
            try:
                await self._client.create(index=INDEX, id=FILLING, document={"writer": mark})
            except ConflictError:
                mark = None
        if mark is None:
            with self._reached("read"):
                found = await self._client.get(index=INDEX, id=FILLING)
            mark = str(found["_source"]["writer"])
        with self._reached("look"):
            await self._must_be_ours()  # had it been dropped, Elasticsearch might have made another for the mark
        return mark

    async def end_filling(self, mark: str) -> None:
        """Make the index whole; all its pages are found then.

        Raises:
            LedgerUnavailable: it does not bear the mark, for it is another one by now, or it does not answer.
            Misconfigured: as `store`.
        """
        with self._reached("refresh"):
            await self._client.indices.refresh(index=INDEX)
        with self._reached("write"):
            await self._client.index(index=INDEX, id=WHOLE, document={"writer": mark})
        if not await self._bears_one_mark():
            raise LedgerUnavailable("The audit index is another one than was filled; it is tried again.")

    async def pages_with(
        self,
        references: Sequence[str],
        begun_by: dt.datetime | None,
        size: int,
        after: Sequence[Any] | None = None,
        beside: str | None = None,
    ) -> list[dict[str, Any]]:
        """Give the newest pages in which any of `references` occurs, the newest first.

        With `begun_by` only those that have an entry of that time or before, with `beside` only those in which this
        reference occurs, too. Each has a `sort`; with that of a page as `after`, those that follow it.

        Raises:
            LedgerUnavailable: the index does not answer.
            Misconfigured: as `is_whole`.
        """
        wanted: list[dict[str, Any]] = [{"terms": {"refs": list(references)}}]
        if beside is not None:
            wanted.append({"term": {"refs": beside}})
        if begun_by is not None:
            wanted.append({"range": {"from": {"lte": begun_by.isoformat()}}})
        await self._ensure()
        with self._reached("read"):
            answer = await self._client.search(
                index=INDEX,
                query={"bool": {"filter": wanted}},
                sort=ORDER,
                search_after=after,
                size=size,
                source={"includes": ["page"]},
            )
        return [{"page": hit["_source"]["page"], "sort": hit["sort"]} for hit in answer["hits"]["hits"]]

    async def is_reachable(self) -> bool:
        """Tell whether Elasticsearch answers this account."""
        try:
            return bool((await self._client.options(request_timeout=1).cluster.health(timeout="1s"))["status"])
        except (ApiError, TransportError):
            return False

    async def _ensure(self) -> None:
        if self._ready:
            return
        with self._reached("look"):
            if not await self._client.indices.exists(index=INDEX):
                await self._make()
            await self._must_be_ours()

    async def _make(self) -> None:
        """Make the index, unless somebody makes it at the same time.

        Raises:
            IndexRefused: Elasticsearch takes no further one, for instance because it holds as many shards as it may, or
                none at all now.
        """
        try:
            await self._client.indices.create(
                index=INDEX,
                mappings=MAPPING,
                # No interval of refreshing: while nobody traces, no segment is made every second, and whoever asks
                # after half a minute of rest has Elasticsearch make one first, and sees all.
                settings={"number_of_shards": 1, "number_of_replicas": 0, "codec": "best_compression"},
            )
        except BadRequestError as error:
            if error.error != THERE_ALREADY:
                raise not_made(INDEX, error.error) from error
        except AuthorizationException as error:
            if error.error == BLOCKED:  # there is no index yet that could be blocked
                raise IndexRefused(NOT_MADE_NOW) from error
            raise

    async def _must_be_ours(self) -> None:
        """Make sure of the mapping: Elasticsearch makes an index that it lacks for whoever writes, if left to itself.

        Raises:
            Misconfigured: it is another one.
        """
        self._ready = False
        found = await self._client.indices.get_mapping(index=INDEX)
        if any(found[name]["mappings"].get("dynamic") != MAPPING["dynamic"] for name in found):
            raise Misconfigured(NOT_OURS)
        self._ready = True


def _denied(doing: _Doing, *, blocked: bool) -> IndexForbidden:
    """Say what a person has to change before that can be done."""
    if doing == "write":
        return forbidden(INDEX, blocked=blocked)
    if blocked:
        return IndexForbidden(NOT_READ_NOW)
    return IndexForbidden(NOT_REFRESHED if doing == "refresh" else NOT_READ)


def _action(page: str, document: bytes) -> bytes:
    return b"".join((b'{"index":{"_id":', to_json(page), b"}}\n", document, b"\n"))
