"""What the demo tells a reader is so: it ends well, twice in a row, its commands do what it says, logs name nobody."""

import datetime as dt
import json
import re
import shlex
import shutil
import signal
import subprocess

import pytest

from deploy.demo.population.holdings import Holdings
from deploy.demo.population.population import build_population
from deploy.exits import Exit
from deploy.local.home import CHECKOUT, Home, stack_folder
from hub.logs import LEFT_OUT
from tests.e2e.command import environment_of, read_until, running

pytestmark = [pytest.mark.servers, pytest.mark.jvm]

STACK = "demo-test"
PERSONS, FEWER, SEED = "250", "200", "1"
ENVIRONMENT = environment_of(STACK) | {"ISTHMUS_LOG__FORMAT": "json", "ISTHMUS_LOG__LEVEL": "debug"}
LINES = {
    "router": "message routed",
    "projector": "batch projected",
    "ledger": "batch indexed",
    "biometrics": "batch taken up",
    "search": "search answered",
    "adapter-asylum": "question answered",
}
"""What each service writes of the work that the demo gives it."""
TELLING_LETTERS = 8
"""A family name of as many stands in no log by chance."""


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


def words(text: str) -> str:
    """Give letters and digits alone, in small letters, so that a name is found however it is written and parted."""
    return " " + re.sub(r"[\W_]+", " ", text.casefold()).strip() + " "


def names_of(held: Holdings, commands: list[str]) -> set[str]:
    """Give the names of everybody whom the agencies hold or the demo asks for, family name first or last."""
    holders = [*(each.holder for each in held.travellers), *(each.holder for each in held.listed if each.holder)]
    spellings = {
        *(holder.spelling for holder in holders),
        *(spelling for each in held.applicants for spelling in (each.native, each.latin) if spelling),
        *(each.latin for each in held.alerts if each.latin),
    }
    return {
        *(name for each in spellings for name in (f"{each.given} {each.family}", f"{each.family} {each.given}")),
        *(each.family for each in spellings if len(each.family) >= TELLING_LETTERS),
        *(alias for each in (*held.applicants, *held.alerts) for alias in each.aliases),
        *(each.native for each in held.alerts if each.native),
        *re.findall(r"--name '([^']+)'", "\n".join(commands)),
    }


def numbers_of(held: Holdings) -> set[str]:
    """Give the numbers of all documents."""
    shown = [document for each in held.travellers for _, document in each.documents]
    named = [each.document for each in (*held.applicants, *held.alerts, *held.listed) if each.document]
    return {document.number for document in (*shown, *named)}


def assert_logs_name_work_and_nobody(told: list[str]) -> None:
    logs = {file.stem: file.read_text("utf-8", "replace") for file in Home(stack_folder(STACK)).logs.iterdir()}
    lines = {
        service: [json.loads(line) for line in logs[service].splitlines() if f'"event":"{event}"' in line]
        for service, event in LINES.items()
    }
    assert [service for service, found in lines.items() if not found] == []
    assert len(lines["router"]) > int(PERSONS)
    for line in lines["router"]:
        assert re.fullmatch(r"in\.[a-z-]+\.[a-z-]+\.v\d+/\d+/\d+", line["place"])
        assert line["event_id"]
        assert line["flow"]
    held = build_population(int(PERSONS), int(SEED), dt.datetime.now(dt.UTC).date()).holdings
    names, numbers = names_of(held, told), {number.casefold() for number in numbers_of(held)}
    assert min(len(names), len(numbers)) > 200
    for service, text in logs.items():
        said = words(text)
        assert [name for name in names if words(name) in said] == [], f"{service} names somebody"
        assert numbers & set(said.split()) == set(), f"{service} names a document"
        assert LEFT_OUT not in text, f"{service} was kept from writing something"


def test_the_demo_ends_well_every_command_it_shows_works_and_its_logs_name_nobody():
    with running("demo", "--persons", PERSONS, "--seed", SEED, "--stay", environment=ENVIRONMENT) as demo:
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
    assert_logs_name_work_and_nobody(told)


def test_a_second_demo_with_fewer_people_ends_by_itself():
    with running("demo", "--persons", FEWER, "--no-stay", environment=ENVIRONMENT) as demo:
        told = read_until(demo, "\0")
        assert demo.wait(timeout=60) == 0, "\n".join(told[-25:])
    assert "records can be found" in "\n".join(told)
