"""This module proves on the running stack that secrets stay in their files."""

import stat

import psutil
import pytest

from deploy.local.services import SERVICES
from deploy.local.stack import Stack

pytestmark = pytest.mark.servers


def secrets(stack: Stack) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8").strip() for path in stack.home.secrets.iterdir()}


def test_secrets_are_readable_by_their_owner_alone(stack: Stack) -> None:
    assert stat.S_IMODE(stack.home.secrets.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in stack.home.secrets.iterdir()} == {0o600}


def test_no_secret_stands_in_the_arguments_of_a_process(stack: Stack) -> None:
    lines = [" ".join(process.info["cmdline"] or ()) for process in psutil.process_iter(["cmdline"])]
    assert any("kafka.Kafka" in line for line in lines)
    assert [name for name, secret in secrets(stack).items() if any(secret in line for line in lines)] == []


def test_no_secret_stands_in_the_environment_of_a_service(stack: Stack) -> None:
    for service in SERVICES:
        values = " ".join(stack.env_for(service.name).values())
        assert [name for name, secret in secrets(stack).items() if secret in values] == []


def test_no_secret_stands_in_a_log(stack: Stack) -> None:
    logs = [path.read_text(encoding="utf-8", errors="replace") for path in stack.home.logs.iterdir()]
    assert logs
    assert [name for name, secret in secrets(stack).items() if any(secret in log for log in logs)] == []


def test_what_others_can_reach_holds_no_secret(stack: Stack) -> None:
    reachable = [path for path in stack.home.root.iterdir() if path.is_dir() and path.stat().st_mode & 0o077]
    readable = [path for path in stack.home.root.iterdir() if path.is_file() and path.stat().st_mode & 0o077]
    assert reachable == []
    assert readable
    content = " ".join(path.read_text(encoding="utf-8") for path in readable)
    assert [name for name, secret in secrets(stack).items() if secret in content] == []
