"""This module measures the gallery: how fast it is loaded from the log, and what a template takes of memory."""

import datetime as dt
import gc
import os
import time
import tracemalloc
from pathlib import Path

from biometrics.calibration import CALIBRATION, Calibration
from biometrics.comparing import Views
from biometrics.engine import SourceAfis, start_jvm
from biometrics.events import FINGERPRINTS, read_event
from biometrics.formats.contents import ImageSample
from biometrics.formats.resolution import ResolutionSource
from biometrics.gallery import Gallery
from biometrics.samples import carried, template_of, views_of
from biometrics.synthetic.finger import make_finger
from biometrics.synthetic.impression import press
from contracts.envelope import Envelope, contract_schema, contract_type, event_id, source_of
from contracts.records import FingerprintV1, FingerTemplate
from deploy.bench.figures import percentile
from hub.message import Message

FINGERS = 96
MOST_MINUTIAE = 36
"""Invented prints of the generator have 47 minutiae, those of three public sets 32: so have these up to here."""
TEMPLATES, PASSES, WARM_UP = 10_000, 5, 3
CONFIGURATIONS: dict[str, Calibration | None] = {"plain": None, "shipped": CALIBRATION}
HEAP_MEGABYTES = 512
FLOW = "00000000-0000-4000-8000-000000000001"
TRACE = f"00-{'0' * 31}1-{'0' * 15}1-00"


def gallery_load_templates_per_s(jars: Path) -> dict[str, float]:
    """Give the templates a second from events of the log, as they are stored, into the gallery: the median of passes.

    On one core: this process, the JVM's compiler and its collector may use no other. `plain` is the plain engine's;
    of the shipped configuration `shipped`, where an image is two templates, whose minutiae are told from one another.
    """
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    start_jvm(jars, HEAP_MEGABYTES)
    engine = SourceAfis()
    return {name: _rate(engine, calibration) for name, calibration in CONFIGURATIONS.items()}


def template_bytes(jars: Path) -> dict[str, float]:
    """Give the bytes that an image takes in the gallery, in the JVM and here, what is there without any apart.

    Of the plain engine, for which that is one template, and of the shipped configuration, for which it is two.
    """
    start_jvm(jars, HEAP_MEGABYTES)
    engine = SourceAfis()
    return {name: _bytes(engine, calibration) for name, calibration in CONFIGURATIONS.items()}


def _rate(engine: SourceAfis, calibration: Calibration | None) -> float:
    messages = _messages(engine, calibration)
    of_each = 1 if calibration is None else 2
    rates = []
    for _ in range(WARM_UP + PASSES):
        started = time.perf_counter()
        _load(engine, calibration, messages)
        rates.append(TEMPLATES * of_each / (time.perf_counter() - started))
    return percentile(rates[WARM_UP:], 0.5)


def _bytes(engine: SourceAfis, calibration: Calibration | None) -> float:
    messages = _messages(engine, calibration)
    before = engine.heap.settled()
    gallery = _load(engine, calibration, messages)
    in_jvm = engine.heap.settled() - before
    del gallery
    tracemalloc.start()
    before_here = tracemalloc.get_traced_memory()[0]
    gallery = _load(engine, calibration, messages)
    gc.collect()
    in_python = tracemalloc.get_traced_memory()[0] - before_here
    tracemalloc.stop()
    return (in_jvm + in_python) / gallery.templates


def _load(engine: SourceAfis, calibration: Calibration | None, messages: list[Message]) -> Gallery:
    gallery = Gallery(engine, calibration)
    by_views = calibration is not None
    gallery.apply(event.change for message in messages if (event := read_event(message, engine, by_views=by_views)))
    return gallery


def _messages(engine: SourceAfis, calibration: Calibration | None) -> list[Message]:
    """Make events of as many images, with copies of templates as large as those of real prints."""
    prints = [press(make_finger(seed), 0) for seed in range(FINGERS)]
    common = [each for each in prints if engine.minutiae(engine.extract(each)) <= MOST_MINUTIAE]
    samples = [ImageSample(each, ResolutionSource.CALLER) for each in common]
    made = [Views(template_of(each, engine)) if calibration is None else views_of(each, engine) for each in samples]
    templates = [carried(engine, each) for each in made]
    return [_message(number, templates[number % len(templates)]) for number in range(TEMPLATES)]


def _message(number: int, templates: tuple[FingerTemplate, ...]) -> Message:
    record, subject = f"bench:finger:{number}", f"bench:person:{number}"
    fingerprint = FingerprintV1(system="bench", record=record, subject=subject, templates=templates)
    envelope = Envelope(
        id=event_id("bench", "finger", str(number), 1),
        source=source_of("bench", "finger"),
        type=contract_type("fingerprint", 1),
        subject=record,
        schema=contract_schema("fingerprint", 1),
        time=dt.datetime.now(dt.UTC),
        flow=FLOW,
        traceparent=TRACE,
        record_version=1,
    )
    value = fingerprint.model_dump_json(exclude_none=True).encode()
    return Message(FINGERPRINTS, 0, number, 0, record.encode(), value, tuple(envelope.to_headers()))
