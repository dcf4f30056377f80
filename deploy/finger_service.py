"""This module is what the `isthmus biometrics` commands share that ask the biometrics service of a stack."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Self

import typer

from biometrics.formats.kinds import SampleFormat, recognise
from biometrics.rejections import UnknownFormat
from biometrics.sent import refused_as
from contracts.query import Purpose
from contracts.records import FingerPosition
from deploy.fingers import FingerFile, Size, is_raw, raw_size, read_bytes
from deploy.local.stack import Stack
from deploy.operator import ask
from hub.errors import Misconfigured, Rejected
from hub.security.principal import Scope

OPTIONS = {
    "purpose": "--purpose",
    "record": "--record",
    "subject": "--subject",
    "candidate": "--with",
    "rate": "--rate",
    "limit": "--limit",
    "lowest_score": "--lowest-score",
    "systems": "--system",
    "like_positions": "--like-positions",
    "key": "--key",
    "encounter": "--encounter",
    "position": "--finger",
}
"""Where each field of a request comes from."""

_WRITTEN = "as system:stream:key, such as registration"
_OF_KEY = "1 to 80 letters from A to Z, digits and signs . _ ~ -"
FORMS = {
    "--record": f"write a record {_WRITTEN}:finger:k1",
    "--subject": f"write a person {_WRITTEN}:person:p1",
    "--key": f"write {_OF_KEY}",
    "--system": "write the name of a system, such as registration",
}
"""How each option is written."""

ForPurpose = Annotated[Purpose, typer.Option("--purpose", help="What it is for; it is recorded.")]
User = Annotated[str | None, typer.Option("--user", help="Who asks; the person at the machine unless said.")]
StackName = Annotated[str, typer.Option("--stack", envvar="ISTHMUS_STACK", help="The stack to ask.")]
Finger = Annotated[
    str | None,
    typer.Option("--finger", metavar="FINGER", help="Which finger, such as left-index: of a record, the one meant."),
]


class UnreadableFinger(Rejected):
    """The file that was given as a finger cannot be sent."""

    code = "unreadable-finger"


@dataclass(frozen=True, slots=True)
class Sending:
    """How the fingers of a command are sent to the biometrics service of a stack, and what is told of all of them.

    Attributes:
        stack: the name of the stack.
        user: who asks; nothing for the person at the machine.
        finger: which finger all are, or of a record the one meant.
        dpi: the true resolution of all images.
        estimate: whether the resolution is estimated where nothing possible tells it.
        size: of raw pixels.
    """

    stack: str
    user: str | None
    finger: FingerPosition | None
    dpi: int | None
    estimate: bool
    size: Size | None

    @classmethod
    def typed(
        cls,
        *,
        stack: str,
        user: str | None,
        finger: str | None,
        dpi: int | None,
        estimate: bool,
        width: int | None,
        height: int | None,
    ) -> Self:
        """Read what was typed.

        Raises:
            Misconfigured: there is no such finger, or half a size.
        """
        return cls(stack, user, position_named(finger), dpi, estimate, raw_size(width, height))

    def sample(self, file: Path) -> dict[str, Any]:
        """Read a finger to send.

        Raises:
            UnreadableFile: it may not be read.
            UnreadableFinger: it is of no format that is known.
        """
        return sample_to_send(file, dpi=self.dpi, estimate=self.estimate, finger=self.finger, size=self.size)

    def samples(self, sent: Mapping[str, Path]) -> list[dict[str, Any]]:
        """Read the fingers that are sent in fields of a request; the refusal of one names its field.

        Raises:
            UnreadableFile: one may not be read.
            UnreadableFinger: one is of no format that is known.
        """
        samples = []
        for field, file in sent.items():
            with refused_as(field):
                samples.append(self.sample(file))
        return samples

    def ask(self, method_path: str, scope: Scope, body: dict[str, Any]) -> Any:
        """Ask the service with a token of one scope.

        Raises:
            NotUp: the stack is not up.
            ServiceAway: the service does not answer.
            NotNow: it cannot do this now.
            Rejected: it refuses.
        """
        told = {key: value for key, value in body.items() if value is not None}
        up = Stack.known(self.stack).must_be_up()
        return ask(
            up,
            "biometrics",
            "POST",
            method_path,
            scopes=[scope],
            body=told,
            user=self.user,
            options=OPTIONS,
            forms=FORMS,
        )


def numbered(field: str, files: Iterable[FingerFile]) -> dict[str, Path]:
    """Give the field of a request that each of several files is sent in, such as `samples.1`."""
    return {f"{field}.{number}": file.path for number, file in enumerate(files)}


def sample_to_send(
    file: Path,
    *,
    dpi: int | None = None,
    estimate: bool = False,
    finger: FingerPosition | None = None,
    size: Size | None = None,
) -> dict[str, Any]:
    """Read a finger to send.

    Raises:
        UnreadableFile: it may not be read.
        UnknownFormat: it is empty.
        UnreadableFinger: it is of no format that is known.
    """
    data = read_bytes(file)
    if not data:
        raise UnknownFormat("The file is empty; send it again.")
    raw = size if is_raw(data, size) else None
    kind = SampleFormat.RAW if raw else recognise(data)
    if kind is None:
        raise UnreadableFinger(
            f"What {file.name} is cannot be told; give an image, a template or a record of a finger, or raw pixels "
            "with --width and --height."
        )
    width, height = raw or (None, None)
    told = {"dpi": dpi, "estimate": estimate or None, "finger": finger, "width": width, "height": height}
    sample = {"format": kind, "data": base64.b64encode(data).decode()}
    return sample | {key: value for key, value in told.items() if value is not None}


def position_named(name: str | None) -> FingerPosition | None:
    """Give the finger of a name such as `left-index`, or of its number.

    Raises:
        Misconfigured: there is no such finger.
    """
    if name is None:
        return None
    wanted = name.strip().lstrip("0").upper().replace("-", "_").replace(" ", "_")
    for position in FingerPosition:
        if position and wanted in {position.name, str(position.value)}:
            return position
    names = ", ".join(position.name.lower().replace("_", "-") for position in FingerPosition if position)
    raise Misconfigured(f"There is no finger `{name}`; there are {names}.")


def named(position: int) -> str:
    """Say a finger."""
    return FingerPosition(position).name.lower().replace("_", " ") if position else "finger not known"


def not_compared(answer: Mapping[str, Any]) -> list[str]:
    """Say what of the gallery an answer does not cover."""
    told = []
    if not answer["complete"]:
        told.append("  not complete: the gallery had no room for all that it should hold")
    if answer["unread"]:
        told.append(f"  not compared, for no template of theirs can be read: {', '.join(answer['unread'])}")
    return told


def percent(rate: float) -> str:
    """Say a rate."""
    return f"{rate * 100:.4f}".rstrip("0").rstrip(".") + " %"
