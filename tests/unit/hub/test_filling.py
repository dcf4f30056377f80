"""The ledger's index is filled from the log where it is new, and says until then that it is not whole."""

import asyncio

import pytest

from hub.errors import Misconfigured, Retryable
from hub.ledger.filling import PAGES_AT_ONCE, Filling
from hub.ledger.index import LedgerUnavailable
from tests.unit.hub.test_ledger import entry, message


class Index:
    """An index that may be emptied."""

    def __init__(self):
        self.empty()

    def empty(self):
        self.whole, self.mark, self.pages = False, None, []
        self.when_marked = lambda: None

    async def is_whole(self):
        return self.whole

    async def begin_filling(self):
        self.mark = object()
        self.when_marked()
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
        return len(self.pages)

    async def read_to(self, ends):
        yield self.pages[:ends][: self.breaks_at]
        self.meanwhile()
        if self.breaks_at is not None:
            raise LedgerUnavailable("Kafka went away.")

    async def close(self):
        self.closed += 1


PAGES = [message(entry(), offset=offset) for offset in range(2 * PAGES_AT_ONCE + 1)]


def filling(index, log, failures=()):
    """A filling of the index, whose parts fail at first as the failures say; nothing is one that goes through."""
    failures = list(failures)

    async def handle(batch):
        assert len(batch) <= PAGES_AT_ONCE
        failure = failures.pop(0) if failures else None
        if failure is not None:
            raise failure
        index.pages += batch
        return []

    return Filling(index, handle, lambda: log)


async def test_a_new_index_is_filled_once_from_the_beginning_of_the_log():
    index, log = Index(), Log(PAGES)
    assert await filling(index, log).fill_if_new()
    assert (index.pages, index.whole, log.closed) == (PAGES, True, 1)
    assert not await filling(index, log).fill_if_new()
    assert index.pages == PAGES


async def test_what_came_into_the_log_before_the_index_was_marked_is_in_it():
    # Until then it may have gone into the index that was dropped.
    index, log = Index(), Log(PAGES[:1])
    index.when_marked = lambda: log.pages.append(PAGES[1])
    assert await filling(index, log).fill_if_new()
    assert index.pages == PAGES[:2]


async def test_an_index_that_is_away_for_a_moment_is_filled_on():
    index, log = Index(), Log(PAGES)
    assert await filling(index, log, [None, LedgerUnavailable("away")]).fill_if_new()
    assert (index.pages, index.whole) == (PAGES, True)


async def test_what_a_person_has_to_change_ends_nothing_and_the_filling_is_begun_again():
    index, looks = Index(), []

    async def wait(_seconds):
        looks.append(index.whole)
        if len(looks) == 2:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await filling(index, Log(PAGES), [None, Misconfigured("Lift the block.")]).keep_whole(wait)
    assert looks == [False, True]


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
