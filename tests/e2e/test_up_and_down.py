"""`isthmus up` as a person meets it: it says where everything is, stays, ends well, and finds its data again."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from contracts.topics import incoming
from deploy.bench.log_ends import LogEnds
from deploy.demo.legacy import blacklist
from deploy.exits import Exit
from deploy.local.addresses import External
from deploy.local.downloads import Downloads
from deploy.local.home import cache_folder
from deploy.local.progress import ConsoleNarrator
from deploy.local.run_file import ProcessMark
from deploy.local.stack import Stack
from tests.e2e.command import ended, environment_of, read_until, running
from tests.integration.administrators import let_into_elasticsearch, let_into_kafka

pytestmark = [pytest.mark.servers, pytest.mark.jvm]

STACK = f"{os.environ.get('ISTHMUS_TEST_STACK', 'test')}-up"
GUEST = f"{STACK}-guest"
READY, STOPPED = "Ready. Ctrl-C stops everything; the data stay.", "Stopped."
SERVERS = {"kafka", "elasticsearch", "postgres"}
SERVICES = {"router", "ledger", "projector", "biometrics", "search"}
LISTED, GUESTS = "X0000001", "X0000002"
DEADLINE_S = 120.0


@pytest.fixture(scope="module", autouse=True)
def nothing_is_left() -> Iterator[None]:
    """No data from an earlier run, and neither data nor a process once the last test is over."""
    stacks = [Stack.open(name) for name in (STACK, GUEST)]
    for stack in stacks:
        stack.forget()
    yield
    for stack in stacks:
        stack.forget()


@dataclass(frozen=True, slots=True)
class Up:
    """A stack that a process of its own runs: what that process told until it was ready, and all that it started."""

    stack: str
    process: subprocess.Popen[str]
    told: str
    marks: tuple[ProcessMark, ...]

    def status(self) -> dict[str, Any]:
        return status_of(self.stack)

    def ends_well(self) -> bool:
        """Wait for its end: it says so, its exit status is 0, and nothing that it started is left."""
        told = read_until(self.process, "\0")
        assert self.process.wait(timeout=60) == Exit.DONE, told
        assert told[-1] == STOPPED
        return [mark for mark in self.marks if mark.alive()] == []


@contextmanager
def up(stack: str, *options: str, **credentials: str) -> Iterator[Up]:
    """Start a stack by `isthmus up`, and wait for its ready message."""
    with running("up", *options, environment=environment_of(stack) | credentials) as process:
        told = read_until(process, READY)
        assert told[-1:] == [READY], "\n".join([*told[-25:], *last_of_the_logs(stack)])
        family = psutil.Process(process.pid).children(recursive=True)
        marks = [ProcessMark.of(member.name(), member.pid) for member in family]
        yield Up(stack, process, "\n".join(told), tuple(mark for mark in marks if mark))


def last_of_the_logs(stack: str) -> list[str]:
    """Keep what the servers said at last, for their logs go with the stack."""
    logs = [Stack.open(stack).home.logs / f"{server}.log" for server in sorted(SERVERS)]
    return [line for log in logs if log.exists() for line in log.read_text(errors="replace").splitlines()[-30:]]


def isthmus(stack: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return ended(*arguments, environment=environment_of(stack))


def status_of(stack: str) -> dict[str, Any]:
    return json.loads(isthmus(stack, "status", "--json").stdout)


def by_name(status: Mapping[str, Any], field: str) -> dict[str, Any]:
    return {process["name"]: process[field] for process in status["processes"]}


def drop_list(stack: str, number: str) -> None:
    """Drop a list of one stolen passport where the adapter of this stack's blacklist looks."""
    row = {"NUMERO": number, "TYPE": "P", "PAYS": "UTO", "MOTIF": "VOLE", "DEPUIS": "31/12/2024"}
    blacklist.write(Stack.open(stack).home.agencies / "blacklist", "list-1", [row])


def found(stack: str, number: str) -> set[str]:
    """Ask for a document as a guard would, until somebody is found by it."""
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline:
        # In part: the agencies that keep no records here have no adapter, and give no live answer.
        done = isthmus(stack, "search", "--document", number, "--purpose", "border-check", "--json")
        assert done.returncode in {Exit.DONE, Exit.PARTLY}, done.stderr
        persons = json.loads(done.stdout)["persons"]
        if persons:
            return {record["record"] for person in persons for record in person["records"]}
    pytest.fail(f"{number} is not found")


def published(stack: str) -> int:
    """Count what the adapter of the blacklist ever wrote into the log."""
    return LogEnds(Stack.open(stack).kafka_admin(), incoming("blacklist", "travel-document")).total()


