"""This module is `isthmus biometrics explain`: a page that shows why two fingers are a match, or are none."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from biometrics.calibration import CALIBRATION
from biometrics.comparing import Comparing, Views
from biometrics.decision import VERIFY_FALSE_MATCH_RATE
from biometrics.engine import SourceAfis
from biometrics.explanation.explaining import Named
from biometrics.explanation.explaining import explain as explained
from biometrics.explanation.page import is_page, write_page
from biometrics.formats.contents import Sample
from biometrics.formats.reading import one_finger
from biometrics.mirror import matches_mirrored
from biometrics.quality.meter import can_be_measured
from biometrics.rejections import MirroredImage
from biometrics.samples import template_of, views_of
from biometrics.sent import refused_as
from deploy.exits import exit_of
from deploy.finger_outcomes import Refused
from deploy.finger_results import Overwrite, Results, UnwritableFile
from deploy.finger_service import Finger, position_named
from deploy.fingers import (
    AsJson,
    Dpi,
    Estimate,
    Height,
    Jars,
    Rate,
    Width,
    contents_of,
    decoding,
    engine,
    quality_meter,
    raw_size,
    there,
)
from deploy.harmless import harmless, json_line, say
from deploy.interrupts import telling_of_ctrl_c
from hub.errors import Rejected

PAGE = Path("comparison.html")
AT_ONCE = 2


@telling_of_ctrl_c("no page was written")
def explain(
    probe: Annotated[Path, typer.Argument(metavar="A", help="The finger that is asked about.")],
    candidate: Annotated[Path, typer.Argument(metavar="B", help="The finger that it is compared with.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The page to write.")] = PAGE,
    rate: Rate = VERIFY_FALSE_MATCH_RATE,
    among: Annotated[
        int, typer.Option(min=1, metavar="N", help="How many images B was found among; 1 for a comparison.")
    ] = 1,
    plain: Annotated[bool, typer.Option("--plain", help="Compare by the plain engine, without drawn views.")] = False,
    finger: Finger = None,
    dpi: Dpi = None,
    estimate: Estimate = False,
    width: Width = None,
    height: Height = None,
    overwrite: Overwrite = False,
    jars: Jars = None,
    as_json: AsJson = False,
) -> None:
    """Show two fingers side by side, with their minutiae and the pairs that matched, on one page of HTML.

    The page has no script and needs no other file; it can be printed. It holds the images: keep it as you keep those.
    It is written over an earlier page, and over nothing else. No stack is needed: the engine starts here.

    Example: `isthmus biometrics explain probe.png candidate.png --dpi 500 --out comparison.html`
    """
    for path in (probe, candidate):
        there(path)
    _must_have_a_folder(out)
    results = Results((probe, candidate), overwrite=overwrite, may_go=is_page)
    results.must_be_free(out)
    read, which, size = decoding(dpi, estimate, jars), position_named(finger), raw_size(width, height)

    def named(path: Path) -> Named:
        contents = contents_of(path, read, size, which)
        sample = one_finger(contents)
        return Named(path.name, contents.format, replace(sample, notes=contents.notes_of(sample)))

    with _refusals({"probe": probe, "candidate": candidate}, as_json=as_json):
        with refused_as("probe"):
            one = named(probe)
        with refused_as("candidate"):
            other = named(candidate)
        with quality_meter(AT_ONCE, wanted=can_be_measured()) as meter:
            account = explained(
                one,
                other,
                engine(jars),
                meter,
                rate=rate,
                comparisons=among,
                calibration=None if plain else CALIBRATION,
                now=dt.datetime.now(dt.UTC),
            )
    decision = account.decision
    mirrored = not decision.match and _is_mirrored(one.sample, other.sample, engine(jars), plain=plain)
    # Last: who breaks it off before is told that there is no page.
    written = results.write(out, write_page(account))
    told = {
        "match": decision.match,
        "score": decision.score,
        "threshold": decision.threshold,
        "rate": decision.rate,
        "comparisons": among,
        "mirrored": mirrored,
        "pairs": len(account.pairing.pairs),
        "engine": account.engine,
        "written": written,
    }
    if as_json:
        say(json_line(told))
        return
    word = "Match" if decision.match else "No match"
    say(
        f"{word}: score {decision.score:.1f}, threshold {decision.threshold:.1f}, "
        f"{told['pairs']} pairs of minutiae -> {written}"
    )
    if mirrored:
        say(str(MirroredImage()))


@contextmanager
def _refusals(sides: Mapping[str, Path], *, as_json: bool) -> Iterator[None]:
    """Name the file that is refused.

    Args:
        sides: the files, by the field that a refusal names.
        as_json: whether an object of JSON is to tell of it, too.

    Raises:
        typer.Exit: one is.
    """
    try:
        yield
    except Rejected as error:
        if (file := sides.get(error.field or "")) is None:
            raise
        refused = Refused(file, error)
        say(str(harmless(str(refused))), err=True)
        if as_json:
            say(json_line({"refused": [refused.as_json()]}))
        raise typer.Exit(exit_of(error)) from None


def _must_have_a_folder(out: Path) -> None:
    """Look before anything is computed: a folder that is mistyped is not to be made.

    Raises:
        UnwritableFile: it is not there.
    """
    if not out.parent.is_dir():
        raise UnwritableFile(f"The folder {out.parent} is not there; name a file in one that is with --out.")


def _is_mirrored(probe: Sample, candidate: Sample, engine: SourceAfis, *, plain: bool) -> bool:
    """Tell, as a verification does, whether two prints that are no match would be one in a mirror."""
    one, other = (
        Views(template_of(sample, engine)) if plain else views_of(sample, engine) for sample in (probe, candidate)
    )
    return matches_mirrored(Comparing(engine, None if plain else CALIBRATION), one, [other])
