"""The work of an adapter's process goes on whatever fails in it, and ends where only a person can mend it."""

import asyncio

import pytest
from aiokafka.errors import KafkaError

from adapters import process
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
        await process._until(asyncio.Event(), [go_on(), process._again_and_again(fail, "kafka")])
    assert ended == ["reading"]
