"""Weighing: the shipped weights, how common a name is, and what a probability is made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.dates import PartialDate
from contracts.identity import IdentityData, PersonName, Sex
from contracts.query import Criteria
from search.births import Birth
from search.commonness import COMMONEST, RAREST, UNKNOWN, Commonness
from search.reasons import Aspect, Verdict
from search.score import score
from search.weights import between, probability, weights
from tests.unit.search.people import identity, passport

NAMES = st.text(alphabet="adeéлмنم -'", min_size=1, max_size=30).filter(str.strip)
ASKED = Criteria(names=(PersonName(full="Ada Testova"),), birth_date=PartialDate(1984, 5, 6))


def test_the_shipped_weights_say_what_made_them_and_judge_every_comparison():
    shipped = weights()
    assert shipped.version
    assert shipped.fitted_by
    assert set(shipped.birth) == set(Birth)
    assert set(shipped.nationality) == set(shipped.sex) == {Verdict.SAME, Verdict.DIFFERENT}


def test_a_name_that_is_more_alike_never_weighs_less():
    shipped = weights()
    bits = [shipped.of_name(step / 100) for step in range(101)]
    assert bits == sorted(bits)
    assert bits[0] < 0 < bits[-1]


@given(st.none() | st.floats(COMMONEST, RAREST), st.floats(0, 1), st.floats(0, 1))
def test_a_name_that_is_more_alike_never_weighs_less_however_common_it_is(rarity, one, other):
    less, more = sorted((one, other))
    assert weights().of_name(less, rarity) <= weights().of_name(more, rarity) + 1e-9


@given(st.floats(0, 1), st.floats(COMMONEST, RAREST), st.floats(COMMONEST, RAREST))
def test_a_rarer_name_never_weighs_less(likeness, one, other):
    common, rare = sorted((one, other))
    assert weights().of_name(likeness, common) <= weights().of_name(likeness, rare) + 1e-9


def test_what_contradicts_takes_and_what_agrees_adds():
    shipped = weights()
    assert shipped.birth[Birth.OTHER] < 0 < shipped.birth[Birth.SWAPPED] < shipped.birth[Birth.SAME]
    assert shipped.nationality[Verdict.DIFFERENT] < 0 < shipped.nationality[Verdict.SAME]
    assert shipped.sex[Verdict.DIFFERENT] < 0 < shipped.sex[Verdict.SAME]
    assert shipped.rarity > 0


@given(st.floats(0, 1))
def test_a_value_between_two_knots_is_shared_between_them(value):
    knots = [0.0, 0.25, 1.0]
    shares = between(knots, value)
    assert sum(share for _, share in shares) == pytest.approx(1)
    assert sum(share * knots[place] for place, share in shares) == pytest.approx(value)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_more_evidence_is_never_less_probable(one, other):
    low, high = sorted((one, other))
    assert 0 <= probability(low) <= probability(high) <= 1
    assert probability(0) == 0.5


def test_a_score_is_the_probability_that_its_reasons_and_the_prior_make():
    found = score(ASKED, identity(), (), Commonness(1_000, {"ada": 10, "testova": 2}))
    bits = weights().prior + sum(reason.weight for reason in found.reasons)
    assert found.value == pytest.approx(probability(bits), abs=1e-3)
    assert {reason.aspect for reason in found.reasons} == {Aspect.NAME, Aspect.RARITY, Aspect.BIRTH_DATE}


def test_a_rare_name_says_more_than_a_common_one_and_an_unknown_one_lies_between():
    by_name = Criteria(names=ASKED.names)
    rare, unknown, common = (
        score(by_name, identity(), (), known).value
        for known in (
            Commonness(50_000, {"ada": 3, "testova": 1}),
            UNKNOWN,
            Commonness(50_000, {"ada": 5_000, "testova": 9_000}),
        )
    )
    assert rare > unknown > common


def test_rarity_is_how_far_under_one_the_bearers_by_chance_are():
    # of 1,024 records 32 bear the one word and 32 the other: one bears both by chance
    assert Commonness(1_024, {"ada": 32, "testova": 32}).rarity(("ada", "testova")) == 0
    assert Commonness(1_024, {"ada": 32, "testova": 16}).rarity(("ada", "testova")) == 1
    assert UNKNOWN.rarity(("ada",)) is None
    assert Commonness(1_024, {"ada": 3}).rarity(("testova",)) is None


@given(st.integers(1, 10**9), st.dictionaries(st.sampled_from("abc"), st.integers(0, 10**9), min_size=1))
def test_rarity_has_bounds(total, bearers):
    found = Commonness(total, bearers).rarity(tuple(bearers))
    assert COMMONEST <= found <= RAREST


@given(NAMES, NAMES, NAMES)
def test_a_further_alias_never_lowers_the_score(asked, held, alias):
    criteria = Criteria(names=(PersonName(full=asked),))
    one = IdentityData(names=(PersonName(full=held),))
    both = IdentityData(names=(PersonName(full=held), PersonName(full=alias)))
    assert score(criteria, both, ()).value >= score(criteria, one, ()).value


BORN = st.builds(PartialDate, st.integers(1983, 1985), st.none() | st.integers(1, 12)) | st.builds(
    PartialDate, st.integers(1983, 1985), st.integers(1, 12), st.integers(1, 12)
)
COUNTED = st.builds(Commonness, st.just(1_000), st.fixed_dictionaries(dict.fromkeys("abcd", st.integers(0, 1_000))))
FEW = st.lists(st.sampled_from("abcd"), min_size=1, max_size=2).map(lambda words: PersonName(full=" ".join(words)))


@given(FEW, FEW, FEW, FEW, COUNTED)
def test_a_further_name_that_is_asked_for_or_held_never_lowers_the_score(asked, other, held, alias, commonness):
    few = score(Criteria(names=(asked,)), IdentityData(names=(held,)), (), commonness).value
    assert score(Criteria(names=(asked, other)), IdentityData(names=(held,)), (), commonness).value >= few
    assert score(Criteria(names=(asked,)), IdentityData(names=(held, alias)), (), commonness).value >= few


def test_a_common_alias_hides_no_rare_name():
    held = IdentityData(names=(PersonName(full="Zenobia Quixly"), PersonName(full="Ada Testova")))
    rare = Criteria(names=(PersonName(full="Zenobia Quixley"),))
    both = Criteria(names=(*rare.names, PersonName(full="Ada Testova")))
    counted = Commonness(100_000, {"zenobia": 1, "quixley": 1, "ada": 5_000, "testova": 4_000})
    found = score(both, held, (), counted)
    assert found.value == score(rare, held, (), counted).value
    assert next(reason.asked for reason in found.reasons if reason.aspect is Aspect.NAME) == "Zenobia Quixley"


@given(BORN, BORN, BORN)
def test_a_further_birth_date_never_lowers_the_score(asked, held, other):
    criteria = Criteria(names=ASKED.names, birth_date=asked)
    one = IdentityData(names=ASKED.names, birth_dates=(held,))
    both = IdentityData(names=ASKED.names, birth_dates=(held, other))
    assert score(criteria, both, ()).value >= score(criteria, one, ()).value


@pytest.mark.parametrize("threshold", [0.3, 0.95])
def test_a_document_is_shown_whatever_contradicts_it_and_its_score_stays_a_probability(threshold):
    criteria = Criteria(
        names=(PersonName(full="Zoe Other"),),
        birth_date=PartialDate(1961, 2, 3),
        documents=(passport(),),
        nationalities=("FRA",),
        sex=Sex.MALE,
    )
    found = score(criteria, identity(), (passport(),))
    assert found.fits(threshold)
    assert found.value < 0.01
    assert [reason.verdict for reason in found.reasons].count(Verdict.DIFFERENT) == 4
