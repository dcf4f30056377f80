"""This module tells the registration point's story: a finger is enrolled, recognised again, and told from another."""

import json
import shlex
from base64 import b64encode
from typing import Any

from rich.text import Text

from contracts.query import Purpose
from deploy.demo.population.holdings import FingerOfNobody
from deploy.demo.population.images import draw, draw_at_booth
from deploy.demo.story.stage import CLERK, Stage
from deploy.demo.story.telling import isthmus_command
from hub.security.principal import Scope

SUBJECT = "registration:person:demo-newcomer"
KEY = "demo-newcomer-right-index"
RIGHT_INDEX = 2


def registration_point(stage: Stage) -> None:
    """Tell the story."""
    telling, cast = stage.telling, stage.population.cast
    newcomer, stranger = cast.newcomer, cast.owner
    telling.say(
        f"{newcomer.person.latin[0].full} has never been seen by any system. Her right index finger is enrolled."
    )
    enrolment = {
        "subject": SUBJECT,
        "key": KEY,
        "position": RIGHT_INDEX,
        "samples": [_sample(draw(newcomer.pressed_again(0)))],
    }
    enrolled = _post(stage, "enrol", Scope.ENROL, enrolment)
    telling.proved(
        f"Enrolled as {enrolled['record']}, published to all as an event; the gallery holds it.",
        if_=bool(enrolled["held"]),
        otherwise="The enrolment was answered and the gallery does not hold it.",
    )

    telling.say("The next day, pressed in haste and turned a little: whose finger is this?")
    found = _post(stage, "identify", Scope.IDENTIFY, _identify(newcomer.pressed_again(7)))
    best = found["candidates"][0] if found["candidates"] else None
    telling.proved(
        f"Recognised among {found['templates']:,} templates in {found['elapsed_ms']:.0f} ms"
        + (f": score {best['score']:.0f}, threshold {found['threshold']:.0f}." if best else "."),
        if_=best is not None and best["subject"] == SUBJECT and best["match"],
        otherwise="The enrolled finger was not recognised: look into the log of biometrics.",
    )

    telling.say("Somebody else claims to be her.")
    claim = {
        "probe": _sample(draw_at_booth(stranger.pressed_again(7))),
        "subject": SUBJECT,
        "purpose": Purpose.REGISTRATION,
    }
    verified = _post(stage, "verify", Scope.VERIFY, claim)
    telling.proved(
        f"Not her finger: score {verified['score']:.0f}, threshold {verified['threshold']:.0f}.",
        if_=not verified["match"],
        otherwise="A stranger's finger was taken for the enrolled one.",
    )


def _identify(finger: FingerOfNobody) -> dict[str, Any]:
    return {"probes": [_sample(draw_at_booth(finger))], "purpose": Purpose.REGISTRATION, "limit": 1}


def _sample(image: bytes) -> dict[str, Any]:
    return {"format": "png", "data": b64encode(image).decode(), "dpi": 500}


def _post(stage: Stage, act: str, scope: Scope, body: dict[str, Any]) -> dict[str, Any]:
    """Show a request as it can be pasted, and the answer whole."""
    file = stage.keep_json(f"{act}.json", body)
    url = f"{stage.stack.addresses.url('biometrics')}/v1/{act}"
    token = f'"Authorization: Bearer $({isthmus_command()} token --scope {scope})"'
    stage.telling.line(f"curl -s -H {token} -H 'Content-Type: application/json' -d @{shlex.quote(str(file))} {url}")
    answer = stage.biometrics(CLERK, act, scope, body)
    stage.telling.show(Text(json.dumps(answer, ensure_ascii=False, separators=(",", ":"))))
    return answer
