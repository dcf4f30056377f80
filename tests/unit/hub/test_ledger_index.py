"""The ledger's index where others drop it, Elasticsearch makes it by itself, or two ledgers fill it at once."""

import asyncio

import pytest
from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig
from elasticsearch import (
    AuthorizationException,
    BadRequestError,
    ConflictError,
    NotFoundError,
)

from hub.errors import Misconfigured
from hub.ledger.filling import Filling
from hub.ledger.index import INDEX, LedgerIndex, LedgerUnavailable
from hub.ledger.pages import MAPPING

PAGES = [("audit.router/0/0", b"{}"), ("audit.router/0/1", b"{}")]


def failure(kind, status, why):
    return kind(why, ApiResponseMeta(status, "1.1", HttpHeaders(), 0.0, NodeConfig("http", "localhost", 9200)), {})


class Elasticsearch:
    """One index, which anyone may drop; `makes` it by itself for whoever writes, unless told not to."""

    def __init__(self, *, makes=False):
        self.indices = self
        self.makes = makes
        self.blocked = False
        self.starting = False
        self.full = False
        self.unread = False
        self.unmade = False
        self.unrefreshed = False
        self.away = None
        self.drop()

    def drop(self):
        self.mapping, self.found, self.held = None, {}, {}

    def options(self, **_options):
        return self

    def _must_be_there(self):
        if self.mapping is None:
            raise failure(NotFoundError, 404, "index_not_found_exception")

    def _may_be_written(self):
        if self.mapping is None and self.makes:
            self.mapping = {"properties": {}}
        self._must_be_there()
        if self.blocked:
            raise failure(AuthorizationException, 403, "cluster_block_exception")

    def _may_be_read(self):
        if self.away:
            raise self.away
        if self.unread:
            raise failure(AuthorizationException, 403, "security_exception")

    async def exists(self, *, index):
        assert index == INDEX
        self._may_be_read()
        return self.mapping is not None

    async def get_mapping(self, *, index):
        self._must_be_there()
        return {index: {"mappings": self.mapping}}

    async def refresh(self, *, index):
        assert index == INDEX
        if self.unrefreshed:
            raise failure(AuthorizationException, 403, "security_exception")
        self._must_be_there()
        self.found = dict(self.held)

    async def create(self, *, index, mappings=None, id=None, document=None, **_settings):  # noqa: A002
        assert index == INDEX
        if mappings is not None:
            if self.unmade:
                raise failure(AuthorizationException, 403, "cluster_block_exception")
            if self.full:
                raise failure(BadRequestError, 400, "validation_exception")
            if self.mapping is not None:
                raise failure(BadRequestError, 400, "resource_already_exists_exception")
            self.mapping = mappings
            return
        self._may_be_written()
        if id in self.held:
            raise failure(ConflictError, 409, "version_conflict_engine_exception")
        self.held[id] = document

    async def index(self, *, index, id, document):  # noqa: A002
        assert index == INDEX
        self._may_be_written()
        self.held[id] = document

    async def get(self, *, index, id):  # noqa: A002
        assert index == INDEX
        self._may_be_read()
        self._must_be_there()
        if id not in self.held:
            raise failure(NotFoundError, 404, "not_found")
        return {"_source": self.held[id]}

    async def mget(self, *, index, ids):
        assert index == INDEX
        self._may_be_read()
        if self.starting:
            return {"docs": [{"error": {"type": "no_shard_available_action_exception"}} for _ in ids]}
        if self.mapping is None:  # of one index alone the real one says so of each document, under status 200
            return {"docs": [{"error": {"type": "index_not_found_exception"}} for _ in ids]}
        return {"docs": [self._found(each) for each in ids]}

    def _found(self, document):
        if document in self.held:
            return {"found": True, "_source": self.held[document]}
        return {"found": False}

    async def bulk(self, *, operations, **_request):
        assert operations
        if self.mapping is None and not self.makes:
            return {
                "errors": True,
                "items": [{"index": {"status": 404, "error": {"type": "index_not_found_exception"}}}],
            }
        try:
            self._may_be_written()
        except AuthorizationException as error:
            return {"errors": True, "items": [{"index": {"status": 403, "error": {"type": error.error}}}]}
        self.held.update(PAGES)
        return {"errors": False, "items": []}


class Log:
    """The log of `PAGES`."""

    def __init__(self, index, meanwhile):
        self.index, self.meanwhile = index, meanwhile

    async def open(self, _wanted):
        pass

    async def ends(self):
        return {}

    async def read_to(self, _ends):
        await self.meanwhile()
        yield PAGES

    async def close(self):
        pass


