"""This module turns samples into templates: an image is decoded and extracted, a template imported."""

import re
from dataclasses import dataclass
from typing import Protocol

from biometrics.engine import Template
from biometrics.gray import GrayImage
from biometrics.images import decode_image, raw_image
from biometrics.rejections import UnreadableTemplate
from biometrics.wire import Sample, SampleFormat
from contracts.records import MAX_TEMPLATE_BYTES, FingerTemplate, TemplateFormat

_VERSION = re.compile(rb"version[\x60-\x77]([0-9]+(?:\.[0-9]+)*)")


class Extractor(Protocol):
    """What reading samples needs of the engine."""

    name: str

    def extract(self, image: GrayImage) -> Template:
        """Find the minutiae."""
        ...

    def minutiae(self, template: Template) -> int:
        """Count them."""
        ...

    def to_bytes(self, template: Template) -> bytes:
        """Write a template."""
        ...

    def from_bytes(self, data: bytes) -> Template:
        """Read a template of the engine's own."""
        ...

    def import_standard(self, data: bytes) -> list[Template]:
        """Read a standard template."""
        ...

    def decode_wsq(self, data: bytes) -> tuple[int, int, bytes]:
        """Decode a WSQ image."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """A template that was made of a sample, in the JVM and as an event carries it."""

    template: Template
    carried: FingerTemplate


class SampleReader:
    """Reads samples with the engine; blocks while Java works, so it is called in the engine's threads."""

    def __init__(self, extractor: Extractor) -> None:
        self._extractor = extractor

    def read(self, sample: Sample) -> Reading:
        """Make a template of a sample.

        Raises:
            Rejected: what is wrong with the sample.
        """
        template = self.template(sample)
        if sample.format is SampleFormat.SOURCEAFIS:
            # Reading them has shown that the bytes are whole; they are passed on as their maker wrote them.
            return Reading(
                template, FingerTemplate(engine=maker(sample.data) or self._extractor.name, data=sample.data)
            )
        data = self._extractor.to_bytes(template)
        return Reading(template, FingerTemplate(engine=self._extractor.name, data=data))

    def template(self, sample: Sample) -> Template:
        """Make a template of a sample, for comparing only."""
        if not sample.format.is_template:
            return self._extractor.extract(self._image(sample))
        return read_template(self._extractor, TemplateFormat(sample.format.value), sample.data)

    def _image(self, sample: Sample) -> GrayImage:
        if sample.format is SampleFormat.RAW:
            return raw_image(sample.data, sample.width or 0, sample.height or 0, sample.dpi)
        return decode_image(sample.data, sample.dpi, self._extractor.decode_wsq)


def maker(data: bytes) -> str | None:
    """Tell which version of the engine wrote a template of its own format: the CBOR text after the key `version`."""
    found = _VERSION.search(data[:100])
    return f"sourceafis-{found[1].decode()}" if found else None


def read_template(extractor: Extractor, template_format: TemplateFormat, data: bytes) -> Template:
    """Read a template of one finger.

    Raises:
        UnreadableTemplate: it is none, or holds several fingers, of which nobody said which is meant.
    """
    if len(data) > MAX_TEMPLATE_BYTES:
        raise UnreadableTemplate("The template is larger than 64 kB; send one finger in each.")
    if template_format is TemplateFormat.SOURCEAFIS:
        return extractor.from_bytes(data)
    found = extractor.import_standard(data)
    if len(found) > 1:
        raise UnreadableTemplate(f"The template holds {len(found)} fingers; send each in a record of its own.")
    return found[0]
