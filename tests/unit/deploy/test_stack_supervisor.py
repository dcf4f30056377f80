"""This module holds the supervisor to its promises, with small children in place of servers."""

import contextlib
import errno
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import psutil
import pytest
from rich.console import Console

from deploy.local.child import ChildSpec, Kind
from deploy.local.faults import AlreadyUp, ServerFailed
from deploy.local.progress import ConsoleNarrator, Narrator, Recorded, Silence
from deploy.local.run_file import ProcessMark, RunFile
from deploy.local.services import SERVICES
from deploy.local.supervisor import Backoff, Supervisor

DEADLINE_S = 20.0
STAYS = "import signal, sys\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit(0))\nsignal.pause()"


class Notes(Silence):
    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, text: str) -> None:
        self.said.append(text)


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def supervisor(tmp_path: Path, notes: Notes) -> Iterator[Supervisor]:
    run_file = RunFile(tmp_path)
    run_file.take()
    made = Supervisor(run_file, notes, Backoff(first=0.05, longest=0.2))
    yield made
    made.stop()
    run_file.release()


def child(tmp_path: Path, name: str = "one", code: str = STAYS, **changes: Any) -> ChildSpec:
    settings: dict[str, Any] = {"kind": Kind.SERVER, "start_seconds": DEADLINE_S} | changes
    return ChildSpec(
        name=name,
        title=name.capitalize(),
        command=(sys.executable, "-S", "-c", code),
        environment={},
        folder=tmp_path,
        log=tmp_path / f"{name}.log",
        **settings,
    )


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.02)


def test_a_child_that_dies_is_started_again_and_it_is_said(
    tmp_path: Path, supervisor: Supervisor, notes: Notes
) -> None:
    supervisor.start([child(tmp_path)])
    first = supervisor.pids()["one"]
    os.kill(first, signal.SIGKILL)
    until(lambda: supervisor.pids().get("one", first) != first)
    assert notes.said == ["One ended (signal SIGKILL); starting it again in 0.05 s", "One was started again"]


def test_a_full_disk_ends_neither_the_children_nor_the_looking_after_them(
    tmp_path: Path, notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "stack.log").mkdir()  # what is said cannot be written down either
    run_file = RunFile(tmp_path)
    run_file.take()
    supervisor = Supervisor(run_file, Recorded(notes, tmp_path / "stack.log"), Backoff(first=0.05, longest=0.2))
    supervisor.start([child(tmp_path)])
    monkeypatch.setattr(run_file, "write", full)
    try:
        for _ in range(2):
            first = supervisor.pids()["one"]
            os.kill(first, signal.SIGKILL)
            until(lambda first=first: supervisor.pids().get("one", first) != first)
    finally:
        supervisor.stop()
        run_file.release()
    told = "What runs could not be written down (No space left on device): make room on the disk"
    assert notes.said.count(told) == 2


def full_disk() -> IO[str]:
    return Path("/dev/full").open("w", encoding="utf-8")


def left_by_its_reader() -> IO[str]:
    reader, writer = os.pipe()
    os.close(reader)
    return os.fdopen(writer, "w")


class Mute(Silence):
    """Fails by what nobody foresaw."""

    def say(self, text: str) -> None:
        raise RuntimeError(text)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a device that is always full")
