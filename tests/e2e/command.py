"""The `isthmus` command in a process of its own, as a person runs it at a terminal."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from deploy.local.home import CHECKOUT

DEADLINE_S = 420.0
COMMAND = (sys.executable, "-m", "deploy.cli")


def environment_of(stack: str) -> dict[str, str]:
    """What a person has set who works on this stack, and has this checkout's command on the path."""
    return os.environ | {"ISTHMUS_STACK": stack, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}


@contextmanager
def running(*arguments: str, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Run a command that stays; it is stopped as a person would, should a test fail on the way."""
    with subprocess.Popen(
        [*COMMAND, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=CHECKOUT,
        env=environment,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def read_until(process: subprocess.Popen[str], ending: str) -> list[str]:
    """Read what a command tells, until it says `ending` or has ended; it is killed when it takes too long."""
    guard = threading.Timer(DEADLINE_S, process.kill)
    guard.start()
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip("\n"))
        if ending in line:
            break
    guard.cancel()
    return lines


def ended(*arguments: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command that ends by itself, and give what it said."""
    return subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=CHECKOUT,
        env=environment,
        timeout=DEADLINE_S,
    )
