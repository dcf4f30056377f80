"""The life of an adapter's process: its work goes on whatever fails in it, and it ends soon after it was told to."""

import asyncio

import pytest
from aiokafka.errors import KafkaError

from adapters import process
from adapters.failures import SourceUnavailable
from adapters.process import work_until
from hub.errors import Misconfigured, Retryable


class Over(BaseException):
    """The test has seen enough."""


@pytest.mark.parametrize("failure", [ZeroDivisionError(), KafkaError("coordination"), OSError(), Retryable("away")])
async def test_a_reading_that_fails_is_begun_again_with_a_client_of_its_own(monkeypatch, failure):
    monkeypatch.setattr(process, "FIRST_WAIT_S", 0.001)
    begun = []

    async def answer():
        begun.append(1)
        raise failure if len(begun) < 3 else Over

    with pytest.raises(Over):
        await process._again_and_again(answer, "kafka")
    assert len(begun) == 3


async def test_what_only_a_person_can_mend_ends_the_process_and_all_its_work():
    ended = []

    async def fail():
        raise Misconfigured("Set it.")

    async def go_on():
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("reading")

    with pytest.raises(Misconfigured):
        await work_until(asyncio.Event(), [go_on(), process._again_and_again(fail, "kafka")])
    assert ended == ["reading"]


async def never():
    await asyncio.Event().wait()


async def leaves_late(left):
    """Work as Kafka's client does it where Kafka is gone: it commits before it leaves, and tries that for ever."""
    try:
        await never()
    finally:
        try:
            await never()
        finally:
            left.append("at last")


@pytest.fixture
def soon(monkeypatch):
    monkeypatch.setattr(process, "STOP_S", 0.05)


async def test_work_that_tries_for_ever_to_leave_in_good_order_is_ended(soon):
    stopping, left = asyncio.Event(), []
    asyncio.get_running_loop().call_later(0.01, stopping.set)
    async with asyncio.timeout(5):
        await work_until(stopping, [leaves_late(left), never()])
    assert left == ["at last"]


async def test_what_fails_for_good_ends_all_the_work_and_is_raised(soon):
    async def fails():
        raise Misconfigured("Set it up otherwise.")

    with pytest.raises(Misconfigured):
        await work_until(asyncio.Event(), [leaves_late([]), fails()])


async def test_the_log_says_in_a_sentence_what_is_waited_for(capsys, monkeypatch):
    async def away():
        raise SourceUnavailable("There is no table ALR; correct the declaration.")

    monkeypatch.setattr(process, "FIRST_WAIT_S", 60)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await process._again_and_again(away, "alert")
    assert "There is no table ALR; correct the declaration." in capsys.readouterr().out
