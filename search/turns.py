"""This module lets long work on the event loop give others their turn, and stay pure: it is done in steps."""

import asyncio
import time
from collections.abc import Generator
from typing import TypeVar

_Result = TypeVar("_Result")

TURN_S = 0.02
"""How long is worked at a stretch, which is longer than nearly all searches take for all of theirs."""

Steps = Generator[None, None, _Result]
"""Work that may be left between two of its steps."""


def at_once(steps: Steps[_Result]) -> _Result:
    """Do all steps."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            result: _Result = done.value
            return result


async def in_turns(steps: Steps[_Result]) -> _Result:
    """Do all steps; whoever else waits has a turn after each `TURN_S`."""
    turn = time.perf_counter()
    while True:
        try:
            next(steps)
        except StopIteration as done:
            result: _Result = done.value
            return result
        if time.perf_counter() - turn > TURN_S:
            await asyncio.sleep(0)
            turn = time.perf_counter()
