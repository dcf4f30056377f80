"""This module says how a stack is: which processes run, where they listen, and what they say of their health."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from deploy.local.addresses import Addresses
from deploy.local.run_file import ProcessMark, Run
from deploy.local.services import LISTENERS, health


class State(StrEnum):
    """How a process is."""

    RUNNING = "running"
    DEGRADED = "degraded"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class ProcessStatus:
    """One server or service. `memory` is resident, in megabytes."""

    name: str
    state: State
    pid: int
    address: str | None
    memory: int | None


@dataclass(frozen=True, slots=True)
class StackStatus:
    """A whole stack."""

    stack: str
    up: bool
    supervisor: int | None
    processes: tuple[ProcessStatus, ...]

    @property
    def well(self) -> bool:
        """Tell whether everything runs and is ready."""
        return self.up and all(process.state is State.RUNNING for process in self.processes)

    def as_json(self) -> dict[str, Any]:
        """Give the status as plain values."""
        return {**asdict(self), "well": self.well}


def stack_status(stack: str, run: Run | None, addresses: Addresses, *, up: bool) -> StackStatus:
    """Compose the status of a stack from its run file and its addresses."""
    if run is None or not up:
        return StackStatus(stack, up=up, supervisor=None, processes=())
    processes = tuple(_process(mark, addresses) for mark in run.children.values())
    return StackStatus(stack, up=True, supervisor=run.supervisor.pid, processes=processes)


def _process(mark: ProcessMark, addresses: Addresses) -> ProcessStatus:
    address = _address(mark.name, addresses)
    process = mark.alive()
    if process is None:
        return ProcessStatus(mark.name, State.DOWN, mark.pid, address, None)
    state = State.RUNNING
    if mark.name in LISTENERS and health(addresses.ports[mark.name]) != HTTPStatus.OK:
        state = State.DEGRADED
    family = [process, *process.children(recursive=True)]
    memory = sum(member.memory_info().rss for member in family) // 1_000_000
    return ProcessStatus(mark.name, state, mark.pid, address, memory)


def _address(name: str, addresses: Addresses) -> str | None:
    if name in LISTENERS or name == "elasticsearch":
        return addresses.url(name)
    return f"127.0.0.1:{addresses.ports[name]}" if name in addresses.ports else None
