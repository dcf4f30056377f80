"""What the ledger's health says a person has to change before pages are stored and found, and when it says no more."""

import asyncio

import pytest
from elasticsearch import ApiError, ConnectionTimeout

from hub.bulk import IndexForbidden, IndexRefused
from hub.errors import Misconfigured
from hub.ledger.index import INDEX, LedgerIndex, LedgerUnavailable
from tests.unit.hub.test_ledger_index import PAGES, Elasticsearch, failure, filling


async def test_a_block_is_a_fault_that_is_told_while_it_is_waited_for_and_the_filling_is_begun_again():
    elastic = Elasticsearch()
    index, faults = LedgerIndex(elastic), []

    async def block():
        elastic.blocked = not faults

    async def wait(_seconds):
        faults.append(index.fault)
        elastic.blocked = len(faults) == 1
        if len(faults) == 3:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await filling(index, block).keep_whole(wait)
    assert faults[2] is None
    assert all(f"index {INDEX} is blocked" in fault for fault in faults[:2])
    assert await index.is_whole()


async def test_health_forgets_a_fault_once_pages_are_stored():
    elastic = Elasticsearch()
    index = LedgerIndex(elastic)
    await index.is_whole()
    elastic.blocked = True
    with pytest.raises(Misconfigured):
        await index.begin_filling()
    assert index.fault is not None
    elastic.blocked = False
    await index.store(PAGES)
    assert index.fault is None


async def test_an_index_that_elasticsearch_does_not_make_is_a_fault_until_it_does():
    elastic = Elasticsearch()
    index = LedgerIndex(elastic)
    elastic.full = True
    for asked in (index.is_whole, lambda: index.store(PAGES), lambda: index.pages_with(["f"], None, 9)):
        with pytest.raises(IndexRefused, match=rf"{INDEX} \(validation_exception\).*max_shards_per_node"):
            await asked()
        assert index.fault is not None
        assert "max_shards_per_node" in index.fault
    elastic.full = False
    assert await filling(index).fill_if_new()
    assert (await index.is_whole(), index.fault) == (True, None)


@pytest.mark.parametrize("was_there", [False, True])
async def test_a_right_that_is_missing_to_read_is_a_fault_until_it_is_given(was_there):
    elastic = Elasticsearch()
    index = LedgerIndex(elastic)
    if was_there:
        await filling(index).fill_if_new()
    elastic.unread = True
    with pytest.raises(IndexForbidden, match=f"forbids to read {INDEX}.*`view_index_metadata`"):
        await index.is_whole()
    assert index.fault is not None
    elastic.unread = False
    assert (await index.is_whole(), index.fault) == (was_there, None)


@pytest.mark.parametrize("was_there", [False, True])
async def test_whoever_stores_without_the_right_to_look_is_told_of_that_right(was_there):
    elastic = Elasticsearch()
    if was_there:
        await filling(LedgerIndex(elastic)).fill_if_new()
    index = LedgerIndex(elastic)
    elastic.unread = True
    with pytest.raises(IndexForbidden, match="`view_index_metadata`"):
        await index.store(PAGES)
    assert index.fault is not None
    assert "`view_index_metadata`" in index.fault
    assert "right `index`" not in index.fault
    elastic.unread = False
    await index.store(PAGES)
    assert index.fault is None


@pytest.mark.parametrize("right", ["read", "maintenance"])
async def test_a_right_that_lacks_while_it_is_filled_is_told_by_its_name(right):
    elastic = Elasticsearch()
    index = LedgerIndex(elastic)
    await index.is_whole()
    mark = await index.begin_filling()
    elastic.unread, elastic.unrefreshed = right == "read", right == "maintenance"
    with pytest.raises(IndexForbidden, match=f"`{right}`"):
        await (index.begin_filling() if right == "read" else index.end_filling(mark))
    assert "right `index`" not in str(index.fault)
    elastic.unread = elastic.unrefreshed = False
    await index.end_filling(await index.begin_filling())
    assert (await index.is_whole(), index.fault) == (True, None)


async def test_a_block_on_making_indices_is_not_told_as_one_of_an_index_that_is_not_there():
    elastic = Elasticsearch()
    index = LedgerIndex(elastic)
    elastic.unmade = True
    for asked in (index.is_whole, lambda: index.store(PAGES)):
        with pytest.raises(IndexRefused, match=r"lift `cluster\.blocks\.create_index`"):
            await asked()
        assert "index.blocks" not in str(index.fault)
    elastic.unmade = False
    assert (await index.is_whole(), index.fault) == (False, None)


@pytest.mark.parametrize(
    ("away", "known"),
    [(failure(ApiError, 503, "unavailable"), False), (ConnectionTimeout("timed out"), True)],
)
async def test_a_fault_goes_once_elasticsearch_answers_otherwise_and_stays_while_it_is_silent(away, known):
    elastic = Elasticsearch()
    index = LedgerIndex(elastic)
    elastic.unread = True
    with pytest.raises(IndexForbidden):
        await index.is_whole()
    elastic.away = away
    with pytest.raises(LedgerUnavailable):
        await index.is_whole()
    assert (index.fault is not None) is known


async def test_a_fault_goes_once_the_right_was_given_though_a_shard_is_not_up():
    elastic = Elasticsearch()
    index = LedgerIndex(elastic)
    await filling(index).fill_if_new()
    elastic.unread = True
    with pytest.raises(IndexForbidden):
        await index.is_whole()
    elastic.unread, elastic.starting = False, True
    with pytest.raises(LedgerUnavailable):
        await index.is_whole()
    assert index.fault is None


async def test_of_two_faults_both_are_told():
    elastic = Elasticsearch()
    index = LedgerIndex(elastic)
    await filling(index).fill_if_new()
    elastic.blocked = elastic.unread = True
    for asked in (lambda: index.store(PAGES), index.is_whole):
        with pytest.raises(IndexForbidden):
            await asked()
    assert "is blocked for writing" in str(index.fault)
    assert "`view_index_metadata`" in str(index.fault)
