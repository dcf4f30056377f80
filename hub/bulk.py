"""This module holds the rules of Elasticsearch's bulk requests: how documents are parted, and what the answer means."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from hub.errors import Misconfigured, Rejected, Retryable

ANSWER = "errors,items.index.status,items.index.error.type"
"""The `filter_path` of what is judged here: of a refusal its class, never its text, which may hold values."""

_STORED = {200, 201}
_OLDER = 409  # by external version: what is held is this version or a newer one
_UNFIT = 400
_FORBIDDEN = 403
BLOCKED = "cluster_block_exception"
GONE = "index_not_found_exception"

Document = TypeVar("Document")


class IndexForbidden(Misconfigured):
    """Elasticsearch does not let this service read or write an index."""

    code = "index-forbidden"


class IndexRefused(Misconfigured):
    """Elasticsearch does not make an index that this service needs."""

    code = "index-refused"


def parts(actions: Iterable[tuple[Document, bytes]], limit: int) -> Iterator[list[tuple[Document, bytes]]]:
    """Cut documents, each with its lines, into requests of at most `limit` bytes; a larger one goes alone."""
    part: list[tuple[Document, bytes]] = []
    size = 0
    for action in actions:
        length = len(action[1])
        if part and size + length > limit:
            yield part
            part, size = [], 0
        part.append(action)
        size += length
    if part:
        yield part


def refused(
    items: Sequence[Mapping[str, Any]], index: str, *, gone: type[Retryable], away: type[Retryable]
) -> dict[int, Rejected]:
    """Judge the answer to a request: give what the index refuses for good, by places in the request.

    Raises:
        Retryable: of the class `gone` where there is no such index; of the class `away` where it takes nothing now,
            for instance because it is overloaded: all that another time may take is kept for it.
        IndexForbidden: this service lacks the right to write it, or somebody has blocked it.
    """
    found: dict[int, Rejected] = {}
    for place, item in enumerate(items):
        status = item["index"]["status"]
        if status in _STORED or status == _OLDER:
            continue
        kind = item["index"].get("error", {}).get("type", "")
        if kind == GONE:
            raise gone(f"The index {index} is not there now; it is tried again.")
        if status == _FORBIDDEN:
            raise forbidden(index, blocked=kind == BLOCKED)
        if status != _UNFIT:
            raise away(f"The index {index} takes no documents now; it is tried again.")
        found[place] = Rejected(f"The index refuses the document: {kind}.", code="not-indexable")
    return found


def forbidden(index: str, *, blocked: bool = False) -> IndexForbidden:
    """Say what a person has to change before an index can be written."""
    if blocked:
        return IndexForbidden(f"The index {index} is blocked for writing; lift its `index.blocks`.")
    return IndexForbidden(f"Elasticsearch forbids to write {index}; give this service's role the right `index` on it.")


def not_made(index: str, kind: str) -> IndexRefused:
    """Say what a person has to look at before an index can be made; `kind` is the class of Elasticsearch's refusal."""
    return IndexRefused(
        f"Elasticsearch does not make the index {index} ({kind}); see whether it holds as many shards as it may, and "
        "drop what nobody needs or raise `cluster.max_shards_per_node`."
    )
