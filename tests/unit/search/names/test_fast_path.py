"""What is left out of a comparison because it cannot count changes nothing: the plain one is the specification."""

from contextlib import contextmanager

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from search.names import alike as alike_module
from search.names import compare as compare_module
from search.names import joined, servants, spelling, unparted, words
from search.names.alike import across, alike, at_sight
from search.names.compare import compare, likeness
from search.names.latin import MAX_TEXT
from search.names.parse import parse
from tests.unit.search.names.writing import PAIRS

NO_LIMIT = 99.0
ANY = st.text(max_size=60)


@contextmanager
def plainly():
    """Compare as if nothing were ever left out: every reading goes to its end, and nothing is too dear."""

    def whole(slots, latin, _limit, extra_vowel):
        return cost(slots, latin, NO_LIMIT, extra_vowel)

    def whole_across(native, latin, _least=0.0):
        return across(native, latin)

    cost = spelling.cost
    alike.cache_clear()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(spelling, "cost", whole)
        patched.setattr(joined, "across", whole_across)
        patched.setattr(unparted, "across", whole_across)
        patched.setattr(compare_module, "A_PAIR", 10**9)
        yield
    alike.cache_clear()


@given(PAIRS)
@example(("Junghui Jioo Cha", "Jeonghooi Jiu Cha"))
@example(("Wong Chi-keung Peter", "黃志強"))
def test_names_in_all_scripts_compare_as_they_do_plainly(pair):
    one, other = map(parse, pair)
    found = compare(one, other)
    with plainly():
        assert compare(one, other) == found


@given(ANY, ANY)
def test_any_texts_compare_as_they_do_plainly(one, other):
    found = compare(parse(one), parse(other))
    with plainly():
        assert compare(parse(one), parse(other)) == found


@given(PAIRS)
def test_the_score_is_the_same_with_reasons_and_without(pair):
    one, other = map(parse, pair)
    assert likeness(one, other) == compare(one, other).score


@given(PAIRS)
def test_what_is_the_same_at_sight_is_the_same_at_a_close_look(pair):
    parts = [part for name in pair for part in parse(name).parts]
    for one in parts:
        for other in parts:
            assert at_sight(one, other).level in {0.0, alike(one, other).level}


@given(PAIRS)
def test_words_that_a_reading_is_given_up_for_are_less_alike_than_was_asked(pair):
    one, other = (parse(name).parts for name in pair)
    for mine in one:
        for theirs in other:
            assume(mine.native and theirs.latin)
            found = across((mine,), theirs.latin).level
            assert across((mine,), theirs.latin, 0.75).level == (found if found >= 0.75 else 0.0)


@given(PAIRS)
@example(("ضياء", "Zia"))
@example(("יוסף", "Yosef"))
def test_a_reading_is_given_up_only_where_it_costs_more(pair):
    one, other = (parse(name).parts for name in pair)
    for mine in one:
        for theirs in other:
            whole = spelling.cost(mine.slots, theirs.latin, NO_LIMIT, 0.12)
            for limit in (0.5, 1.0, 1.6, whole):
                found = spelling.cost(mine.slots, theirs.latin, limit, 0.12)
                assert found == whole if whole <= limit else found > limit


@given(st.one_of(ANY, PAIRS.map(", ".join)))
def test_a_text_is_parted_between_spaces_as_it_is_in_one_piece(text):
    mixed = not text.isupper()
    whole = words._written(text[:MAX_TEXT])
    parted = [
        piece for word in whole for piece in (word if mixed and words._are_initials(word) else servants.parted(word))
    ]
    assert words.words(text) == servants.slips_mended(parted)


def test_all_alike_is_asked_through_the_module_that_is_patched_here():
    """Without this the plain path might silently be the fast one."""
    assert alike_module.spelling is spelling
    assert joined.across is unparted.across is across
