"""This module plants the people of the demo's stories in the agencies' holdings, and remembers what was planted."""

import datetime as dt
from dataclasses import dataclass, replace

from contracts.dates import PartialDate
from contracts.identity import Sex
from contracts.records import AlertCategory, Direction, DocumentStatus, FingerPosition
from deploy.demo.population.holdings import Alert, Applicant, ListedDocument, Traveller
from deploy.demo.population.people import Spelling
from deploy.demo.population.registrar import Registrar
from deploy.demo.population.roles import Role, role

OVERSTAYER_CAME = 145  # days ago; 90 were granted
STOLEN = 60
USED_AFTER_THEFT = 12


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays in the stories, and the records that these turn on."""

    wanted: Role
    """An alert holds her native name alone."""
    wanted_alert: Alert
    misheard: Role
    """An alert holds his name misspelt, and of his birth the year."""
    misheard_alert: Alert
    withdrawn: Role
    """His alert is withdrawn while the demo runs."""
    withdrawn_alert: Alert
    robbed: Role
    """His passport is listed as stolen, and crossed a border afterwards."""
    stolen_document: ListedDocument
    overstayer: Role
    """Her authorised stay is over, and no exit is recorded."""
    overstayer_file: Traveller
    owner: Role
    """The passport is right; the finger at the booth is that of `other`."""
    other: Role
    first: Role
    """One man who lodged two cases under two names, `first` and `second`."""
    second: Role
    cases: tuple[Applicant, Applicant]
    newcomer: Role
    """Unknown to all until the registration point enrols her."""
    reported: Role
    """His passport is reported stolen while the demo runs."""


def plant(registrar: Registrar, today: dt.date) -> Cast:
    """Record the people of the stories with the agencies."""
    wanted, misheard, withdrawn = (role(name, today) for name in ("wanted", "misheard", "withdrawn"))
    owner, other, first, second = (role(name, today) for name in ("owner", "other", "first", "second"))
    reported = role("reported", today)
    for one in (misheard, withdrawn, owner, reported):
        registrar.journeys(registrar.traveller(one.person))
    robbed, stolen = _theft(registrar, today)
    overstayer = role("overstayer", today)
    file = registrar.traveller(overstayer.person)
    registrar.crossing(file, Direction.ENTRY, OVERSTAYER_CAME)
    _, _, *cases = (_case(registrar, one) for one in (owner, other, first, second))
    alerts = _alerts(registrar, today, wanted, misheard, withdrawn)
    return Cast(
        wanted=wanted,
        wanted_alert=alerts[0],
        misheard=misheard,
        misheard_alert=alerts[1],
        withdrawn=withdrawn,
        withdrawn_alert=alerts[2],
        robbed=robbed,
        stolen_document=stolen,
        overstayer=overstayer,
        overstayer_file=file,
        owner=owner,
        other=other,
        first=first,
        second=second,
        cases=(cases[0], cases[1]),
        newcomer=role("newcomer", today),
        reported=reported,
    )


def _theft(registrar: Registrar, today: dt.date) -> tuple[Role, ListedDocument]:
    robbed = role("robbed", today)
    file = registrar.traveller(robbed.person)
    registrar.crossing(file, Direction.ENTRY, 400)
    registrar.crossing(file, Direction.EXIT, 380)
    stolen = registrar.list_document(robbed.person.passport, DocumentStatus.STOLEN, STOLEN, robbed.person)
    registrar.crossing(file, Direction.ENTRY, USED_AFTER_THEFT)
    return robbed, stolen


def _case(registrar: Registrar, one: Role) -> Applicant:
    case = registrar.applicant(one.person, exact=True)
    if one.finger is not None:
        registrar.fingerprint(case, FingerPosition.RIGHT_INDEX, one.finger)
    return case


def _alerts(registrar: Registrar, today: dt.date, wanted: Role, misheard: Role, withdrawn: Role) -> list[Alert]:
    native_alone = Alert(
        key=0,
        category=AlertCategory.WANTED,
        latin=None,
        native=wanted.person.native.full,
        aliases=(),
        birth=PartialDate.of(wanted.person.birth),
        birth_place=None,
        sex=wanted.person.sex,
        nationality=wanted.person.nationality,
        document=None,
        issued=today - dt.timedelta(days=21),
        expires=today + dt.timedelta(days=700),
    )
    misspelt = replace(
        native_alone,
        category=AlertCategory.DISCREET_CHECK,
        latin=Spelling("Nemunepoor", "Baraan"),
        native=None,
        birth=PartialDate(misheard.person.birth.year),
        sex=Sex.MALE,
        nationality=misheard.person.nationality,
    )
    refused = replace(
        native_alone,
        category=AlertCategory.REFUSE_ENTRY,
        latin=withdrawn.person.latin[0],
        native=withdrawn.person.native.full,
        birth=PartialDate.of(withdrawn.person.birth),
        sex=Sex.MALE,
        nationality=withdrawn.person.nationality,
        document=withdrawn.person.passport,
    )
    return [registrar.enter(alert) for alert in (native_alone, misspelt, refused)]
