"""The ledger's index is filled from the log where it is new, and says until then that it is not whole."""

import asyncio

import pytest

from hub.errors import Retryable
from hub.ledger.filling import PAGES_AT_ONCE, Filling
from hub.ledger.index import LedgerUnavailable
from tests.unit.hub.test_ledger import entry, message


class Index:
    """An index that may be emptied."""

    def __init__(self):
        self.empty()

    def empty(self):
        self.whole, self.mark, self.pages = False, None, []

    async def is_whole(self):
        return self.whole

    async def begin_filling(self):
        self.mark = object()
        return self.mark

    async def end_filling(self, mark):
        if mark is not self.mark:
            raise LedgerUnavailable("It is another index.")
        self.whole = True


class Log:
    """A log of pages in batches, which may break off."""

    def __init__(self, pages, breaks_at=None, meanwhile=lambda: None):
        self.pages, self.breaks_at, self.meanwhile = pages, breaks_at, meanwhile
        self.closed = 0

    async def open(self, wanted):
        assert wanted("audit.router")
        assert not wanted("out.person.v1")
        return ["audit.router"]

    async def ends(self):
        return {}

    async def read_to(self, _ends):
        yield self.pages[: self.breaks_at]
        self.meanwhile()
        if self.breaks_at is not None:
            raise LedgerUnavailable("Kafka went away.")

    async def close(self):
        self.closed += 1


PAGES = [message(entry(), offset=offset) for offset in range(2 * PAGES_AT_ONCE + 1)]


def filling(index, log):
    async def handle(batch):
        assert len(batch) <= PAGES_AT_ONCE
        index.pages += batch
        return []

    return Filling(index, handle, lambda: log)


async def test_a_new_index_is_filled_once_from_the_beginning_of_the_log():
    index, log = Index(), Log(PAGES)
    assert await filling(index, log).fill_if_new()
    assert (index.pages, index.whole, log.closed) == (PAGES, True, 1)
    assert not await filling(index, log).fill_if_new()
    assert index.pages == PAGES


async def test_a_filling_that_breaks_off_leaves_the_index_not_whole_and_is_begun_again():
    index, log = Index(), Log(PAGES, breaks_at=5)
    with pytest.raises(Retryable):
        await filling(index, log).fill_if_new()
    assert (index.whole, log.closed) == (False, 1)
    assert await filling(index, Log(PAGES)).fill_if_new()


async def test_an_index_that_is_emptied_while_it_is_filled_is_not_taken_for_whole():
    index = Index()
    with pytest.raises(Retryable):
        await filling(index, Log(PAGES, meanwhile=index.empty)).fill_if_new()
    assert not index.whole


async def test_it_is_looked_again_and_again_whether_somebody_emptied_the_index():
    index, looks = Index(), []

    async def wait(_seconds):
        looks.append(index.whole)
        if len(looks) == 3:
            raise asyncio.CancelledError
        index.empty()

    with pytest.raises(asyncio.CancelledError):
        await filling(index, Log(PAGES)).keep_whole(wait)
    assert looks == [True, True, True]
