"""This module is the one way in: bytes of any format become the fingers that they hold."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from biometrics.formats.cbeff import read_cbeff
from biometrics.formats.contents import (
    Contents,
    ImagePart,
    ImageSample,
    MissingFinger,
    NativeSample,
    Part,
    Parts,
    Sample,
    TemplateSample,
    Unread,
)
from biometrics.formats.image_records import read_image_record
from biometrics.formats.images import DecodedImage, Decoding, decode_image, raw_image
from biometrics.formats.kinds import Family, SampleFormat, maker, recognised
from biometrics.formats.minutiae import Capture
from biometrics.formats.minutiae_reading import read_minutiae
from biometrics.formats.nist_images import read_nist
from biometrics.formats.parts import read_parts
from biometrics.formats.positions import Position
from biometrics.gray import GrayImage
from biometrics.rejections import (
    ImageTooLarge,
    NoFinger,
    NoMinutiae,
    SeveralFingers,
    TooManyMinutiae,
    UndecodableImage,
    UnknownFormat,
)
from contracts.records import FingerPosition
from hub.errors import Rejected

_MOST_NAMED = 10
"""Fingers of a file that a refusal names."""
NO_MINUTIAE = "The template holds no minutiae; take the finger again."
MOST_COMPARED = 100
"""Minutiae of a finger that the engine is made for: what it finds itself is cut there (SourceAFIS, `MAX_MINUTIAE`)."""
MOST_SQUARE_INCHES = 3.0
"""The largest image of one finger that is extracted. A rolled one takes 1.6 x 1.5 inches, a plain thumb 1 x 2 (FBI
EBTS, appendix F, preferred capture sizes; four fingers take 3.2 x 3); a quarter more is for those who cut generously.
What extraction takes rises faster than the area: noise of four million pixels keeps the engine busy for minutes."""
_READERS = {
    SampleFormat.ISO_19794_4: read_image_record,
    SampleFormat.AN2K: read_nist,
    SampleFormat.CBEFF: read_cbeff,
}


def read_file(
    data: bytes,
    decoding: Decoding,
    *,
    said: SampleFormat | None = None,
    size: tuple[int, int] | None = None,
    finger: FingerPosition | None = None,
) -> Contents:
    """Read a file: its samples, images decoded, with all that it tells of them.

    Args:
        data: the file.
        decoding: how images are read, and the resolution that the caller says.
        said: what the file is said to be; only raw pixels need it.
        size: width and height of raw pixels.
        finger: the only one that is wanted of a record of several; `UNKNOWN` is none. What tells no finger, or
            several of which it is one, is it where nothing else may be.

    Raises:
        Rejected: what is wrong with it; the classes are those of `biometrics.rejections`.
    """
    if not data:
        raise UnknownFormat("The file is empty; send it again.")
    if finger is FingerPosition.UNKNOWN:
        finger = None
    kind = recognised(data, said)
    if kind.family is Family.IMAGE:
        decoded = _raw(data, size, decoding) if kind is SampleFormat.RAW else decode_image(data, decoding)
        return Contents(kind, (ImageSample(decoded.image, decoded.source, notes=decoded.notes),))
    if kind is SampleFormat.SOURCEAFIS:
        return Contents(kind, (NativeSample(data, maker(data)),))
    if kind.family is Family.TEMPLATE:
        record = read_minutiae(data)
        kind = SampleFormat(record.format.partition(":")[0])
        parts = Parts(tuple(TemplateSample(each, record.format) for each in record.fingers), notes=record.notes)
    else:
        parts = _READERS[kind](data)
    found = list(read_parts(parts.parts if finger is None else _only(finger, parts), decoding))
    samples, empty = _with_minutiae([each for each in found if not isinstance(each, Unread)])
    unread = (*(each for each in found if isinstance(each, Unread)), *parts.unread)
    notes = _notes(unread, samples, parts.missing, finger)
    return Contents(kind, samples, parts.missing, (*parts.notes, *empty, *notes))


def one_finger(contents: Contents) -> Sample:
    """Give the sample of a file that holds one finger, and can be compared; of several takes the one of best quality.

    An image wins over minutiae, of which less can be made and whose quality nobody can measure, unless both tell a
    quality and theirs is better; minutiae that cannot be compared are passed over beside what can, and the notes say
    so.

    Raises:
        SeveralFingers: it holds more, or an image of more.
        NoFinger: it holds none.
        NoMinutiae, TooManyMinutiae: nothing in it, or too much, could be compared.
    """
    if not contents.samples:
        raise NoFinger(
            f"The record holds no finger, and says that {_said(contents.missing)}; take another one.", contents.missing
        )
    positions = {sample.capture.position.plain_or_rolled for sample in contents.samples}
    if len(contents.samples) > 1 and (len(positions) > 1 or Position.UNKNOWN in positions):
        if all(sample.capture.position.finger is None for sample in contents.samples):
            check_one_fingertip(contents.samples[0])  # no choice among them helps
        held = [sample.capture.position.said for sample in contents.samples[:_MOST_NAMED]]
        if len(held) < len(contents.samples):
            held.append("and others")
        raise SeveralFingers(
            f"The file holds {len(contents.samples)} fingers ({', '.join(held)}); say which is meant, or send each by "
            "itself."
        )
    sample = _best(contents.samples)
    check_one_fingertip(sample)
    if isinstance(sample, TemplateSample):
        check_comparable(sample)
    return sample


def _best(samples: Sequence[Sample]) -> Sample:
    fit: list[Sample] = []
    notes: list[str] = []
    for sample in samples:
        try:
            if isinstance(sample, TemplateSample):
                check_comparable(sample)
        except Rejected as fault:
            notes.append(_passed_over(fault))
        else:
            fit.append(sample)
    if not fit:
        return max(samples, key=_told_quality)
    images = [sample for sample in fit if isinstance(sample, ImageSample)]
    best = max(images or fit, key=_told_quality)
    if best.capture.quality is not None:
        best = max((best, *fit), key=_told_quality)
    return replace(best, notes=(*best.notes, *notes)) if notes else best


def _told_quality(sample: Sample) -> int:
    return sample.capture.quality or 0


def check_one_fingertip(sample: Sample) -> None:
    """Refuse what shows several fingers, or another part of the hand, or more than a finger has, whatever it says.

    Raises:
        SeveralFingers: which.
        ImageTooLarge: and by how much.
    """
    if sample.capture.position.finger is None:
        raise SeveralFingers(
            f"The image shows {sample.capture.position.said}, not one fingertip; send each finger by itself."
        )
    if isinstance(sample, ImageSample):
        _check_area(sample.image)


def _check_area(image: GrayImage) -> None:
    across, down = image.width / image.dpi, image.height / image.dpi
    if across * down > MOST_SQUARE_INCHES:
        raise ImageTooLarge(
            f"The image shows {across:.1f} x {down:.1f} inches, more than one finger has; send each finger by itself, "
            "cut out of what shows several, and the true dpi."
        )


def check_comparable(sample: TemplateSample) -> None:
    """Refuse a template that the engine has nothing to compare of, or too much.

    Raises:
        NoMinutiae, TooManyMinutiae: which of them.
    """
    check_count(len(sample.finger.minutiae))


def check_count(count: int) -> None:
    """Refuse a number of minutiae of which nothing, or too much, is to be compared.

    Raises:
        NoMinutiae, TooManyMinutiae: which of them.
    """
    if count == 0:
        raise NoMinutiae(NO_MINUTIAE)
    if count > MOST_COMPARED:
        raise TooManyMinutiae(
            f"The template holds {count} minutiae, more than the {MOST_COMPARED} that are compared; keep the best ones."
        )


def _with_minutiae(samples: Sequence[Sample]) -> tuple[tuple[Sample, ...], dict[str, None]]:
    """Pass over templates without minutiae where something else is of their finger, or for none anything names one."""
    held = _named(samples)
    kept = tuple(each for each in samples if not (_is_empty(each) and held and each.capture.fingers <= held))
    return kept, {_passed_over(NoMinutiae(NO_MINUTIAE)): None} if len(kept) < len(samples) else {}


def _named(samples: Iterable[Sample]) -> set[FingerPosition | None]:
    """Give the fingers of which samples are, but for those that hold nothing."""
    return {each.capture.position.finger for each in samples if not _is_empty(each)} - {FingerPosition.UNKNOWN}


def _is_empty(sample: Sample) -> bool:
    return isinstance(sample, TemplateSample) and not sample.finger.minutiae


def _notes(
    unread: Iterable[Unread], read: Sequence[Sample], missing: Iterable[MissingFinger], finger: FingerPosition | None
) -> dict[str, None]:
    """Note what of a finger, or of all, cannot be read: it does no harm where something else of the same finger is.

    Nor does it where its fingers are told to be missing: nobody waits for them.

    Raises:
        NoFinger: the finger that is wanted cannot be read, and is told to be missing.
        Rejected: something that is wanted cannot be read, and nothing else is of its finger.
    """
    held = [each for each in read if not _is_empty(each)]
    gone = {each.position.finger: each for each in missing if each.position.finger}
    accounted = _named(held) | set(gone)
    notes: dict[str, None] = {}
    for each in unread:
        fingers = each.capture.fingers
        if finger in gone and not held:
            raise NoFinger(f"The record says that {_said([gone[finger]])}; take another one.", [gone[finger]])
        is_accounted = bool(held) if finger is not None else bool(fingers) and fingers <= accounted
        if not is_accounted:
            raise each.fault
        if finger is None or finger in fingers:
            notes[_passed_over(each.fault)] = None
    return notes


def _passed_over(fault: Rejected) -> str:
    return f"beside what was read, something was passed over: {fault}"


def _only(finger: FingerPosition, parts: Parts) -> tuple[Part, ...]:
    found = tuple(part for part in parts.parts if part.capture.position.finger == finger)
    missing = [each for each in parts.missing if each.position.finger == finger]
    # Another record may show what one could not.
    if missing and not found:
        raise NoFinger(f"The record says that {_said(missing)}; take another one.", missing)
    if found:
        return found
    for each in parts.unread:
        if _may_show(finger, each.capture):
            raise each.fault
    # What is another finger does not count, nor does one template beside an image, which may be made of it.
    possible = [part for part in parts.parts if _may_show(finger, part.capture)]
    images = [part for part in possible if isinstance(part, ImagePart)]
    likely = images if len(images) == 1 and len(possible) == 2 else possible  # noqa: PLR2004  the image and its own
    if len(likely) == 1 and likely[0].capture.may_be(finger):
        return tuple(likely)
    name = finger.name.lower().replace("_", " ")
    raise NoFinger(f"The record does not hold the {name}; say one that it holds.")


def _may_show(finger: FingerPosition, capture: Capture) -> bool:
    """Tell whether something is the finger, or shows it among others, as far as it tells."""
    return finger in capture.fingers or capture.may_be(finger)


def _said(missing: Iterable[MissingFinger]) -> str:
    told = [f"{each.position.said} is {each.reason if each.reason != 'unknown' else 'missing'}" for each in missing]
    return " and ".join(told)


def _raw(data: bytes, size: tuple[int, int] | None, decoding: Decoding) -> DecodedImage:
    if size is None:
        raise UndecodableImage("Raw pixels do not tell their size; say width and height.")
    return raw_image(data, *size, decoding)
