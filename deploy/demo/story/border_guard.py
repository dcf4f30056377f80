"""This module tells the border guard's story: six people at the booth, and what one question brings to light."""

from deploy.demo.population.holdings import Alert, FingerOfNobody
from deploy.demo.population.images import draw_at_booth
from deploy.demo.population.roles import Role
from deploy.demo.story.commands import search
from deploy.demo.story.stage import GUARD, Stage
from search.answer import SearchAnswer, ShownFinding
from search.findings import FindingKind

AT_THE_BOOTH = 5  # the number of the impression: none that an agency took


def border_guard(stage: Stage) -> None:
    """Tell the story."""
    cast, telling = stage.population.cast, stage.telling
    telling.say(
        "A traveller without papers gives her name; the guard types it as it sounds. An alert holds it in Cyrillic."
    )
    typed, born = "Zoriana Prikladenko", str(cast.wanted.person.birth)
    answer = search(telling, GUARD, "--name", typed, "--born", born)
    _must_find(
        stage,
        answer,
        FindingKind.ACTIVE_ALERT,
        "The alert was found across scripts and a typing error.",
        cast.wanted_alert,
    )

    telling.say("A passport is read. An alert on its holder is misspelt, and of his birth it has the year alone.")
    answer = _scan(stage, cast.misheard)
    _must_find(stage, answer, FindingKind.ACTIVE_ALERT, "The misspelt alert was found.", cast.misheard_alert)
    _must_find(
        stage, answer, FindingKind.MAY_BE_ANOTHER, "The guard is told that the two may be one, and by which rule."
    )

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
    zone = [argument for line in role.zone for argument in ("--mrz", line)]
    pressed = [] if finger is None else ["--finger", _drawn(stage, finger, file)]
    return search(stage.telling, GUARD, *zone, *pressed)


def _press(stage: Stage, finger: FingerOfNobody) -> SearchAnswer:
    return search(stage.telling, GUARD, "--finger", _drawn(stage, finger, "finger-alone.png"))


def _drawn(stage: Stage, finger: FingerOfNobody, file: str) -> str:
    return str(stage.keep(file, draw_at_booth(finger)))


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
