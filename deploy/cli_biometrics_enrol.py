"""This module is `isthmus biometrics enrol`: files of fingers become records of persons in the gallery."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from contracts.records import FingerPosition
from contracts.references import REFERENCE_PATTERN
from deploy.finger_outcomes import work_on
from deploy.finger_service import Finger, Sending, StackName, User, numbered, position_named
from deploy.fingers import AsJson, Dpi, Estimate, FingerFile, Height, Paths, Width, finger_files, noted, quality_told
from hub.errors import Misconfigured, Rejected
from hub.security.principal import Scope

PERSON = "registration:person:"
SUBJECT, FINGER = "subject", "finger"
"""Groups of `--name`."""
WAY = "~"
"""Stands in a key for the way from folder to folder; a key has no slash."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A record that is to be enrolled: its impressions, whose it is, which finger; or why a file is none."""

    files: tuple[FingerFile, ...]
    subject: str | None = None
    finger: FingerPosition | None = None
    key: str | None = None
    fault: "NameTellsNothing | None" = None


class NameTellsNothing(Rejected):
    """The name of a file does not tell whose finger it is, or which."""

    code = "name-tells-nothing"


def enrol(
    paths: Paths,
    subject: Annotated[
        str | None, typer.Option(metavar="REFERENCE", help=f"The person, such as {PERSON}p1; all files are theirs.")
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(
            metavar="REGEX",
            help="How names of files (without ending) tell the person: a group `subject`, and if it is there `finger`, "
            "1 to 10. Files of one finger are its impressions.",
        ),
    ] = None,
    finger: Finger = None,
    key: Annotated[
        str | None, typer.Option(help="The record's key; an enrolment under the same key replaces the earlier one.")
    ] = None,
    encounter: Annotated[str | None, typer.Option(help="The reference of the collection.")] = None,
    child: Annotated[bool, typer.Option("--child", help="They are of a child, of which the gate asks less.")] = False,
    add: Annotated[
        bool, typer.Option("--add", help="Keep what is held under the key, too: of all images the most typical four.")
    ] = False,
    best_available: Annotated[
        bool, typer.Option("--best-available", help="No better image can be had: the gate refuses none; recorded.")
    ] = False,
    dpi: Dpi = None,
    estimate: Estimate = False,
    width: Width = None,
    height: Height = None,
    user: User = None,
    stack: StackName = "local",
    as_json: AsJson = False,
) -> None:
    r"""Enrol fingers of the system `registration`, through the service of a stack that is up.

    With `--subject`, each file is one finger, with a record of its own; with `--name`, a folder of many persons is
    enrolled, and what was enrolled before is replaced. An image that the gate refuses is named with what would help.
    Biometrics and router have to run: without the router a finger is published, and does not reach the gallery.

    Examples: `isthmus biometrics enrol thumb.png --subject registration:person:p1 --finger right-thumb`,
    `isthmus biometrics enrol prints/ --name '(?P<subject>\d+)_(?P<finger>\d+)_\d+' --dpi 500`
    """
    sending = Sending.typed(
        stack=stack, user=user, finger=finger, dpi=dpi, estimate=estimate, width=width, height=height
    )
    files = finger_files(paths, sending.size)
    plans = _plans(files.files, subject, name, key, sending.finger)
    planned = {plan.files[0].path: plan for plan in plans}

    def sent(file: FingerFile) -> dict[str, Path]:
        return numbered("samples", planned[file.path].files)

    def enrol_one(file: FingerFile) -> list[dict[str, Any]]:
        plan = planned[file.path]
        if plan.fault:
            raise plan.fault
        body = {
            "subject": plan.subject,
            "key": plan.key,
            "position": plan.finger,
            "encounter": encounter,
            "samples": replace(sending, finger=plan.finger).samples(sent(file)),
            "child": child,
            "add": add,
            "best_available": best_available,
        }
        answer = sending.ask("/v1/enrol", Scope.ENROL, body)
        return [{"files": [str(each.path) for each in plan.files], **answer}]

    firsts = replace(files, files=tuple(plan.files[0] for plan in plans))
    work_on(firsts, enrol_one, "Fingers", sent=sent).tell("enrolled", _line, as_json=as_json)


