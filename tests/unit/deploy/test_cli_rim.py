"""This module holds the `isthmus` command to its promises: quick help, one-sentence errors, statuses with a meaning."""

import json
import subprocess
import sys

import pytest

from deploy import cli
from deploy.local.faults import NotUp
from hub.errors import Retryable


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


def test_the_status_of_a_stack_that_is_not_up_is_3() -> None:
    found = run("status", "--stack", "never-started", "--json")
    assert found.returncode == 3
    assert json.loads(found.stdout)["up"] is False


def test_down_is_content_when_nothing_is_up() -> None:
    assert run("down", "--stack", "never-started").returncode == 0


def test_a_wrong_port_is_one_sentence_and_status_2() -> None:
    found = run("up", "--stack", "never-started", "--port", "kafka=much")
    assert found.returncode == 2
    assert found.stderr.startswith("isthmus: A port is set as NAME=PORT")
    assert found.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (NotUp("It is not up: start it."), 2, "isthmus: It is not up: start it.\n"),
        (Retryable("It does not answer: wait."), 1, "isthmus: It does not answer: wait.\n"),
        (ValueError("a secret thing"), 1, "isthmus: Something unforeseen happened (ValueError)"),
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
