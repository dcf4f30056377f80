"""This module writes the answers of the service: from what was found to the bodies that go out (pure)."""

from collections.abc import Iterable

from biometrics.formats.contents import ImageSample, MissingFinger
from biometrics.gallery import Gallery
from biometrics.matching import Identification
from biometrics.quality.gate import Demand, Verdict
from biometrics.quality.quality import Quality
from biometrics.rejections import UnknownFingerprint
from biometrics.samples import Reading
from biometrics.wire import (
    MOST_UNREAD,
    AdviceAnswer,
    CandidateAnswer,
    Extraction,
    FingerAnswer,
    IdentifyAnswer,
    ImageQuality,
    MissingFingerAnswer,
    RecordAnswer,
)


def record_answer(gallery: Gallery, record: str) -> RecordAnswer:
    """Describe a record.

    Raises:
        UnknownFingerprint: the gallery never heard of it.
    """
    version, held = gallery.known(record)
    if version < 0:
        raise UnknownFingerprint("The gallery knows no such fingerprint; enrol it first.")
    if held is None:
        return RecordAnswer(record=record, recordversion=version, held=False)
    finger, images = held
    return RecordAnswer(
        record=record,
        recordversion=version,
        held=True,
        subject=finger.subject,
        engine=finger.engine,
        templates=len(images),
        nfiq2=finger.nfiq2,
        impressions=finger.impressions,
    )


def image_quality(quality: Quality | None, demand: Demand) -> ImageQuality | None:
    """Describe the quality of an image; advice goes with one that is not good, or not faithful."""
    if quality is None:
        return None
    verdict = quality.verdict(demand)
    advice = () if verdict is Verdict.GOOD and quality.is_faithful else quality.advice
    return ImageQuality(
        nfiq2=quality.score,
        verdict=verdict,
        least=demand.least,
        wanted=demand.wanted,
        advice=tuple(AdviceAnswer(code=each, text=each.text) for each in advice),
    )


def extraction(reading: Reading, minutiae: int, demand: Demand) -> Extraction:
    """Describe what was made of a sample, what the sample tells of itself, and what is asked of its quality."""
    sample = reading.sample
    image = sample if isinstance(sample, ImageSample) else None
    return Extraction(
        template=reading.carried[0],
        views=reading.carried[1:],
        minutiae=minutiae,
        position=sample.capture.position.finger or None,
        impression=sample.capture.impression.word,
        quality=sample.capture.quality,
        image_quality=image_quality(reading.quality, demand),
        dpi=image.image.dpi if image else None,
        resolution=image.source if image else None,
        notes=reading.notes,
        missing=missing_fingers(reading.missing),
    )


def missing_fingers(missing: Iterable[MissingFinger]) -> tuple[MissingFingerAnswer, ...]:
    """Describe the fingers that records say cannot be taken, each once."""
    return tuple(MissingFingerAnswer(position=each.position, reason=each.reason) for each in dict.fromkeys(missing))


def identify_answer(found: Identification, engine: str) -> IdentifyAnswer:
    """Write the candidates of a search, and whether the gallery holds all that could have been found."""
    return IdentifyAnswer(
        candidates=tuple(
            CandidateAnswer(
                subject=candidate.subject,
                score=candidate.score,
                threshold=candidate.threshold,
                match=found.decision(candidate).match,
                fingers=tuple(
                    FingerAnswer(
                        probe=found.numbers[each.probe],
                        record=each.finger.record,
                        system=each.finger.system,
                        position=each.finger.position,
                        engine=each.finger.engine,
                        nfiq2=each.finger.nfiq2,
                        impressions=each.finger.impressions,
                        score=each.score,
                    )
                    for each in candidate.fingers
                ),
            )
            for candidate in found.candidates
        ),
        threshold=found.threshold,
        rate=found.rate,
        engine=engine,
        templates=found.templates,
        complete=found.complete and len(found.unread) <= MOST_UNREAD,
        unread=found.unread[:MOST_UNREAD],
        elapsed_ms=round(found.elapsed_ms, 3),
        positions=found.positions,
        missing=missing_fingers(found.missing),
        notes=found.notes,
    )
