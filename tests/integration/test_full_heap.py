"""A gallery that grows until the JVM has no memory for more, in a process of its own with little of it."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from biometrics.comparing import Views
from biometrics.engine import SourceAfis, start_jvm
from biometrics.gallery import Enrolled, Enrolment, Gallery
from biometrics.synthetic.finger import make_finger
from biometrics.synthetic.impression import press
from contracts.records import FingerPosition
from deploy.bench.apart import run_apart
from deploy.local.artifacts import Bundle
from deploy.local.downloads import Downloads
from deploy.local.home import cache_folder
from deploy.local.progress import Silence

pytestmark = pytest.mark.jvm
HEAP_MEGABYTES = 128
MORE_THAN_FITS = 20_000
WORKERS, CALLS = 4, 12


def filled(jars: Path) -> dict[str, float]:
    """Enrol until the gallery says that it is full, then let several threads extract and search as clients do."""
    start_jvm(jars, HEAP_MEGABYTES)
    engine = SourceAfis()
    gallery = Gallery(engine, None, engine.heap.room)
    data = engine.to_bytes(engine.extract(press(make_finger(3), 0)))
    other = press(make_finger(4), 0)
    enrolled = 0
    while not gallery.full and enrolled < MORE_THAN_FITS:
        owner = Enrolled(f"a:finger:{enrolled}", f"a:person:{enrolled}", "a", FingerPosition.UNKNOWN, 1, engine.name)
        gallery.apply([Enrolment(owner, (Views(engine.from_bytes(data)),))])
        enrolled += 1
    with gallery.search() as seen, ThreadPoolExecutor(WORKERS) as workers:
        found = list(workers.map(lambda _: gallery.scan(Views(engine.extract(other)), seen).max(), range(CALLS)))
    return {"enrolled": enrolled, "searched": len(found), "highest": max(found), "held": engine.heap.settled() >> 20}


def test_it_says_so_while_there_is_room_to_work_in():
    named = os.environ.get("ISTHMUS_JARS")
    jars = Path(named) if named else Downloads(cache_folder(), Silence()).jars(Bundle.SOURCEAFIS)
    told = run_apart(filled, jars)
    assert 5_000 < told["enrolled"] < MORE_THAN_FITS
    assert 0.7 * HEAP_MEGABYTES < told["held"] < 0.85 * HEAP_MEGABYTES
    assert told["searched"] == CALLS
    assert told["highest"] < 40, "it is another finger"
