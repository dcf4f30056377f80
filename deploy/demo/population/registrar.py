"""This module lets agencies record people: each with its own spelling, its own gaps and its own slips."""

import datetime as dt
import random
from dataclasses import replace
from uuid import uuid5

from contracts.dates import PartialDate
from contracts.envelope import NAMESPACE
from contracts.identity import Sex
from contracts.records import AlertCategory, Direction, DocumentStatus, FingerPosition
from deploy.demo.population.documents import Document
from deploy.demo.population.holdings import (
    Alert,
    Applicant,
    Crossing,
    FingerOfNobody,
    Fingerprint,
    Holdings,
    ListedDocument,
    Traveller,
    holder_of,
)
from deploy.demo.population.people import Person, Spelling
from deploy.demo.population.places import CROSSING_POINTS
from deploy.demo.population.spelling import slip

STAY_DAYS = 90  # of any 180, Regulation (EU) 2016/399, article 6
FIRST_KEY = 100_000

# How often things are so; plausible, not measured.
SLIP_SHARE = 0.2  # an alert with a slip of the keyboard
HEARD_SLIP_SHARE = 0.1  # a name taken down by ear, wrongly
PARTIAL_BIRTH_SHARE = 0.24  # a birth date known in part
NO_BIRTH_SHARE = 0.06  # or not at all
YEAR_ALONE_SHARE = 0.7  # of the partly known ones
SINGLE_NAME_SHARE = 0.06  # people with one name
PLACE_SHARE = 0.7  # a birth place on file
PAPERS_SHARE = 0.4  # applicants who can show a passport
NATIVE_SHARE = 0.6  # alerts that bring the native name
SEX_SHARE = 0.9  # alerts that tell the sex


