"""This module holds the bodies of the service's requests and answers."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from biometrics.candidates import LOWEST_SCORE
from biometrics.decision import IDENTIFY_FALSE_POSITIVE_RATE, VERIFY_FALSE_MATCH_RATE
from biometrics.formats.kinds import SampleFormat
from biometrics.formats.positions import Missing, Position
from biometrics.formats.resolution import HIGHEST_DPI, LOWEST_DPI, ResolutionSource
from biometrics.quality.advice import Advice
from biometrics.quality.gate import Use, Verdict
from contracts.query import Purpose
from contracts.records import MAX_TEMPLATE_BYTES, ErasureReason, FingerPosition, FingerTemplate, ImpressionType
from contracts.references import RecordRef, SubjectRef, SystemName

# Base64 of four million raw pixels, the largest image at 500 dpi; of one at 1000 dpi a compressed file is smaller.
MAX_SAMPLE_CHARACTERS = 6_000_000
MAX_SYSTEMS = 1_000
"""More than are ever connected: whoever may see all but a few names them all."""
MOST_UNREAD = 1_000
Rate = Annotated[float, Field(gt=0, le=0.1)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class Body(BaseModel):
    """What all bodies have in common: no fields but the named ones, bytes as base64."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64")


class Sample(Body):
    """One finger: an image (black ridges on white), a template, or a record that holds one."""

    format: SampleFormat = Field(description="Among images, the first bytes of a file count, and so among templates.")
    data: Annotated[bytes, Field(max_length=MAX_SAMPLE_CHARACTERS)] = Field(
        description="Standard base64 or base64url (RFC 4648, sections 4 and 5), with or without padding."
    )
    dpi: int | None = Field(
        default=None,
        ge=LOWEST_DPI,
        le=HIGHEST_DPI,
        description="The true resolution of an image. It wins over what the file tells; one of the two is needed.",
    )
    estimate: bool = Field(
        default=False, description="Estimate the resolution from the ridges, where nothing possible tells it."
    )
    finger: FingerPosition | None = Field(default=None, description="Which finger of a record that holds several.")
    width: int | None = Field(default=None, ge=1, le=65_535, description="Of raw pixels, one byte each, 0 is black.")
    height: int | None = Field(default=None, ge=1, le=65_535)

    view: Annotated[bytes, Field(min_length=1, max_length=MAX_TEMPLATE_BYTES)] | None = Field(
        default=None, description="Beside a `sourceafis` template: that of its view, as `extract` gave both."
    )
    view_engine: Text | None = Field(
        default=None,
        description="The `engine` of that view, as `extract` told it; one of another version is passed over.",
    )

    @model_validator(mode="after")
    def _views_are_of_native_templates(self) -> "Sample":
        if self.view is not None and self.format is not SampleFormat.SOURCEAFIS:
            raise PydanticCustomError("view_of_no_template", "a view goes with a sourceafis template alone")
        return self

    @model_validator(mode="after")
    def _raw_pixels_have_a_size(self) -> "Sample":
        if self.format is SampleFormat.RAW and (self.width is None or self.height is None):
            raise PydanticCustomError("size_of_raw_pixels", "raw pixels need width and height")
        return self


class ExtractRequest(Body):
    """Images of fingers, each to become a template."""

    samples: Annotated[tuple[Sample, ...], Field(min_length=1, max_length=100)]
    quality: bool = Field(default=True, description="Measure the quality of images, too; it takes 0.2 s each.")
    use: Use = Field(default=Use.ENROLMENT, description="What the gate is to judge the quality for.")
    child: bool = Field(default=False, description="The fingers are of a child, of which less is asked.")


class AdviceAnswer(Body):
    """What the person at the sensor can do."""

    code: Advice
    text: str


class ImageQuality(Body):
    """The quality of an image, and what the gate says of it."""

    nfiq2: int | None = Field(
        description="The score of NFIQ 2 (ISO/IEC 29794-4:2024), 0 to 100; none where too little of a finger is shown."
    )
    verdict: Verdict
    least: int = Field(description="Below it an image is refused.")
    wanted: int = Field(description="Below it an image is poor: take the finger again, and keep the best.")
    advice: tuple[AdviceAnswer, ...] = Field(
        description="Where it is not good, or not faithful to the finger: what would help, the best first."
    )


