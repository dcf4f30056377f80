"""This module is what the `isthmus biometrics` commands share that ask the biometrics service of a stack."""

import base64
from pathlib import Path
from typing import Annotated, Any

import typer

from biometrics.formats.kinds import SampleFormat, recognise
from contracts.query import Purpose
from contracts.records import FingerPosition
from deploy.fingers import Size, is_raw, read_bytes
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


def asking(stack: str, method_path: str, scope: Scope, body: dict[str, Any], user: str | None) -> Any:
    """Ask the biometrics service of a stack with a token of one scope.

    Raises:
        NotUp: the stack is not up.
        ServiceAway: the service does not answer.
        Rejected: it refuses.
    """
    told = {key: value for key, value in body.items() if value is not None}
    up = Stack.known(stack).must_be_up()
    return ask(up, "biometrics", "POST", method_path, scopes=[scope], body=told, user=user, options=OPTIONS)


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
        UnreadableFinger: it is of no format that is known.
    """
    data = read_bytes(file)
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
    wanted = name.strip().upper().replace("-", "_").replace(" ", "_")
    for position in FingerPosition:
        if position and wanted in {position.name, str(position.value)}:
            return position
    names = ", ".join(position.name.lower().replace("_", "-") for position in FingerPosition if position)
    raise Misconfigured(f"There is no finger {name}; there are {names}.")


def named(position: int) -> str:
    """Say a finger."""
    return FingerPosition(position).name.lower().replace("_", " ") if position else "finger not known"


def percent(rate: float) -> str:
    """Say a rate."""
    return f"{rate * 100:.4f}".rstrip("0").rstrip(".") + " %"