class Registrar:
    """Writes people into the agencies' holdings. Keys are given in order, so the same calls give the same keys."""

    def __init__(self, rng: random.Random, today: dt.date) -> None:
        self.held = Holdings()
        self._rng = rng
        self._today = today
        self._next = {"document": FIRST_KEY, "crossing": FIRST_KEY, "finger": FIRST_KEY, "alert": FIRST_KEY}

    def traveller(self, person: Person, *documents: Document) -> Traveller:
        """Open an entry/exit file; with documents other than the passport when they are given."""
        shown = tuple((self._key("document"), document) for document in documents or (person.passport,))
        traveller = Traveller(FIRST_KEY + person.number, holder_of(person), shown)
        self.held.travellers.append(traveller)
        return traveller

    def crossing(
        self, traveller: Traveller, direction: Direction, days_ago: int, *, stay_days: int = STAY_DAYS
    ) -> Crossing:
        """Record that the traveller crossed `days_ago`, with the newest document on file."""
        day = self._today - dt.timedelta(days=days_ago)
        at = dt.datetime.combine(day, dt.time(0, tzinfo=dt.UTC)) + dt.timedelta(seconds=self._rng.randrange(86_400))
        stay_until = day + dt.timedelta(days=stay_days) if direction is Direction.ENTRY else None
        document = traveller.documents[-1][1]
        place = self._rng.choice(CROSSING_POINTS)
        crossing = Crossing(self._key("crossing"), traveller, document, direction, at, place, stay_until)
        self.held.crossings.append(crossing)
        return crossing

    def journeys(self, traveller: Traveller) -> None:
        """Record an ordinary history: stays within the rules, the last of which may still go on."""
        days_ago = self._rng.randrange(10, 700)
        while days_ago > 0:
            self.crossing(traveller, Direction.ENTRY, days_ago)
            days_ago -= self._rng.randrange(2, STAY_DAYS - 5)
            if days_ago <= 0:
                return
            self.crossing(traveller, Direction.EXIT, days_ago)
            days_ago -= self._rng.randrange(100, 400)

    def applicant(self, person: Person, *, encounter: int = 1, exact: bool = False) -> Applicant:
        """Lodge a case; an interpreter spells the name anew and may know a part of the birth date only."""
        rng = self._rng
        latin = person.latin[0] if exact else self._heard(person)
        others = [spelling.full for spelling in person.latin if spelling != latin]
        applicant = Applicant(
            key=uuid5(NAMESPACE, f"case|{person.number}|{encounter}"),
            native=person.native,
            script=person.script,
            latin=latin if exact or rng.random() > SINGLE_NAME_SHARE else replace(latin, given=""),
            aliases=tuple(rng.sample(others, min(len(others), rng.randrange(3)))),
            birth=PartialDate.of(person.birth) if exact else self._remembered(person.birth),
            birth_place=person.birth_place if rng.random() < PLACE_SHARE else None,
            sex=person.sex,
            nationality=person.nationality,
            document=person.passport if exact or rng.random() < PAPERS_SHARE else None,
            lodged_at=dt.datetime.combine(self._today, dt.time(9, tzinfo=dt.UTC))
            - dt.timedelta(days=rng.randrange(20, 900), minutes=rng.randrange(480)),
        )
        self.held.applicants.append(applicant)
        return applicant

    def fingerprint(self, applicant: Applicant, position: FingerPosition, finger: FingerOfNobody) -> Fingerprint:
        """Take a finger of an applicant."""
        fingerprint = Fingerprint(self._key("finger"), applicant, position, finger)
        self.held.fingerprints.append(fingerprint)
        return fingerprint

    def alert(self, category: AlertCategory, person: Person) -> Alert:
        """Enter an alert as it comes from abroad: often misspelt, often with a part of the birth date."""
        rng = self._rng
        heard = self._heard(person)
        latin = Spelling(slip(heard.family, rng), heard.given) if rng.random() < SLIP_SHARE else heard
        others = [spelling.full for spelling in person.latin if spelling != heard]
        return self.enter(
            Alert(
                key=self._key("alert"),
                category=category,
                latin=latin,
                native=person.native.full if person.script != "Latn" and rng.random() < NATIVE_SHARE else None,
                aliases=tuple(rng.sample(others, min(len(others), rng.randrange(3)))),
                birth=self._remembered(person.birth),
                birth_place=person.birth_place if rng.random() < PLACE_SHARE else None,
                sex=person.sex if rng.random() < SEX_SHARE else Sex.UNKNOWN,
                nationality=person.nationality,
                document=person.passport if rng.random() < PAPERS_SHARE else None,
                issued=self._today - dt.timedelta(days=rng.randrange(5, 1000)),
                expires=self._today + dt.timedelta(days=rng.randrange(30, 1000)),
            )
        )

    def enter(self, alert: Alert) -> Alert:
        """Enter an alert as it stands; a key of 0 is replaced by the next one."""
        kept = alert if alert.key else replace(alert, key=self._key("alert"))
        self.held.alerts.append(kept)
        return kept

    def list_document(
        self, document: Document, status: DocumentStatus, days_ago: int, person: Person
    ) -> ListedDocument:
        """Put a document on the blacklist."""
        since = self._today - dt.timedelta(days=days_ago)
        listed = ListedDocument(document, status, since, holder_of(person))
        self.held.listed.append(listed)
        return listed

    def _heard(self, person: Person) -> Spelling:
        spelling = self._rng.choice(person.latin)
        if self._rng.random() < HEARD_SLIP_SHARE:
            return Spelling(slip(spelling.family, self._rng), spelling.given)
        return spelling

    def _remembered(self, birth: dt.date) -> PartialDate | None:
        draw = self._rng.random()
        if draw < NO_BIRTH_SHARE:
            return None
        if draw < NO_BIRTH_SHARE + PARTIAL_BIRTH_SHARE:
            return PartialDate(birth.year, None if self._rng.random() < YEAR_ALONE_SHARE else birth.month)
        return PartialDate.of(birth)

    def _key(self, kind: str) -> int:
        self._next[kind] += 1
        return self._next[kind]
