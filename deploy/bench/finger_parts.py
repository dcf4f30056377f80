"""This module measures fingers: what needs no stack, each in a process of its own."""

from collections.abc import Collection, Generator
from pathlib import Path

from deploy.bench.apart import one_core, run_apart
from deploy.bench.enhancing import enhance_ms, shipped_fingers_per_s
from deploy.bench.enrolling import enrol_overhead_ms
from deploy.bench.figures import Figure
from deploy.bench.floors import ENHANCE, ENROL, IDENTIFY, LOAD, SHIPPED, TEMPLATE, VERIFY
from deploy.bench.identify import identify_comparisons
from deploy.bench.loading import gallery_load_templates_per_s, template_bytes
from deploy.bench.telling import Teller
from deploy.bench.verifying import verify_p95_over_extraction_ms
from deploy.local.artifacts import Bundle
from deploy.local.downloads import Downloads
from deploy.local.home import cache_folder

BESIDE = "_shipped"
"""Ends the name of a figure of the shipped configuration, which is told beside that of the plain engine."""


def finger_figures(names: Collection[str], teller: Teller) -> Generator[Figure]:
    """Measure those of the named figures that are of fingers."""
    if ENHANCE in names:
        with one_core():
            spent = run_apart(enhance_ms)
        yield Figure.measured(ENHANCE, spent, "ms")
    if not set(names) & {IDENTIFY, SHIPPED, VERIFY, ENROL, LOAD, TEMPLATE}:
        return
    jars = Downloads(cache_folder(), teller).jars(Bundle.SOURCEAFIS)
    yield from _scans(names, teller, jars)
    for name, said, measured in (
        (VERIFY, "Verifications of an image, through the service, and bare extraction", verify_p95_over_extraction_ms),
        (ENROL, "Enrolments of one image, through the service and bare", enrol_overhead_ms),
    ):
        if name in names:
            teller.say(said)
            with one_core():
                over = run_apart(measured, jars)
            yield Figure.measured(name, over, "ms")
    for name, said, unit, of_each in (
        (LOAD, "Templates from the log into the gallery, on one core", "templates/s", gallery_load_templates_per_s),
        (TEMPLATE, "Memory of an image in the gallery", "bytes", template_bytes),
    ):
        if name in names:
            teller.say(said)
            with one_core():
                both = run_apart(of_each, jars)
            yield Figure.measured(name, both["plain"], unit)
            yield Figure.measured(name + BESIDE, both["shipped"], unit)


def _scans(names: Collection[str], teller: Teller, jars: Path) -> Generator[Figure]:
    if IDENTIFY in names:
        teller.say("Comparisons of an identification, through the service and bare")
        for found in run_apart(identify_comparisons, jars):
            yield Figure(**found)
    if SHIPPED in names:
        teller.say("Fingers of a search by image and view, beside the bare stream of one template each")
        fingers = run_apart(shipped_fingers_per_s, jars)
        yield Figure.measured(SHIPPED, fingers["value"], "fingers/s", fingers["ceiling"])
