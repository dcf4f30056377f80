"""Judgements of people as a search heeds them: a table that is read whole or not at all, and anew when it changes."""

import os

import pytest

from search.app import create_app
from search.linkage.clusters import Decision, Judgement
from search.linkage.judgements import JudgementFile, Judgements, JudgementsUnreadable, read_judgements
from search.settings import SearchSettings

HEAD = "one,other,decision,by\n"
JOIN = "asylum:person:1,alerts:alert:2,join,officer-1\n"
SPLIT = "asylum:person:1,entry-exit:traveller:3,split,officer-2\n"


def test_who_was_judged_to_be_one_are_companions_over_however_many_others():
    judged = read_judgements(HEAD + JOIN + "alerts:alert:2,blacklist:entry:4,join,officer-3\n")
    assert judged.companions("asylum:person:1") == ("alerts:alert:2", "blacklist:entry:4")
    assert judged.companions("asylum:person:9") == ()
    assert judged.between("asylum:person:1", "blacklist:entry:4").by == "officer-3"


def test_a_split_holds_whole_groups_apart_and_says_whose_it_is():
    judged = read_judgements(HEAD + JOIN + SPLIT)
    split = judged.held_apart(("blacklist:entry:7", "alerts:alert:2"), ("entry-exit:traveller:3",))
    assert (split.decision, split.by) == (Decision.SPLIT, "officer-2")
    assert judged.held_apart(("asylum:person:1",), ("alerts:alert:2",)) is None
    assert judged.between("asylum:person:1", "asylum:person:9") is None


def test_of_two_judgements_on_a_pair_the_later_stands():
    judged = read_judgements(HEAD + SPLIT + "entry-exit:traveller:3,asylum:person:1,join,officer-4\n")
    assert judged.companions("asylum:person:1") == ("entry-exit:traveller:3",)


def test_nothing_judged_is_false():
    assert not Judgements()
    assert Judgements([Judgement("asylum:person:1", "asylum:person:2", Decision.SPLIT, "officer-1")])


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ("one,other,decision\n", "lacks the column by"),
        ("", "lacks the column one"),
        (HEAD + JOIN + "somebody,asylum:person:1,join,officer-1\n", "Line 3 .* two subjects"),
        (HEAD + JOIN.replace("join", "merge"), "Line 2 .* neither join nor split"),
        (HEAD + JOIN.replace("officer-1", ""), "Line 2 .* who judged"),
        (HEAD + JOIN.replace("alerts:alert:2", "asylum:person:1"), "Line 2 .* one subject alone"),
        (HEAD + "asylum:person:1\n", "Line 2 .* two subjects"),
        (HEAD + '"asylum:person:1', "After line 1 .* no CSV"),
        (HEAD + JOIN + SPLIT + "alerts:alert:2,entry-exit:traveller:3,join,officer-1\n", "withdraw one"),
    ],
)
def test_a_table_with_a_fault_is_refused_as_a_whole_and_the_line_is_named(table, why):
    with pytest.raises(JudgementsUnreadable, match=why):
        read_judgements(table)


def test_a_byte_order_mark_and_further_columns_do_no_harm():
    assert read_judgements("\ufeffone,other,decision,by,at\n" + JOIN.strip() + ",2026-01-01\n")


def test_a_file_that_changes_is_read_anew_and_one_that_breaks_leaves_what_stood(tmp_path):
    table = tmp_path / "judged.csv"
    table.write_text(HEAD + JOIN)
    judged = JudgementFile(table)
    assert judged.current().companions("asylum:person:1") == ("alerts:alert:2",)
    table.write_text(HEAD + SPLIT)
    assert judged.current().companions("asylum:person:1") == ()
    assert judged.current().between("asylum:person:1", "entry-exit:traveller:3").decision is Decision.SPLIT
    for broken in (lambda: table.write_text("nonsense"), lambda: table.write_bytes(b"\xff\xfe"), table.unlink):
        broken()
        assert judged.current().between("asylum:person:1", "entry-exit:traveller:3").by == "officer-2"
    table.write_text(HEAD + JOIN)
    assert judged.current().companions("asylum:person:1") == ("alerts:alert:2",)


def test_a_file_that_stays_is_not_read_again(tmp_path):
    table = tmp_path / "judged.csv"
    table.write_text(HEAD + JOIN)
    judged = JudgementFile(table)
    before = table.stat()
    table.write_text(HEAD + JOIN.replace("1", "7"))
    os.utime(table, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert judged.current() is judged.current()
    assert judged.current().companions("asylum:person:1") == ("alerts:alert:2",)


def test_without_a_file_nobody_judged_anything():
    assert not JudgementFile().current()


def test_a_search_whose_judgements_cannot_be_read_does_not_start_and_says_why(tmp_path):
    with pytest.raises(JudgementsUnreadable, match=r"No such file.*ISTHMUS_LINKAGE_JUDGEMENTS"):
        create_app(SearchSettings(linkage_judgements=tmp_path / "judged.csv"))