class MissingFingerAnswer(Body):
    """A finger that a record says cannot be taken; nobody is found or missed by it."""

    position: Position = Field(description="As in ANSI/NIST-ITL 1-2011, table 8: 1 to 10 are the fingers.")
    reason: Missing


class Fault(Body):
    """Why nothing could be made of a sample."""

    code: str
    detail: str


class Extraction(Body):
    """What became of one sample: a template, or a fault."""

    template: FingerTemplate | None = None
    views: tuple[FingerTemplate, ...] = Field(
        default=(), description="Templates of views of the image; an event carries them after the template."
    )
    minutiae: int | None = Field(default=None, description="Ridge endings and forks found; few mean a poor image.")
    position: FingerPosition | None = Field(default=None, description="Which finger the sample tells that it is of.")
    impression: ImpressionType | None = Field(default=None, description="How the finger was put down, as it tells.")
    quality: int | None = Field(default=None, description="What the sample tells of its quality, 0 to 100.")
    image_quality: ImageQuality | None = Field(default=None, description="What was measured of an image.")
    dpi: int | None = Field(default=None, description="The resolution that an image was taken at.")
    resolution: ResolutionSource | None = Field(default=None, description="Who told it; an estimate is no more.")
    notes: tuple[str, ...] = Field(default=(), description="What was odd about the sample, or in doubt.")
    missing: tuple[MissingFingerAnswer, ...] = Field(
        default=(), description="Fingers that its record says are missing."
    )
    fault: Fault | None = None


class ExtractAnswer(Body):
    """What became of the samples, in their order."""

    engine: str
    results: tuple[Extraction, ...]


class EnrolRequest(Body):
    """One finger of a person, in one or more impressions, to be held in the gallery."""

    subject: SubjectRef = Field(description="The person: `registration:<stream>:<key>`.")
    key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._~-]{1,80}$")] | None = Field(
        default=None, description="The record's key; an enrolment under the same key replaces the earlier one."
    )
    position: FingerPosition = FingerPosition.UNKNOWN
    encounter: Text | None = None
    captured_at: AwareDatetime | None = None
    samples: Annotated[tuple[Sample, ...], Field(min_length=1, max_length=8)]
    child: bool = Field(default=False, description="The finger is of a child, of which less is asked.")
    add: bool = Field(
        default=False,
        description="Keep what is held under the key as well: of all images those most like the others, four of them.",
    )
    best_available: bool = Field(
        default=False, description="No better image can be had: the gate refuses none, and the audit says so."
    )


class RecordAnswer(Body):
    """A record as the gallery knows it."""

    record: RecordRef
    recordversion: int
    held: bool = Field(description="Whether searches meet it; false once it was deleted.")
    subject: SubjectRef | None = None
    engine: str | None = None
    templates: int = Field(default=0, description="How many images (or lone templates) of the finger are held.")
    nfiq2: int | None = Field(default=None, description="The quality of the best of its images, where it was measured.")
    impressions: tuple[ImpressionType, ...] = Field(
        default=(), description="How the finger was put down for its images, where told, each once."
    )
    complete: bool = Field(
        default=True, description="False where the gallery is full: a newer version of it may be unread."
    )


class EnrolAnswer(RecordAnswer):
    """A record that was enrolled, and the quality of each of its samples; none of what is no image."""

    qualities: tuple[ImageQuality | None, ...]
    missing: tuple[MissingFingerAnswer, ...] = Field(
        default=(), description="Fingers that their records say are missing."
    )
    notes: tuple[tuple[str, ...], ...] = Field(
        default=(), description="Of each sample, what was odd about it, or in doubt."
    )


class VerifyRequest(Body):
    """Is this the finger of that record, of that person, or of that other sample? Exactly one of the three."""

    probe: Sample
    record: RecordRef | None = None
    subject: SubjectRef | None = None
    candidate: Sample | None = None
    purpose: Purpose
    rate: Rate = Field(default=VERIFY_FALSE_MATCH_RATE, description="The accepted false match rate.")

    @model_validator(mode="after")
    def _names_one_thing(self) -> "VerifyRequest":
        if sum(each is not None for each in (self.record, self.subject, self.candidate)) != 1:
            raise PydanticCustomError("not_one_target", "name exactly one of record, subject and candidate")
        return self


