"""An Elasticsearch in memory, as far as the repository's indices go: aliases, documents with versions, kills."""

import asyncio
import json
from dataclasses import dataclass, field

from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig
from elasticsearch import BadRequestError, NotFoundError

from search.mapping import MAPPING, MAPPING_DIGEST

BOTH = {"records", "records-write"}


class Killed(BaseException):
    """The process that called is dead."""


class Body:
    def __init__(self, body):
        self.body = body


@dataclass
class Index:
    aliases: set = field(default_factory=set)
    documents: dict = field(default_factory=dict)
    meta: dict = field(default_factory=lambda: {"isthmus": MAPPING_DIGEST})
    fields: set = field(default_factory=lambda: set(MAPPING["properties"]))
    refreshes: bool = True

    @property
    def sign(self):
        return self.meta.get("alive")


def failure(kind, status, why="refused"):
    meta = ApiResponseMeta(status, "1.1", HttpHeaders(), 0.0, NodeConfig("http", "localhost", 9200))
    return kind(why, meta, {})


class Cluster:
    """The servers. Every change is whole, and fails as a whole."""

    def __init__(self, **held):
        self.held = {f"records-{name}": Index(set(aliases)) for name, aliases in held.items()}

    def bearer(self, alias):
        bearers = [name for name, index in self.held.items() if alias in index.aliases]
        assert len(bearers) <= 1, f"{alias} has two bearers"
        return bearers[0] if bearers else None

    def aliases(self):
        return {name: index.aliases for name, index in self.held.items()}

    def found(self):
        """The records that a search can find."""
        return set(self.held[self.bearer("records")].documents)


class Client:
    """A connection of one process. `dies_at` counts its calls: the last one is done or not, and nobody hears of it."""

    def __init__(self, cluster, *, dies_at=None, done=True):
        self.cluster = cluster
        self.calls = []
        self._dies_at = dies_at
        self._done = done

    @property
    def indices(self):
        return self

    async def close(self):
        pass

    def options(self, *, request_timeout):
        assert request_timeout
        return self

    async def exists(self, *, index):
        return await self._call("exists", lambda: index in self.cluster.held or self.cluster.bearer(index) is not None)

    async def get(self, *, index, features, ignore_unavailable):
        assert (index, features, ignore_unavailable) == ("records-*", "aliases,mappings", True)
        return await self._call("get", self._get)

    async def create(self, *, index, aliases, mappings, settings):
        return await self._call("create", lambda: self._create(index, aliases, mappings, settings))

    async def delete(self, *, index, ignore_unavailable):
        assert ignore_unavailable
        return await self._call("delete", lambda: self.cluster.held.pop(index, None))

    async def put_settings(self, *, index, settings):
        assert settings["refresh_interval"] != "-1"
        await self._call("show", lambda: setattr(self._index(index), "refreshes", True))

    async def refresh(self, *, index):
        await self._call("refresh", lambda: self._index(index))

    async def put_mapping(self, *, index, meta=None, properties=None):
        await self._call("sign" if meta else "map", lambda: self._map(self._index(index), meta, properties))
        return {"acknowledged": True}

    async def update_aliases(self, *, actions):
        await self._call("move", lambda: self._move(actions))

    async def bulk(self, *, operations, index, require_alias, filter_path):
        assert require_alias
        assert "errors" in filter_path
        lines = b"".join(operations).splitlines()
        heads = [json.loads(line)["index"] for line in lines[::2]]
        return await self._call(f"bulk {index}", lambda: self._bulk(index, heads))

    @staticmethod
    def _map(index, meta, properties):
        index.meta = meta or index.meta
        index.fields |= set(properties or ())

    def _get(self):
        found = {}
        for name, index in self.cluster.held.items():
            mappings = {"properties": {each: {} for each in index.fields}}
            if index.meta:
                mappings["_meta"] = index.meta
            found[name] = {"aliases": {alias: {} for alias in index.aliases}, "mappings": mappings}
        return Body(found)

    def _create(self, name, aliases, mappings, settings):
        if any(about.get("is_write_index") and self.cluster.bearer(alias) for alias, about in aliases.items()):
            raise failure(BadRequestError, 400)
        index = Index(set(aliases), meta=mappings["_meta"])
        index.refreshes = settings["refresh_interval"] != "-1"
        self.cluster.held[name] = index

    def _move(self, actions):
        held = {name: set(index.aliases) for name, index in self.cluster.held.items()}
        gone = [action["remove_index"]["index"] for action in actions if "remove_index" in action]
        for name in gone:
            self._index(name)
            del held[name]
        for action in actions:
            ((what, about),) = action.items()
            if what == "remove_index":
                continue
            aliases = held.get(about["index"])
            if aliases is None or (what == "remove" and about["must_exist"] and about["alias"] not in aliases):
                raise failure(NotFoundError, 404)
            (aliases.discard if what == "remove" else aliases.add)(about["alias"])
        for name in gone:
            del self.cluster.held[name]
        for name, aliases in held.items():
            self.cluster.held[name].aliases = aliases

    def _bulk(self, alias, heads):
        name = self.cluster.bearer(alias)
        if name is None:
            gone = {"index": {"status": 404, "error": {"type": "index_not_found_exception"}}}
            return {"errors": True, "items": [gone for _ in heads]}
        documents = self.cluster.held[name].documents
        for head in heads:
            documents[head["_id"]] = max(head["version"], documents.get(head["_id"], -1))
        return {"errors": False}

    def _index(self, name):
        if name not in self.cluster.held:
            raise failure(NotFoundError, 404)
        return self.cluster.held[name]

    async def _call(self, what, work):
        await asyncio.sleep(0)
        self.calls.append(what)
        dies = self._dies_at is not None and len(self.calls) >= self._dies_at
        if dies and (not self._done or len(self.calls) > self._dies_at):
            raise Killed
        answer = work()
        if dies:
            raise Killed
        await asyncio.sleep(0)
        return answer
