"""This module keeps the children of a stack alive: it starts them, restarts those that die, and stops them in order."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from deploy.local.child import ChildSpec, Kind, last_line, spawn
from deploy.local.faults import ServerFailed
from deploy.local.progress import Narrator
from deploy.local.run_file import ProcessMark, RunFile

LOOK_EVERY_S = 0.1
ASK_EVERY_S = 0.25
# A service may come a little before what it needs; a server that ends while starting is not set up right.
ENDS_ALLOWED = {Kind.SERVER: 0, Kind.SERVICE: 4}


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long to wait before the next start: doubling from `first` to `longest`, forgotten after `healthy` seconds."""

    first: float = 0.5
    longest: float = 30.0
    healthy: float = 60.0

    def wait(self, ends_in_a_row: int) -> float:
        """Give the seconds to wait after that many ends in a row (one or more)."""
        return min(self.longest, self.first * 2.0 ** min(ends_in_a_row - 1, 30))

    def in_a_row(self, before: int, lived: float) -> int:
        """Count an end of a child that lived so many seconds."""
        return 1 if lived >= self.healthy else before + 1


@dataclass(slots=True)
class Child:
    """A child and what became of it."""

    spec: ChildSpec
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    due: float = 0.0
    in_a_row: int = 0
    ends: int = 0
    mark: ProcessMark | None = field(default=None)


