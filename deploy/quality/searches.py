"""This module measures what a search finds in a repository of real, or of invented, persons."""

import asyncio
import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from contracts.dates import PartialDate
from contracts.identity import IdentityData, PersonName
from contracts.query import Criteria
from contracts.records import PersonV1
from contracts.references import record_ref
from deploy.bench.telling import Teller
from deploy.demo.population.documents import Numbers
from deploy.demo.population.people import Person, invent_people
from deploy.quality.figures import Figures, Measured
from deploy.quality.truth import (
    CROSS_SCRIPT,
    JOURNAL,
    LETTERS,
    NEGATIVES,
    Listed,
    Spelt,
    listed_persons,
    slipped_names,
    spelt_names,
    strangers,
)
from hub.settings import ElasticsearchSettings
from search.evaluation.asking import ask_all, fill, temporary_repository
from search.evaluation.curves import threshold_of_recall
from search.evaluation.people import STREAM, SYSTEM, People, Query
from search.evaluation.retrieval import Answer
from search.evaluation.tables import Row
from search.names.parse import parse

GENERATED, GENERATED_QUERIES, GENERATED_SEED = 50_000, 1_000, 1
GENERATED_DAY = dt.date(2026, 1, 1)
SLIPS_RECALL = 0.985
"""The recall of slips with a birth date at whose threshold strangers are counted."""
NO_ROW = Row(0, {})


def searches_figures(folder: Path, teller: Teller, settings: ElasticsearchSettings) -> Figures:
    """Measure searches, on as much of the data as is there."""
    if (folder / CROSS_SCRIPT).exists():
        yield Measured("cross_script_recall_at_1", cross_script_recall(spelt_names(folder), teller, settings))
    else:
        teller.say("SKIPPED cross_script_recall_at_1: there are no names in two scripts.")
    if (folder / NEGATIVES).exists() and (folder / JOURNAL).is_dir():
        yield from journal_figures(folder, teller, settings)
    else:
        teller.say("SKIPPED slips_recall_at_1 and alerts_per_negative: there is no list, or there are no strangers.")
    yield Measured("generated_recall_at_1", generated_recall(teller, settings))


def cross_script_recall(spelt: Sequence[Spelt], teller: Teller, settings: ElasticsearchSettings) -> float:
    """Search the native names alone with each Latin name; tell how often the right person comes first."""
    native: dict[str, dict[str, None]] = defaultdict(dict)
    latin: dict[str, dict[str, None]] = defaultdict(dict)
    for each in spelt:
        native[each.person] |= dict.fromkeys(each.native)
        latin[each.person] |= dict.fromkeys(each.latin)
    people = people_named((key, _identity(names)) for key, names in native.items())
    queries = [query(name, {key}) for key, names in latin.items() for name in names]
    return _recall_at_1(asked(people, queries, teller, settings))


def journal_figures(folder: Path, teller: Teller, settings: ElasticsearchSettings) -> Figures:
    """Search a real list with slips of the pen, and with people who are not on it."""
    listed = listed_persons(folder)
    people = people_named((person.key, person.identity) for person in listed)
    alone, dated = slips_of(listed)
    foreign = [query(each.name, (), born=_date(each.birth_date)) for each in strangers(folder)]
    answers = asked(people, [*alone, *dated, *foreign], teller, settings)
    yield Measured("slips_recall_at_1", _recall_at_1(answers[: len(alone)]))
    threshold = threshold_of_recall(
        [_score_of_right(answer) for answer in answers[len(alone) : -len(foreign)]], SLIPS_RECALL
    )
    teller.say(f"  slips with birth date reach {SLIPS_RECALL} at a threshold of {threshold:.3f}")
    alerts = sum(answer.alerts(threshold) for answer in answers[-len(foreign) :])
    yield Measured("alerts_per_negative", alerts / len(foreign))


