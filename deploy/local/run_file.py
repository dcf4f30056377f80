"""This module remembers on disk who runs a stack, so that a later process finds it, or ends what it left behind."""

import contextlib
import fcntl
import json
import os
import signal
import threading
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Self

import psutil

from deploy.local.atomic import write_atomically
from deploy.local.faults import AlreadyUp, ServerFailed
from deploy.local.progress import Narrator

# Start times are read from the kernel's clock ticks and may differ in the last digits.
SAME_START_S = 0.05
END_SECONDS = 20.0
STOP_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class ProcessMark:
    """A process, told apart from later ones of the same number by its start time (seconds since 1970)."""

    name: str
    pid: int
    started: float

    @classmethod
    def of(cls, name: str, pid: int) -> Self | None:
        """Mark a living process; `None` when it is gone already."""
        try:
            return cls(name, pid, psutil.Process(pid).create_time())
        except psutil.Error:
            return None

    def alive(self) -> psutil.Process | None:
        """Give the process while it is the same one and not a zombie."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.started) < SAME_START_S
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except psutil.Error:
            return None


@dataclass(slots=True)
class Run:
    """Who runs the stack, its children, and what is meant to run.

    `ready` are those that were ready once since they were meant to run; `starting` tells that more is still to come.
    """

    supervisor: ProcessMark
    children: dict[str, ProcessMark] = field(default_factory=dict)
    meant: list[str] = field(default_factory=list)
    ready: list[str] = field(default_factory=list)
    starting: bool = False


class RunFile:
    """The run file and the lock beside it. The lock is held while the stack is up, and falls with its holder."""

    def __init__(self, root: Path) -> None:
        self._path = root / "run.json"
        self._lock_path = root / "lock"
        self._lock: IO[str] | None = None
        self._writing = threading.RLock()
        self._children: dict[str, ProcessMark] = {}
        self._meant: list[str] = []
        self._ready: list[str] = []
        self._starting = False

    def take(self) -> None:
        """Become the one who runs this stack.

        Raises:
            AlreadyUp: another process does.
        """
        file = self._lock_path.open("w", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            run = self.read()
            by = f"by process {run.supervisor.pid}" if run else "by another process"
            raise AlreadyUp(
                f"This stack is up already, started {by}: use it, or stop it with `isthmus down`."
            ) from None
        self._lock = file

    def release(self) -> None:
        """Say that nobody runs this stack any more."""
        if self._lock is not None:
            self._path.unlink(missing_ok=True)
            self._lock.close()
            self._lock = None

    def is_held(self) -> bool:
        """Tell whether a process, this one included, runs the stack."""
        if self._lock is not None:
            return True
        try:
            with self._lock_path.open("r", encoding="utf-8") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        return False

    def stop_holder(self) -> bool:
        """Ask the process that runs the stack to stop it, and wait until it has. Tells whether there was one.

        Raises:
            ServerFailed: it was still there after a while.
        """
        if not self.is_held():
            return False
        run = self.read()
        process = run.supervisor.alive() if run else None
        if process is not None:
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        while self.is_held():
            if time.monotonic() > deadline:
                pid = run.supervisor.pid if run else "unknown"
                raise ServerFailed(f"The stack did not stop within {STOP_SECONDS:.0f} seconds: end process {pid}.")
            time.sleep(0.1)
        return True

    def read(self) -> Run | None:
        """Read who runs the stack, or ran it last without a clean stop."""
        try:
            content: dict[str, Any] = json.loads(self._path.read_text(encoding="utf-8"))
            children = {name: ProcessMark(**mark) for name, mark in content["children"].items()}
            # One of an older version does not tell: what it holds was ready.
            meant, ready = ([str(name) for name in content.get(key, children)] for key in ("meant", "ready"))
            supervisor = ProcessMark(**content["supervisor"])
            return Run(supervisor, children, meant, ready, bool(content.get("starting")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def write(self, children: dict[str, ProcessMark]) -> None:
        """Remember this process and its children."""
        supervisor = ProcessMark.of("supervisor", os.getpid())
        with self._writing:
            self._children = children
            if supervisor is not None:
                run = Run(supervisor, children, self._meant, self._ready, self._starting)
                write_atomically(self._path, json.dumps(asdict(run)), mode=0o600)

    def begin(self, names: Iterable[str]) -> None:
        """Remember that the start has begun, and what is meant to run as far as it is known yet."""
        with self._writing:
            self._meant, self._ready, self._starting = list(names), [], True
            self.write({})

    def mean(self, names: Iterable[str]) -> None:
        """Remember that these are meant to run as well; none of them counts as ready yet."""
        with self._writing:
            new = list(names)
            self._meant = list(dict.fromkeys((*self._meant, *new)))
            self._ready = [name for name in self._ready if name not in new]
            self.write(self._children)

    def is_ready(self, name: str) -> None:
        """Remember that one was ready."""
        with self._writing:
            self._ready = [*dict.fromkeys((*self._ready, name))]
            self.write(self._children)

    def forget(self, name: str) -> None:
        """Remember that one is not meant to run any more."""
        with self._writing:
            self._meant, self._ready = ([each for each in part if each != name] for part in (self._meant, self._ready))
            self.write({each: mark for each, mark in self._children.items() if each != name})

    def finish(self) -> None:
        """Remember that the start is over."""
        with self._writing:
            self._starting = False
            self.write(self._children)

    def sweep(self, narrator: Narrator) -> None:
        """End the children that a killed supervisor left behind: only those written down, with the same start time."""
        run = self.read()
        left = [(mark, process) for mark in run.children.values() if (process := mark.alive())] if run else []
        if not left:
            return
        names = ", ".join(f"{mark.name} ({mark.pid})" for mark, _ in left)
        narrator.say(f"Ending what an earlier run left behind: {names}")
        processes = [process for _, process in left]
        # Services before servers, as in a clean stop; the order of starting is kept in the file.
        for process in reversed(processes):
            with contextlib.suppress(psutil.Error):
                # SIGINT asks PostgreSQL for a fast stop; the others understand both.
                process.send_signal(signal.SIGINT if process.name() == "postgres" else signal.SIGTERM)
        _, stubborn = psutil.wait_procs(processes, timeout=END_SECONDS)
        for process in stubborn:
            with contextlib.suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(stubborn, timeout=END_SECONDS)
