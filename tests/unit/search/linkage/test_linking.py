"""Linking without labels: records of one person find each other, weights tell what was seen, reasons add up."""

import random
from dataclasses import replace
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.linkage.blocking import MOST_ALONE, pairs
from search.linkage.comparing import CLOSE, DIFFERENT, SAME, SIMILAR, comparisons, date_grade, name_grade, text_grade
from search.linkage.linking import score_pairs
from search.linkage.model import monotone, pattern_of
from search.linkage.names import words
from search.linkage.persons import LinkRecord, NameParts, sex_code
from search.weights import probability
from tests.unit.search.linkage.people import invented, record, slipped

LINKED = 0.5


@pytest.fixture(scope="module")
def linked():
    """Six hundred people, of whom two hundred are on record twice, each time with one slip."""
    draw = random.Random(7)
    people = invented(draw, 600)
    records = [record(person) for person in people]
    truth = set()
    for person in people[:200]:
        field = draw.choice(["given", "family", "birth_date"])
        twin = {**person, "id": f"{person['id']}-twin", field: slipped(draw, person[field])}
        records.append(record(twin))
        truth.add((person["id"], twin["id"]))
    draw.shuffle(records)
    return records, truth, score_pairs(records)


def test_records_of_one_person_find_each_other_and_no_others(linked):
    _, truth, scored = linked
    found = {(pair.one, pair.other) for pair in scored.pairs if pair.probability >= LINKED}
    assert len(found & truth) >= 0.95 * len(truth)
    assert len(found - truth) <= 0.02 * len(found)


def test_probabilities_mean_what_they_say(linked):
    _, truth, scored = linked
    expected = sum(pair.probability for pair in scored.pairs)
    assert expected == pytest.approx(len(truth), rel=0.1)


def test_reasons_and_the_prior_add_up_to_the_weight(linked):
    _, _, scored = linked
    for pair in scored.pairs:
        added = scored.model.prior_weight + sum(reason.weight for reason in pair.reasons)
        assert added == pytest.approx(pair.weight, abs=0.05)


def test_a_nearer_grade_never_weighs_less(linked):
    _, _, scored = linked
    for place, comparison in enumerate(scored.model.comparisons):
        weights = []
        for grade in range(comparison.grades):
            pattern = tuple(grade if at == place else None for at in range(len(scored.model.comparisons)))
            weights.append(scored.model.weights(pattern)[place])
        assert weights == sorted(weights, reverse=True)


@given(st.lists(st.tuples(st.floats(1e-5, 1), st.floats(1e-5, 1)), min_size=1, max_size=4))
def test_odds_of_grades_fall_whatever_was_counted(grades):
    m, u = zip(*grades, strict=True)
    odds = monotone(m, u)
    assert all(nearer >= farther * (1 - 1e-9) for nearer, farther in pairwise(odds))
    assert sum(each * share for each, share in zip(odds, u, strict=True)) == pytest.approx(sum(m))


def test_the_order_of_the_records_changes_no_pair(linked):
    records, _, scored = linked
    again = score_pairs(random.Random(8).sample(records, len(records)))
    assert again.pairs == scored.pairs


def test_not_all_pairs_are_compared(linked):
    records, _, scored = linked
    assert scored.compared < len(records) * (len(records) - 1) / 2 / 10


def test_a_rare_name_weighs_more_than_a_frequent_one():
    people = [
        record({"id": str(n), "given": "ada", "family": "proba" if n < 50 else f"fam{n}", "birth_date": "", "sex": ""})
        for n in range(100)
    ]
    people += [record({"id": "rare", "given": "ada", "family": "fam99", "birth_date": "", "sex": ""})]
    model = score_pairs(people).model
    (place,) = (at for at, comparison in enumerate(model.comparisons) if comparison.field == "family_name")
    assert model.rarity_weight(place, people[99], people[100]) > model.rarity_weight(place, people[0], people[1])


def test_one_source_is_not_searched_for_twins_unless_asked():
    one = {"id": "1", "given": "ada", "family": "testova", "birth_date": "19840506", "sex": "F"}
    records = [record(one), record({**one, "id": "2"}), record({**one, "id": "3"}, source="b")]
    assert pairs(records) == {(0, 1), (0, 2), (1, 2)}
    assert pairs(records, within_sources=False) == {(0, 2), (1, 2)}


def test_a_key_that_too_many_share_makes_no_pairs_by_itself():
    crowd = [LinkRecord(str(n), names=(NameParts(family=("testova",)),)) for n in range(MOST_ALONE + 1)]
    assert pairs(crowd) == set()


GIVEN = {"محمد": "Mohammed", "أحمد": "Ahmed", "حسن": "Hassan", "خالد": "Khaled", "فاطمة": "Fatima", "مريم": "Maryam"}
FAMILY = {
    "عبد الله": "Abdullah",
    "الحسيني": "Al-Husseini",
    "إبراهيم": "Ibrahim",
    "يوسف": "Youssef",
    "منصور": "Mansour",
    "سليمان": "Suleiman",
}


