"""This module proves on real servers that what is killed comes back by itself."""

import os
import signal
import time

import pytest

from deploy.local.faults import AlreadyUp
from deploy.local.stack import Stack

pytestmark = pytest.mark.servers

DEADLINE_S = 300.0


@pytest.mark.parametrize("server", ["kafka", "elasticsearch", "postgres"])
def test_a_killed_server_comes_back(stack: Stack, server: str) -> None:
    before = stack.pids()[server]
    os.kill(before, signal.SIGKILL)
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline:
        now = stack.pids().get(server)
        if now not in {None, before} and stack.answers(server):
            return
        time.sleep(0.2)
    pytest.fail(f"{server} did not come back")


def test_a_second_start_says_that_the_stack_is_up(stack: Stack) -> None:
    with pytest.raises(AlreadyUp, match=rf"started by process {os.getpid()}"):
        Stack.open(stack.name).start()


def test_another_process_finds_the_addresses_and_the_status(stack: Stack) -> None:
    other = Stack.open(stack.name)
    assert other.is_up()
    assert other.addresses == stack.addresses
    assert {process.name for process in other.status().processes} >= {"kafka", "elasticsearch", "postgres"}
    assert other.status().well
