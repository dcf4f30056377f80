"""This module measures whether every format is read, and whether minutiae come back as they were written."""

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import floor
from pathlib import Path

import iso19794  # noqa: F401  lets Pillow write finger image records
import nistitl
from PIL import Image

from biometrics.conversion import Converter
from biometrics.engine import SourceAfis, start_jvm
from biometrics.formats.contents import Contents, ImageSample, TemplateSample
from biometrics.formats.images import Decoding
from biometrics.formats.kinds import SampleFormat
from biometrics.formats.minutiae import FingerMinutiae, Minutia, MinutiaeFormat, MinutiaKind, dpi_of
from biometrics.formats.minutiae_reading import read_minutiae
from biometrics.formats.minutiae_writing import write_minutiae
from biometrics.formats.reading import read_file
from biometrics.gray import STANDARD_DPI, GrayImage
from biometrics.rejections import BlankImage
from deploy.bench.apart import run_apart
from deploy.bench.telling import Teller
from deploy.local.artifacts import Bundle
from deploy.local.downloads import Downloads
from deploy.local.home import cache_folder
from deploy.quality.figures import Figures, Measured
from hub.errors import Rejected

FOLDER = Path("fingerprints")
HEAP_MEGABYTES = 512
TOLD = 10
_NOT_SAMPLES = {".json", ".txt", ".xsd", ".md"}
"""What lies beside the samples: what others decoded of them, schemas, descriptions."""
_SILENT = {".png", ".jpeg"}
"""The sets' files that do not tell their resolution, which is 500 dpi for all of them."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file, and what is said of its resolution."""

    name: str
    data: bytes
    dpi: int | None = None
    said: SampleFormat | None = None
    size: tuple[int, int] | None = None


def formats_figures(folder: Path, teller: Teller) -> Figures:
    """Measure formats."""
    files = sorted(path for path in (folder / FOLDER).rglob("*") if path.is_file() and path.suffix not in _NOT_SAMPLES)
    if not files:
        teller.say("SKIPPED formats_round_trip: there are no samples of fingers.")
        return
    with teller.counting("Files of fingers, read and written again", len(files)):
        jars = Downloads(cache_folder(), teller).jars(Bundle.SOURCEAFIS)
        share, failed = run_apart(round_trip, jars, files)
    for name in failed[:TOLD]:
        teller.say(f"formats_round_trip: {name} did not come back")
    if len(failed) > TOLD:
        teller.say(f"formats_round_trip: and {len(failed) - TOLD} others")
    yield Measured("formats_round_trip", share)


def round_trip(jars: Path, files: list[Path]) -> tuple[float, list[str]]:
    """Give the share of files that are read, and come back from all five editions; and the names of the others."""
    start_jvm(jars, HEAP_MEGABYTES)
    engine = SourceAfis()
    kept = [Kept(path.name, path.read_bytes(), STANDARD_DPI if path.suffix in _SILENT else None) for path in files]
    pictures = [each for each in kept if each.name.endswith(".png")]
    kept += made_of(_gray(pictures[0].data)) if pictures else []
    failed = [each.name for each in kept if not _comes_back(each, engine)]
    return 1 - len(failed) / len(kept), failed


def _comes_back(kept: Kept, engine: SourceAfis) -> bool:
    try:
        contents = read_file(kept.data, Decoding(engine.decode_wsq, kept.dpi), said=kept.said, size=kept.size)
        return bool(contents.samples) and all(each_of(contents, engine))
    except BlankImage:
        return _is_blank(kept.data)  # read, and rightly refused
    except Rejected:
        return False


def each_of(contents: Contents, engine: Converter) -> Iterator[bool]:
    """Tell of each sample whether its minutiae come back; an image's are those that the engine finds."""
    for sample in contents.samples:
        if isinstance(sample, TemplateSample):
            yield all(returns(sample.finger, edition, engine) for edition in MinutiaeFormat)
        elif isinstance(sample, ImageSample) and sample.capture.position.finger is not None:
            template = engine.extract(sample.image)
            for edition in MinutiaeFormat:
                (finger,) = read_minutiae(engine.export(template, edition)).fingers
                yield returns(replace(finger, capture=sample.capture), edition, engine)
        else:
            yield True


def returns(finger: FingerMinutiae, edition: MinutiaeFormat, engine: Converter) -> bool:
    """Tell whether a finger comes back from an edition, through our reader and through the engine's own.

    Places and kinds are the same, angles within half a step of the edition. What the engine exports again is the same
    to the last bit, for what it is given is rounded already; but it brings places to 500 dpi (197 pixels to a
    centimetre are 500.4), knows no order, and makes endings of what is neither an ending nor a fork.
    """
    data = write_minutiae([finger], edition)
    (again,) = read_minutiae(data).fingers
    if again.capture.position != finger.capture.position or not _same(finger, again, edition.angle_unit / 2):
        return False
    (imported,) = engine.import_standard(data)
    (exported,) = read_minutiae(engine.export(imported, edition)).fingers
    across, down = STANDARD_DPI / dpi_of(finger.x_per_cm), STANDARD_DPI / dpi_of(finger.y_per_cm)
    return _in_order(again, across, down) == _in_order(exported)


