"""The scorer: what speaks for a record, what against it, and that it says so."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.dates import PartialDate
from contracts.identity import DocumentRef, IdentityData, PersonName, Sex
from contracts.query import Criteria
from search import score as score_module
from search.commonness import UNKNOWN, Commonness
from search.reasons import Aspect, Claim, Verdict
from search.score import THRESHOLD, Scorer, compare, judge, score
from search.weights import weights
from tests.unit.search.names.writing import PAIRS
from tests.unit.search.people import identity, passport


def asked(name="Ada Testova", born="1984-05-06", **rest):
    names = (PersonName(full=name),) if name else ()
    return Criteria(names=names, birth_date=PartialDate.parse(born) if born else None, **rest)


def test_a_whole_name_with_its_birth_date_is_nearly_certain():
    assert score(asked(), identity(), ()).value > 0.9


@pytest.mark.parametrize("name", ["Ada Testowa", "TESTOVA Ada", "Ada Tesotva", "Testova", "Ada Maria Testova"])
def test_small_differences_of_a_name_still_fit(name):
    assert score(asked(name), identity(), ()).value > THRESHOLD


@pytest.mark.parametrize("name", ["Ada Romanova", "Boris Romanov", "Zoe Other"])
def test_another_name_does_not_fit(name):
    assert score(asked(name), identity(), ()).value < THRESHOLD


def test_a_contradicting_birth_date_leaves_a_name_below_the_threshold_and_is_named():
    found = score(asked(born="1961-02-03"), identity(), ())
    assert found.value < THRESHOLD
    (reason,) = [reason for reason in found.reasons if reason.aspect is Aspect.BIRTH_DATE]
    assert (reason.verdict, reason.asked, reason.held) == (Verdict.DIFFERENT, "1961-02-03", "1984-05-06")


@pytest.mark.parametrize("born", ["1984-06-05", "1984-05-07", "1984-05", "1984"])
def test_swapped_slipped_and_partly_known_birth_dates_do_not_contradict(born):
    assert score(asked(born=born), identity(), ()).value > THRESHOLD


def test_who_bears_the_document_under_another_name_is_shown_for_it():
    criteria = asked("Zoe Other", born=None, documents=(passport(),))
    found = score(criteria, identity(), (passport(),))
    assert found.fits(THRESHOLD)
    assert found.claim is Claim.DOCUMENT
    assert {reason.aspect: reason.verdict for reason in found.reasons}[Aspect.NAME] is Verdict.DIFFERENT


def test_the_same_number_of_another_issuer_is_another_document_and_shown_as_one():
    criteria = asked(None, born=None, documents=(passport(issuer="UTO"),))
    found = score(criteria, None, (passport(issuer="FRA"),))
    assert found.value < 0.02
    assert found.claim is Claim.NUMBER
    assert found.fits(0.9)
    assert not found.is_meant(0.3)
    (reason,) = found.reasons
    assert (reason.aspect, reason.verdict, reason.weight) == (Aspect.DOCUMENT, Verdict.DIFFERENT, 0.0)


def test_who_bears_the_number_and_the_name_is_shown_whatever_the_threshold_is():
    criteria = asked("Ada Testova", born=None, documents=(passport(issuer="UTO"),))
    commonness = Commonness(50_000, {"ada": 9_000, "testova": 9_000})
    found = score(criteria, identity("Ada Testova"), (passport(issuer="FRA"),), commonness)
    assert (found.claim, found.by_number) == (Claim.NAME, True)
    assert [found.fits(0.9), found.is_meant(0.9), found.is_meant(0.3)] == [True, False, True]
    assert score(criteria, None, (DocumentRef(number="X0000001"),)).value > THRESHOLD


def test_nationality_and_sex_confirm_or_contradict():
    plain = score(asked(), identity(), ()).value
    same = score(asked(born=None, nationalities=("UTO",), sex=Sex.FEMALE), identity(), ())
    other = score(asked(born=None, nationalities=("FRA",), sex=Sex.MALE), identity(), ())
    assert same.value > score(asked(born=None), identity(), ()).value > other.value
    assert plain > same.value


@pytest.mark.parametrize(("one", "other"), [("RKS", "XKX"), ("XKX", "RKS"), ("GBR", "GBN"), ("ROM", "ROU")])
def test_codes_of_one_state_neither_contradict_nor_make_two_documents(one, other):
    found = score(asked(born=None, nationalities=(one,)), identity(nationality=other), ())
    assert next(reason for reason in found.reasons if reason.aspect is Aspect.NATIONALITY).verdict is Verdict.SAME
    shown = Criteria(documents=(passport(issuer=one),))
    assert score(shown, None, (passport(issuer=other),)).claim is Claim.DOCUMENT


def test_an_unknown_sex_says_nothing():
    found = score(asked(sex=Sex.UNKNOWN), identity(sex=Sex.MALE), ())
    assert Aspect.SEX not in {reason.aspect for reason in found.reasons}


def test_scripts_meet():
    assert score(asked("Мария Тестова", born=None), identity("Maria Testova"), ()).value > THRESHOLD


def test_a_near_birth_date_hides_nobody_whom_a_name_alone_would_show():
    common = Commonness(50_000, {"ada": 9_000, "testova": 4_000})
    for born in (None, "1983-05-06", "1984"):
        held = identity(born=born)
        assert score(asked(), held, (), common).fits(THRESHOLD), born
    assert not score(asked(), identity(born="1961-02-03"), (), common).fits(THRESHOLD)


SCORED = st.builds(
    Criteria,
    names=st.lists(PAIRS.map(lambda pair: pair[0]).filter(str.strip), max_size=2).map(
        lambda names: tuple(PersonName(full=name) for name in names)
    ),
    birth_date=st.none() | st.builds(PartialDate.of, st.dates(dt.date(1980, 1, 1), dt.date(1985, 12, 31))),
    sex=st.sampled_from([None, Sex.FEMALE, Sex.MALE]),
    nationalities=st.sampled_from([(), ("UTO",), ("FRA",)]),
    documents=st.sampled_from([(), (passport(),), (passport("X0000002"),)]),
)


class EveryWord(dict):
    """As many bearers for each word."""

    def __init__(self, bearers):
        self.bearers = bearers

    def __contains__(self, _word):
        return True

    def __missing__(self, _word):
        return self.bearers


COMMON = st.just(UNKNOWN) | st.integers(1, 50_000).map(lambda bearers: Commonness(50_000, EveryWord(bearers)))


@given(SCORED, SCORED, st.booleans(), COMMON, st.sampled_from([0.05, THRESHOLD, 0.6, 0.95]))
def test_whether_a_record_fits_is_told_as_its_score_tells_it(asked, held, is_namesake, commonness, threshold):
    told = _held(held, asked if is_namesake else held)
    found = Scorer(asked, commonness).score(told, held.documents)
    fits = found.fits(threshold)
    has_claim = found.claim is Claim.DOCUMENT or (found.claim is Claim.NAME and threshold <= THRESHOLD)
    assert fits is (found.value >= threshold or has_claim)
    assert found.most >= found.value
    assert found.may_claim or found.claim is None


@given(SCORED, SCORED, st.booleans(), COMMON)
def test_a_score_is_what_all_comparisons_together_weigh(asked, held, is_namesake, commonness):
    told = _held(held, asked if is_namesake else held)
    compared = compare(asked, told, held.documents, commonness)
    value = judge(compared, weights())
    if compared.document is None and compared.likeness is None:
        value = 0.0
    assert score(asked, told, held.documents, commonness).value == value


RARE = Commonness(50_000, {"ada": 90, "testovva": 2, "ада": 90, "тестова": 2})
COMMON_NAME = Commonness(50_000, {"ada": 9_000, "testovva": 4_000})


@pytest.mark.parametrize("known", [RARE, Commonness(6, {"ada": 1, "testovva": 1, "ада": 1, "тестова": 1}), UNKNOWN])
@pytest.mark.parametrize("name", ["Ada Testovva", "Ада Тестова"])
def test_a_rare_name_with_a_slip_or_in_another_script_is_shown_to_who_asks_by_it_alone(name, known):
    found = score(asked(name, born=None), identity(), (), known)
    assert found.fits(THRESHOLD)
    assert found.bears_the_name


def test_of_those_who_are_shown_for_their_name_alone_the_likelier_stands_first():
    known = Commonness(6, {"ada": 1, "testova": 1})
    found = [score(asked(born=None), identity(held), (), known) for held in ("Ada Testova", "Ada Testovva", "Testowa")]
    assert {each.claim for each in found} == {Claim.NAME}
    values = [each.standing for each in found]
    assert values == sorted(values, reverse=True)
    assert len(set(values)) == len(values)


def test_a_name_like_a_common_one_is_not_shown_for_that_alone():
    assert not score(asked("Ada Testovva", born=None), identity(), (), COMMON_NAME).fits(THRESHOLD)


def test_a_rare_name_with_a_slip_does_not_outweigh_what_contradicts():
    for rest in ({"sex": Sex.MALE}, {"nationalities": ("FRA",)}):
        assert not score(asked("Ada Testovva", born=None, **rest), identity(), (), Commonness(60, RARE.bearers)).fits(
            THRESHOLD
        )
    few = Commonness(6, {"ada": 1, "testovva": 1})
    assert not score(asked("Ada Testovva", born="1961-02-03"), identity(), (), few).fits(THRESHOLD)


def test_a_further_common_name_does_not_hide_one_that_is_shown_for_itself():
    known = Commonness(1_000, {"ada": 400, "testova": 300, "zoe": 9, "exampel": 100})
    held = IdentityData(names=(PersonName(full="Zoe Example"), PersonName(full="Ada Testowa")))
    alone = Criteria(names=(PersonName(full="Zoe Exampel"),))
    both = Criteria(names=(*alone.names, PersonName(full="Ada Testova")))
    assert score(alone, held, (), known).fits(THRESHOLD)
    assert score(both, held, (), known).fits(THRESHOLD)


def _held(criteria, named):
    if not named.names:
        return None
    births = (criteria.birth_date,) if criteria.birth_date else ()
    return IdentityData(
        names=named.names, birth_dates=births, sex=criteria.sex or Sex.UNKNOWN, nationalities=criteria.nationalities
    )


def test_names_that_could_not_make_a_record_fit_are_compared_only_when_its_score_is_read(monkeypatch):
    compared = []
    monkeypatch.setattr(score_module, "likeness_of_names", lambda *_: compared.append(1) or 0.5)
    criteria = asked(born="1961-02-03", nationalities=("FRA",), sex=Sex.MALE)
    found = score(criteria, identity(), ())
    assert not found.fits(THRESHOLD)
    assert not compared
    assert found.value < THRESHOLD
    assert found.reasons
    assert compared == [1]
