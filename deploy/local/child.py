"""This module starts one child process so that it outlives neither its supervisor nor its own stop."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path

from deploy.local.home import Account, switched

LOG_LIMIT = 20_000_000
PR_SET_PDEATHSIG = 1  # linux/prctl.h


class Kind(Enum):
    """Servers are started first and stopped last."""

    SERVER = auto()
    SERVICE = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildSpec:
    """How a process is run. `ready` asks whether it does its work yet; seconds are limits, not waits."""

    name: str
    title: str
    kind: Kind
    command: tuple[str, ...]
    environment: Mapping[str, str]
    folder: Path
    log: Path
    account: Account | None = None
    ready: Callable[[], bool] = field(default=lambda: True)
    stop_signal: signal.Signals = signal.SIGTERM
    start_seconds: float = 300.0  # a limit for a machine with much else to do, not a wait
    stop_seconds: float = 20.0
    niceness: int = 0  # how far it stands back where processors are short, 0 to 19


def spawn(spec: ChildSpec) -> subprocess.Popen[bytes]:
    """Start the process in a session of its own, with its output in its log.

    Call it from a thread that lives as long as the process should: on Linux the child is told to stop when that
    thread ends, however it ends.
    """
    _keep_small(spec.log)
    descriptor = os.open(spec.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        return subprocess.Popen(  # noqa: S603  # our own commands; type: ignore below for its keywords
            spec.command,
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=subprocess.STDOUT,
            cwd=spec.folder,
            env=dict(spec.environment),
            start_new_session=True,
            preexec_fn=_prepared(spec),  # noqa: PLW1509 - it calls nothing but the kernel
            **switched(spec.account),
        )
    finally:
        os.close(descriptor)


def last_line(log: Path) -> str:
    """Give the last line of a log that says something, shortened; empty where there is none."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 4096))
            lines = file.read().decode(errors="replace").splitlines()
    except OSError:
        return ""
    return next((line.strip()[:200] for line in reversed(lines) if line.strip()), "")


def _keep_small(log: Path) -> None:
    if log.is_file() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))


def _prepared(spec: ChildSpec) -> Callable[[], None]:
    tie = _tied_to_parent(spec.stop_signal)

    def prepare() -> None:
        os.nice(spec.niceness)
        _take_turns()
        tie()

    return prepare


def _take_turns() -> None:
    """Let a process that wakes wait until another one's turn ends, where the kernel knows how (sched(7), SCHED_BATCH).

    The processes of a stack wake each other with every message. On few processors each would be interrupted in the
    midst of its work by whom it has just sent some to.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # a sandbox may forbid it: then it is slower, and works
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def _tied_to_parent(stop_signal: signal.Signals) -> Callable[[], None]:
    if sys.platform != "linux":
        return lambda: None  # elsewhere the next start finds what was left, by the run file
    # Between fork and exec nothing may be loaded or allocated much: everything is looked up here, before.
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def tie() -> None:
        prctl(PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)
        if os.getppid() != parent:  # it died between fork and prctl
            os._exit(1)

    return tie
