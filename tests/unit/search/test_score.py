"""The scorer: what speaks for a record, what against it, and that it says so."""

import pytest

from contracts.dates import PartialDate
from contracts.identity import DocumentRef, PersonName, Sex
from contracts.query import Criteria
from search.score import THRESHOLD, Aspect, Verdict, score
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


def test_a_document_outweighs_the_name():
    criteria = asked("Zoe Other", born=None, documents=(passport(),))
    found = score(criteria, identity(), (passport(),))
    assert found.value >= THRESHOLD
    assert {reason.aspect: reason.verdict for reason in found.reasons}[Aspect.NAME] is Verdict.DIFFERENT


def test_the_same_number_of_another_issuer_is_another_document():
    criteria = asked(None, born=None, documents=(passport(issuer="UTO"),))
    assert score(criteria, None, (passport(issuer="FRA"),)).value == 0
    assert score(criteria, None, (DocumentRef(number="X0000001"),)).value > THRESHOLD


def test_nationality_and_sex_confirm_or_contradict():
    plain = score(asked(), identity(), ()).value
    same = score(asked(born=None, nationalities=("UTO",), sex=Sex.FEMALE), identity(), ())
    other = score(asked(born=None, nationalities=("FRA",), sex=Sex.MALE), identity(), ())
    assert same.value > score(asked(born=None), identity(), ()).value > other.value
    assert plain > same.value


def test_an_unknown_sex_says_nothing():
    found = score(asked(sex=Sex.UNKNOWN), identity(sex=Sex.MALE), ())
    assert Aspect.SEX not in {reason.aspect for reason in found.reasons}


def test_scripts_meet():
    assert score(asked("Мария Тестова", born=None), identity("Maria Testova"), ()).value > THRESHOLD


def test_a_document_is_never_hidden_by_what_contradicts_it():
    criteria = asked("Zoe Other", "1961-02-03", documents=(passport(),), nationalities=("FRA",), sex=Sex.MALE)
    found = score(criteria, identity(), (passport(),))
    assert found.value >= THRESHOLD
    assert [reason.verdict for reason in found.reasons].count(Verdict.DIFFERENT) == 4