async def nothing():
    """Let nothing happen."""


def filling(index, meanwhile=nothing):
    return Filling(index, index.store, lambda: Log(index, meanwhile))


async def test_an_index_is_whole_once_it_was_filled_and_its_pages_are_found_then():
    elastic = Elasticsearch()
    index = LedgerIndex(elastic)
    assert not await index.is_whole()
    assert await filling(index).fill_if_new()
    assert await index.is_whole()
    assert dict(PAGES).items() <= elastic.found.items()


async def test_an_index_whose_shard_is_not_up_yet_is_waited_for_and_not_filled_again():
    elastic = Elasticsearch()
    index = LedgerIndex(elastic)
    await filling(index).fill_if_new()
    elastic.starting = True
    with pytest.raises(LedgerUnavailable):
        await index.is_whole()
    elastic.starting = False
    assert not await filling(index).fill_if_new()


async def test_an_index_that_was_dropped_is_made_with_its_mapping_and_filled():
    elastic = Elasticsearch()
    index = LedgerIndex(elastic)
    await filling(index).fill_if_new()
    elastic.drop()
    assert await filling(index).fill_if_new()
    assert (elastic.mapping, await index.is_whole(), index.fault) == (MAPPING, True, None)


async def test_an_index_that_elasticsearch_made_is_a_fault_and_is_not_filled_until_it_is_deleted():
    elastic = Elasticsearch(makes=True)
    index = LedgerIndex(elastic)
    await filling(index).fill_if_new()
    elastic.drop()
    await index.store(PAGES)
    assert elastic.mapping != MAPPING
    for _ in range(2):
        with pytest.raises(Misconfigured, match=f"auto_create_index.* delete {INDEX}"):
            await filling(index).fill_if_new()
        with pytest.raises(Misconfigured):
            await index.store(PAGES)
        assert index.fault is not None
    elastic.drop()
    assert await filling(index).fill_if_new()
    assert (elastic.mapping, await index.is_whole(), index.fault) == (MAPPING, True, None)


async def test_an_index_that_elasticsearch_made_before_the_ledger_began_is_the_same_fault():
    elastic = Elasticsearch(makes=True)
    await elastic.index(index=INDEX, id="p", document={})
    with pytest.raises(Misconfigured):
        await LedgerIndex(elastic).is_whole()


async def test_an_index_that_elasticsearch_made_for_the_mark_is_not_filled():
    elastic = Elasticsearch(makes=True)
    index = LedgerIndex(elastic)
    assert not await index.is_whole()
    elastic.drop()
    with pytest.raises(Misconfigured):
        await index.begin_filling()
    with pytest.raises(Misconfigured):
        await index.store(PAGES)
    assert index.fault is not None


@pytest.mark.parametrize("makes", [False, True])
async def test_an_index_that_was_replaced_while_it_was_filled_is_not_whole(makes):
    elastic = Elasticsearch(makes=makes)
    index, other = LedgerIndex(elastic), LedgerIndex(elastic)

    async def replace():
        elastic.drop()
        if not makes:
            await other.is_whole()
            await other.begin_filling()

    with pytest.raises(LedgerUnavailable):
        await filling(index, replace).fill_if_new()
    if makes:
        with pytest.raises(Misconfigured):
            await index.is_whole()
    else:
        assert not await index.is_whole()


async def test_two_ledgers_that_fill_at_once_both_end():
    elastic = Elasticsearch()
    one, other = LedgerIndex(elastic), LedgerIndex(elastic)
    both = asyncio.Barrier(2)
    await asyncio.gather(*(filling(each, both.wait).fill_if_new() for each in (one, other)))
    assert await one.is_whole()
    assert await other.is_whole()


async def test_a_ledger_that_ends_late_does_not_call_the_index_whole_that_another_begins_to_fill():
    elastic = Elasticsearch()
    late, other = LedgerIndex(elastic), LedgerIndex(elastic)
    await late.is_whole()
    mark = await late.begin_filling()
    elastic.drop()
    await other.is_whole()
    theirs = await other.begin_filling()
    with pytest.raises(LedgerUnavailable):
        await late.end_filling(mark)
    assert not await other.is_whole()
    await other.end_filling(theirs)
    assert await other.is_whole()


async def test_an_index_that_another_makes_at_the_same_moment_is_taken():
    class Raced(Elasticsearch):
        async def exists(self, *, index):
            there = await super().exists(index=index)
            self.mapping = self.mapping or MAPPING
            return there

    index = LedgerIndex(Raced())
    assert not await index.is_whole()
    assert index.fault is None