class Supervisor:
    """Runs children. All are spawned by one thread, which lives as long as they do (see `child.spawn`)."""

    def __init__(self, run_file: RunFile, narrator: Narrator, backoff: Backoff | None = None) -> None:
        self._run_file = run_file
        self._narrator = narrator
        self._backoff = backoff or Backoff()
        self._children: dict[str, Child] = {}
        self._lock = threading.RLock()
        self._wake = threading.Event()
        self._ended = threading.Event()
        self._stopping: set[str] = set()
        self._thread: threading.Thread | None = None

    def start(self, specs: Sequence[ChildSpec]) -> None:
        """Start children together and return when all are ready.

        Raises:
            ServerFailed: one ended, or was not ready in time; the others go on.
        """
        self._written(lambda: self._run_file.mean(spec.name for spec in specs))
        with self._lock:
            self._children |= {spec.name: Child(spec) for spec in specs}
        if self._thread is None:
            self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)
            self._thread.start()
        self._wake.set()
        waiting = list(specs)
        begun = time.monotonic()
        while waiting:
            waiting = [spec for spec in waiting if not self._is_ready(spec, begun)]
            self._ended.wait(ASK_EVERY_S)

    def stop(self) -> None:
        """Stop everything: services first, then servers."""
        for kind in (Kind.SERVICE, Kind.SERVER):
            self._stop_all([child for child in self._children.values() if child.spec.kind is kind])
        self._ended.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self._children.clear()
        self._stopping.clear()
        self._ended.clear()

    def stop_one(self, name: str) -> None:
        """Stop one child; it stays stopped."""
        self._stop_all([self._children[name]])
        with self._lock:
            self._children.pop(name)
            self._stopping.discard(name)
        self._written(lambda: self._run_file.forget(name))

    def finish(self) -> None:
        """Write down that the start is over."""
        self._written(self._run_file.finish)

    def answers(self, name: str) -> bool:
        """Tell whether a child runs and is ready now."""
        with self._lock:
            child = self._children.get(name)
            running = child is not None and child.process is not None
        return running and child is not None and child.spec.ready()

    def pids(self) -> dict[str, int]:
        """Give the process number of each child that runs now."""
        with self._lock:
            return {name: child.process.pid for name, child in self._children.items() if child.process}

    def _is_ready(self, spec: ChildSpec, begun: float) -> bool:
        with self._lock:
            child = self._children[spec.name]
            ends, running = child.ends, child.process is not None
        if ends > ENDS_ALLOWED[spec.kind]:
            raise ServerFailed(f"{spec.title} ended while starting ({last_line(spec.log)}): look into {spec.log}.")
        if running and spec.ready():
            self._written(lambda: self._run_file.is_ready(spec.name))
            return True
        if time.monotonic() - begun > spec.start_seconds:
            message = f"{spec.title} was not ready after {spec.start_seconds:.0f} seconds: look into {spec.log}."
            raise ServerFailed(message)
        return False

    def _watch(self) -> None:
        while not self._ended.is_set():
            self._wake.wait(LOOK_EVERY_S)
            self._wake.clear()
            with self._lock:
                for name, child in self._children.items():
                    if name not in self._stopping:
                        self._look_after_whatever_happens(child)

    def _look_after_whatever_happens(self, child: Child) -> None:
        try:
            self._look_after(child)
        except Exception as error:  # noqa: BLE001  the rim of this thread: where it ends, all children are ended
            child.due = time.monotonic() + self._backoff.longest
            with contextlib.suppress(Exception):
                told = f"{child.spec.title} could not be looked after ({type(error).__name__}); trying again"
                self._narrator.say(told)

    def _look_after(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is None:
            if now >= child.due:
                self._spawn(child, now)
            return
        status = child.process.poll()
        if status is None:
            return
        child.process = None
        child.ends += 1
        child.in_a_row = self._backoff.in_a_row(child.in_a_row, now - child.started)
        wait = self._backoff.wait(child.in_a_row)
        child.due = now + wait
        # The rest of its session, if any, would hold on to ports and files.
        _signal_group(child.mark, signal.SIGKILL)
        self._narrator.say(f"{child.spec.title} ended ({_ending(status)}); starting it again in {wait:g} s")

    def _spawn(self, child: Child, now: float) -> None:
        try:
            child.process = spawn(child.spec)
        except (OSError, subprocess.SubprocessError) as error:
            child.ends += 1
            child.in_a_row += 1
            child.due = now + self._backoff.wait(child.in_a_row)
            reason = error.strerror if isinstance(error, OSError) else error
            self._narrator.say(f"{child.spec.title} could not be started ({reason}); trying again")
            return
        child.started = now
        child.mark = ProcessMark.of(child.spec.name, child.process.pid)
        marks = {name: each.mark for name, each in self._children.items() if each.process and each.mark}
        self._written(lambda: self._run_file.write(marks))
        if child.ends:
            self._narrator.say(f"{child.spec.title} was started again")

    def _written(self, write: Callable[[], None]) -> None:
        """Write down what runs. Where it cannot be, all runs the same; after a kill it has to be ended by hand."""
        try:
            write()
        except OSError as error:
            self._narrator.say(f"What runs could not be written down ({error.strerror}): make room on the disk")

    def _stop_all(self, children: Sequence[Child]) -> None:
        with self._lock:
            self._stopping |= {child.spec.name for child in children}
            running = [child for child in children if child.process]
        for child in running:
            assert child.process is not None
            with contextlib.suppress(ProcessLookupError):
                child.process.send_signal(child.spec.stop_signal)
        deadlines = [(child, time.monotonic() + child.spec.stop_seconds) for child in running]
        for child, deadline in deadlines:
            self._await_end(child, deadline)

    def _await_end(self, child: Child, deadline: float) -> None:
        """Wait until the child and all of its session are gone; what is left at the deadline is killed."""
        assert child.process is not None
        try:
            child.process.wait(max(deadline - time.monotonic(), 0.0))
            while _group_lives(child.mark) and time.monotonic() < deadline:
                time.sleep(LOOK_EVERY_S)
        except subprocess.TimeoutExpired:
            self._narrator.say(f"{child.spec.title} did not stop in time and was killed")
        _signal_group(child.mark, signal.SIGKILL)
        child.process.wait()
        child.process = None


def _group_lives(mark: ProcessMark | None) -> bool:
    if mark is None:
        return False
    try:
        os.killpg(mark.pid, 0)
    except ProcessLookupError:
        return False
    return True


def _signal_group(mark: ProcessMark | None, number: signal.Signals) -> None:
    if mark is not None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(mark.pid, number)


def _ending(status: int) -> str:
    if status < 0:
        return f"signal {signal.Signals(-status).name}"
    return f"status {status}"
