"""This module turns samples into templates: a file is read, an image and its view extracted, a template imported."""

from dataclasses import dataclass, replace
from typing import Protocol

from biometrics.comparing import Views, with_sent_view, with_view
from biometrics.decision import VERIFY_FALSE_MATCH_RATE, decide
from biometrics.engine import Template
from biometrics.enhancement.coherence import check_coherent
from biometrics.enhancement.views import SOFT, enhance
from biometrics.formats.contents import (
    Contents,
    ImageSample,
    MissingFinger,
    NativeSample,
    Sample,
    TemplateSample,
)
from biometrics.formats.images import Decoding
from biometrics.formats.kinds import Family, SampleFormat, recognised
from biometrics.formats.minutiae import Capture
from biometrics.formats.minutiae_writing import write_minutiae
from biometrics.formats.native import is_as_written
from biometrics.formats.reading import check_comparable, one_finger, read_file
from biometrics.formats.resampling import legible
from biometrics.fusion import Minutiae
from biometrics.gray import GrayImage
from biometrics.quality.quality import Measurement, Meter, Quality
from biometrics.rejections import NoMinutiae, UndecodableImage, UnreadableTemplate, ViewDiffers
from biometrics.wire import Sample as SentSample
from contracts.records import MAX_TEMPLATE_BYTES, FingerPosition, FingerTemplate, TemplateFormat

VIEW_SUFFIX = f"+{SOFT.name}-{SOFT.version}"
"""What is added to the engine's name where a template is that of a view: `sourceafis-3.18.1+soft-1`."""


class Importer(Protocol):
    """What reading templates needs of the engine."""

    def from_bytes(self, data: bytes) -> Template:
        """Read a template of the engine's own."""
        ...

    def from_stranger(self, data: bytes) -> Template:
        """Read a template of the engine's own that somebody sent, and look at what is in it."""
        ...

    def import_standard(self, data: bytes) -> list[Template]:
        """Read a standard template."""
        ...


class Extractor(Importer, Protocol):
    """What reading samples needs of the engine."""

    name: str

    def extract(self, image: GrayImage) -> Template:
        """Find the minutiae."""
        ...

    def minutiae(self, template: Template) -> int:
        """Count them."""
        ...

    def score(self, probe: Template, candidate: Template) -> float:
        """Compare two templates."""
        ...

    def positions(self, template: Template) -> Minutiae:
        """Give them."""
        ...

    def to_bytes(self, template: Template) -> bytes:
        """Write a template."""
        ...

    def decode_wsq(self, data: bytes) -> tuple[int, int, bytes]:
        """Decode a WSQ image."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """What was made of a sample, in the JVM and as an event carries it, and what was read.

    `carried` begins with the plain template; that of the view comes after it; of a probe there is none. `said` is which
    finger the caller says it is, `quality` that of an image, where it was measured; `missing` are the fingers that the
    record says cannot be taken, and `notes` say what was odd about it and the sample, or in doubt.
    """

    views: Views
    carried: tuple[FingerTemplate, ...]
    sample: Sample
    said: FingerPosition | None = None
    quality: Quality | None = None
    missing: tuple[MissingFinger, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def capture(self) -> Capture:
        """Which finger the sample tells of, and how it was taken."""
        return self.sample.capture

    @property
    def finger(self) -> FingerPosition:
        """Which finger it is: what the sample tells wins over what the caller says of it."""
        return self.capture.position.finger or self.said or FingerPosition.UNKNOWN

    @property
    def fingers(self) -> frozenset[FingerPosition]:
        """The fingers of which it is one; none where neither sample nor caller says."""
        return frozenset({self.finger}) if self.finger else self.capture.among


class SampleReader:
    """Reads samples with the engine; blocks while Java works, so it is called in the engine's threads."""

    def __init__(self, extractor: Extractor, meter: Meter | None = None, *, by_views: bool = False) -> None:
        self._extractor = extractor
        self._meter = meter
        self._by_views = by_views

    def read(self, sent: SentSample, *, measured: bool = True, probe: bool = False) -> Reading:
        """Make the templates of a sample, and measure the quality of an image meanwhile.

        Args:
            sent: the sample.
            measured: whether the quality of an image is.
            probe: whether it is only compared: what is in doubt about it nobody is told, and no event carries it.

        Raises:
            Rejected: what is wrong with the sample.
        """
        contents = self._contents(sent, noted=not probe)
        sample = one_finger(contents)
        measurement = self._measurement(sample) if measured else None
        views = self._views(sample, _view_of(sent))
        quality = measurement.result() if measurement else None
        if not probe and not isinstance(sample, ImageSample):
            _check_findable(self._extractor, views)
        views = replace(views, nfiq2=quality.score if quality else None, impression=sample.capture.impression.word)
        written = () if probe else self._carried(sample, views, _view_of(sent))
        notes = contents.notes_of(sample)
        return Reading(views, written, sample, sent.finger, quality, contents.missing, notes)

    def _carried(self, sample: Sample, views: Views, view: bytes | None) -> tuple[FingerTemplate, ...]:
        if isinstance(sample, NativeSample):
            # Reading them has shown that the bytes are whole; they are passed on as their maker wrote them.
            made_by = sample.maker or self._extractor.name
            plain = FingerTemplate(engine=made_by, data=sample.data)
            if view is None or views.drawn is None:
                return (plain,)
            return plain, FingerTemplate(engine=made_by + VIEW_SUFFIX, data=view, agreed=views.agreed)
        return carried(self._extractor, views)

    def _contents(self, sent: SentSample, *, noted: bool) -> Contents:
        if recognised(sent.data, sent.format).family is Family.TEMPLATE:
            _check_length(sent.data)
        size = (sent.width, sent.height) if sent.width and sent.height else None
        decoding = Decoding(self._extractor.decode_wsq, sent.dpi, sent.estimate, doubt=noted)
        return read_file(sent.data, decoding, said=sent.format, size=size, finger=sent.finger)

    def _views(self, sample: Sample, view: bytes | None) -> Views:
        if not self._by_views:
            return Views(template_of(sample, self._extractor))
        if view is not None:
            plain = Views(template_of(sample, self._extractor))
            drawn = self._extractor.from_stranger(view)
            if with_view(self._extractor, plain, drawn).drawn is None:
                raise ViewDiffers(
                    "The view is not of the print that the template is of; send both as extract gave them."
                )
            return with_sent_view(self._extractor, plain, drawn)
        return views_of(sample, self._extractor)

    def _measurement(self, sample: Sample) -> Measurement | None:
        if self._meter is None or not isinstance(sample, ImageSample):
            return None
        return Measurement(self._meter, sample.image)


