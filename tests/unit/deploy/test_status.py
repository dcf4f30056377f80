"""The status of a stack tells what is meant to run, not only what runs: a script that waits for it goes on in time."""

import json
import os

import pytest
from typer.testing import CliRunner

from deploy import cli_status
from deploy.local import status
from deploy.local.addresses import PORT_NAMES, Addresses
from deploy.local.faults import NotUp
from deploy.local.home import Home
from deploy.local.run_file import ProcessMark, RunFile
from deploy.local.services import LISTENERS
from deploy.local.stack import Stack, StackOptions
from deploy.local.status import State, stack_status

ADDRESSES = Addresses(dict.fromkeys(PORT_NAMES, 9))
MEANT = ("postgres", "kafka", "router", "ledger", "search")


@pytest.fixture
def run_file(tmp_path):
    held = RunFile(tmp_path)
    held.take()
    yield held
    held.release()


@pytest.fixture(autouse=True)
def healthy(monkeypatch):
    """Every service that listens is well."""
    monkeypatch.setattr(status, "health", lambda _: 200)


def running(*names):
    """Marks of processes that run: this very one stands for each."""
    return {name: ProcessMark.of(name, os.getpid()) for name in names}


def found(run_file, addresses=ADDRESSES):
    return stack_status("local", run_file.read(), addresses, up=True)


def states(run_file):
    return {process.name: process.state for process in found(run_file).processes}


def test_servers_that_run_are_not_a_stack_that_is_well_while_services_are_to_come(run_file):
    run_file.begin(MEANT)
    assert set(states(run_file).values()) == {State.NOT_STARTED}
    run_file.write(running("postgres", "kafka"))
    run_file.is_ready("postgres")
    assert states(run_file) == {
        "postgres": State.RUNNING,
        "kafka": State.STARTING,
        "router": State.NOT_STARTED,
        "ledger": State.NOT_STARTED,
        "search": State.NOT_STARTED,
    }
    assert not found(run_file).well


def test_a_stack_is_well_once_all_that_was_meant_was_ready_and_the_start_is_over(run_file):
    run_file.begin(MEANT)
    run_file.write(running(*MEANT))
    for name in MEANT:
        run_file.is_ready(name)
    assert not found(run_file).well  # servers alone are still being provided with users and topics
    run_file.finish()
    assert found(run_file).well


def test_what_is_started_later_is_waited_for_and_what_is_stopped_is_not(run_file):
    run_file.begin(())
    run_file.finish()
    run_file.mean(("router", "ledger"))
    assert found(run_file).starting
    run_file.write(running("router"))
    run_file.is_ready("router")
    run_file.forget("ledger")
    assert states(run_file) == {"router": State.RUNNING}
    assert found(run_file).well


def test_one_that_ended_and_waits_to_be_started_again_is_down(run_file):
    run_file.begin(("router", "ledger"))
    run_file.write(running("router", "ledger"))
    for name in ("router", "ledger"):
        run_file.is_ready(name)
    run_file.finish()
    run_file.write(running("router"))  # as when another is started meanwhile
    assert states(run_file)["ledger"] is State.DOWN
    assert not found(run_file).well
    assert not found(run_file).starting


def test_a_stack_that_an_older_version_started_is_well_while_its_processes_run(run_file):
    run_file.begin(("router",))
    run_file.write(running("router"))
    path = run_file._path
    told = json.loads(path.read_text())
    path.write_text(json.dumps({key: told[key] for key in ("supervisor", "children")}))
    assert states(run_file)["router"] is State.RUNNING
    assert not found(run_file).starting


def test_a_start_that_has_not_yet_written_anything_down_is_not_well():
    only_begun = stack_status("local", None, Addresses(), up=True)
    assert only_begun.starting
    assert not only_begun.well


@pytest.fixture
def first_start(tmp_path, monkeypatch):
    """A stack in its first start, which downloads: it has no addresses yet."""
    monkeypatch.setattr("deploy.local.stack.stack_folder", lambda name: tmp_path)
    monkeypatch.setattr("deploy.local.home.stack_folder", lambda name, *_: tmp_path / name)
    Home(tmp_path).make()
    run_file = RunFile(tmp_path)
    run_file.take()
    run_file.begin(Stack.open("local")._meant(None))
    yield
    run_file.release()


@pytest.mark.usefixtures("first_start")
def test_the_status_during_the_first_start_lists_what_is_to_come_and_is_5(capsys):
    shown = CliRunner().invoke(cli_status.app, ["--json"])
    assert shown.exit_code == 5
    told = json.loads(shown.stdout)
    assert (told["up"], told["starting"], told["well"]) == (True, True, False)
    assert {"kafka", "elasticsearch", "router", *LISTENERS} <= {process["name"] for process in told["processes"]}
    shown = CliRunner().invoke(cli_status.app, [])
    assert shown.exit_code == 5
    assert "The stack local is still starting." in shown.stdout + capsys.readouterr().out


@pytest.mark.usefixtures("first_start")
def test_a_command_during_the_first_start_is_told_to_wait():
    with pytest.raises(NotUp, match="is still starting; wait until"):
        Stack.known("local").must_be_up()


def test_servers_of_others_are_not_waited_for():
    options = StackOptions(kafka="kafka.test:9092", elasticsearch="http://elasticsearch.test:9200")
    assert Stack.open("local", options)._meant(["router"]) == ["postgres", "router"]
