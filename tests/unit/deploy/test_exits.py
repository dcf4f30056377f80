"""Every command ends by the one table of exit statuses, and says what to do in one sentence."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from deploy import cli
from deploy.exits import MEANINGS, TOLD, Exit, exit_of
from deploy.local.addresses import Addresses, write_addresses
from deploy.local.faults import AlreadyUp, DownloadFailed, NotUp, ServerFailed, StackFault
from deploy.local.home import CHECKOUT, Home, known_stacks
from deploy.mistyped import Mistyped
from hub.errors import Misconfigured, NotFound, Rejected, Retryable

NEEDS_A_STACK = (
    ("status",),
    ("down",),
    ("token", "--scope", "audit:read"),
    ("adapter", "check", "alerts"),
    ("adapter", "preview", "alerts"),
)
NEEDS_IT_UP = (
    ("search", "--name", "Ada Testova", "--purpose", "border-check"),
    ("trace", "alerts:alert:77"),
    ("dead", "list"),
    ("dead", "show", "dead.alerts/0/12"),
    ("dead", "replay", "dead.alerts/0/12"),
    ("repository", "status"),
    ("repository", "rebuild"),
    ("adapter", "run", "alerts"),
)
NEEDS_NONE = {"up", "demo", "evaluate", "bench", "quality", "contracts", "adapter", "biometrics"}


@pytest.fixture
def stacks(tmp_path, monkeypatch):
    """Two stacks that were started once and are down."""

    def folder(name, *_):
        return tmp_path / f"0a1b-{name}"

    monkeypatch.setattr("deploy.local.home.stack_folder", folder)
    monkeypatch.setattr("deploy.local.stack.stack_folder", folder)
    for name in ("local", "test"):
        home = Home(folder(name))
        home.make()
        write_addresses(home.addresses, Addresses({"kafka": 9, "elasticsearch": 9, "postgres": 9, "ledger": 9}))
    folder("half").mkdir()  # one that never got as far as to choose its ports


def run(monkeypatch, capsys, *arguments):
    """Run a command as the shell does; give its status and what it says of an error."""
    monkeypatch.setattr(sys, "argv", ["isthmus", *arguments])
    monkeypatch.delenv("ISTHMUS_DEBUG", raising=False)
    monkeypatch.delenv("ISTHMUS_KAFKA__BOOTSTRAP", raising=False)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    told = capsys.readouterr()
    return ended.value.code, told.err or told.out


def test_the_stacks_of_a_checkout_are_those_that_were_started(stacks):
    assert known_stacks() == ["local", "test"]


@pytest.mark.parametrize("command", [*NEEDS_A_STACK, *NEEDS_IT_UP], ids=" ".join)
def test_a_stack_that_is_not_there_is_one_sentence_that_names_those_that_are(stacks, monkeypatch, capsys, command):
    status, told = run(monkeypatch, capsys, *command, "--stack", "nosuch")
    assert status == Exit.ABSENT
    assert told == (
        "isthmus: There is no stack nosuch; name one of local, test, or start it with `isthmus up --stack nosuch`.\n"
    )


@pytest.mark.parametrize("command", NEEDS_IT_UP, ids=" ".join)
def test_a_stack_that_is_down_is_one_sentence_that_says_how_to_start_it(stacks, monkeypatch, capsys, command):
    status, told = run(monkeypatch, capsys, *command, "--stack", "test")
    assert status == Exit.ABSENT
    assert told == "isthmus: The stack test is not up; start it with `isthmus up --stack test`.\n"


def test_every_part_of_the_command_is_held_to_this_or_needs_no_stack():
    held = {command[0] for command in (*NEEDS_A_STACK, *NEEDS_IT_UP)}
    assert held | NEEDS_NONE == {part.name for part in cli.PARTS}


def commands(group, path=()):
    """All commands, with the words that call them."""
    for name, each in getattr(group, "commands", {}).items():
        lazy = isinstance(each, cli.LazyCommand)
        whole = each.make_context(name, [], resilient_parsing=True).command if lazy else each
        yield (*path, name), whole
        yield from commands(whole, (*path, name))


def test_the_help_of_every_command_ends_with_the_table():
    told = dict(commands(cli.command()))
    assert ("dead", "replay") in told
    assert [name for name, each in told.items() if each.epilog != TOLD] == []
    assert cli.command().epilog == TOLD


def test_the_help_shows_the_table():
    shown = " ".join(CliRunner().invoke(cli.app, ["--help"]).stdout.split())
    assert MEANINGS[Exit.ABSENT] in shown


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Rejected("x"), 1),
        (NotFound("x"), 1),
        (ServerFailed("x"), 1),
        (Misconfigured("x"), 2),
        (StackFault("x"), 2),
        (Mistyped("x"), 2),
        (NotUp("x"), 3),
        (DownloadFailed("x"), 3),
        (Retryable("x"), 3),
        (AlreadyUp("x"), 4),
    ],
)
def test_each_kind_of_failure_has_its_status(error, status):
    assert exit_of(error) == status


@pytest.mark.parametrize(
    "command",
    [
        ("search", "--name", "Ada"),
        ("search", "--purpose", "nosuch"),
        ("search", "--purpose", "border-check", "--finger", "/nosuch.png"),
        ("trace",),
        ("trace", "alerts:alert:77", "--before", "yesterday"),
        ("trace", "dead.alerts/0/0"),
        ("bench", "--only", "nosuch"),
        ("biometrics", "verify", "/nosuch.png", "--record", "a:b:1", "--purpose", "border-check"),
        ("biometrics", "enrol", str(CHECKOUT / "README.md"), "--subject", "p1"),
        ("evaluate", "fingerprints", str(CHECKOUT), "--name", "("),
        *(("status", "--stack", name) for name in ("../x", "'../x'", "X", "", "a b", "a" * 41)),
        ("up", "--stack", "../x"),
        ("demo", "--stack", "../x"),
    ],
    ids=" ".join,
)
def test_what_is_typed_wrongly_is_2(monkeypatch, capsys, command):
    assert run(monkeypatch, capsys, *command)[0] == Exit.USAGE


@pytest.mark.parametrize(
    "command",
    [("search", "--purpose", "nosuch"), ("biometrics", "verify", "a.png", "--record", "a:b:1", "--purpose", "nosuch")],
    ids=" ".join,
)
def test_what_is_not_right_with_an_option_is_said_in_plain_words(monkeypatch, capsys, command):
    _, told = run(monkeypatch, capsys, *command)
    assert "'nosuch' is not one of" in told
    assert "Value error" not in told


def test_the_readme_shows_the_table():
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    assert all(f"| {status.value} | {meaning} |" in readme for status, meaning in MEANINGS.items())


def test_a_kafka_that_is_away_is_one_sentence_without_what_libraries_say():
    code = (
        "import asyncio, sys\nfrom deploy import cli\nfrom hub.log_reader import LogReader\n"
        "from hub.settings import KafkaSettings\n"
        "reader = LogReader(KafkaSettings(bootstrap='127.0.0.1:9'), 'operator')\n"
        "cli.command = lambda: lambda **_: asyncio.run(reader.open(lambda _: True))\n"
        "cli.main()\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, ended.stderr) == (3, "isthmus: Kafka does not answer; start the stack or try again.\n")
