"""Clusters: machines link, people judge, and what people judged is never overridden."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from search.linkage.clusters import Clusters, Decision, Judgement, JudgementsContradict, MachineLink


def link(one, other, weight=1.0):
    return MachineLink(one, other, weight, "names alike")


def join(one, other):
    return Judgement(one, other, Decision.JOIN, "judge@desk")


def split(one, other):
    return Judgement(one, other, Decision.SPLIT, "judge@desk")


def test_links_make_clusters_and_what_nothing_links_stays_alone():
    clusters = Clusters("abcd", [link("a", "b"), link("b", "c")])
    assert [*clusters] == [("a", "b", "c"), ("d",)]
    assert clusters.of("c") == ("a", "b", "c")
    assert clusters.of("unheard-of") == ("unheard-of",)


def test_a_judgement_joins_what_no_machine_linked():
    assert [*Clusters("ab", [], [join("a", "b")])] == [("a", "b")]


def test_a_split_is_never_bridged_over_other_records():
    clusters = Clusters("abc", [link("a", "b", 9), link("b", "c", 8)], [split("a", "c")])
    assert [*clusters] == [("a", "b"), ("c",)]
    assert clusters.left_out == (link("b", "c", 8),)


def test_the_stronger_link_counts_where_a_split_leaves_one():
    assert [*Clusters("abc", [link("a", "b", 1), link("b", "c", 2)], [split("a", "c")])] == [("a",), ("b", "c")]


def test_a_later_judgement_replaces_an_earlier_one():
    assert [*Clusters("ab", [], [split("a", "b"), join("b", "a")])] == [("a", "b")]
    assert [*Clusters("ab", [link("a", "b")], [join("a", "b"), split("b", "a")])] == [("a",), ("b",)]


def test_judgements_that_contradict_are_refused():
    with pytest.raises(JudgementsContradict):
        Clusters("abc", [], [join("a", "b"), join("b", "c"), split("a", "c")])


def test_it_says_why_two_records_are_together():
    clusters = Clusters("abc", [link("a", "b")], [join("b", "c")])
    assert clusters.why("a", "c").path == (link("a", "b"), join("b", "c"))


def test_it_says_which_judgement_holds_two_records_apart_and_what_it_overrode():
    clusters = Clusters("abcd", [link("a", "b", 3), link("c", "d", 2), link("b", "c", 1)], [split("a", "d")])
    why = clusters.why("b", "c")
    assert not why.together
    assert why.held_apart_by == split("a", "d")
    assert why.left_out == link("b", "c", 1)


def test_where_nothing_links_two_records_that_is_the_reason():
    why = Clusters("ab", []).why("a", "b")
    assert (why.together, why.path, why.held_apart_by, why.left_out) == (False, (), None, None)


RECORDS = st.sampled_from("abcdefgh")
PAIRS = st.tuples(RECORDS, RECORDS).filter(lambda pair: pair[0] != pair[1])


@given(
    st.lists(st.tuples(PAIRS, st.floats(0, 10)), max_size=20),
    st.lists(st.tuples(PAIRS, st.sampled_from(Decision)), max_size=8),
)
def test_whatever_machines_link_every_judgement_stands(links, decided):
    judgements = [Judgement(*pair, decision, "judge@desk") for pair, decision in decided]
    machine = [link(*pair, weight) for pair, weight in links]
    try:
        clusters = Clusters("abcdefgh", machine, judgements)
    except JudgementsContradict:
        assume(False)
        return
    standing = {frozenset((each.one, each.other)): each for each in judgements}
    for each in standing.values():
        assert (each.other in clusters.of(each.one)) is (each.decision is Decision.JOIN)
    assert sorted(record for members in clusters for record in members) == sorted("abcdefgh")
    for each in machine:
        why = clusters.why(each.one, each.other)
        assert why.together or why.held_apart_by in judgements
    assert [*Clusters("hgfedcba", machine[::-1], judgements)] == [*clusters]
