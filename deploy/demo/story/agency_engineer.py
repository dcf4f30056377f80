"""This module tells the agency engineer's story: an adapter looked at, a row that changes, an alert withdrawn."""

from contracts.records import DocumentStatus
from deploy.demo.legacy.changes import list_rows, withdraw_alert
from deploy.demo.legacy.rows import blacklist_row
from deploy.demo.population.holdings import ListedDocument, holder_of
from deploy.demo.story.border_guard import found_in
from deploy.demo.story.commands import PURPOSE, run, search
from deploy.demo.story.stage import GUARD, Stage
from deploy.demo.story.telling import until
from search.answer import SearchAnswer
from search.findings import FindingKind

PATIENCE_S = 45.0


def agency_engineer(stage: Stage) -> None:
    """Tell the story."""
    telling = stage.telling
    telling.say(
        "The ministry's engineer has declared an adapter for the list of documents in some 30 lines, and looks at it."
    )
    for act in (["list"], ["check", "blacklist"], ["preview", "blacklist", "--rows", "1"]):
        run(telling, "adapter", *act)
    _report_stolen(stage)
    _withdraw(stage)


def _report_stolen(stage: Stage) -> None:
    telling, cast = stage.telling, stage.population.cast
    person = cast.reported.person
    number, issuer = person.passport.number, person.passport.issuer
    ask = {"document": {"number": number, "issuer": issuer}}
    shown = ("--document", number, "--issuer", issuer)
    stolen = FindingKind.DOCUMENT_NOT_TO_BE_RELIED_ON
    before = search(telling, GUARD, *shown)
    telling.proved(
        f"Nothing speaks against passport {number} yet.",
        if_=bool(before.persons) and all(finding.kind != stolen for finding in found_in(before)),
        otherwise=f"Passport {number} should be known and in order before it is reported.",
    )
    telling.say("The ministry drops a new list, one line longer: this passport was stolen.")
    listed = ListedDocument(person.passport, DocumentStatus.STOLEN, stage.population.today, holder_of(person))
    list_rows(stage.agencies, [blacklist_row(listed)])

    def stopped() -> bool | None:
        answer = stage.search(GUARD, purpose=PURPOSE, **ask)
        return True if any(finding.kind == stolen for finding in found_in(answer)) else None

    _, seconds = until(
        stopped,
        PATIENCE_S,
        "The newly listed passport was not found as stolen: look into the log of adapter-blacklist.",
    )
    after = search(telling, GUARD, *shown)
    telling.proved(
        f"{seconds:.1f} seconds after the drop every booth knew.",
        if_=any(finding.kind == stolen for finding in found_in(after)),
        otherwise="The newly listed passport was found as stolen, and then no more.",
    )


def _withdraw(stage: Stage) -> None:
    telling, cast = stage.telling, stage.population.cast
    person, key = cast.withdrawn.person, cast.withdrawn_alert.key
    name, born = person.latin[0].full, str(person.birth)
    shown = ("--name", name, "--born", born)

    def stops(answer: SearchAnswer) -> bool:
        return any(
            finding.kind == FindingKind.ACTIVE_ALERT and any(record.endswith(f":{key}") for record in finding.records)
            for finding in found_in(answer)
        )

    def gone() -> bool | None:
        return None if stops(stage.search(GUARD, purpose=PURPOSE, name=name, birth_date=born)) else True

    telling.proved(
        f"{name} is stopped at every booth: the police ask to refuse entry.",
        if_=stops(search(telling, GUARD, *shown)),
        otherwise="The alert that is to be withdrawn was not found in the first place.",
    )
    telling.say(f"The police withdraw the alert: in their table its row gets another status (ALR_NO {key}, STATUS W).")
    withdraw_alert(stage.agencies, key)
    failure = "The withdrawn alert still stops its person: look into the logs of adapter-alerts and the projector."
    _, seconds = until(gone, PATIENCE_S, failure)
    telling.proved(
        f"{seconds:.1f} seconds later the alert stopped nobody any more.",
        if_=not stops(search(telling, GUARD, *shown)),
        otherwise=failure,
    )
