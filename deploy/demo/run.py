"""This module runs the demo: it starts the local stack, fills the agencies, tells the stories, and sums up."""

import datetime as dt
import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from rich.console import Console

from deploy.demo.legacy.agencies import SYSTEMS, open_agencies
from deploy.demo.legacy.fill import Images
from deploy.demo.population.images import draw_all
from deploy.demo.population.population import Population, build_population
from deploy.demo.story import farewell
from deploy.demo.story.agency_engineer import agency_engineer
from deploy.demo.story.auditor import auditor
from deploy.demo.story.border_guard import border_guard
from deploy.demo.story.poison_row import poison_row
from deploy.demo.story.records_flow import fill_agencies, watch
from deploy.demo.story.registration_point import registration_point
from deploy.demo.story.stage import Stage
from deploy.demo.story.telling import Telling
from deploy.local.home import cache_folder
from deploy.local.progress import ConsoleNarrator
from deploy.local.stack import Stack

WITHOUT_AGENCIES = ("router", "ledger", "projector", "biometrics", "search")

CHAPTERS = (
    ("The border guard", border_guard),
    ("The agency engineer", agency_engineer),
    ("The registration point", registration_point),
    ("The auditor", auditor),
    ("A row that makes no sense", poison_row),
)


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """How large, which people, and whether to stay up afterwards."""

    persons: int
    seed: int
    stay: bool
    stack: str = "local"


def run_demo(options: DemoOptions, console: Console) -> None:
    """Show the main job, end to end.

    It may be run again: the agencies' rows are all written anew, so that they flow again as newer versions of the same
    records; what the last run changed is undone, and nothing of the log is removed.

    Raises:
        IsthmusError: something that was to be told did not happen, or the stack cannot start.
    """
    stack = Stack.open(options.stack)
    telling = Telling(console)
    population = build_population(options.persons, options.seed, dt.datetime.now(dt.UTC).date())
    telling.say(
        "Isthmus joins the systems of migration and border agencies. Everybody in this demo is invented: "
        f"{options.persons:,} people, known to four agencies in four legacy databases."
    )
    os.environ["ISTHMUS_STACK"] = options.stack  # the commands that are run for the reader ask it, too
    with ExitStack() as opened:
        images = opened.enter_context(_images(population))
        with telling.chapter("The stack"):
            stack.start(ConsoleNarrator(console), WITHOUT_AGENCIES)
            opened.callback(_stop, stack, telling)
            telling.say("Kafka, Elasticsearch and PostgreSQL run, and the services that join the agencies.")
        agencies = opened.enter_context(open_agencies(_places(stack)))
        stage = Stage(stack, agencies, population, telling, _folder(stack))
        records, seconds = _let_flow(stage, images)
        for title, tell in CHAPTERS:
            with telling.chapter(title):
                tell(stage)
        with telling.chapter("In the end"):
            farewell.summary(stage, records, seconds)
            farewell.addresses(stage)
        if options.stay:
            telling.say("Everything stays up until Ctrl-C.")
            threading.Event().wait()
        farewell.ending(telling)


def _let_flow(stage: Stage, images: Future[Images]) -> tuple[int, float]:
    telling = stage.telling
    with telling.chapter("Four agencies and their records"):
        drawn = images.result()
        since = fill_agencies(stage, drawn)
    with telling.chapter("The records flow"):
        telling.say(
            "An adapter beside each database reads it and publishes; the router checks, the repository indexes."
        )
        begun = time.monotonic()
        stage.stack.start_services()
        there = watch(stage, since)
        seconds = time.monotonic() - begun
        telling.proved(
            f"{there:,} records can be found, {seconds:.1f} seconds after the adapters' start.", if_=True, otherwise=""
        )
    return there, seconds


@contextmanager
def _images(population: Population) -> Iterator[Future[Images]]:
    """Draw the fingers while servers start."""
    fingers = [fingerprint.finger for fingerprint in population.holdings.fingerprints]
    with ThreadPoolExecutor(1) as thread:
        yield thread.submit(draw_all, fingers, cache_folder())


def _places(stack: Stack) -> dict[str, str]:
    urls = {system: stack.sources.owner_url(system) for system in SYSTEMS}
    return urls | {"blacklist": unquote(urlsplit(urls["blacklist"]).path)}


def _folder(stack: Stack) -> Path:
    folder = stack.home.root / "demo"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _stop(stack: Stack, telling: Telling) -> None:
    telling.say("Stopping.")
    stack.stop()