def unpacked_by_hand(stack: str) -> Path:
    """Give an Elasticsearch that somebody unpacked, where its account can read it."""
    folder = Stack.open(stack).home.root / "unpacked"
    return shutil.copytree(Downloads(cache_folder(), ConsoleNarrator()).elasticsearch(), folder, symlinks=True)


def homes_of_elasticsearch(marks: Iterable[ProcessMark]) -> set[str]:
    """Tell from which folders the running servers were started."""
    words = [word for mark in marks for word in psutil.Process(mark.pid).cmdline()]
    return {word.partition("=")[2] for word in words if word.startswith("-Des.path.home=")}


def assert_is_stopped(stack: str) -> None:
    told = isthmus(stack, "status")
    assert (told.returncode, status_of(stack)["up"]) == (Exit.ABSENT, False)
    assert f"The stack {stack} is not up" in told.stdout


def test_it_says_where_everything_is_and_ctrl_c_ends_all_that_it_started() -> None:
    drop_list(STACK, LISTED)
    with up(STACK) as first:
        told = isthmus(STACK, "status")
        assert told.returncode == Exit.DONE
        status = first.status()
        assert status["well"]
        assert set(by_name(status, "state")) == SERVERS | SERVICES | {"adapter-blacklist"}
        assert set(by_name(status, "state").values()) == {"running"}
        addresses = [address for address in by_name(status, "address").values() if address]
        assert len(addresses) == len(SERVERS) + 3  # search, biometrics and ledger listen
        assert [address for address in addresses if address not in first.told or address not in told.stdout] == []
        assert set(by_name(status, "pid").values()) <= {mark.pid for mark in first.marks}
        assert found(STACK, LISTED)
        first.process.send_signal(signal.SIGINT)
        assert first.ends_well()
    assert_is_stopped(STACK)


def test_a_second_start_finds_its_data_and_down_ends_it_from_elsewhere() -> None:
    """This one runs an Elasticsearch that is unpacked already; the data are those of the first."""
    folder = unpacked_by_hand(STACK)
    with up(STACK, "--elasticsearch-home", str(folder)) as second:
        assert homes_of_elasticsearch(second.marks) == {str(folder)}
        assert found(STACK, LISTED)
        assert published(STACK) == 1, "nothing was published anew"
        down = isthmus(STACK, "down")
        assert (down.returncode, down.stderr.strip()) == (Exit.DONE, STOPPED)
        assert second.ends_well()
    assert_is_stopped(STACK)
    assert isthmus(STACK, "down").stderr.strip() == "It was not up."


def credentials_of(kafka: External, elasticsearch: External) -> dict[str, str]:
    """Write the administrators of servers that others run as the environment names them."""
    return {
        "ISTHMUS_KAFKA__USERNAME": kafka.username,
        "ISTHMUS_KAFKA__PASSWORD_FILE": kafka.password_file,
        "ISTHMUS_ELASTICSEARCH__USERNAME": elasticsearch.username,
        "ISTHMUS_ELASTICSEARCH__PASSWORD_FILE": elasticsearch.password_file,
    }


def test_it_uses_servers_that_others_run_and_leaves_them_running(tmp_path: Path) -> None:
    """The others are a stack of servers alone. They have users named like ours, which are taken over only if told."""
    drop_list(GUEST, GUESTS)
    with up(STACK, "--service", "none") as others:
        host, theirs = Stack.open(STACK), others.status()
        assert set(by_name(theirs, "state")) == SERVERS
        kafka, elasticsearch = let_into_kafka(host), let_into_elasticsearch(host, tmp_path)
        servers = ("--kafka", kafka.address, "--elasticsearch", elasticsearch.address)
        credentials = credentials_of(kafka, elasticsearch)

        refused = ended("up", *servers, environment=environment_of(GUEST) | credentials)
        assert refused.returncode == Exit.USAGE
        assert "Kafka has users that this stack did not make" in refused.stderr
        assert_is_stopped(GUEST)

        with up(GUEST, *servers, "--take-over", **credentials) as guest:
            assert kafka.address in guest.told
            assert elasticsearch.address in guest.told
            assert set(by_name(guest.status(), "state")) == {"postgres", "adapter-blacklist"} | SERVICES
            assert found(GUEST, GUESTS)
            guest.process.send_signal(signal.SIGINT)
            assert guest.ends_well()
        assert_is_stopped(GUEST)
        assert by_name(others.status(), "pid") == by_name(theirs, "pid")
        assert others.status()["well"]