def across(draw):
    """Make records of people whose names one file has in Arabic and the other in Latin letters, parted or not."""
    records = []
    for number, (own, fathers) in enumerate(product(GIVEN, FAMILY)):
        born = f"{draw.randint(1940, 2009)}{draw.randint(1, 12):02d}{draw.randint(1, 28):02d}"
        whole = NameParts(full=words(f"{GIVEN[own]} {FAMILY[fathers]}"))
        parted = NameParts(words(GIVEN[own]), words(FAMILY[fathers]))
        records += [
            LinkRecord(f"{number}-arab", "a", (NameParts(words(own), words(fathers)),), (born,)),
            LinkRecord(f"{number}-latn", "b", (whole if number % 2 else parted,), (born,)),
        ]
    return records


def test_a_person_in_two_scripts_is_compared_by_the_name_alone():
    records = [replace(record, birth_dates=()) for record in across(random.Random(1))]
    found = {(records[one].id, records[other].id) for one, other in pairs(records)}
    assert {(f"{number}-arab", f"{number}-latn") for number in range(36)} <= found


def test_a_person_in_two_scripts_is_linked():
    records = across(random.Random(1))
    linked = {(pair.one, pair.other) for pair in score_pairs(records).pairs if pair.probability >= LINKED}
    assert linked == {(f"{number}-arab", f"{number}-latn") for number in range(36)}


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        ("Зоряна Прикладенко", "Zoriana Prikladenko"),
        ("김민수", "Kim Min Su"),
        ("דוד לוי", "David Levi"),
        ("王伟", "Wang Wei"),
    ],
)
def test_keys_of_any_script_meet_those_of_latin_letters(native, latin):
    records = [LinkRecord(name, names=(NameParts(full=words(name)),)) for name in (native, latin)]
    assert pairs(records) == {(0, 1)}


@pytest.mark.parametrize("records", [[], [LinkRecord("1")], [LinkRecord("1"), LinkRecord("2")]])
def test_nothing_to_compare_links_nothing(records):
    assert score_pairs(records).pairs == ()


@pytest.mark.parametrize(
    ("one", "other", "grade"),
    [
        ("19840506", "19840506", SAME),
        ("19840506", "19840507", CLOSE),
        ("19840506", "19480506", CLOSE),
        ("19840506", "19840605", CLOSE),
        ("19840506", "1984", CLOSE),
        # a year, or what else is not known to the day, is no proof of the day
        ("1984", "1984", CLOSE),
        ("198405", "198405", CLOSE),
        ("19840000", "19840000", CLOSE),
        ("19840006", "19840006", CLOSE),
        ("1984????", "1984????", CLOSE),
        ("circa1984", "circa1984", CLOSE),
        ("0000", "0000", CLOSE),
        ("unknown", "unknown", CLOSE),
        ("l9840506", "l9840506", SAME),
        ("19841345", "19841345", SAME),
        ("19840506", "l9840506", CLOSE),
        ("19840101", "19840101", CLOSE),
        ("13630216", "19840506", CLOSE),
        ("19840506", "19841231", SIMILAR),
        ("19810112", "19801112", SIMILAR),
        ("19840506", "19710101", DIFFERENT),
    ],
)
def test_dates_are_graded_by_what_can_have_happened_to_them(one, other, grade):
    assert date_grade(one, other) == date_grade(other, one) == grade


@pytest.mark.parametrize(
    ("one", "other", "grade"),
    [
        (("testova",), ("testova",), SAME),
        (("ada", "testova"), ("testova", "ada"), CLOSE),
        (("testovaja",), ("testovaya",), CLOSE),
        (("testovan",), ("tesbovan",), CLOSE),
        (("bato",), ("bano",), SIMILAR),
        (("محمد",), ("mohammed",), CLOSE),
        (("testovina",), ("testo", "ina"), CLOSE),
        (("testova",), ("probova",), DIFFERENT),
    ],
)
def test_names_are_graded_by_their_words_and_by_their_letters(one, other, grade):
    assert name_grade(one, other) == grade


def test_exchanged_names_are_close():
    one, other = (
        LinkRecord(str(n), names=(NameParts(*parts),))
        for n, parts in enumerate([(("ada",), ("testova",)), (("testova",), ("ada",))])
    )
    fields = comparisons([one, other])
    assert pattern_of(fields, one, other) == (CLOSE, CLOSE)


@given(st.text(), st.text())
def test_any_texts_compare_the_same_both_ways(one, other):
    assert text_grade(one, other) == text_grade(other, one)
    assert date_grade(one, other) == date_grade(other, one)
    assert text_grade(one, one) == SAME


@given(st.text())
def test_no_text_breaks_the_reading_of_sexes(text):
    assert sex_code(text) in {"", "F", "M", "X"}


@given(st.floats(allow_nan=False))
def test_a_probability_lies_between_0_and_1(weight):
    assert 0 <= probability(weight) <= 1


def test_progress_ends_with_all_pairs():
    told = []
    scored = score_pairs(
        [record(each) for each in invented(random.Random(2), 40)], progress=lambda *now: told.append(now)
    )
    assert told[-1] == (scored.compared, scored.compared)


@pytest.mark.parametrize(("count", "within_sources"), [(0, True), (1, True), (3, False)])
def test_where_no_two_records_may_be_compared_nothing_is_linked(count, within_sources):
    records = [record(each) for each in invented(random.Random(2), count)]
    assert score_pairs(records, within_sources=within_sources).pairs == ()