def _check_findable(extractor: Extractor, views: Views) -> None:
    """Refuse a template that nobody would ever be found by; of images quality tells, and the gate decides.

    Raises:
        NoMinutiae: it does not match even itself.
    """
    if not decide(extractor.score(views.plain, views.plain), VERIFY_FALSE_MATCH_RATE).match:
        raise NoMinutiae("The template holds too few minutiae to match even itself; take the finger again.")


def is_view(engine: str) -> bool:
    """Tell by the name of what made a template whether it is that of a view, of whatever version."""
    return "+" in engine


def _view_of(sent: SentSample) -> bytes | None:
    """Give the view that goes with a template; one that other code has drawn is as good as none."""
    return sent.view if sent.view_engine is None or sent.view_engine.endswith(VIEW_SUFFIX) else None


def carried(extractor: Extractor, views: Views) -> tuple[FingerTemplate, ...]:
    """Write the templates of an image as an event carries them: the plain one, and after it that of the view."""
    made_by = views.engine or extractor.name
    plain = FingerTemplate(
        engine=made_by, data=extractor.to_bytes(views.plain), nfiq2=views.nfiq2, impression=views.impression
    )
    if views.drawn is None:
        return (plain,)
    drawn = FingerTemplate(
        engine=made_by + VIEW_SUFFIX,
        data=extractor.to_bytes(views.drawn),
        nfiq2=views.nfiq2,
        agreed=views.agreed,
        impression=views.impression,
    )
    return plain, drawn


def views_of(sample: Sample, extractor: Extractor) -> Views:
    """Make the templates of what was read of a file: of an image, its view's as well.

    Raises:
        Rejected: nothing in it can be compared.
    """
    if not isinstance(sample, ImageSample):
        return Views(template_of(sample, extractor))
    check_coherent(sample.image)
    # The view first: it tells cheaply that there are no ridges.
    (drawn,) = enhance(sample.image)
    plain = extractor.extract(legible(sample.image))
    return with_view(extractor, Views(plain), extractor.extract(drawn))


def template_of(sample: Sample, extractor: Extractor) -> Template:
    """Make a template of what was read of a file.

    Raises:
        Rejected: nothing in it can be compared.
    """
    if isinstance(sample, ImageSample):
        check_coherent(sample.image)
        return extractor.extract(legible(sample.image))
    if isinstance(sample, NativeSample):
        return extractor.from_stranger(sample.data)
    return imported(sample, extractor)


def imported(sample: TemplateSample, importer: Importer) -> Template:
    """Have the engine take over the minutiae of one finger.

    It is given a record of this finger alone, written anew by the edition it was read of: nothing that was odd about
    the record is left in it, and nothing is rounded.

    Raises:
        UnreadableTemplate: there are too few minutiae in it, or too many.
    """
    check_comparable(sample)
    # The engine does not ask which finger it is, and no record says that it is one of several.
    finger = replace(sample.finger, capture=replace(sample.capture, among=frozenset()))
    (template,) = importer.import_standard(write_minutiae([finger], sample.format))
    return template


def read_template(importer: Importer, template_format: TemplateFormat, data: bytes) -> Template:
    """Read a template of one finger.

    Raises:
        UnreadableTemplate: it is none, or nothing in it can be compared.
        Rejected: it holds several fingers, of which nobody said which is meant, or none.
    """
    _check_length(data)
    if template_format is TemplateFormat.SOURCEAFIS:
        return _native(importer, data)
    sample = one_finger(read_file(data, Decoding(_no_wsq), said=SampleFormat(template_format.value)))
    assert not isinstance(sample, ImageSample), "an image is no format of a template"
    return _native(importer, sample.data) if isinstance(sample, NativeSample) else imported(sample, importer)


def _native(importer: Importer, data: bytes) -> Template:
    """Read a template of the engine's own: what has the form that the engine writes needs no second look."""
    return importer.from_bytes(data) if is_as_written(data) else importer.from_stranger(data)


def _check_length(data: bytes) -> None:
    if len(data) > MAX_TEMPLATE_BYTES:
        raise UnreadableTemplate("The template is larger than 48 kB; send one finger in each.")


def _no_wsq(_data: bytes) -> tuple[int, int, bytes]:
    raise UndecodableImage("A template was promised, and an image came; send a template.")