def _in_order(
    finger: FingerMinutiae, across: float = 1.0, down: float = 1.0
) -> list[tuple[int, int, float, MinutiaKind]]:
    return sorted(
        (floor(each.x * across + 0.5), floor(each.y * down + 0.5), each.angle, each.kind or MinutiaKind.ENDING)
        for each in finger.minutiae
    )


def _same(one: FingerMinutiae, other: FingerMinutiae, turn: float) -> bool:
    return len(one.minutiae) == len(other.minutiae) and all(
        (a.kind, a.x, a.y) == (b.kind, b.x, b.y) and _turned(a, b) <= turn + 1e-6
        for a, b in zip(one.minutiae, other.minutiae, strict=True)
    )


def _turned(one: Minutia, other: Minutia) -> float:
    return abs((one.angle - other.angle + 180) % 360 - 180)


def made_of(image: GrayImage) -> list[Kept]:
    """Write an image in the formats of which the data hold no sample, with libraries that others made."""
    picture = Image.frombytes("L", (image.width, image.height), image.pixels)
    dpi = (STANDARD_DPI, STANDARD_DPI)
    written: Mapping[str, Callable[[], bytes]] = {
        "made.png": lambda: _encoded(picture, "PNG", dpi=dpi),
        "made.jpeg": lambda: _encoded(picture, "JPEG", dpi=dpi),
        "made.bmp": lambda: _encoded(picture, "BMP", dpi=dpi),
        "made.tiff": lambda: _encoded(picture, "TIFF", dpi=dpi),
        "made-lzw.tiff": lambda: _encoded(picture, "TIFF", dpi=dpi, compression="tiff_lzw"),
        "made-raw.fir": lambda: _image_record(picture, "RAW"),
        "made-jpeg.fir": lambda: _image_record(picture, "JPEG"),
        "made-jpeg2000.fir": lambda: _image_record(picture, "JPEG2000_LOSSLESS"),
        "made-png.an2": lambda: _transaction(picture),
    }
    kept = [Kept(name, write()) for name, write in written.items()]
    kept.append(Kept("made.j2k", _encoded(picture, "JPEG2000", no_jp2=True), STANDARD_DPI))
    size = image.width, image.height
    kept.append(Kept("made.raw", image.pixels, STANDARD_DPI, SampleFormat.RAW, size))
    return kept


def _encoded(picture: Image.Image, kind: str, **more: object) -> bytes:
    written = io.BytesIO()
    picture.save(written, kind, **more)
    return written.getvalue()


def _image_record(picture: Image.Image, compression: str) -> bytes:
    rates = {
        f"{way}_{what}_sampling_rate": STANDARD_DPI for way in ("horizontal", "vertical") for what in ("scan", "image")
    }
    recorded = picture.copy()
    header = {"position": "LEFT_INDEX_FINGER", "number": 0, "scale_units": "PPI", "image_compression_algo": compression}
    recorded.header = header | rates | {"impression_type": "LIVESCAN_PLAIN"}  # type: ignore[attr-defined]  # theirs
    return _encoded(recorded, "FIR")


def _transaction(picture: Image.Image) -> bytes:
    """Write a transaction of one record of type 14 (ANSI/NIST-ITL 1-2011, 8.14)."""
    message = nistitl.Message()
    message.TOT = "TEST"
    record = nistitl.AsciiRecord(14)
    told = {"IDC": 1, "IMP": 0, "SRC": "X", "FCD": "20260101", "HLL": picture.width, "VLL": picture.height}
    told |= {"SLC": 1, "THPS": STANDARD_DPI, "TVPS": STANDARD_DPI, "CGA": "PNG", "BPX": 8, "FGP": 7}
    for name, value in told.items():
        setattr(record, name, value)
    record.DATA = _encoded(picture, "PNG")
    message += record
    return bytes(message.NIST)


def _gray(data: bytes) -> GrayImage:
    with Image.open(io.BytesIO(data)) as opened:
        gray = opened.convert("L")
    return GrayImage(gray.width, gray.height, gray.tobytes())


def _is_blank(data: bytes) -> bool:
    with Image.open(io.BytesIO(data)) as opened:
        return opened.convert("L").getextrema() in {(0, 0), (255, 255)}
