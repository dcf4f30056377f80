"""This module holds the `isthmus` command to its promises: quick help, one-sentence errors, statuses with a meaning."""

import errno
import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from deploy import cli, cli_down, cli_repository, cli_status
from deploy.local.faults import NotUp
from deploy.local.stack import Stack
from deploy.local.status import StackStatus
from deploy.repository_standing import told_of_rebuild
from hub.errors import Retryable
from hub.settings import ElasticsearchSettings
from search.indices import RebuildAtWork
from search.repository import NOT_BUILT, NotThere
from search.standing import UNBUILT


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "deploy.cli", *arguments], capture_output=True, text=True, check=False, timeout=120
    )


def test_the_help_loads_no_part() -> None:
    code = (
        "import sys\nfrom deploy import cli\n"
        "try:\n    cli.command()(['--help'])\nexcept SystemExit:\n    pass\n"
        "sys.exit(int('deploy.local.stack' in sys.modules or 'confluent_kafka' in sys.modules))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert shown.returncode == 0
    for part in ("up", "down", "status"):
        assert part in shown.stdout


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any name is that of a stack that was started before and is down."""
    monkeypatch.setattr(Stack, "known", classmethod(lambda cls, name: cls.open(name)))


@pytest.mark.usefixtures("known")
def test_the_status_of_a_stack_that_is_not_up_is_3() -> None:
    found = CliRunner().invoke(cli_status.app, ["--stack", "never-started", "--json"])
    assert found.exit_code == 3
    assert json.loads(found.stdout)["up"] is False


@pytest.mark.usefixtures("known")
def test_down_is_content_when_nothing_is_up() -> None:
    assert CliRunner().invoke(cli_down.app, ["--stack", "never-started"]).exit_code == 0


def test_a_wrong_port_is_one_sentence_and_status_2() -> None:
    found = run("up", "--stack", "never-started", "--port", "kafka=much")
    assert found.returncode == 2
    assert found.stderr.startswith("isthmus: A port is set as NAME=PORT")
    assert found.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (NotUp("It is not up: start it."), 3, "isthmus: It is not up: start it.\n"),
        (Retryable("It does not answer: wait."), 3, "isthmus: It does not answer: wait.\n"),
        (
            Retryable("It does not answer now; it is tried again."),
            3,
            "isthmus: It does not answer now; look at `isthmus status`, and try again in a while.\n",
        ),
        (ValueError("a secret thing"), 1, "isthmus: Something unforeseen happened (ValueError)"),
        (OSError(errno.EACCES, "a secret thing"), 1, "isthmus: Something unforeseen happened (PermissionError)"),
        (
            OSError(errno.EACCES, "a secret thing", "/var/stack"),
            1,
            "isthmus: /var/stack cannot be used (Permission denied): give this account the right to it",
        ),
        (OSError(errno.ENOSPC, "No room"), 1, "isthmus: The disk is full: make room there and start again.\n"),
        (
            OSError(errno.EDQUOT, "No room", "/var/stack"),
            1,
            "isthmus: The disk is full at /var/stack: make room there and start again.\n",
        ),
    ],
)
def test_an_error_is_a_sentence_and_never_a_stack_trace(
    error: Exception,
    status: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.delenv("ISTHMUS_DEBUG", raising=False)
    monkeypatch.setattr(cli, "command", lambda: lambda **_: fail())
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == status
    told = capsys.readouterr().err
    assert told.startswith(said)
    assert "secret" not in told


@pytest.mark.usefixtures("known")
def test_a_rebuild_beside_another_is_one_sentence_and_status_4(monkeypatch: pytest.MonkeyPatch) -> None:
    async def busy(*_: object) -> None:
        raise RebuildAtWork

    monkeypatch.setattr(Stack, "is_up", lambda _: True)
    monkeypatch.setattr(cli_repository, "_rebuild", busy)
    monkeypatch.setattr(cli_repository, "_kafka", lambda _: None)
    monkeypatch.setattr(cli_repository, "elasticsearch_of", lambda _: None)
    ended = CliRunner().invoke(cli_repository.app, ["rebuild", "--stack", "never-started", "--json"])
    assert ended.exit_code == 4
    assert ended.stderr == f"isthmus: {RebuildAtWork()}\n"


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(("sentence", "told"), [(UNBUILT, UNBUILT), (None, NOT_BUILT)])
def test_a_repository_that_is_being_built_is_said_to_be(
    sentence: str | None, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unbuilt(_: object) -> None:
        raise NotThere(NOT_BUILT)

    monkeypatch.setattr(Stack, "is_up", lambda _: True)
    monkeypatch.setattr(cli_repository, "_held", unbuilt)
    monkeypatch.setattr(cli_repository, "elasticsearch_of", lambda _: None)
    monkeypatch.setattr(cli_repository, "told_of_rebuild", lambda _: sentence)
    ended = CliRunner().invoke(cli_repository.app, ["status", "--stack", "never-started"])
    assert str(ended.exception) == told


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("sentence", ["A rebuild of the repository was cut off.", None])
def test_the_status_says_that_a_rebuild_was_cut_off(
    sentence: str | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    up = StackStatus("never-started", up=True, starting=False, supervisor=1, processes=())
    monkeypatch.setattr(Stack, "status", lambda _: up)
    monkeypatch.setattr(cli_status, "elasticsearch_of", lambda _: None)
    monkeypatch.setattr(cli_status, "told_of_rebuild", lambda _: sentence)
    for arguments in ([], ["--json"]):
        shown = CliRunner().invoke(cli_status.app, ["--stack", "never-started", *arguments])
        assert shown.exit_code == 0
        assert ("was cut off" in shown.stdout + capsys.readouterr().out) is (sentence is not None)


def test_an_elasticsearch_that_is_away_has_nothing_to_say_of_a_rebuild() -> None:
    assert told_of_rebuild(ElasticsearchSettings(url="http://127.0.0.1:9")) is None
