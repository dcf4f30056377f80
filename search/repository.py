"""This module is the common repository in Elasticsearch; it alone of the search knows Elasticsearch.

Searches read the alias `records`, the projector writes to `records-write`; both name the same index. When a rebuild is
about to move both, `records-write` goes, and the projector writes to two indices: see `search.standing`.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from elasticsearch import ApiError, AsyncElasticsearch, NotFoundError, TransportError
from elasticsearch.serializer import CompatibilityModeJsonSerializer
from pydantic_core import from_json

from contracts.references import RecordRef
from hub.errors import Rejected, Retryable
from hub.settings import ElasticsearchSettings
from search.document import Document
from search.mapping import OLD_ALIAS, READ_ALIAS, REBUILD_ALIAS, WRITE_ALIAS

STORED = {200, 201}
OLDER = 409  # the version that is held is this one or newer
UNFIT = 400
LONGEST_CALL_S = 30.0
BULK_BYTES = 1_000_000
ALONE = (WRITE_ALIAS,)
BOTH = (REBUILD_ALIAS, OLD_ALIAS)
"""What is read comes last: that it took the write shows that the other was not published meanwhile."""
_BULK_ANSWER = "errors,items.index.status,items.index.error.type"
_HITS = "timed_out,_shards.failed,hits.hits._source"


Client = AsyncElasticsearch


class RepositoryUnavailable(Retryable):
    """The repository does not answer, or not now."""

    code = "repository-unavailable"


class NotThere(RepositoryUnavailable):
    """An index or an alias that was named is not there any more, or not yet."""


class _Json(CompatibilityModeJsonSerializer):
    """Reads answers with the parser that is already here and three times as fast as the client's own."""

    def json_loads(self, data: bytes | str) -> Any:
        return from_json(data)


@contextmanager
def reached() -> Iterator[None]:
    """Turn the client's failures into ours.

    Raises:
        NotThere: Elasticsearch lacks the index or the alias.
        RepositoryUnavailable: it does not answer, or refuses.
    """
    try:
        yield
    except NotFoundError as error:
        raise NotThere("The repository is not built yet; start the projector.") from error
    except (ApiError, TransportError) as error:
        raise RepositoryUnavailable("The repository does not answer now; it is tried again.") from error


@dataclass(frozen=True, slots=True)
class Refusal:
    """A document that the index refuses for good, and why: a class of failure, never a value."""

    record: RecordRef
    version: int
    error: Rejected


@dataclass(frozen=True, slots=True)
class Held:
    """How many records of one contract of one system the repository holds, and the newest of their versions."""

    system: str
    contract: str
    present: int
    erased: int
    newest_version: int | None


def connect(settings: ElasticsearchSettings) -> Client:
    """Make a client; it connects when it is first used.

    A call is tried again once where the connection broke, as an idle one may at any time; every call of ours may be
    made twice. More than that is for the callers, who know their deadlines.
    """
    trust: dict[str, Any] = {"ca_certs": str(settings.ca_file)} if settings.ca_file else {}
    return AsyncElasticsearch(
        settings.url,
        basic_auth=settings.basic_auth,
        request_timeout=LONGEST_CALL_S,
        max_retries=1,
        retry_on_status=(),
        retry_on_timeout=False,
        http_compress=False,
        connections_per_node=32,
        serializers={_Json.mimetype: _Json()},
        **trust,
    )