@pytest.mark.parametrize("opened", [full_disk, left_by_its_reader])
def test_where_nothing_can_be_said_the_children_live_on_and_are_looked_after(
    tmp_path: Path, opened: Callable[[], IO[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "dup2", lambda *_: None)  # Rich would take the output of the tests away
    output = opened()
    held_to_its_promises(tmp_path, ConsoleNarrator(Console(file=output, soft_wrap=True)))
    with contextlib.suppress(OSError):
        output.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a device that is always full")
@pytest.mark.parametrize("opened", [full_disk, left_by_its_reader])
def test_a_download_goes_on_where_the_terminal_that_showed_it_has_gone(
    opened: Callable[[], IO[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "dup2", lambda *_: None)  # Rich would take the output of the tests away
    monkeypatch.setenv("TERM", "xterm")
    output, downloaded = opened(), 0
    shown = sys.stdout, sys.stderr
    with ConsoleNarrator(Console(file=output, force_terminal=True)).bar("a server", 100) as advance:
        for _ in range(2):
            advance(50)
            downloaded += 50
    assert downloaded == 100
    assert (sys.stdout, sys.stderr) == shown
    with contextlib.suppress(OSError):
        output.close()


def test_a_failure_that_nobody_foresaw_ends_no_looking_after(tmp_path: Path) -> None:
    held_to_its_promises(tmp_path, Mute())


def held_to_its_promises(tmp_path: Path, narrator: Narrator) -> None:
    """One of two children dies, twice: it is started again, and the other one never ended."""
    run_file = RunFile(tmp_path)
    run_file.take()
    supervisor = Supervisor(run_file, Recorded(narrator, tmp_path / "stack.log"), Backoff(first=0.05, longest=0.2))
    supervisor.start([child(tmp_path), child(tmp_path, "two")])
    other = supervisor.pids()["two"]
    try:
        for _ in range(2):
            first = supervisor.pids()["one"]
            os.kill(first, signal.SIGKILL)
            until(lambda first=first: supervisor.pids().get("one", first) != first)
        assert psutil.Process(other).status() != psutil.STATUS_ZOMBIE
        assert supervisor.pids()["two"] == other
    finally:
        supervisor.stop()
        run_file.release()


def test_a_child_stands_back_as_far_as_it_is_told_and_the_ledger_is_told(
    tmp_path: Path, supervisor: Supervisor
) -> None:
    mine = os.nice(0)
    supervisor.start([child(tmp_path), child(tmp_path, "two", niceness=3)])
    pids = supervisor.pids()
    assert [os.getpriority(os.PRIO_PROCESS, pids[name]) - mine for name in ("one", "two")] == [0, min(3, 19 - mine)]
    assert {service.name for service in SERVICES if service.niceness} == {"ledger"}


@pytest.mark.skipif(sys.platform != "linux", reason="other kernels have no such policy")
def test_a_child_takes_turns_with_the_others_and_interrupts_none(tmp_path: Path, supervisor: Supervisor) -> None:
    supervisor.start([child(tmp_path)])
    assert os.sched_getscheduler(supervisor.pids()["one"]) == os.SCHED_BATCH


def test_the_wait_doubles_up_to_a_limit_and_is_forgotten_after_health() -> None:
    backoff = Backoff(first=0.5, longest=30.0, healthy=60.0)
    assert [backoff.wait(n) for n in (1, 2, 3, 7, 5000)] == [0.5, 1.0, 2.0, 30.0, 30.0]
    assert backoff.in_a_row(4, lived=59.0) == 5
    assert backoff.in_a_row(4, lived=60.0) == 1


def test_a_server_that_ends_while_starting_is_one_sentence_with_its_last_words(
    tmp_path: Path, supervisor: Supervisor
) -> None:
    with pytest.raises(ServerFailed, match=r"One ended while starting \(no such option\): look into .*one\.log"):
        supervisor.start([child(tmp_path, code="print('no such option'); raise SystemExit(3)", ready=lambda: False)])


def test_a_server_that_never_becomes_ready_is_one_sentence(tmp_path: Path, supervisor: Supervisor) -> None:
    with pytest.raises(ServerFailed, match="One was not ready after 0 seconds"):
        supervisor.start([child(tmp_path, ready=lambda: False, start_seconds=0.3)])


def test_services_stop_before_servers(tmp_path: Path, notes: Notes) -> None:
    code = (
        "import signal, sys\n"
        "def leave(*_):\n"
        f"    open({str(tmp_path / 'order')!r}, 'a').write(sys.argv[0] + NAME)\n"
        "    sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, leave)\n"
        f"open({str(tmp_path)!r} + '/' + NAME, 'w')\n"
        "signal.pause()"
    )
    run_file = RunFile(tmp_path)
    run_file.take()
    supervisor = Supervisor(run_file, notes)
    for name, kind in (("server", Kind.SERVER), ("service", Kind.SERVICE)):
        ready = (tmp_path / name).exists
        supervisor.start([child(tmp_path, name, f"NAME = {name!r}\n{code}", kind=kind, ready=ready)])
    supervisor.stop()
    run_file.release()
    assert (tmp_path / "order").read_text() == "-cservice-cserver"


def test_a_child_that_will_not_stop_is_killed(tmp_path: Path, supervisor: Supervisor, notes: Notes) -> None:
    ready = (tmp_path / "deaf").exists
    code = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nopen('deaf', 'w')\nsignal.pause()"
    supervisor.start([child(tmp_path, code=code, ready=ready, stop_seconds=0.1)])
    pid = supervisor.pids()["one"]
    supervisor.stop()
    assert not psutil.pid_exists(pid)
    assert notes.said == ["One did not stop in time and was killed"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a child to its parent")
def test_children_end_when_their_supervisor_is_killed(tmp_path: Path) -> None:
    code = f"""
import sys, threading
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
from test_stack_supervisor import *
home = Path({str(tmp_path)!r})
run_file = RunFile(home)
run_file.take()
supervisor = Supervisor(run_file, Silence())
supervisor.start([child(home)])
print(supervisor.pids()["one"], flush=True)
threading.Event().wait()
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
    until(lambda: not psutil.pid_exists(pid))


def test_a_stack_that_is_up_is_said_to_be(tmp_path: Path) -> None:
    first, second = RunFile(tmp_path), RunFile(tmp_path)
    first.take()
    first.write({})
    with pytest.raises(AlreadyUp, match=rf"started by process {os.getpid()}: use it, or stop it"):
        second.take()
    assert second.is_held()
    first.release()
    assert not second.is_held()


def left_behind() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(600)"])


def write_run_file(tmp_path: Path, mark: ProcessMark) -> RunFile:
    run_file = RunFile(tmp_path)
    run_file.take()
    run_file.write({mark.name: mark})
    return run_file


def test_what_a_killed_supervisor_left_behind_is_ended(tmp_path: Path, notes: Notes) -> None:
    process = left_behind()
    mark = ProcessMark.of("kafka", process.pid)
    assert mark is not None
    run_file = write_run_file(tmp_path, mark)
    run_file.sweep(notes)
    run_file.release()
    process.wait(DEADLINE_S)
    assert notes.said == [f"Ending what an earlier run left behind: kafka ({process.pid})"]


def test_a_process_that_only_has_the_same_number_is_left_alone(tmp_path: Path, notes: Notes) -> None:
    process = left_behind()
    mark = ProcessMark.of("kafka", process.pid)
    assert mark is not None
    run_file = write_run_file(tmp_path, ProcessMark("kafka", mark.pid, mark.started - 60))
    run_file.sweep(notes)
    run_file.release()
    assert process.poll() is None
    assert notes.said == []
    process.kill()
    process.wait()


def test_a_run_file_that_makes_no_sense_is_no_run(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text('{"children": 7}')
    assert RunFile(tmp_path).read() is None
