"""This module is `isthmus biometrics verify`: are these fingers of that record, that person or that other file?"""

from pathlib import Path
from typing import Annotated, Any

import typer

from biometrics.decision import VERIFY_FALSE_MATCH_RATE
from deploy.finger_outcomes import Outcome, Refused, work_on
from deploy.finger_service import Finger, ForPurpose, Sending, StackName, User, not_compared, percent
from deploy.fingers import AsJson, Dpi, Estimate, FingerFile, Height, Paths, Rate, Width, finger_files, noted, there
from hub.errors import Misconfigured, Rejected
from hub.security.principal import Scope


def verify(
    paths: Paths,
    purpose: ForPurpose,
    record: Annotated[str | None, typer.Option(help="The record of the gallery to compare with.")] = None,
    subject: Annotated[str | None, typer.Option(help="The person, all of whose fingers are compared with.")] = None,
    candidate: Annotated[Path | None, typer.Option("--with", metavar="FILE", help="The file to compare with.")] = None,
    rate: Rate = VERIFY_FALSE_MATCH_RATE,
    finger: Finger = None,
    dpi: Dpi = None,
    estimate: Estimate = False,
    width: Width = None,
    height: Height = None,
    user: User = None,
    stack: StackName = "local",
    as_json: AsJson = False,
) -> None:
    """Compare each finger with a record, a person or another file (1:1), through the service of a stack that is up.

    The exit status is 0 where every file matches, and 1 where any does not.

    Example: `isthmus biometrics verify probe.png --subject registration:person:p1 --purpose border-check`
    """
    if sum(each is not None for each in (record, subject, candidate)) != 1:
        raise Misconfigured("Name one thing to compare with: --record, --subject or --with.")
    sending = Sending.typed(
        stack=stack, user=user, finger=finger, dpi=dpi, estimate=estimate, width=width, height=height
    )
    files = finger_files(paths, sending.size)
    claimed: dict[str, Any] = {"record": record, "subject": subject, "purpose": purpose, "rate": rate}
    if candidate:
        try:
            claimed["candidate"] = sending.sample(there(candidate))
        except Rejected as fault:
            outcome = Outcome(files.passed_over, not_tried=[file.path for file in files.files])
            outcome.add([Refused(candidate, fault)])
            outcome.tell("verified", str, as_json=as_json)

    def compare(file: FingerFile) -> list[dict[str, Any]]:
        answer = sending.ask("/v1/verify", Scope.VERIFY, {"probe": sending.sample(file.path), **claimed})
        return [{"file": str(file.path), **answer}]

    def sent(file: FingerFile) -> dict[str, Path]:
        return {"probe": file.path} | ({"candidate": candidate} if candidate else {})

    outcome = work_on(files, compare, "Comparisons", sent=sent)
    outcome.tell(
        "verified", lambda each: _line(each, candidate), as_json=as_json, failed=lambda each: not each["match"]
    )


def _line(answer: dict[str, Any], candidate: Path | None) -> str:
    word = "Match" if answer["match"] else "No match"
    best = f", best of {answer['comparisons']}: {answer['record']}" if answer["record"] else ""
    notes = [*answer["notes"], *(f"{candidate}: {note}" for note in answer["candidate_notes"])]
    told = (
        f"{word}: {answer['file']}, score {answer['score']:.1f}, threshold {answer['threshold']:.1f} "
        f"at a false match rate of {percent(answer['rate'])}{best}{noted(notes)}"
    )
    return "\n".join([told, *not_compared(answer)])
