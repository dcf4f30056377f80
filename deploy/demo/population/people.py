"""This module invents people: names in native and Latin script, families, births, passports."""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass

from contracts.identity import DocumentType, Sex
from deploy.demo.population.documents import Document, Numbers
from deploy.demo.population.names import CULTURES, MEMBER_STATES, Culture, NamePart, name_pool
from deploy.demo.population.places import birth_places

FAMILY_SHARE = 0.35  # how many people are met together with another of their family
SECOND_GIVEN_SHARE = 0.18
VALIDITY_YEARS = 10
DAYS_A_YEAR = 365.25
YOUNGEST = 3  # years; every record of somebody is younger than that


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way a name stands in a register."""

    family: str
    given: str

    @property
    def full(self) -> str:
        """Given names, then the family name."""
        return f"{self.given} {self.family}".strip()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody invented. `latin` begins with the passport's spelling; the others are those of other clerks."""

    number: int
    sex: Sex
    nationality: str
    script: str
    native: Spelling
    latin: tuple[Spelling, ...]
    birth: dt.date
    birth_place: str
    passport: Document

    @property
    def is_member_state_citizen(self) -> bool:
        """Whether entry/exit does not record this person."""
        return self.nationality in MEMBER_STATES


@dataclass(frozen=True, slots=True)
class _Household:
    culture: Culture
    nationality: str
    family: tuple[int, int]
    birth_place: str


def invent_people(count: int, rng: random.Random, today: dt.date, numbers: Numbers) -> Iterator[Person]:
    """Invent `count` people, the same ones for the same source of chance and day."""
    weights = [culture.weight for culture in CULTURES]
    household: _Household | None = None
    for number in range(1, count + 1):
        if household is None or rng.random() > FAMILY_SHARE:
            culture = rng.choices(CULTURES, weights)[0]
            nationality = rng.choice(culture.nationalities)
            family = (rng.randrange(1_000_000), rng.randrange(1_000_000))
            household = _Household(culture, nationality, family, rng.choice(birth_places(nationality)))
        yield _member(number, household, rng, today, numbers)


def _member(number: int, household: _Household, rng: random.Random, today: dt.date, numbers: Numbers) -> Person:
    pool = name_pool(household.culture)
    sex = rng.choice((Sex.FEMALE, Sex.MALE))
    families, givens = (pool.family_female, pool.female) if sex is Sex.FEMALE else (pool.family_male, pool.male)
    family = [families[household.family[0] % len(families)]]
    if household.culture.two_family_names:
        family.append(families[household.family[1] % len(families)])
    given = rng.sample(givens, 2 if rng.random() < SECOND_GIVEN_SHARE else 1)
    birth = today - dt.timedelta(days=int(rng.triangular(YOUNGEST, 85, 32) * DAYS_A_YEAR))
    return Person(
        number=number,
        sex=sex,
        nationality=household.nationality,
        script=household.culture.script,
        native=_native(family, given),
        latin=_spellings(family, given),
        birth=birth,
        birth_place=household.birth_place,
        passport=new_passport(household.nationality, rng, today, numbers, birth),
    )


def new_passport(issuer: str, rng: random.Random, today: dt.date, numbers: Numbers, birth: dt.date) -> Document:
    """Issue a passport that is valid today, to somebody who was born before."""
    issued = max(birth, today - dt.timedelta(days=rng.randrange(30, int((VALIDITY_YEARS - 1) * DAYS_A_YEAR))))
    valid_until = issued + dt.timedelta(days=int(VALIDITY_YEARS * DAYS_A_YEAR))
    return Document(numbers.next(issuer), issuer, DocumentType.PASSPORT, issued, valid_until)


def _native(family: list[NamePart], given: list[NamePart]) -> Spelling:
    return Spelling(" ".join(part.native for part in family), " ".join(part.native for part in given))


def _spellings(family: list[NamePart], given: list[NamePart]) -> tuple[Spelling, ...]:
    most = max(len(part.latin) for part in (*family, *given))
    return tuple(
        dict.fromkeys(
            Spelling(
                " ".join(part.latin[way % len(part.latin)] for part in family),
                " ".join(part.latin[way % len(part.latin)] for part in given),
            )
            for way in range(most)
        )
    )
