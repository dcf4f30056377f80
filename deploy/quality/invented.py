"""This module invents what searches are calibrated on: records as registers hold them, and what is asked of them.

Nothing of it is real, and nothing that accuracy is measured on is in it.
"""

import datetime as dt
import random
from collections.abc import Iterator

from contracts.dates import PartialDate
from contracts.identity import IdentityData, PersonName, Sex
from contracts.query import Criteria
from deploy.demo.population.documents import Numbers
from deploy.demo.population.people import Person, invent_people
from deploy.quality.searches import NO_ROW
from deploy.quality.truth import slip
from search import births
from search.evaluation.people import Query

DAY = dt.date(2026, 1, 1)

# How often registers and those who ask are so; plausible, not measured.
HELD_WITHOUT_BIRTH, HELD_YEAR_ALONE, HELD_NEW_YEAR = 0.06, 0.06, 0.03
NATIVE_TOO = 0.2
ASKED_NAMES = (("as held", 0.4), ("slip", 0.25), ("spelling", 0.15), ("native", 0.1), ("part", 0.1))
ASKED_BIRTHS = (
    ("right", 0.55),
    ("none", 0.22),
    ("year", 0.08),
    ("slip", 0.05),
    ("swapped", 0.03),
    ("near", 0.04),
    ("other", 0.03),
)
NATIONALITY_ASKED, NATIONALITY_WRONG = 0.6, 0.04
SEX_ASKED, SEX_WRONG = 0.6, 0.02


def people(count: int, seed: int) -> list[Person]:
    """Invent people, the same ones for the same seed."""
    rng = random.Random(seed)  # noqa: S311  the same people each time
    return list(invent_people(count, rng, DAY, Numbers(rng)))


def held(person: Person, rng: random.Random) -> IdentityData:
    """Tell how a register holds a person."""
    names = [PersonName(full=person.latin[0].full)]
    if rng.random() < NATIVE_TOO:
        names.append(PersonName(full=person.native.full))
    birth: PartialDate | None = PartialDate.of(person.birth)
    chance = rng.random()
    if chance < HELD_WITHOUT_BIRTH:
        birth = None
    elif chance < HELD_WITHOUT_BIRTH + HELD_YEAR_ALONE:
        birth = PartialDate(person.birth.year)
    elif chance < HELD_WITHOUT_BIRTH + HELD_YEAR_ALONE + HELD_NEW_YEAR:
        birth = PartialDate(person.birth.year, 1, 1)
    return IdentityData(
        names=tuple(names),
        birth_dates=(birth,) if birth else (),
        nationalities=(person.nationality,),
        sex=person.sex,
    )


def asked(persons: list[Person], rng: random.Random, expected: bool) -> Iterator[Query]:
    """Ask for people as officers do; whoever is `expected` is held under the number."""
    for person in persons:
        name = _name(person, rng)
        sex, nationality = None, None
        if rng.random() < NATIONALITY_ASKED:
            nationality = rng.choice(persons).nationality if rng.random() < NATIONALITY_WRONG else person.nationality
        if rng.random() < SEX_ASKED:
            sex = _other(person.sex) if rng.random() < SEX_WRONG else person.sex
        criteria = Criteria(
            names=(PersonName(full=name),),
            birth_date=_birth(person.birth, rng),
            nationalities=(nationality,) if nationality else (),
            sex=sex,
        )
        yield Query(NO_ROW, criteria, frozenset({str(person.number)} if expected else ()))


def _name(person: Person, rng: random.Random) -> str:
    plain = person.latin[0].full
    match _chosen(ASKED_NAMES, rng):
        case "slip":
            return slip(plain, rng) or plain
        case "spelling":
            return rng.choice(person.latin).full
        case "native":
            return person.native.full
        case "part" if len(person.latin[0].given.split()) > 1:
            return f"{person.latin[0].given.split()[0]} {person.latin[0].family}"
        case _:
            return plain


def _birth(day: dt.date, rng: random.Random) -> PartialDate | None:
    right = PartialDate.of(day)
    told: dict[str, PartialDate | None] = {
        "right": right,
        "none": None,
        "year": PartialDate(day.year),
        "slip": PartialDate(day.year, day.month, (day.day + rng.choice((1, 10))) % 28 + 1),
        "swapped": births.swapped(right) or right,
        "near": PartialDate(day.year + rng.choice((-1, 1)), day.month, min(day.day, 28)),
        "other": PartialDate.of(day - dt.timedelta(days=rng.randrange(800, 8_000))),
    }
    return told[_chosen(ASKED_BIRTHS, rng)]


def _other(sex: Sex) -> Sex:
    return Sex.MALE if sex is Sex.FEMALE else Sex.FEMALE


def _chosen(choices: tuple[tuple[str, float], ...], rng: random.Random) -> str:
    return rng.choices([name for name, _ in choices], [weight for _, weight in choices])[0]