def _plans(
    files: Sequence[FingerFile], subject: str | None, name: str | None, key: str | None, finger: FingerPosition | None
) -> list[Plan]:
    """Tell which records are made of files.

    Raises:
        Misconfigured: what was typed does not tell it, or tells it twice.
    """
    if subject is not None and name is not None:
        raise Misconfigured("Say either --subject or --name, not both: whose fingers they are is told once.")
    if subject is None and name is None:
        raise Misconfigured("Say whose fingers they are: --subject for one person, --name for a folder of many.")
    if subject is not None and not re.fullmatch(REFERENCE_PATTERN, subject):
        raise Misconfigured(f"--subject is not right: write a person as system:stream:key, such as {PERSON}p1.")
    if key and (name or len(files) != 1):
        raise Misconfigured("A key is that of one record: name one file with it, and no --name.")
    if name is None:
        return [Plan((file,), subject, finger, key) for file in files]
    return plans_by_name(files, name, finger)


def plans_by_name(files: Iterable[FingerFile], pattern: str, finger: FingerPosition | None) -> list[Plan]:
    """Tell from their names whose finger files show: those of one finger are its impressions, and make one record.

    Without a group `finger` each file is a record of its own, and its key the way to it below the folder that is named.
    What a name does not tell is a fault of its file alone, and those stand at the end.

    Raises:
        Misconfigured: the pattern is none, has no group `subject`, or one `finger` beside a finger that is said.
    """
    try:
        compiled = re.compile(pattern)
    except re.error:
        raise Misconfigured("What --name says is no regular expression; look at its brackets.") from None
    if SUBJECT not in compiled.groupindex:
        raise Misconfigured("A group `subject` is missing in --name: (?P<subject>...).")
    if finger is not None and FINGER in compiled.groupindex:
        raise Misconfigured("The group `finger` of --name tells which finger it is; leave out --finger, or the group.")
    plans: dict[str | None, Plan] = {}
    strangers = []
    for file in files:
        try:
            plan = _plan(file, compiled, finger)
        except NameTellsNothing as fault:
            strangers.append(Plan((file,), fault=fault))
            continue
        held = plans.get(plan.key)
        if held and FINGER not in compiled.groupindex:
            same = NameTellsNothing("Its name and way would be the key of another file, too; rename one of them.")
            strangers.append(Plan((file,), fault=same))
        else:
            plans[plan.key] = replace(held, files=held.files + plan.files) if held else plan
    return [*plans.values(), *strangers]


def _plan(file: FingerFile, pattern: re.Pattern[str], finger: FingerPosition | None) -> Plan:
    """Read what the name of a file tells.

    Raises:
        NameTellsNothing: it does not fit, or tells no finger, or gives no reference.
    """
    fits = pattern.fullmatch(file.path.stem)
    if fits is None:
        raise NameTellsNothing("Its name does not fit --name; nobody knows whose finger it is.")
    told = {name: text or "" for name, text in fits.groupdict().items()}
    if FINGER in told:
        try:
            finger = position_named(told[FINGER])
        except Misconfigured:
            raise NameTellsNothing("Its name tells no finger from 1 to 10; correct its name, or --name.") from None
    key = f"{told[SUBJECT]}-{finger:d}" if FINGER in told else WAY.join(file.name.parts)
    if not all(re.fullmatch(REFERENCE_PATTERN, PERSON + each) for each in (told[SUBJECT], key)):
        raise NameTellsNothing(
            "Its name, or the way to it, makes no reference, of 1 to 80 letters from A to Z, digits and signs . _ ~ -; "
            "rename it, or correct --name."
        )
    return Plan((file,), PERSON + told[SUBJECT], finger, key)


def _line(each: dict[str, Any]) -> str:
    judged = [quality for quality in each["qualities"] if quality]
    told = "".join(
        f", {quality_told(quality)}" + "".join(f" {one['text']}" for one in quality["advice"]) for quality in judged
    )
    notes = noted(note for of_sample in each["notes"] for note in of_sample)
    return f"{', '.join(each['files'])} -> {each['record']} of {each['subject']}{told}{notes}"
