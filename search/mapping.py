"""This module holds the shape of the repository's index: keyword fields alone, and the record as its source sent it."""

import hashlib
import json
from typing import Any

READ_ALIAS = "records"
WRITE_ALIAS = "records-write"
REBUILD_ALIAS = "records-rebuild"
OLD_ALIAS = "records-write-old"
"""In place of `records-write` while the projector writes to two indices: what is read, and what a rebuild fills."""
INDEX_PREFIX = "records-"
REFRESH_INTERVAL = "1s"
"""How long a record may be stored without being found; half of it costs a tenth of the indexing, in small segments."""
MERGING = {"floor_segment": "16mb", "segments_per_tier": 5}
"""Few segments: a search asks each of them for each of its keys. Elasticsearch's own 10 of 2 MB leave some thirty."""

_GROUPED: dict[str, Any] = {"type": "keyword", "index_options": "docs", "norms": False}
_KEY: dict[str, Any] = {"type": "keyword", "index_options": "docs", "norms": False, "doc_values": False}
_KEPT: dict[str, Any] = {"type": "keyword", "index": False, "doc_values": False}

GROUPED = ("system", "contract", "subject")
KEYS = ("name", "token", "skeleton", "slip", "born", "document", "nationality", "sex")
KEPT = ("record", "event", "flow")
"""Shown and never looked for: to index an id that no other record has costs as much as all keys of a name."""

MAPPING: dict[str, Any] = {
    "dynamic": "strict",
    "properties": {
        **dict.fromkeys(GROUPED, _GROUPED),
        **dict.fromkeys(KEYS, _KEY),
        **dict.fromkeys(KEPT, _KEPT),
        "version": {"type": "long", "index": False},
        "erased": {"type": "boolean"},
        "payload": {"type": "object", "enabled": False},
    },
}

MARK = "isthmus"
"""Under this name an index says in its `_meta` that it is ours, and with which mapping it was filled."""
MAPPING_DIGEST = hashlib.sha256(json.dumps(MAPPING, sort_keys=True).encode()).hexdigest()[:10]


def index_body(*, refresh_interval: str = REFRESH_INTERVAL) -> dict[str, Any]:
    """Give settings and mapping of a new index; one shard holds some ten million records."""
    return {
        "settings": {
            "number_of_shards": 1,
            "number_of_replicas": 0,
            "refresh_interval": refresh_interval,
            "merge.policy": MERGING,
            "index.mapping.coerce": False,
        },
        "mappings": MAPPING,
    }
