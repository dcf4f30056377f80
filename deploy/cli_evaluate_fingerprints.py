"""This module is `isthmus evaluate fingerprints`: it compares all images of a folder with one another."""

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from biometrics.engine import SourceAfis, start_jvm
from biometrics.evaluation.det import det_curve
from biometrics.evaluation.figures import curve_of, figures_of, measured_pairs
from biometrics.evaluation.impressions import Impression, NotMeasurable, pattern_of, read_name
from biometrics.evaluation.reading import ReadSet, counted, read_set
from biometrics.evaluation.scoring import PLAIN, SHIPPED, Scored, score_all, steps
from biometrics.formats.images import Decoding
from biometrics.rejections import UnknownResolution
from biometrics.warm_up import warm_up
from deploy.bench.telling import Teller
from deploy.evaluating import AsJson, Scores, show
from deploy.exits import Exit
from deploy.fingers import Dpi, read_bytes
from deploy.harmless import say
from deploy.interrupts import telling_of_ctrl_c
from deploy.local.artifacts import Bundle
from deploy.local.downloads import Downloads
from deploy.local.home import CHECKOUT, cache_folder
from deploy.mistyped import Mistyped
from deploy.text_files import UNENCODABLE, UnwritableFile, scores_file

DRAWN = CHECKOUT / "var"
HEAP_MEGABYTES = 1024
OF_PAIRS = ("eer", "fmr100", "fmr1000", "zero_fmr")
OF_SEARCHES = ("rank1", "fnir_at_fpir")
COSTS = ("extract_ms", "compare_per_s")


@telling_of_ctrl_c("there are no figures")
def fingerprints(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of images.", file_okay=False, exists=True)],
    name: Annotated[
        str, typer.Option("--name", metavar="REGEX", help="Groups `finger`, `impression`, perhaps `subject`.")
    ],
    dpi: Dpi = None,
    as_json: AsJson = False,
    scores: Scores = None,
    det: Annotated[
        Path | None,
        typer.Option("--det", metavar="FILE", help="Where the curve is drawn as SVG; else in var/."),
    ] = None,
) -> None:
    r"""Compare all images of a folder with one another. `docs/evaluation.md` describes the figures.

    Every pair of one finger is genuine, every pair of different fingers an impostor; the lower name is the probe.

    Example: `isthmus evaluate fingerprints prints --name '(?P<finger>[^_]+)_(?P<impression>\d+)' --dpi 500`
    """
    pattern = _pattern(name)
    files = files_of(folder, pattern)
    drawing = _drawing(det, folder)
    _must_be_free(drawing, scores, files)
    if det is not None:
        _check_writable(det)
    with scores_file(scores, files) as write:
        start_jvm(Downloads(cache_folder(), Teller()).jars(Bundle.SOURCEAFIS), HEAP_MEGABYTES)
        engine = SourceAfis()
        warm_up(engine, None, by_views=True)
        read = read_files(engine, files, pattern, dpi)
        impressions, faults = read.impressions, len(read.faults)
        measured_pairs(impressions)
        with Teller().counting("Images, extracted and compared", steps(len(read.images))) as tell:
            scored = score_all(engine, read.images, tell)
        write(("probe", "candidate", "genuine", *scored), _rows(impressions, scored))
    figures = {name: figures_of(each, impressions) for name, each in scored.items()}
    failed = read.failures + _refused(read, scored[SHIPPED])
    # Files first: who reads what is printed may leave before its end.
    _draw(
        drawing,
        det is not None,
        det_curve({name: curve_of(each, impressions) for name, each in scored.items()}, folder.name),
    )
    _show(figures, faults, failed, as_json)
    if faults:
        raise typer.Exit(Exit.PARTLY)


def _pattern(name: str) -> re.Pattern[str]:
    """Read how names of files tell a finger.

    Raises:
        Mistyped: it is no such expression.
    """
    try:
        return pattern_of(name)
    except NotMeasurable as error:
        raise Mistyped(str(error)) from None


def files_of(folder: Path, pattern: re.Pattern[str]) -> list[Path]:
    """List the files whose names tell a finger, in the order of their names: they are read, and no others."""
    return [file for file in sorted(folder.iterdir()) if file.is_file() and read_name(file.stem, pattern)]