class VerifyAnswer(Body):
    """The best score of the comparisons, and what it means at the accepted rate."""

    match: bool
    score: float
    threshold: float
    rate: float
    record: RecordRef | None = Field(
        default=None,
        description="The record that scored best; of a match, as far as was compared until it was certain.",
    )
    comparisons: int
    complete: bool = Field(
        default=True, description="False where the gallery is full: a newer version of what it holds may be unread."
    )
    unread: tuple[RecordRef, ...] = Field(
        default=(),
        description="Records of the person that the probe was not compared with, as no template of theirs can be read; "
        "a thousand at most. `complete` says nothing of them.",
    )
    notes: tuple[str, ...] = Field(default=(), description="What was odd about the probe; doubts are not looked for.")
    candidate_notes: tuple[str, ...] = Field(default=(), description="The same of the sample it was compared with.")


class IdentifyRequest(Body):
    """Whose fingers are these? Scores of several probes are summed; they must be of one person."""

    probes: Annotated[tuple[Sample, ...], Field(min_length=1, max_length=10)]
    purpose: Purpose
    limit: int = Field(default=10, ge=1, le=1000)
    lowest_score: float = Field(default=LOWEST_SCORE, ge=0, le=1000)
    rate: Rate = Field(
        default=IDENTIFY_FALSE_POSITIVE_RATE, description="The accepted probability of any false match in this search."
    )
    systems: Annotated[tuple[SystemName, ...], Field(max_length=MAX_SYSTEMS)] | None = Field(
        default=None, description="Only records of these systems; always only those that the caller may see."
    )
    like_positions: bool = Field(
        default=False,
        description="Leave out fingers that are known to be others than the probe, as its sample (or `finger`) tells. "
        "A record whose position is wrong is then not found.",
    )


class FingerAnswer(Body):
    """The best comparison of one probe with one person."""

    probe: int
    record: RecordRef
    system: SystemName
    position: FingerPosition
    engine: str
    nfiq2: int | None = Field(default=None, description="The quality of the best image of the record, where measured.")
    impressions: tuple[ImpressionType, ...] = Field(
        default=(), description="How the finger was put down for the record's images, where told, each once."
    )
    score: float


class CandidateAnswer(Body):
    """A person who may be the one. `match` is the decision; below it a candidate is a hint at most."""

    subject: SubjectRef
    score: float
    threshold: float = Field(
        description="From which score on they count as found: less where fewer fingers of theirs are held than sought."
    )
    match: bool
    fingers: tuple[FingerAnswer, ...]


class IdentifyAnswer(Body):
    """The candidates, best first, and what the search covered."""

    candidates: tuple[CandidateAnswer, ...]
    threshold: float = Field(description="The most that is asked of anybody who is held; each candidate has its own.")
    rate: float
    engine: str
    templates: int = Field(description="How many images (or lone templates) each probe was compared with.")
    complete: bool = Field(
        default=True,
        description="False where the gallery is full: there are fingers that it does not hold; or `unread` lacks some.",
    )
    unread: tuple[RecordRef, ...] = Field(
        default=(),
        description="Records that the probes were not compared with, as no template of theirs can be read; a thousand "
        "at most. `complete` says nothing of them.",
    )
    elapsed_ms: float
    positions: tuple[FingerPosition, ...] = Field(
        default=(),
        description="Of each probe, which finger it is, as its sample tells, or else `finger`; 0 where neither does.",
    )
    missing: tuple[MissingFingerAnswer, ...] = Field(
        default=(), description="Fingers that records of probes say are missing; a probe of one alone is passed over."
    )
    notes: tuple[tuple[str, ...], ...] = Field(
        default=(), description="Of each probe, what was odd about it; doubts are not looked for."
    )


class DeleteRequest(Body):
    """Why a record ends."""

    reason: ErasureReason = ErasureReason.REQUESTED


class Health(Body):
    """Whether the service can answer, without any data."""

    status: str = Field(
        description="`ready`, `loading` until the gallery has read the log, `incomplete` where its memory does not "
        "hold all of it, `degraded` without Kafka."
    )
    waits_for: str | None = Field(default=None, description="What an incomplete gallery waits for, in words.")
    engine: str
    fingers: int
    templates: int
    views: bool = Field(default=False, description="Whether views of images are compared, too.")
    engines: dict[str, int] = Field(description="Records by the engine (and view) that made their templates.")
    unreadable: int = Field(description="Templates that could not be read since the start.")
    quality: str | None = Field(default=None, description="What measures the quality of images; nothing where none is.")
    heap_megabytes: dict[str, int]
