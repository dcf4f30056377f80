import datetime as dt
import random
from collections import Counter, defaultdict
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.identity import DocumentNumber, document_number
from contracts.records import Direction, DocumentStatus
from deploy.demo.population.documents import Numbers, check_digit
from deploy.demo.population.names import CULTURES, name_pool
from deploy.demo.population.population import build_population
from deploy.demo.population.roles import ROLES
from deploy.demo.population.spelling import romanisations, slip

TODAY = dt.date(2026, 3, 1)


@pytest.fixture(scope="module")
def population():
    return build_population(600, 7, TODAY)


def test_the_same_seed_gives_the_same_population(population):
    assert build_population(600, 7, TODAY).holdings == population.holdings


def test_another_seed_gives_other_people_and_the_same_cast(population):
    other = build_population(600, 8, TODAY)

    assert other.holdings.travellers != population.holdings.travellers
    assert other.cast.wanted == population.cast.wanted


def test_a_day_later_the_same_people_are_there(population):
    later = build_population(600, 7, TODAY + dt.timedelta(days=1))

    assert [one.holder.spelling for one in later.holdings.travellers] == [
        one.holder.spelling for one in population.holdings.travellers
    ]


def test_too_few_people_for_the_stories_are_refused():
    with pytest.raises(ValueError, match="stories need"):
        build_population(len(ROLES) - 1, 1, TODAY)


def test_keys_are_unique_in_every_holding(population):
    held = population.holdings
    documents = [key for traveller in held.travellers for key, _ in traveller.documents]
    for records in (held.travellers, held.crossings, held.applicants, held.fingerprints, held.alerts):
        assert len({record.key for record in records}) == len(records)
    assert len(set(documents)) == len(documents)
    assert len({(one.document.number, one.document.issuer) for one in held.listed}) == len(held.listed)


def test_entries_and_exits_alternate_and_lie_in_the_past(population):
    journeys = defaultdict(list)
    for crossing in population.holdings.crossings:
        journeys[crossing.traveller.key].append(crossing)
        assert crossing.at.date() <= TODAY
    for crossings in journeys.values():
        for before, after in pairwise(sorted(crossings, key=lambda crossing: crossing.at)):
            assert before.direction is not after.direction


def test_only_the_overstayer_overstays(population):
    last = {}
    for crossing in sorted(population.holdings.crossings, key=lambda crossing: crossing.at):
        last[crossing.traveller.key] = crossing
    overdue = [
        crossing.traveller
        for crossing in last.values()
        if crossing.direction is Direction.ENTRY and crossing.stay_until < TODAY
    ]
    assert overdue == [population.cast.overstayer_file]


def test_the_stolen_passport_crossed_a_border_after_the_theft(population):
    stolen = population.cast.stolen_document
    used = [one.at.date() for one in population.holdings.crossings if one.document == stolen.document]

    assert stolen.status is DocumentStatus.STOLEN
    assert max(used) > stolen.since


def test_two_cases_share_one_finger(population):
    first, second = population.cast.cases
    fingers = {one.applicant.key: one.finger for one in population.holdings.fingerprints}

    assert fingers[first.key].seed == fingers[second.key].seed
    assert first.latin != second.latin
    assert Counter(finger.seed for finger in fingers.values()).most_common(2)[1][1] == 1


def test_citizens_of_member_states_have_no_entry_exit_file(population):
    assert not {"DEU", "FRA", "GRC"} & {one.holder.nationality for one in population.holdings.travellers}


def test_document_numbers_fit_the_contract_and_a_zone(population):
    for traveller in population.holdings.travellers:
        for _, document in traveller.documents:
            assert document.number == document_number(document.number)
            assert len(document.number) <= 9
    assert DocumentNumber


def test_the_zone_of_the_standards_specimen_has_the_standards_check_digits():
    # ICAO Doc 9303-4, appendix A: number, birth, expiry and personal number of the specimen of Utopia.
    assert [check_digit(part) for part in ("L898902C3", "740812", "120415", "ZE184226B<<<<<")] == ["6", "2", "9", "1"]


def test_every_zone_has_two_lines_of_44(population):
    for role in (population.cast.wanted, population.cast.robbed, population.cast.second):
        assert [len(line) for line in role.zone] == [44, 44]


@pytest.mark.parametrize("culture", CULTURES, ids=lambda culture: culture.locale)
def test_every_culture_has_names_in_its_script_and_in_latin_letters(culture):
    pool = name_pool(culture)
    for part in (*pool.male, *pool.female, *pool.family_male, *pool.family_female):
        assert part.native
        assert all(spelling.isascii() and spelling[0].isupper() for spelling in part.latin)


@given(st.text(alphabet="абвгдежзийклмнопрстуфхцчшщьюя", min_size=2, max_size=12))
def test_romanisations_are_latin_and_never_repeated(name):
    spellings = romanisations(name, "Cyrl")

    assert len(set(spellings)) == len(spellings)
    assert all(spelling.isascii() for spelling in spellings)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=15), st.integers())
def test_a_slip_changes_little(name, seed):
    slipped = slip(name, random.Random(seed))

    assert abs(len(slipped) - len(name)) <= 1
    assert slipped[0] == name[0]


def test_numbers_never_repeat():
    numbers = Numbers(random.Random(1))
    drawn = [numbers.next("GEO") for _ in range(500)]
    assert len(set(drawn)) == len(drawn)
