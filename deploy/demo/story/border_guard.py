"""This module tells the border guard's story: six people at the booth, and what one question brings to light."""

from base64 import b64encode
from typing import Any

from contracts.query import Purpose
from deploy.demo.population.holdings import Alert, FingerOfNobody
from deploy.demo.population.images import draw_at_booth
from deploy.demo.population.roles import Role
from deploy.demo.story.stage import GUARD, Stage
from deploy.demo.story.view import view
from deploy.search_view import render
from search.answer import SearchAnswer, ShownFinding
from search.findings import FindingKind

AT_THE_BOOTH = 5  # the number of the impression: none that an agency took
PURPOSE = Purpose.BORDER_CHECK


def border_guard(stage: Stage) -> None:
    """Tell the story."""
    cast, telling = stage.population.cast, stage.telling
    telling.say(
        "A traveller without papers gives her name; the guard types it as it sounds. An alert holds it in Cyrillic."
    )
    typed, born = "Zoriana Prikladenko", str(cast.wanted.person.birth)
    telling.command("search", "--name", typed, "--born", born, "--purpose", PURPOSE)
    answer = stage.search(GUARD, purpose=PURPOSE, names=[typed], birth_date=born)
    telling.show(*render(answer))
    _must_find(
        stage,
        answer,
        FindingKind.ACTIVE_ALERT,
        "The alert was found across scripts and a typing error.",
        cast.wanted_alert,
    )

    telling.say("From here on answers are shortened. A passport is read.")
    telling.say("An alert on its holder is misspelt, and of his birth it has the year alone.")
    answer = _scan(stage, cast.misheard)
    _must_find(stage, answer, FindingKind.ACTIVE_ALERT, "The misspelt alert was found.", cast.misheard_alert)

    telling.say("The next passport was reported stolen two months ago, and has crossed a border since.")
    answer = _scan(stage, cast.robbed)
    _must_find(stage, answer, FindingKind.DOCUMENT_NOT_TO_BE_RELIED_ON, "The stolen passport was recognised.")

    telling.say("A traveller leaves whose ninety days are over.")
    answer = _scan(stage, cast.overstayer)
    _must_find(stage, answer, FindingKind.OVERSTAY, "The overstay was found in the entry/exit records.")

    telling.say("A right passport, and a finger on the scanner that is not its holder's.")
    answer = _scan(stage, cast.owner, cast.other.pressed_again(AT_THE_BOOTH), "wrong-finger.png")
    _must_find(
        stage, answer, FindingKind.FINGER_OF_ANOTHER, "The finger belongs to another person, and it is known to whom."
    )

    telling.say("A finger alone: its owner has lodged two asylum cases, under two names.")
    answer = _press(stage, cast.first.pressed_again(AT_THE_BOOTH))
    _must_find(stage, answer, FindingKind.SEVERAL_IDENTITIES, "One person under two identities was found.")


def _scan(stage: Stage, role: Role, finger: FingerOfNobody | None = None, file: str = "") -> SearchAnswer:
    arguments = [argument for line in role.zone for argument in ("--mrz", line)]
    request: dict[str, Any] = {"mrz": role.zone}
    if finger is not None:
        arguments += ["--finger", *_drawn(stage, finger, file, request)]
    stage.telling.command("search", *arguments, "--purpose", PURPOSE)
    return _ask(stage, **request)


def _press(stage: Stage, finger: FingerOfNobody) -> SearchAnswer:
    request: dict[str, Any] = {}
    stage.telling.command(
        "search", "--finger", *_drawn(stage, finger, "finger-alone.png", request), "--purpose", PURPOSE
    )
    return _ask(stage, **request)


def _drawn(stage: Stage, finger: FingerOfNobody, file: str, request: dict[str, Any]) -> tuple[str]:
    image = draw_at_booth(finger)
    request["finger"] = {"format": "png", "data": b64encode(image).decode()}
    return (str(stage.keep(file, image)),)


def _ask(stage: Stage, **request: Any) -> SearchAnswer:
    answer = stage.search(GUARD, purpose=PURPOSE, **request)
    stage.telling.show(view(answer))
    return answer


def _must_find(stage: Stage, answer: SearchAnswer, kind: FindingKind, told: str, alert: Alert | None = None) -> None:
    found = [finding for finding in found_in(answer) if finding.kind == kind]
    if alert is not None:
        found = [finding for finding in found if any(record.endswith(f":{alert.key}") for record in finding.records)]
    stage.telling.proved(
        told,
        if_=bool(found),
        otherwise=f"The search did not tell of {kind.value}: look into the logs of search and projector.",
    )


def found_in(answer: SearchAnswer) -> list[ShownFinding]:
    """Gather the findings of an answer."""
    return [finding for person in answer.persons for finding in person.findings]
