"""Pairs that people judged: which count, in which groups."""

import pytest

from search.evaluation.likeness import Likeness
from search.evaluation.names import figures_of, judged, pairs_of
from search.evaluation.scripts import script_of, script_pair
from search.evaluation.tables import Fault, Row


def row(line, left, right, match, group=""):
    return Row(line, {"left": left, "right": right, "match": match, "group": group})


def compare(left, right):
    return Likeness(1.0 if left == right else 0.2, ())


def test_a_match_is_1_or_0_and_all_else_is_noted():
    pairs, faults = pairs_of([row(2, "a", "a", "1"), row(3, "a", "b", "yes"), row(4, "a", "b", " 0 ")])
    assert [pair.is_match for pair in pairs] == [True, False]
    assert faults == [Fault(3, "match is 1 or 0; the row is passed over")]


def test_rows_that_contradict_each_other_are_named_and_count():
    pairs, faults = pairs_of([row(2, "a", "b", "1"), row(3, "b", "a", "0"), row(4, "a", "b", "1")])
    assert len(pairs) == 3
    assert faults == [Fault(3, "line 2 says otherwise of the two names; both rows count")]


@pytest.mark.parametrize("name", ["", " ", "...", "\u202e"])
def test_a_pair_without_two_names_is_noted_and_not_counted_as_a_difference(name):
    assert [fault.line for fault in pairs_of([row(2, name, "Ada", "1"), row(3, "Ada", name, "0")])[1]] == [2, 3]


def test_figures_are_of_all_of_each_group_and_of_each_pair_of_scripts():
    rows = [row(2, "Ada", "Ada", "1", "old"), row(3, "Ада", "Ada", "1", "new"), row(4, "Ada", "Bea", "0", "old")]
    found = figures_of(judged(pairs_of(rows)[0], lambda _: None, compare), 2.0, 0.8)
    assert (found["recall"], found["precision"], found["threshold"], found["pairs_per_s"]) == (0.5, 1.0, 0.8, 2)
    groups = found["groups"]
    assert set(groups) == {"old", "new", "script:Latn-Latn", "script:Cyrl-Latn"}
    assert (groups["old"]["recall"], groups["new"]["recall"]) == (1.0, 0.0)
    assert groups["script:Cyrl-Latn"]["non_matches"] == 0


def test_a_script_is_that_of_most_letters():
    assert [script_of(text) for text in ("Ада b", "김", "12", "محمد")] == ["Cyrl", "Hang", "Zyyy", "Arab"]
    assert script_pair("Ada", "Ада") == script_pair("Ада", "Ada") == "Cyrl-Latn"


def test_what_a_group_cannot_tell_is_not_told_and_the_threshold_of_a_rate_is():
    rows = [row(2, "Ada", "Ada", "1", "same"), row(3, "Ada", "Bea", "0", "other")]
    found = figures_of(judged(pairs_of(rows)[0], lambda _: None, compare), 2.0, 0.8)
    assert (found["threshold_at_fpr_0_001"], found["threshold_at_fpr_0_0001"]) == (0.6, 0.6)
    same, other = found["groups"]["same"], found["groups"]["other"]
    assert (same["recall"], same["precision"], same["f1"], same["recall_at_fpr_0_001"]) == (1.0, None, None, None)
    assert same["threshold_at_fpr_0_001"] is None
    assert (other["recall"], other["precision"], other["f1"], other["recall_at_fpr_0_001"]) == (None, None, None, None)


def test_a_group_that_is_called_like_one_of_scripts_is_not_added_to_it():
    rows = [row(2, "Ada", "Ada", "1", "script:Latn-Latn"), row(3, "Bea", "Bea", "1")]
    groups = figures_of(judged(pairs_of(rows)[0], lambda _: None, compare), 2.0)["groups"]
    assert {name: group["matches"] for name, group in groups.items()} == {
        "group:script:Latn-Latn": 1,
        "script:Latn-Latn": 2,
    }
