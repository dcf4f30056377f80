"""This module is the common repository in Elasticsearch; it alone of the search knows Elasticsearch.

Searches read the alias `records`, the projector writes to `records-write`; both name the same index. When a rebuild is
about to move both, `records-write` goes, and the projector writes to two indices: see `search.standing`.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from elasticsearch import (
    ApiError,
    AsyncElasticsearch,
    AuthenticationException,
    AuthorizationException,
    BadRequestError,
    NotFoundError,
    TransportError,
)
from elasticsearch.serializer import CompatibilityModeJsonSerializer
from pydantic_core import from_json, to_json

from contracts.references import RecordRef
from hub.bulk import ANSWER, parts, refused
from hub.errors import Rejected, Retryable
from hub.settings import ElasticsearchSettings
from search.commonness import Commonness
from search.document import Document, newest
from search.mapping import OLD_ALIAS, READ_ALIAS, REBUILD_ALIAS, WRITE_ALIAS

LONGEST_CALL_S = 30.0
BULK_BYTES = 1_000_000
ALONE = (WRITE_ALIAS,)
BOTH = (REBUILD_ALIAS, OLD_ALIAS)
"""What is read comes last: that it took the write shows that the other was not published meanwhile."""
_HITS = "timed_out,_shards.failed,hits.hits._source"
_EACH = "error", "timed_out", "_shards.failed", "hits.hits._source", "hits.total.value", "aggregations"
_HITS_AND_COUNTS = ",".join(f"responses.{path}" for path in _EACH)

Client = AsyncElasticsearch
NOT_BUILT = "The repository is not built yet; start the projector."


class RepositoryUnavailable(Retryable):
    """The repository does not answer, or not now."""

    code = "repository-unavailable"


class NotThere(RepositoryUnavailable):
    """An index or an alias that was named is not there any more, or not yet."""


class ChangeRefused(RepositoryUnavailable):
    """What was asked for does not go with what is there."""

    def __init__(self, kind: str) -> None:
        super().__init__("Elasticsearch refuses what was asked for; it is tried again.")
        self.kind = kind
        """The class of its refusal."""


class _Json(CompatibilityModeJsonSerializer):
    """Reads and writes with the parser that is already here and three times as fast as the client's own."""

    def json_dumps(self, data: Any) -> bytes:
        return to_json(data)

    def json_loads(self, data: bytes | str) -> Any:
        return from_json(data)


@contextmanager
def reached() -> Iterator[None]:
    """Turn the client's failures into ours.

    Raises:
        NotThere: Elasticsearch lacks the index or the alias.
        ChangeRefused: it does not take what was asked for.
        RepositoryUnavailable: it does not answer, or refuses.
    """
    try:
        yield
    except NotFoundError as error:
        raise NotThere(NOT_BUILT) from error
    except BadRequestError as error:
        raise ChangeRefused(error.error) from error
    except AuthenticationException as error:
        raise RepositoryUnavailable(
            "Elasticsearch does not know our account by this password; look at its user and its password file."
        ) from error
    except AuthorizationException as error:
        raise RepositoryUnavailable("Elasticsearch forbids this to our account; give its role the right.") from error
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


async def store_newest(
    documents: Iterable[Document], store: Callable[[Sequence[Document]], Awaitable[list[Refusal]]]
) -> list[Refusal]:
    """Store the newest version of each record by `store`; where that is refused, the one before takes its place.

    Raises:
        RepositoryUnavailable: as `store`.
    """
    refusals: list[Refusal] = []
    left = list(documents)
    while left:
        unfit = await store(newest(left))
        refusals += unfit
        refused = {(refusal.record, refusal.version) for refusal in unfit}
        records = {record for record, _ in refused}
        left = [each for each in left if each.record in records and (each.record, each.version) not in refused]
    return refusals


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
    """One document a source record, under the record's reference, with the event's version as external version.

    `read` is the alias or index that is searched.
    """

    def __init__(self, client: Client, *, read: str = READ_ALIAS) -> None:
        self._client = client
        self.read = read
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
            IndexForbidden: this service may not write, and somebody has to change that first.
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
            # Parted, because writing a larger request at once holds the event loop up.
            for part in parts(((document, _action(document)) for document in documents), BULK_BYTES):
                lines: Any = (b"".join(action for _, action in part),)  # the client sends bytes as they are
                with reached():
                    answer = await self._client.bulk(
                        operations=lines, index=alias, require_alias=True, filter_path=ANSWER
                    )
                if answer["errors"]:
                    unfit = refused(answer["items"], alias, gone=NotThere, away=RepositoryUnavailable)
                    refusals += [Refusal(part[at][0].record, part[at][0].version, unfit[at]) for at in unfit]
        return refusals

    async def search(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        """Give the stored documents that a query finds, best first.

        Raises:
            RepositoryUnavailable: the repository does not answer, or answers in part only.
        """
        with reached():
            answer = await self._client.search(index=self.read, body=body, filter_path=_HITS)
        return _sources(answer.body)

    async def search_all(self, bodies: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
        """Give the stored documents that each of several queries finds, best first, in one call.

        Raises:
            RepositoryUnavailable: the repository does not answer, or answers in part only.
        """
        return [_sources(answer) for answer in await self._answers(bodies)]

    async def search_counting(
        self, body: dict[str, Any], counted: dict[str, Any], name: str
    ) -> tuple[list[dict[str, Any]], Commonness]:
        """Give the stored documents that one query finds, and count what another finds, in one call.

        Counted are all records that `counted` finds, and how many of them each filter of its aggregation `name`.

        Raises:
            RepositoryUnavailable: the repository does not answer, or answers in part only.
        """
        hits, counts = await self._answers((body, counted))
        found = _sources(hits)
        buckets = _whole(counts)["aggregations"][name]["buckets"]
        bearers = {key: int(bucket["doc_count"]) for key, bucket in buckets.items()}
        return found, Commonness(int(counts["hits"]["total"]["value"]), bearers)

    async def _answers(self, bodies: Sequence[dict[str, Any]]) -> list[Mapping[str, Any]]:
        lines: Any = tuple(line for body in bodies for line in (b"{}", to_json(body)))  # the client sends bytes as is
        with reached():
            answer = await self._client.msearch(index=self.read, searches=lines, filter_path=_HITS_AND_COUNTS)
        answers: list[Mapping[str, Any]] = answer.body["responses"]
        return answers

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
            answer = await self._client.search(index=self.read, size=0, aggs={"groups": groups})
        return [_held(bucket) for bucket in answer["aggregations"]["groups"]["buckets"]]

    async def refresh(self, *, alias: str = READ_ALIAS) -> None:
        """Make what is stored findable now.

        Raises:
            RepositoryUnavailable: the repository does not answer.
        """
        with reached():
            await self._client.indices.refresh(index=alias)


def _sources(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [hit["_source"] for hit in _whole(answer).get("hits", {}).get("hits", ())]


def _whole(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """Hand an answer back of which nothing is missing.

    Raises:
        RepositoryUnavailable: it failed, or shards did.
    """
    if "error" in answer or answer["timed_out"] or answer["_shards"]["failed"]:
        raise RepositoryUnavailable("The repository answers in part only; it is tried again.")
    return answer


def _action(document: Document) -> bytes:
    # References are of plain ASCII without quotes (contracts.references), so they need no escaping.
    head = f'{{"index":{{"_id":"{document.record}","version":{document.version},"version_type":"external"}}}}\n'
    return head.encode() + document.source + b"\n"


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