class Repository:
    """One document a source record, under the record's reference, with the event's version as external version."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._written: tuple[str, ...] = ALONE

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.close()

    async def store(self, documents: Sequence[Document], *, alias: str | None = None) -> list[Refusal]:
        """Store documents; one that is already there in this or a newer version stays as it is.

        Unless an `alias` is given, they go to what searches read, and to what a rebuild is about to publish.

        Raises:
            RepositoryUnavailable: not all could be tried; storing all of them again is harmless.
        """
        if alias is not None:
            return await self._store((alias,), documents)
        written = self._written
        try:
            return await self._store(written, documents)
        except NotThere:
            # A rebuild has moved us. Others that found the same may have noted it already: what we tried counts.
            self._written = BOTH if written == ALONE else ALONE
            return await self._store(self._written, documents)

    async def _store(self, aliases: Sequence[str], documents: Sequence[Document]) -> list[Refusal]:
        """Store all documents under the first alias, then under the next."""
        refusals: list[Refusal] = []
        for alias in aliases:
            for part in _parts(documents):
                lines: Any = (b"".join(action for _, action in part),)  # the client sends bytes as they are
                with reached():
                    answer = await self._client.bulk(
                        operations=lines, index=alias, require_alias=True, filter_path=_BULK_ANSWER
                    )
                if answer["errors"]:
                    refusals += _refusals([document for document, _ in part], answer["items"])
        return refusals

    async def search(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        """Give the stored documents that a query finds, best first.

        Raises:
            RepositoryUnavailable: the repository does not answer, or answers in part only.
        """
        with reached():
            answer = await self._client.search(index=READ_ALIAS, body=body, filter_path=_HITS)
        if answer["timed_out"] or answer["_shards"]["failed"]:
            raise RepositoryUnavailable("The repository answers in part only; it is tried again.")
        return [hit["_source"] for hit in answer.get("hits", {}).get("hits", ())]

    async def is_reachable(self) -> bool:
        """Tell whether the repository answers this account."""
        try:
            with reached():
                return bool(await self._client.options(request_timeout=1).indices.exists_alias(name=READ_ALIAS))
        except RepositoryUnavailable:
            return False

    async def held(self) -> list[Held]:
        """Count the records by system and contract.

        Raises:
            RepositoryUnavailable: the repository does not answer.
        """
        groups = {
            "composite": {
                "size": 1000,
                "sources": [{"system": {"terms": {"field": "system"}}}, {"contract": {"terms": {"field": "contract"}}}],
            },
            "aggs": {"erased": {"filter": {"term": {"erased": True}}}, "newest": {"max": {"field": "version"}}},
        }
        with reached():
            answer = await self._client.search(index=READ_ALIAS, size=0, aggs={"groups": groups})
        return [_held(bucket) for bucket in answer["aggregations"]["groups"]["buckets"]]

    async def refresh(self, *, alias: str = READ_ALIAS) -> None:
        """Make what is stored findable now.

        Raises:
            RepositoryUnavailable: the repository does not answer.
        """
        with reached():
            await self._client.indices.refresh(index=alias)


def _parts(documents: Sequence[Document]) -> Iterator[list[tuple[Document, bytes]]]:
    """Cut documents into requests: writing a larger one at once holds the event loop up."""
    part: list[tuple[Document, bytes]] = []
    size = 0
    for document in documents:
        action = _action(document)
        if part and size + len(action) > BULK_BYTES:
            yield part
            part, size = [], 0
        part.append((document, action))
        size += len(action)
    if part:
        yield part


def _action(document: Document) -> bytes:
    # References are of plain ASCII without quotes (contracts.references), so they need no escaping.
    head = f'{{"index":{{"_id":"{document.record}","version":{document.version},"version_type":"external"}}}}\n'
    return head.encode() + document.source + b"\n"


def _refusals(documents: Sequence[Document], items: Sequence[dict[str, Any]]) -> list[Refusal]:
    refusals = []
    for document, item in zip(documents, items, strict=True):
        status, kind = item["index"]["status"], item["index"].get("error", {}).get("type", "")
        if kind == "index_not_found_exception":
            raise NotThere("The repository is being moved, or not built yet; it is tried again.")
        # Overloaded, blocked for writing, a right taken away: all that another time may take is kept for it.
        if status not in {*STORED, OLDER, UNFIT}:
            raise RepositoryUnavailable("The repository takes no documents now; it is tried again.")
        if status == UNFIT:
            error = Rejected(f"The repository refuses the document: {kind}.", code="not-indexable")
            refusals.append(Refusal(document.record, document.version, error))
    return refusals


def _held(bucket: dict[str, Any]) -> Held:
    erased = bucket["erased"]["doc_count"]
    newest = bucket["newest"]["value"]
    return Held(
        system=bucket["key"]["system"],
        contract=bucket["key"]["contract"],
        present=bucket["doc_count"] - erased,
        erased=erased,
        newest_version=None if newest is None else int(newest),
    )
