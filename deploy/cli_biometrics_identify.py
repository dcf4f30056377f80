"""This module is `isthmus biometrics identify`: whose fingers are these, among all that the gallery holds?"""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from biometrics.decision import IDENTIFY_FALSE_POSITIVE_RATE
from deploy.finger_outcomes import work_on
from deploy.finger_service import Finger, ForPurpose, Sending, StackName, User, named, not_compared, numbered
from deploy.fingers import AsJson, Dpi, Estimate, FingerFile, Height, Paths, Rate, Width, finger_files, noted
from hub.errors import Misconfigured
from hub.security.principal import Scope

MOST_PROBES = 10


def identify(
    paths: Paths,
    purpose: ForPurpose,
    together: Annotated[
        bool, typer.Option("--together", help="All files are fingers of one person: one search, scores summed.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many persons are told at most.")] = 10,
    rate: Rate = IDENTIFY_FALSE_POSITIVE_RATE,
    system: Annotated[list[str] | None, typer.Option(help="Only records of this system; several may stand.")] = None,
    like_positions: Annotated[
        bool, typer.Option("--like-positions", help="Leave out fingers that are known to be others than the probe.")
    ] = False,
    finger: Finger = None,
    dpi: Dpi = None,
    estimate: Estimate = False,
    width: Width = None,
    height: Height = None,
    user: User = None,
    stack: StackName = "local",
    as_json: AsJson = False,
) -> None:
    """Search the whole gallery (1:N) for each file, through the service of a stack that is up.

    Candidates below the threshold are hints, not hits. Each search is recorded in the audit.

    Example: `isthmus biometrics identify left.png right.png --together --purpose border-check`
    """
    sending = Sending.typed(
        stack=stack, user=user, finger=finger, dpi=dpi, estimate=estimate, width=width, height=height
    )
    files = finger_files(paths, sending.size)
    if together and len(files.files) > MOST_PROBES:
        raise Misconfigured(f"One search takes {MOST_PROBES} fingers of a person, and {len(files.files)} were named.")

    def sent(file: FingerFile) -> dict[str, Path]:
        return numbered("probes", files.files if together else [file])

    def search(file: FingerFile) -> list[dict[str, Any]]:
        probes = sent(file)
        body = {
            "probes": sending.samples(probes),
            "purpose": purpose,
            "limit": limit,
            "rate": rate,
            "systems": system,
            "like_positions": like_positions,
        }
        answer = sending.ask("/v1/identify", Scope.IDENTIFY, body)
        found = answer["candidates"]
        # Hits come first: below a hint there is none.
        cut = len(found) >= limit and found[-1]["match"]
        return [{"files": [str(path) for path in probes.values()], "cut": cut, **answer}]

    searches = replace(files, files=files.files[:1]) if together else files
    work_on(searches, search, "Searches", sent=sent).tell("searched", _lines, as_json=as_json)


def _lines(each: dict[str, Any]) -> str:
    hits = sum(candidate["match"] for candidate in each["candidates"])
    told = f"the first {hits} found (there may be more: raise --limit)" if each["cut"] else f"{hits} found"
    notes = noted(note for of_probe in each["notes"] for note in of_probe)
    head = (
        f"{', '.join(each['files'])}: {told}, {len(each['candidates']) - hits} hints below the threshold of "
        f"{each['threshold']:.1f} among {each['templates']:,} templates{notes}"
    )
    if not each["templates"]:
        head += "; nobody was searched: no finger is held of the systems that were asked for and your token opens"
    return "\n".join([head, *not_compared(each), *(_candidate(candidate) for candidate in each["candidates"])])


def _candidate(candidate: dict[str, Any]) -> str:
    fingers = "; ".join(
        f"{one['record']} ({named(one['position'])}, {one['score']:.1f}{_quality(one)}{_put_down(one)})"
        for one in candidate["fingers"]
    )
    mark = "HIT " if candidate["match"] else "hint"
    return f"  {mark} {candidate['score']:7.1f} of {candidate['threshold']:.1f}  {candidate['subject']}  by {fingers}"


def _quality(finger: dict[str, Any]) -> str:
    return "" if finger["nfiq2"] is None else f", quality {finger['nfiq2']}"


def _put_down(finger: dict[str, Any]) -> str:
    return "".join(f", {impression}" for impression in finger["impressions"])
