"""This module builds the whole invented population: people, and what four agencies hold of them."""

import datetime as dt
import random
from dataclasses import dataclass, replace

from contracts.records import AlertCategory, Direction, DocumentStatus, FingerPosition
from deploy.demo.population.cast import Cast, plant
from deploy.demo.population.documents import Numbers
from deploy.demo.population.holdings import FingerOfNobody, Holdings
from deploy.demo.population.people import Person, invent_people, new_passport
from deploy.demo.population.registrar import Registrar
from deploy.demo.population.roles import ROLES

FINGERS = 120  # the images of more are slow to grow, and say nothing new

# How often things are so; plausible, not measured.
TRAVELLER_SHARE = 0.85
APPLICANT_SHARE = 0.12
ALERT_SHARE = 0.03
LOST_SHARE = 0.02
REPLACED_SHARE = 0.6  # of lost passports
REFUSAL_SHARE = 0.01
CATEGORIES = (
    AlertCategory.REFUSE_ENTRY,
    AlertCategory.REFUSE_ENTRY,
    AlertCategory.WANTED,
    AlertCategory.MISSING,
    AlertCategory.DISCREET_CHECK,
)
LOSSES = (DocumentStatus.LOST, DocumentStatus.LOST, DocumentStatus.STOLEN, DocumentStatus.REVOKED)


@dataclass(frozen=True, slots=True)
class Population:
    """What was built, and from what; the same size, seed and day always give the same."""

    size: int
    seed: int
    today: dt.date
    holdings: Holdings
    cast: Cast


def build_population(size: int, seed: int, today: dt.date, fingers: int = FINGERS) -> Population:
    """Invent `size` people, the cast among them; 50,000 take some seconds.

    Raises:
        ValueError: there are fewer people than the stories need.
    """
    if size < len(ROLES):
        raise ValueError(f"the stories need {len(ROLES)} people")
    # Without the day: tomorrow the same people are there, with all their dates a day later.
    rng = random.Random(seed)
    registrar = Registrar(rng, today)
    cast = plant(registrar, today)
    numbers = Numbers(rng)
    for person in invent_people(size - len(ROLES), rng, today, numbers):
        _record(replace(person, number=person.number + len(ROLES)), registrar, rng, today, numbers, seed, fingers)
    return Population(size, seed, today, registrar.held, cast)


def _record(
    person: Person, registrar: Registrar, rng: random.Random, today: dt.date, numbers: Numbers, seed: int, fingers: int
) -> None:
    """Let each agency meet the person or not."""
    lost = rng.random() < LOST_SHARE
    documents = [person.passport]
    if lost:
        registrar.list_document(person.passport, rng.choice(LOSSES), rng.randrange(1, 600), person)
        if rng.random() < REPLACED_SHARE:
            documents.append(new_passport(person.nationality, rng, today, numbers, person.birth))
    if not person.is_member_state_citizen:
        if rng.random() < TRAVELLER_SHARE:
            file = registrar.traveller(person, *documents)
            if rng.random() < REFUSAL_SHARE:
                registrar.crossing(file, Direction.REFUSAL, rng.randrange(1, 700))
            else:
                registrar.journeys(file)
        if rng.random() < APPLICANT_SHARE:
            case = registrar.applicant(person)
            if len(registrar.held.fingerprints) < fingers:
                finger = FingerOfNobody(seed % 1000 * 800 + len(registrar.held.fingerprints), 0)
                registrar.fingerprint(case, FingerPosition.RIGHT_INDEX, finger)
    if rng.random() < ALERT_SHARE:
        registrar.alert(rng.choice(CATEGORIES), person)