def slips_of(listed: Sequence[Listed]) -> tuple[list[Query], list[Query]]:
    """Ask for each person by name with a slip: by name alone, and with the birth date where one is held.

    Any record that bears the same name is right.
    """
    bearers: dict[str, set[str]] = defaultdict(set)
    for person in listed:
        for name in person.identity.names:
            bearers[same(name.text)].add(person.key)
    slips = dict(slipped_names(person.name for person in listed))
    alone, dated = [], []
    for person in listed:
        slipped = slips.get(person.name)
        if slipped is None:
            continue
        right = bearers[same(person.name)] | {person.key}
        alone.append(query(slipped, right))
        if person.identity.birth_dates:
            dated.append(query(slipped, right, born=person.identity.birth_dates[0]))
    return alone, dated


def generated_recall(teller: Teller, settings: ElasticsearchSettings) -> float:
    """Search invented persons with one letter of the name replaced, birth date and nationality right."""
    rng = random.Random(GENERATED_SEED)  # noqa: S311  the same persons each time
    persons = list(invent_people(GENERATED, rng, GENERATED_DAY, Numbers(rng)))
    people = people_named((str(person.number), _identity_of(person)) for person in persons)
    queries = [
        query(
            _replaced(person.latin[0].full, rng),
            {str(person.number)},
            born=PartialDate.of(person.birth),
            nationality=person.nationality,
        )
        for person in rng.sample(persons, GENERATED_QUERIES)
    ]
    return _recall_at_1(asked(people, queries, teller, settings))


def asked(people: People, queries: Sequence[Query], teller: Teller, settings: ElasticsearchSettings) -> list[Answer]:
    """Put queries to a temporary repository of these people."""

    async def ask() -> list[Answer]:
        async with temporary_repository(settings) as repository:
            with teller.counting("persons stored", len(people.events)) as tell:
                await fill(repository, people.events, tell)
            with teller.counting("searches", len(queries)) as tell:
                return await ask_all(repository, queries, people.ids, tell)

    return asyncio.run(ask())


def people_named(identities: Iterable[tuple[str, IdentityData]]) -> People:
    """Make records of persons, each known by a key."""
    people = People()
    for number, (key, identity) in enumerate(identities, 1):
        record = record_ref(SYSTEM, STREAM, str(number))
        people.events.append(PersonV1(system=SYSTEM, record=record, subject=record, identity=identity))
        people.ids[record] = key
    return people


def query(
    name: str, expected: Iterable[str], *, born: PartialDate | None = None, nationality: str | None = None
) -> Query:
    """Ask for a name, and a birth date and a nationality where they are known."""
    nationalities = (nationality,) if nationality else ()
    criteria = Criteria(names=(PersonName(full=name),), birth_date=born, nationalities=nationalities)
    return Query(NO_ROW, criteria, frozenset(expected))


def same(name: str) -> str:
    """Give what two spellings of the same name have in common: their words, in any order."""
    return parse(name).whole


def _identity(names: Iterable[str]) -> IdentityData:
    return IdentityData(names=tuple(PersonName(full=name) for name in names))


def _identity_of(person: Person) -> IdentityData:
    return IdentityData(
        names=(PersonName(full=person.latin[0].full),),
        birth_dates=(PartialDate.of(person.birth),),
        nationalities=(person.nationality,),
    )


def _date(text: str) -> PartialDate | None:
    try:
        return PartialDate.parse(text)
    except ValueError:
        return None


def _replaced(name: str, rng: random.Random) -> str:
    places = [at for at, letter in enumerate(name) if letter.isalpha()]
    at = rng.choice(places)
    other = rng.choice([letter for letter in LETTERS if letter != name[at].lower()])
    return name[:at] + other + name[at + 1 :]


def _recall_at_1(answers: Sequence[Answer]) -> float:
    return sum(answer.rank() == 1 for answer in answers) / len(answers)


def _score_of_right(answer: Answer) -> float:
    rank = answer.rank()
    return answer.found[rank - 1].score.value if rank else 0.0
