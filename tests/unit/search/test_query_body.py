"""Queries: what is asked of the index, for whom."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.dates import PartialDate
from contracts.identity import PersonName, Sex
from contracts.query import Criteria
from search.births import NOT_HELD, keys_of_agreement, keys_of_sameness
from search.commonness import words_asked
from search.names.keys import keys_of_text, tells_name
from search.names.parse import parse_name
from search.query_body import BEARERS, apart_bodies, candidates_body, clauses, commonness_body, linked_body
from tests.unit.search.people import alert, erasure, fingerprint, passport, person
from tests.unit.search.sources import held


def terms(query):
    """Every field and value that a query compares, wherever it stands."""
    match query:
        case {"term": term}:
            ((field, value),) = term.items()
            yield field, value["value"] if isinstance(value, dict) else value
        case {"terms": term}:
            ((field, values),) = term.items()
            yield from ((field, value) for value in values)
        case dict():
            for part in query.values():
                yield from terms(part)
        case list():
            for part in query:
                yield from terms(part)


def needed(name, birth_date=None):
    """What a record must share with a person to be a candidate: one of these queries."""
    criteria = Criteria(names=(PersonName(full=name),), birth_date=birth_date)
    return candidates_body(criteria, None)["query"]["bool"]["must"][0]["constant_score"]["filter"]["bool"]["should"]


def test_a_name_is_asked_whole_by_its_words_and_by_the_consonants_of_two_of_them():
    *enough, of_each = needed("Ada Testova")
    asked = set(terms(enough))
    assert {("name", "ada testova"), ("token", "ada"), ("token", "testova"), ("slip", "tstova")} <= asked
    consonants = {key for field, key in asked if field == "skeleton"}
    assert consonants == {key for key in keys_of_text("Ada Testova").skeletons if tells_name(key)}
    assert of_each["bool"]["minimum_should_match"] == 2
    assert ("skeleton", "tstf") in set(terms(of_each))


def test_a_word_is_asked_in_one_with_its_particles_but_counts_once():
    asked = needed("A. van der Test")
    assert {("token", "test"), ("token", "vandertest")} <= set(terms(asked))
    (word,) = [each for each in asked if ("token", "test") in set(terms(each))]
    assert ("token", "vandertest") in set(terms(word))


def test_two_of_the_words_and_the_birth_date_have_to_agree_where_both_are_known():
    words = needed("Ada Maria Testova", PartialDate(1984, 5, 6))[2]["bool"]
    *agreeing, born = words["should"]
    assert (len(agreeing), words["minimum_should_match"]) == (3, 2)
    assert {("born", "1984-05"), ("born", "1984-?")} <= set(terms(born))
    assert ("born", "1984") not in set(terms(born)), "many share a year"


def test_the_consonants_of_one_word_count_with_the_very_birth_date_alone_and_of_two_with_one_that_agrees():
    *_, weak, agreeing = (each.get("bool") for each in needed("Ada Testova", PartialDate(1984, 5, 6)))
    two, born = agreeing["filter"]
    assert two["bool"]["minimum_should_match"] == 2
    assert {("born", "?"), ("born", "1984-05"), ("born", "1985-?")} <= set(terms(born))
    consonants, same_day = weak["filter"]
    assert ("skeleton", "tstf") in set(terms(consonants))
    assert set(terms(same_day)) == {("born", "1984-05-06"), ("born", "1984-06-05")}


def test_a_name_of_one_word_is_asked_by_all_its_keys():
    assert terms_of("Testova") <= set(terms(needed("Testova")))


def test_birth_date_nationality_and_sex_only_help():
    criteria = Criteria(birth_date=PartialDate(1984, 5, 6), sex=Sex.FEMALE, nationalities=("UTO",))
    query = candidates_body(criteria, None)["query"]["bool"]
    assert query["filter"] == []
    assert set(terms(query["should"])) == {
        ("born", "1984"),
        ("born", "1984-05"),
        ("born", "1984-05-06"),
        ("born", "--05-06"),
        ("born", "1984-*-06"),
        ("born", "1984-06-05"),
        *(("born", f"{year}-{mark}") for year in (1983, 1984, 1985) for mark in "?~"),
        ("born", "?"),
        ("nationality", "UTO"),
        ("sex", "F"),
        ("contract", "border-crossing"),
    }


def test_a_nationality_is_asked_by_all_codes_of_its_state():
    criteria = Criteria(names=(PersonName(full="Ada"),), nationalities=("RKS",))
    query = candidates_body(criteria, None)["query"]["bool"]
    asked = {value for field, value in terms(query["should"]) if field == "nationality"}
    assert asked == {"RKS", "XKX", "XKK"}


def test_a_document_comes_before_a_birth_date_and_that_before_names_of_which_more_than_one_word_counts_most():
    criteria = Criteria(
        names=(PersonName(full="Ada Testova"),), birth_date=PartialDate(1984, 5, 6), documents=(passport(),)
    )
    query = candidates_body(criteria, None)["query"]["bool"]
    *_, not_held, whole, agrees, document = sorted(
        part["constant_score"]["boost"] for part in query["should"] if "constant_score" in part
    )
    ten_long_names = 10 * (12 * 6 + 3 + 8)
    assert ten_long_names < whole
    assert ten_long_names + whole + not_held < agrees
    assert ten_long_names + whole + agrees < document


def test_apart_are_those_of_the_very_day_the_others_whose_birth_date_agrees_and_all_others():
    criteria = Criteria(names=(PersonName(full="Ada Testova"),), birth_date=PartialDate(1984, 5, 6))
    parted = []
    for body in apart_bodies(criteria, {"alerts"}):
        asked = body["query"]["bool"]
        visible, *some = asked["filter"]
        assert visible == {"terms": {"system": ["alerts"]}}
        parted.append([{key for _, key in terms(each)} for each in (some, asked.pop("must_not"))])
        asked["filter"] = [visible]
        assert body == candidates_body(criteria, {"alerts"})
    same, agreeing = keys_of_sameness(criteria.birth_date), keys_of_agreement(criteria.birth_date) - {NOT_HELD}
    assert parted == [[same, set()], [agreeing, same], [set(), same | agreeing]]


def test_a_document_is_asked_by_its_number_alone():
    body = candidates_body(Criteria(documents=(passport(),)), None)
    assert set(terms(body["query"]["bool"]["must"])) == {("document", "X0000001")}


def test_only_systems_that_may_be_seen_are_asked():
    body = candidates_body(Criteria(documents=(passport(),)), {"entry-exit", "alerts"})
    assert body["query"]["bool"]["filter"] == [{"terms": {"system": ["alerts", "entry-exit"]}}]
    linked = linked_body(["alerts:a:1"], ["X1"], {"alerts"})
    assert linked["query"]["bool"]["filter"][1:] == [{"terms": {"system": ["alerts"]}}]


def test_an_alert_is_never_cut_off_by_crossings():
    for body in (linked_body(["alerts:a:1"], [], None), candidates_body(Criteria(documents=(passport(),)), None)):
        telling = body["query"]["bool"]["should"][-1]["constant_score"]
        assert telling["filter"] == {"bool": {"must_not": [{"term": {"contract": "border-crossing"}}]}}
        assert telling["boost"] > 0


def test_an_unknown_sex_is_not_asked():
    criteria = Criteria(names=(PersonName(full="Ada"),), sex=Sex.UNKNOWN)
    assert "sex" not in dict(terms(candidates_body(criteria, None)))


def terms_of(word):
    """All keys of a word but the whole name, as terms of the index."""
    keys = keys_of_text(word)
    fields = (("token", keys.tokens), ("slip", keys.slips), ("skeleton", keys.skeletons))
    return {(field, key) for field, held in fields for key in held}


def queries(query, kind):
    """Every query of a kind, wherever it stands."""
    match query:
        case dict():
            for key, part in query.items():
                if key == kind:
                    yield part
                yield from queries(part, kind)
        case list():
            for part in query:
                yield from queries(part, kind)


def test_of_a_birth_date_the_best_agreement_counts_alone():
    body = candidates_body(Criteria(names=(PersonName(full="Ada"),), birth_date=PartialDate(1984, 5, 6)), None)
    born, *_ = (each["queries"] for each in queries(body["query"]["bool"]["should"], "dis_max"))
    grades = {each["constant_score"]["filter"]["term"]["born"]: each["constant_score"]["boost"] for each in born}
    assert grades["1984-05-06"] > grades["1984-06-05"] > grades["1984-05"] == grades["--05-06"] > grades["1984"]


def test_a_birth_date_of_another_calendar_is_asked_in_ours_too():
    body = candidates_body(Criteria(names=(PersonName(full="Ada"),), birth_date=PartialDate(1365, 5, 12)), None)
    assert {("born", "1365-05-12"), ("born", "1986-08-03")} <= set(terms(body["query"]["bool"]["should"]))


def test_of_the_keys_of_a_word_the_best_counts_alone():
    body = candidates_body(Criteria(names=(PersonName(full="Testova"),)), None)
    (word,) = (each for each in body["query"]["bool"]["should"] if "dis_max" in each)
    assert {("token", "testova"), ("slip", "tstova"), ("skeleton", "tstf")} <= set(terms(word))
    assert not {key for field, key in terms(word) if field == "skeleton" and tells_name(key)}
    graded = {each[field]["boost"] for each in queries(word, "term") for field in each}
    assert max(graded) == next(each["token"]["boost"] for each in queries(word, "term") if "token" in each)


def test_each_word_is_counted_with_its_slips_and_what_says_it_again_is_not():
    criteria = Criteria(names=(PersonName(full="Ada Testova"), PersonName(full="Testova")))
    body = commonness_body(words_asked(criteria), ["alerts"])
    counted = body["aggs"][BEARERS]["filters"]["filters"]
    assert set(counted) == {"ada", "testova"}
    assert set(terms(counted["testova"])) == {pair for pair in terms_of("Testova") if pair[0] != "skeleton"}
    left_out = {("contract", "border-crossing"), ("contract", "travel-document")}
    assert set(terms(body["query"])) == {("system", "alerts"), *left_out}


def test_what_names_nobody_is_not_counted_lest_each_name_look_rarer():
    body = commonness_body(words_asked(Criteria(names=(PersonName(full="Ada Testova"),))), None)
    assert {"exists": {"field": "name"}} in body["query"]["bool"]["filter"]
    assert "name" in held(person())
    assert all("name" not in held(each) for each in (erasure(person()), fingerprint(), alert(documents=(passport(),))))


def bodies(criteria):
    """All that is asked at once."""
    yield candidates_body(criteria, None)
    if words := words_asked(criteria):
        yield commonness_body(words, None)


NAMES = st.text(min_size=1, max_size=60).map(lambda text: PersonName(full="A" + text))
BIRTHS = st.none() | st.builds(PartialDate, st.integers(1200, 2600), st.none() | st.integers(1, 12))


@given(st.lists(NAMES, max_size=3), BIRTHS)
def test_no_name_makes_a_query_that_chooses_of_nothing(names, birth_date):
    criteria = Criteria(names=tuple(names), birth_date=birth_date, documents=() if names else (passport(),))
    for body in bodies(criteria):
        for kind in ("dis_max", "terms", "filters"):
            assert all(chosen for chosen in queries(body, kind))
        assert all(each["queries"] for each in queries(body, "dis_max"))
        assert {} not in list(queries(body, "should"))


@pytest.mark.parametrize("name", ["Hua Ping", "Ea Io", "Yu", "Wei Hui Ai"])
def test_words_without_consonants_are_asked_as_they_are_written(name):
    for birth_date in (None, PartialDate(1984, 5, 6)):
        assert all(each["queries"] for each in queries(needed(name, birth_date), "dis_max"))


@pytest.mark.parametrize("first", ["c", "ж", "ح", "張", "김"])
@pytest.mark.parametrize("born", [None, PartialDate(1365, 5, 12)])
@pytest.mark.parametrize("cut", [False, True])
def test_no_request_has_more_clauses_than_elasticsearch_takes(first, born, cut):
    draw = random.Random(1)

    def word(length):
        return "".join(chr(ord(first) + draw.randrange(20)) for _ in range(length))

    for length in (2, 24):
        names = tuple(PersonName(full=" ".join(word(length) for _ in range(12)), cut=cut) for _ in range(10))
        criteria = Criteria(names=names, birth_date=born, documents=tuple(passport(f"X{n}") for n in range(10)))
        bodies = [candidates_body(criteria, None), *(apart_bodies(criteria, None) if born else [])]
        assert max(clauses(body["query"]) for body in bodies) < 1024
        words = {part.latin for name in names for part in parse_name(name).telling}
        assert len({key for field, key in terms(bodies[0]) if field == "token"}) >= len(words)
        assert clauses(commonness_body(words_asked(criteria), None)) < 1024


def test_a_usual_request_leaves_no_key_out():
    names = [f"Ada Maria Testova {family}" for family in ("Example", "Mustermann", "Invented", "Nobody")]
    criteria = Criteria(names=tuple(PersonName(full=name) for name in names))
    asked = set(terms(candidates_body(criteria, None)))
    assert all(("slip", key) in asked for word in names[0].split() for key in keys_of_text(word).slips)


@pytest.mark.parametrize(
    "name", ["Ö", "O", "Oh", "Lee Young-hee", "Wang Hui", "U Ai", "A B C", "이", "Ii Aoi", "1", "ā́"]
)
@pytest.mark.parametrize("born", [None, PartialDate(1984, 5, 6)])
def test_words_of_vowels_alone_leave_no_empty_choice_which_elasticsearch_refuses(name, born):
    body = candidates_body(Criteria(names=(PersonName(full=name),), birth_date=born), None)
    assert all(choice["queries"] for choice in queries(body, "dis_max"))


@given(st.text(max_size=12), st.none() | st.just(PartialDate(1984, 5, 6)))
def test_no_name_makes_an_empty_choice(text, born):
    criteria = Criteria.model_construct(names=(PersonName.model_construct(full=text),), birth_date=born)
    for body in bodies(criteria):
        assert all(choice["queries"] for choice in queries(body, "dis_max"))
        assert all(choice != {"should": []} for choice in queries(body, "bool"))


@pytest.mark.parametrize(("name", "half"), [("김철수", "kim"), ("张小明", "zhang")])
def test_who_bears_a_family_name_alone_does_not_count_as_a_bearer_of_the_whole_name(name, half):
    counted = commonness_body(words_asked(Criteria(names=(PersonName(full=name),))), None)["aggs"][BEARERS]["filters"][
        "filters"
    ]
    assert ("token", half) not in set(terms(counted))
    assert {value for field, value in terms(counted) if field == "token"} >= set(counted)
