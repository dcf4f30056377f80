"""This module says how a stack is: which processes run, where they listen, and what they say of their health."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any

import psutil

from deploy.local.addresses import Addresses
from deploy.local.run_file import Run
from deploy.local.services import LISTENERS, health


class State(StrEnum):
    """How a process is."""

    NOT_STARTED = "not started"
    STARTING = "starting"
    RUNNING = "running"
    DEGRADED = "degraded"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class ProcessStatus:
    """One server or service that is meant to run. `memory` is resident, in megabytes."""

    name: str
    state: State
    pid: int | None
    address: str | None
    memory: int | None


@dataclass(frozen=True, slots=True)
class StackStatus:
    """A whole stack. It is `up` while a process runs it, and `starting` until all that is meant to run was ready."""

    stack: str
    up: bool
    starting: bool
    supervisor: int | None
    processes: tuple[ProcessStatus, ...]

    @property
    def well(self) -> bool:
        """Tell whether everything runs and is ready."""
        return self.up and not self.starting and all(process.state is State.RUNNING for process in self.processes)

    def as_json(self) -> dict[str, Any]:
        """Give the status as plain values."""
        return {**asdict(self), "well": self.well}


def stack_status(stack: str, run: Run | None, addresses: Addresses, *, up: bool) -> StackStatus:
    """Compose the status of a stack from its run file and its addresses."""
    if run is None or not up:
        # Where one runs it and has not yet written down what, it has only just begun.
        return StackStatus(stack, up=up, starting=up, supervisor=None, processes=())
    names = dict.fromkeys((*run.meant, *run.children))
    processes = tuple(_process(name, run, addresses) for name in names)
    starting = run.starting or any(process.state in {State.NOT_STARTED, State.STARTING} for process in processes)
    return StackStatus(stack, up=True, starting=starting, supervisor=run.supervisor.pid, processes=processes)


def _process(name: str, run: Run, addresses: Addresses) -> ProcessStatus:
    address = _address(name, addresses)
    mark = run.children.get(name)
    process = mark.alive() if mark else None
    if mark is None or process is None:
        state = State.NOT_STARTED if mark is None and name not in run.ready else State.DOWN
        return ProcessStatus(name, state, None, address, None)
    state = State.RUNNING
    if name not in run.ready:
        state = State.STARTING
    elif name in LISTENERS and health(addresses.ports[name]) != HTTPStatus.OK:
        state = State.DEGRADED
    return ProcessStatus(name, state, mark.pid, address, _memory(process))


def _memory(process: psutil.Process) -> int | None:
    """Give the resident memory of a process and all below it, in megabytes; nothing where it is just ending."""
    try:
        family = [process, *process.children(recursive=True)]
        return int(sum(member.memory_info().rss for member in family)) // 1_000_000
    except psutil.Error:
        return None


def _address(name: str, addresses: Addresses) -> str | None:
    if name not in addresses.ports:
        return None
    return addresses.url(name) if name in LISTENERS or name == "elasticsearch" else f"127.0.0.1:{addresses.ports[name]}"
