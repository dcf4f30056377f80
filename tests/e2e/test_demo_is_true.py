"""What the demo tells a reader is so: it ends well, twice in a row, and its commands do what it says."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy.exits import Exit
from deploy.local.home import CHECKOUT, stack_folder

pytestmark = [pytest.mark.servers, pytest.mark.jvm]

STACK = "demo-test"
PERSONS, FEWER = "250", "200"
DEADLINE_S = 420.0
ENVIRONMENT = os.environ | {"ISTHMUS_STACK": STACK, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}


@pytest.fixture(scope="module", autouse=True)
def fresh_stack():
    shutil.rmtree(stack_folder(STACK), ignore_errors=True)
    yield
    shutil.rmtree(stack_folder(STACK), ignore_errors=True)


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run the demo; it is stopped as a person would, should a test fail on the way."""
    with subprocess.Popen(
        [sys.executable, "-m", "deploy.cli", "demo", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=CHECKOUT,
        env=ENVIRONMENT,
    ) as demo:
        try:
            yield demo
        finally:
            demo.terminate()


def read_until(demo: subprocess.Popen[str], ending: str) -> list[str]:
    """Read what the demo tells, until it stays up or has ended; it is killed when it takes too long."""
    guard = threading.Timer(DEADLINE_S, demo.kill)
    guard.start()
    lines = []
    for line in demo.stdout:
        lines.append(line.rstrip("\n"))
        if ending in line:
            break
    guard.cancel()
    return lines


def commands_in(lines: list[str]) -> list[str]:
    """Take one command of each shape: the words and options, whatever the values."""
    shown = [line.removeprefix("  $ ") for line in lines if line.startswith("  $ ")]
    return list({shape(command): command for command in shown}.values())


def shape(command: str) -> tuple[str, ...]:
    words = [word for word in shlex.split(command) if not word.startswith("ISTHMUS_STACK=")]
    acts = words[:3] if words[1] in {"adapter", "dead"} else [*words[:2], words[-1] if words[0] == "curl" else ""]
    return (*acts, *sorted(word for word in words if word.startswith("--")))


def masked(text: str) -> str:
    """Leave out what differs from run to run: numbers, the room that they take, and where the command lies."""
    command = text.replace(f"ISTHMUS_STACK={STACK} ", "").replace(".venv/bin/", "")
    return re.sub(r"\s+", " ", re.sub(r"\d+", "#", command)).strip()


def transcript_of_the_readme() -> str:
    return (CHECKOUT / "README.md").read_text(encoding="utf-8").split("```text\n")[1].split("```")[0]


def test_the_demo_ends_well_and_every_command_it_shows_works():
    with running("--persons", PERSONS, "--stay") as demo:
        told = read_until(demo, "until Ctrl-C")
        assert "until Ctrl-C" in told[-1], "\n".join(told[-25:])
        assert masked(transcript_of_the_readme()) in masked("\n".join(told))
        commands = commands_in(told)
        assert len(commands) > 12
        for command in commands:
            done = subprocess.run(
                command, shell=True, cwd=CHECKOUT, env=ENVIRONMENT, capture_output=True, text=True, check=False
            )
            # A search may not get everybody's answer in time, on a machine that is busy with other tests.
            assert done.returncode in {Exit.DONE, Exit.PARTLY}, (
                f"{command}\n{done.stdout[-1500:]}\n{done.stderr[-1500:]}"
            )
        demo.send_signal(signal.SIGINT)
        read_until(demo, "\0")
        assert demo.wait(timeout=60) == 0


def test_a_second_demo_with_fewer_people_ends_by_itself():
    with running("--persons", FEWER, "--no-stay") as demo:
        told = read_until(demo, "\0")
        assert demo.wait(timeout=60) == 0, "\n".join(told[-25:])
    assert "records can be found" in "\n".join(told)
