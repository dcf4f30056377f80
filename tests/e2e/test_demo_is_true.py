"""What the demo tells a reader is so: it ends well, twice in a row, and its commands do what it says."""

import re
import shlex
import shutil
import signal
import subprocess

import pytest

from deploy.exits import Exit
from deploy.local.home import CHECKOUT, stack_folder
from tests.e2e.command import environment_of, read_until, running

pytestmark = [pytest.mark.servers, pytest.mark.jvm]

STACK = "demo-test"
PERSONS, FEWER = "250", "200"
ENVIRONMENT = environment_of(STACK)


@pytest.fixture(scope="module", autouse=True)
def fresh_stack():
    shutil.rmtree(stack_folder(STACK), ignore_errors=True)
    yield
    shutil.rmtree(stack_folder(STACK), ignore_errors=True)


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
    with running("demo", "--persons", PERSONS, "--stay", environment=ENVIRONMENT) as demo:
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
    with running("demo", "--persons", FEWER, "--no-stay", environment=ENVIRONMENT) as demo:
        told = read_until(demo, "\0")
        assert demo.wait(timeout=60) == 0, "\n".join(told[-25:])
    assert "records can be found" in "\n".join(told)
