"""This module runs parts of a measurement in processes of their own, so that they do not slow each other down."""

import contextlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from multiprocessing.context import SpawnProcess
from typing import Any, ParamSpec, TypeVar

from deploy.bench.figures import MeasurementFailed
from hub.logs import configure_logs
from hub.settings import LogSettings

P = ParamSpec("P")
R = TypeVar("R")

END_S = 10.0
_THREADS = "OPENBLAS_NUM_THREADS"


def run_apart(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a function of a module in a process of its own, and give what it returns."""
    # Spawned, not forked: this process has threads, and a JVM may be started in the other.
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_quietly, partial(function, *args, **kwargs)).result()


@contextlib.contextmanager
def one_core() -> Iterator[None]:
    """Let processes that are started inside calculate in one thread: numpy's library reads this once, at its start."""
    before = os.environ.get(_THREADS)
    os.environ[_THREADS] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_THREADS]
        else:
            os.environ[_THREADS] = before


class Helpers:
    """Processes that run until they are told to stop."""

    def __init__(self) -> None:
        self._running: list[SpawnProcess] = []

    def start(self, function: Callable[..., None], *args: Any) -> None:
        """Start a function of a module; what it needs to know is handed over by a pipe."""
        process = get_context("spawn").Process(target=_quietly, args=(partial(function, *args),), daemon=True)
        process.start()
        self._running.append(process)

    def check(self) -> None:
        """Look whether all are well.

        Raises:
            MeasurementFailed: one ended with an error.
        """
        if any(process.exitcode for process in self._running):
            raise MeasurementFailed("A process of the bare flow ended with an error, which it printed above.")

    def stop(self) -> None:
        """End all of them."""
        for process in self._running:
            process.terminate()
        for process in self._running:
            process.join(END_S)
            if process.is_alive():
                process.kill()
        self._running.clear()


@contextlib.contextmanager
def helpers() -> Iterator[Helpers]:
    """Give processes that end with the block, however it ends."""
    started = Helpers()
    try:
        yield started
    finally:
        started.stop()


def _quietly(function: Callable[[], R]) -> R:
    """Call a function in a fresh process, where nobody has told the libraries yet what to be silent of."""
    configure_logs(LogSettings(level="warning"), "bench")
    return function()
