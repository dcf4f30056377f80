"""This module has images measured in processes of their own, which may end or hang without harm to the service."""

import queue
import subprocess
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from importlib.util import find_spec

from biometrics.gray import GrayImage
from biometrics.quality.nfiq2 import Nfiq2, read_answer, request
from biometrics.rejections import QualityUnavailable
from hub.logs import get_logger

MODULE = "biometrics.quality.measuring"
LIBRARY = "nbis"
LONGEST_S = 10.0
"""An image takes 0.2 s, the largest 2 s, the start of a process 1 s; what takes longer hangs, and is ended."""
TRIES = 2
"""A process that somebody else ended says nothing of the image: a second one is asked. Two do not end by chance."""


def can_be_measured() -> bool:
    """Tell whether the library is there: it is not made for every machine."""
    return find_spec(LIBRARY) is not None


class ProcessEnded(Exception):
    """A process ended, or was ended, while it measured."""


class QualityMeter:
    """Measures NFIQ 2, as many images at a time as there are processes. Its methods may be called from any thread."""

    name = "nfiq2"

    def __init__(self, processes: int, longest_s: float = LONGEST_S, module: str = MODULE) -> None:
        self._longest_s = longest_s
        self._module = module
        # Of a process that could not be started only the place is left, and the next image starts it.
        self._idle: queue.SimpleQueue[_Process | None] = queue.SimpleQueue()
        for _ in range(processes):
            self._idle.put(_Process(module))
        self._threads = ThreadPoolExecutor(processes, thread_name_prefix="quality")
        self._log = get_logger()

    def begin(self, image: GrayImage) -> "Future[Nfiq2]":
        """Begin to measure an image at 500 dpi; one that ends or hangs the library has no score.

        Its result raises `QualityUnavailable` where the machine has no room for the process that is to measure it.
        """
        return self._threads.submit(self._measure, image)

    def stop(self) -> None:
        """End the processes, once they have answered what they were asked."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        while not self._idle.empty():
            if process := self._idle.get():
                process.stop()

    def _measure(self, image: GrayImage) -> Nfiq2:
        process = self._idle.get() or self._another()
        try:
            for _ in range(TRIES):
                if process is None:
                    raise QualityUnavailable("The quality of images cannot be measured this moment; try again later.")
                try:
                    return process.measure(image, self._longest_s)
                except ProcessEnded:
                    self._log.warning("a process that measures quality ended; another one is started")
                    process.stop()
                    process = self._another()
            return Nfiq2(None, {})
        finally:
            self._idle.put(process)

    def _another(self) -> "_Process | None":
        """Start a process, if the machine has room for one."""
        try:
            return _Process(self._module)
        except OSError as error:
            self._log.warning("no process that measures quality could be started", reason=str(error))
            return None


class _Process:
    """One process that measures, asked by one thread at a time."""

    def __init__(self, module: str) -> None:
        command = (sys.executable, "-m", module)
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603  our own

    def measure(self, image: GrayImage, longest_s: float) -> Nfiq2:
        """Measure an image.

        Raises:
            ProcessEnded: it did, by itself or after `longest_s`; another one is needed.
        """
        assert self._process.stdin, "it is a pipe"
        assert self._process.stdout, "it is a pipe"
        timer = threading.Timer(longest_s, self._process.kill)
        timer.start()
        try:
            self._process.stdin.write(request(image))
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except OSError:
            raise ProcessEnded from None
        finally:
            timer.cancel()
        if not line.endswith(b"\n"):
            raise ProcessEnded
        return read_answer(line)

    def stop(self) -> None:
        """End it, and wait until it has ended."""
        self._process.kill()  # it keeps nothing that could be lost
        self._process.communicate()
