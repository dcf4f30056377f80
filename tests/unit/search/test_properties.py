"""What holds for every name whatsoever, from the index to the score; and a batch with bad queries among good ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.dates import PartialDate
from contracts.identity import IdentityData, PersonName
from contracts.query import Criteria
from contracts.records import PersonV1
from search.commonness import UNKNOWN, Commonness, words_asked
from search.evaluation.asking import ask_all
from search.evaluation.people import people_of, queries_of
from search.evaluation.retrieval import faults_of, figures_of
from search.evaluation.tables import Row
from search.names.compare import likeness
from search.names.keys import keys_of
from search.names.parse import parse
from search.query_body import candidates_body
from search.score import SAME_NAME, THRESHOLD, score
from tests.unit.search.names.writing import BY_CHANCE, PAIRS
from tests.unit.search.ranked import matches
from tests.unit.search.sources import held

ANYTHING = st.text(alphabet=st.characters(exclude_categories=("Cs",)), min_size=1, max_size=60)
NAMES = st.one_of(ANYTHING, BY_CHANCE, PAIRS.map(lambda pair: pair[0])).filter(str.strip)
TELLING = NAMES.filter(lambda text: parse(text).parts)
BORN = st.none() | st.builds(PartialDate, st.integers(1900, 2020), st.integers(1, 12), st.integers(1, 28))
SHARES = st.integers(1, 50_000)


def stored(name, born=None):
    identity = IdentityData(names=(PersonName(full=name),), birth_dates=(born,) if born else ())
    event = PersonV1(
        system="entry-exit", record="entry-exit:persons:1", subject="entry-exit:persons:1", identity=identity
    )
    return held(event)


@given(NAMES, NAMES)
def test_it_does_not_matter_which_of_two_names_is_asked_for(one, other):
    first, second = parse(one), parse(other)
    assert likeness(first, second) == likeness(second, first)


@given(TELLING, BORN)
def test_whoever_is_held_is_found_by_the_very_name(name, born):
    criteria = Criteria(names=(PersonName(full=name),), birth_date=born)
    assert matches(candidates_body(criteria, None)["query"], stored(name, born))


@given(TELLING, st.none() | SHARES)
def test_whoever_is_held_fits_the_very_name_however_common_it_is(name, bearers):
    criteria = Criteria(names=(PersonName(full=name),))
    identity = IdentityData(names=criteria.names)
    known = UNKNOWN if bearers is None else Commonness(50_000, dict.fromkeys(words_asked(criteria), bearers))
    assert likeness(parse(name), parse(name)) >= SAME_NAME
    assert score(criteria, identity, (), known).fits(THRESHOLD)


@given(TELLING, NAMES, NAMES, st.none() | SHARES, BORN)
def test_another_name_that_is_held_or_asked_for_never_lowers_a_score(asked, name, alias, bearers, born):
    few = Criteria(names=(PersonName(full=asked),), birth_date=born)
    many = Criteria(names=(*few.names, PersonName(full=alias)), birth_date=born)
    dates = (born,) if born else ()
    one = IdentityData(names=(PersonName(full=name),), birth_dates=dates)
    both = IdentityData(names=(PersonName(full=alias), PersonName(full=name)), birth_dates=dates)
    known = UNKNOWN if bearers is None else Commonness(50_000, dict.fromkeys(words_asked(many), bearers))
    least = score(few, one, (), known).value
    assert score(few, both, (), known).value >= least
    assert score(many, one, (), known).value >= least


@given(TELLING)
def test_a_name_has_the_same_keys_when_it_is_stored_and_when_it_is_asked_for(text):
    keys, document = keys_of(PersonName(full=text)), stored(text)
    assert document["name"] == [keys.whole]
    for field, asked in (("token", keys.tokens), ("skeleton", keys.skeletons), ("slip", keys.slips)):
        assert document.get(field, []) == list(asked)


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ("Bill Smithson", "William Smithson"),
        ("Bill Smithson", "Smithson"),
        (
            "Katya Smirnova",
            "\u0415\u043a\u0430\u0442\u0435\u0440\u0438\u043d\u0430 \u0421\u043c\u0438\u0440\u043d\u043e\u0432\u0430",
        ),
    ],
)
def test_who_is_offered_by_name_alone_is_offered_with_a_birth_date_where_none_is_held(asked, held):
    names = (PersonName(full=asked),)
    alone, dated = (Criteria(names=names, birth_date=born) for born in (None, PartialDate(1984, 5, 6)))
    assert matches(candidates_body(alone, None)["query"], stored(held))
    assert matches(candidates_body(dated, None)["query"], stored(held))
    assert not matches(candidates_body(dated, None)["query"], stored("Smithson", PartialDate(1961, 2, 3)))


BAD = [
    {"name": ""},
    {"name": " \u202e\u200f "},
    {"name": "\x07"},
    {"name": "x" * 10_000},
    {"name": "Ada Testova", "birth_date": "1984-02-30"},
    {"name": "Ada Testova", "birth_date": "yesterday"},
    {"name": "Ada Testova", "nationality": "QQQ"},
    {"name": "Ada Testova", "document": "---"},
    {"name": "Ada Testova", "sex": "yes"},
]
ODD = ["A", "Ada\u202eTestova", "Ада Testova 김", "Ada\x07Testova", "آدا Testova", "Ada " * 70, "1362"]
"""Names that are strange, and can be asked for."""


def no_country(_text):
    raise ValueError("none")


class Repository:
    """Gives the one whom it holds to every question that finds her."""

    def __init__(self, name):
        self.document = stored(name)

    async def search_counting(self, body, *_counting):
        return await self.search(body), UNKNOWN

    async def search(self, body):
        return [self.document] if matches(body["query"], self.document) else []


async def test_of_a_thousand_queries_the_bad_ones_are_named_and_all_others_are_answered():
    good = {"name": "Ada Testova", "expected_id": "1"}
    cells = [
        (BAD[number // 7 % len(BAD)] | {"expected_id": "1"}) if number % 7 == 3 else good for number in range(1_000)
    ]
    cells[500:507] = [{"name": name, "expected_id": ""} for name in ODD]
    rows = [Row(line, each) for line, each in enumerate(cells, 2)]
    people = people_of([Row(2, {"id": "1", "name": "Ada Testova"})], no_country)
    queries = queries_of(rows, no_country)
    answers = await ask_all(Repository("Ada Testova"), queries, _Everybody("1"), lambda _: None)
    bad = [row.line for row, each in zip(rows, cells, strict=True) if any(each.items() >= one.items() for one in BAD)]
    assert sorted(fault.line for fault in faults_of(queries, people)) == bad
    assert len({query.fault for query in queries if query.fault}) >= 6, "each kind of fault has words of its own"
    figures = figures_of(answers, THRESHOLD)
    assert (len(answers), figures["refused"]) == (1_000, len(bad))
    assert all(answer.rank() == 1 for answer in answers if answer.query.row.cells is good)


class _Everybody(dict):
    """Knows each record by one id."""

    def __init__(self, ident):
        super().__init__()
        self._ident = ident

    def __missing__(self, _record):
        return self._ident


@pytest.mark.parametrize("name", ODD)
def test_a_strange_name_is_itself(name):
    assert likeness(parse(name), parse(name)) == 1.0
