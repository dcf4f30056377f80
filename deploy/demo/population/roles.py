"""This module lists the people of the demo's stories before anything happens to them.

Their family names mean "example" or "specimen" in their languages, so that nobody is really called so.
"""

import datetime as dt
from dataclasses import dataclass

from contracts.identity import DocumentType, Sex
from deploy.demo.population.documents import Document, machine_readable_zone
from deploy.demo.population.holdings import FingerOfNobody
from deploy.demo.population.people import Person, Spelling

FIRST_FINGER = 900_000  # seeds of these people's fingers; those of the population are below
PASSPORT_DAYS = 3652
ISSUED_DAYS_AGO = 800


@dataclass(frozen=True, slots=True)
class Role:
    """Somebody of a story: the person, and the finger where the story needs one."""

    person: Person
    finger: FingerOfNobody | None = None

    @property
    def zone(self) -> tuple[str, str]:
        """The two lines at the foot of the passport's page."""
        person, name = self.person, self.person.latin[0]
        return machine_readable_zone(
            person.passport,
            name.family,
            name.given,
            nationality=person.nationality,
            birth=person.birth,
            sex=person.sex,
        )

    def pressed_again(self, impression: int) -> FingerOfNobody:
        """Give the same finger at another time."""
        if self.finger is None:
            raise ValueError("this role has no finger")
        return FingerOfNobody(self.finger.seed, impression)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list below."""

    nationality: str
    sex: Sex
    birth: str
    script: str
    native: tuple[str, str]
    latin: tuple[str, str]
    finger: tuple[int, int] | None = None


ROLES = {
    "wanted": Line("UKR", Sex.FEMALE, "1987-03-14", "Cyrl", ("Прикладенко", "Зоряна"), ("Prykladenko", "Zoriana")),
    "misheard": Line("IRN", Sex.MALE, "1979-11-02", "Arab", ("نمونه‌پور", "باران"), ("Nemunepour", "Baran")),
    "withdrawn": Line("ARM", Sex.MALE, "1991-06-23", "Armn", ("Օրինակյան", "Ռուբեն"), ("Orinakyan", "Ruben")),
    "robbed": Line("BRA", Sex.MALE, "1968-09-30", "Latn", ("Exemplares", "Rui"), ("Exemplares", "Rui")),
    "overstayer": Line("TUR", Sex.FEMALE, "1995-01-19", "Latn", ("Örnekoğlu", "Elif"), ("Ornekoglu", "Elif")),
    "owner": Line("COL", Sex.MALE, "1983-05-08", "Latn", ("Muestra", "Lucio"), ("Muestra", "Lucio"), (6, 0)),
    "other": Line("GEO", Sex.FEMALE, "1985-12-11", "Geor", ("ნიმუშაძე", "თეკლა"), ("Nimushadze", "Tekla"), (7, 0)),
    "first": Line("SYR", Sex.MALE, "1990-02-27", "Arab", ("نموذجي", "يوسف"), ("Namudhaji", "Yousef"), (8, 0)),
    "second": Line("IRQ", Sex.MALE, "1993-08-05", "Arab", ("المثالي", "كريم"), ("Al-Mithali", "Karim"), (8, 1)),
    "newcomer": Line("UZB", Sex.FEMALE, "1999-04-17", "Latn", ("Testova", "Ada"), ("Testova", "Ada"), (10, 0)),
    "reported": Line("MAR", Sex.MALE, "1976-07-21", "Arab", ("العيّنة", "منير"), ("El-Ayyina", "Mounir")),
}


def role(name: str, today: dt.date) -> Role:
    """Give somebody of the list as they are on this day."""
    line = ROLES[name]
    number = list(ROLES).index(name) + 1
    issued = today - dt.timedelta(days=ISSUED_DAYS_AGO)
    passport = Document(
        f"X{number:07d}", line.nationality, DocumentType.PASSPORT, issued, issued + dt.timedelta(days=PASSPORT_DAYS)
    )
    person = Person(
        number=number,
        sex=line.sex,
        nationality=line.nationality,
        script=line.script,
        native=Spelling(*line.native),
        latin=(Spelling(*line.latin),),
        birth=dt.date.fromisoformat(line.birth),
        birth_place="",
        passport=passport,
    )
    finger = FingerOfNobody(FIRST_FINGER + line.finger[0], line.finger[1]) if line.finger else None
    return Role(person, finger)