def read_files(engine: SourceAfis, files: Sequence[Path], pattern: re.Pattern[str], dpi: int | None) -> ReadSet:
    """Read the images of files whose names tell a finger; tell what is wrong with them.

    Raises:
        NotMeasurable: none is an image, or nothing possible tells the resolution of one.
    """
    # What files say is held against their ridges; what the caller says is not, in the service either.
    decoding = Decoding(engine.decode_wsq, dpi)
    try:
        read = read_set(files, pattern, decoding, read_bytes)
    except UnknownResolution as error:
        raise NotMeasurable(
            f"Nothing possible tells the resolution of {error.field}; say with --dpi what all images have."
        ) from None
    for line in read.told():
        say(line, err=True)
    if not read.images:
        raise NotMeasurable("No file of the folder is an image whose name the expression fits; look at both.")
    return read


def _refused(read: ReadSet, scored: Scored) -> list[str]:
    """Name the images that were read, and of which no template could be made."""
    refused = [f"{read.names[number]}: {why}" for number, why in scored.refusals.items()]
    for each in refused:
        say(counted(each), err=True)
    return refused


def _rows(impressions: Sequence[Impression], scored: Mapping[str, Scored]) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for genuine, pairs in zip((1, 0), measured_pairs(impressions), strict=True):
        columns = [pairs.of(each.scores).round(4).tolist() for each in scored.values()]
        names = (
            (impressions[p].name, impressions[c].name) for p, c in zip(pairs.probes, pairs.candidates, strict=True)
        )
        rows += [(*pair, genuine, *found) for pair, *found in zip(names, *columns, strict=True)]
    return rows


def _drawing(asked: Path | None, folder: Path) -> Path:
    """Say where the curve is drawn: where it was asked for, or in `var/` by the names of the folder and that above."""
    whole = folder.resolve()
    return asked or DRAWN / f"det-{whole.parent.name}-{whole.name}.svg"


def _must_be_free(drawing: Path, scores: Path | None, read: Collection[Path]) -> None:
    """Look whether the curve is drawn over something that is needed; of the scores, who opens their file looks.

    Raises:
        UnwritableFile: it is one of those that are `read`, or the file of the scores.
    """
    if drawing.resolve() in {each.resolve() for each in read}:
        raise UnwritableFile(f"{drawing.name} is read, and would be written over; name another file with --det.")
    if scores is not None and drawing.resolve() == scores.resolve():
        raise UnwritableFile(f"{drawing.name} cannot hold both the scores and the curve; name two files.")


def _check_writable(file: Path) -> None:
    """Look whether a file can be written before anything is computed for it, and leave none that was not there.

    Raises:
        UnwritableFile: it cannot.
    """
    is_there = file.exists()
    try:
        file.open("a", encoding="utf-8").close()
        if not is_there:
            file.unlink()
    except OSError:
        raise UnwritableFile(f"{file.name} cannot be written; name a file in a folder that is there.") from None


def _draw(file: Path, asked: bool, picture: str) -> None:
    """Write the curve where it was asked for; unasked into `var/`, where that can be written."""
    try:
        if not asked:
            DRAWN.mkdir(exist_ok=True)
        file.write_text(picture, encoding="utf-8", errors=UNENCODABLE)
    except OSError:
        if asked:
            raise UnwritableFile(f"{file.name} can no longer be written; look at its disk.") from None
        typer.echo("The curve of error rates (DET) cannot be written to var/; name a file with --det.", err=True)
        return
    say(f"The curve of error rates (DET) is in {file}.", err=True)


def _with_interval(told: Mapping[str, Any]) -> str | None:
    """Write a rate with its interval of 95 %: of few pairs a zero says little."""
    if told["rate"] is None:
        return None
    least, most = told["interval"]
    return f"{told['rate']:.4f} ({least:.4f} to {most:.4f})"


def _show(figures: Mapping[str, dict[str, Any]], faults: int, failed: Sequence[str], as_json: bool) -> None:
    shipped = figures[SHIPPED]
    others = {name: each for name, each in figures.items() if name != SHIPPED}
    if as_json:
        show({**shipped, "faults": faults, "failed": failed, "configurations": others}, True)
        return
    single = {name: value for name, value in shipped.items() if not isinstance(value, dict)}
    for name in (SHIPPED, PLAIN):
        for rate, told in figures[name]["said"].items():
            single[f"true FMR where {name} says {rate}"] = _with_interval(told)
    tables = {
        "groups": {name: _some(each, OF_PAIRS + OF_SEARCHES + COSTS) for name, each in figures.items()},
        "fvc": {name: _some(each["fvc"], OF_PAIRS) for name, each in figures.items()},
        "fusion": {
            f"{name} {shape}": _some(each, OF_PAIRS + OF_SEARCHES)
            for name in (SHIPPED, PLAIN)
            for shape, each in figures[name]["fusion"].items()
        },
    }
    show({**single, "faults": faults, **tables}, False)


def _some(figures: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    return {key: figures[key] for key in keys}
