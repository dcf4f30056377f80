"""The engine's threads: one request leaves one of them to others, and what came of each item is told in order."""

import asyncio
import threading

import pytest

from biometrics.engine_threads import EngineThreads


@pytest.fixture(params=[1, 2, 4])
def count(request):
    return request.param


@pytest.fixture
def threads(count):
    threads = EngineThreads(count)
    yield threads
    threads.stop()


async def test_one_request_never_takes_all_threads(threads, count):
    """All its items stand still until somebody else's call went through; of one thread it has no more than one."""
    running, most, lock, let_go, begun = 0, 0, threading.Lock(), threading.Event(), threading.Semaphore(0)

    def item():
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        begun.release()
        assert let_go.wait(20)
        with lock:
            running -= 1

    request = asyncio.create_task(threads.run_each(lambda _: threads.run(item), range(10)))
    for _ in range(max(1, count - 1)):
        await asyncio.to_thread(begun.acquire)
    if count == 1:
        let_go.set()
    await asyncio.wait_for(threads.run(lambda: None), 20)
    let_go.set()
    assert await request == [None] * 10
    assert most == max(1, count - 1)


async def test_another_request_comes_in_between_the_items_of_a_single_thread():
    threads, done, begun = EngineThreads(1), [], threading.Event()

    def item(name):
        begun.set()
        done.append(name)

    def first():
        begun.set()
        assert waiting.wait(20)
        done.append("first")

    waiting = threading.Event()
    request = asyncio.create_task(
        threads.run_each(lambda n: threads.run(first) if n == 0 else threads.run(item, n), range(5))
    )
    await asyncio.to_thread(begun.wait)
    other = asyncio.create_task(threads.run(item, "other"))
    await asyncio.sleep(0)
    waiting.set()
    await asyncio.gather(request, other)
    threads.stop()
    assert done == ["first", "other", 1, 2, 3, 4]


async def test_requests_that_are_spared_no_thread_take_turns(count):
    """The first has all threads while it is alone; the second is asked for before the rest of the first."""
    let_go, asked = threading.Event(), []

    class Heard(EngineThreads):
        async def run(self, work, *args):
            asked.append(*args)
            return await super().run(work, *args)

    threads = Heard(count, spared=0)
    requests = [
        asyncio.create_task(threads.run_all(lambda _: let_go.wait(20), [name] * items))
        for name, items in (("first", 5 * count), ("second", count))
    ]
    while "second" not in asked:  # noqa: ASYNC110  nothing tells of it
        await asyncio.sleep(0)
    let_go.set()
    await asyncio.gather(*requests)
    threads.stop()
    assert asked == ["first"] * count + ["second"] * count + ["first"] * 4 * count


async def test_what_came_of_all_items_is_given_in_order_or_the_first_error(threads):
    assert await threads.run_all(lambda number: number * 10, range(5)) == [0, 10, 20, 30, 40]
    with pytest.raises(ZeroDivisionError):
        await threads.run_all(lambda number: 1 / number, range(-1, 2))


async def test_what_came_of_each_item_is_given_in_order(threads):
    async def work(number):
        await asyncio.sleep(0)
        if number == 2:
            raise ValueError("the third")
        return number * 10

    found = await threads.run_each(work, range(5))
    assert [each for each in found if not isinstance(each, BaseException)] == [0, 10, 30, 40]
    assert isinstance(found[2], ValueError)
