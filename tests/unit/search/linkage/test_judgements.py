"""Judgements of people as a search heeds them: a table that is read whole or not at all, and anew when it changes."""

import asyncio
import os
import threading
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.app import create_app
from search.linkage import judgements
from search.linkage.clusters import Decision, Judgement
from search.linkage.judgements import JudgementFile, Judgements, JudgementsUnreadable, read_judgements
from search.settings import SearchSettings

HEAD = "one,other,decision,by\n"
JOIN = "asylum:person:1,alerts:alert:2,join,officer-1\n"
SPLIT = "asylum:person:1,entry-exit:traveller:3,split,officer-2\n"


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    """However slow the machine is, a small table is waited for."""
    monkeypatch.setattr(judgements, "PATIENCE_S", 10.0)


def test_who_was_judged_to_be_one_are_companions_over_however_many_others():
    judged = read_judgements(HEAD + JOIN + "alerts:alert:2,blacklist:entry:4,join,officer-3\n")
    assert judged.companions("asylum:person:1") == ("alerts:alert:2", "blacklist:entry:4")
    assert judged.companions("asylum:person:9") == ()
    assert [each.by for each in judged.joining("asylum:person:1", "blacklist:entry:4")] == ["officer-1", "officer-3"]


def test_a_split_holds_whole_groups_apart_and_says_whose_it_is():
    judged = read_judgements(HEAD + JOIN + SPLIT)
    split = judged.held_apart(("blacklist:entry:7", "alerts:alert:2"), ("entry-exit:traveller:3",))
    assert (split.decision, split.by) == (Decision.SPLIT, "officer-2")
    assert judged.held_apart(("asylum:person:1",), ("alerts:alert:2",)) is None
    assert judged.held_apart(("asylum:person:1",), ("asylum:person:9",)) is None
    assert judged.joining("asylum:person:1", "entry-exit:traveller:3") == ()


def test_of_two_judgements_on_a_pair_the_later_stands():
    judged = read_judgements(HEAD + SPLIT + "entry-exit:traveller:3,asylum:person:1,join,officer-4\n")
    assert judged.companions("asylum:person:1") == ("entry-exit:traveller:3",)


def test_nothing_judged_is_false():
    assert not Judgements()
    assert len(Judgements([Judgement("asylum:person:1", "asylum:person:2", Decision.SPLIT, "officer-1")])) == 1


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ("one,other,decision\n", "lacks the column by"),
        ("", "lacks the column one"),
        ("one,other,decision,by,one\n" + JOIN.strip() + ",asylum:person:9\n", "has the column one twice"),
        (HEAD + JOIN + "somebody,asylum:person:1,join,officer-1\n", "Line 3 .* two subjects"),
        (HEAD + JOIN.replace("join", "merge"), "Line 2 .* neither join nor split"),
        (HEAD + JOIN.replace("officer-1", ""), "Line 2 .* who judged"),
        (HEAD + JOIN.replace("officer-1", "o" * 201), "Line 2 .* who judged"),
        (HEAD + JOIN.replace("officer-1", "officer\u202e-1"), "Line 2 .* who judged"),
        (HEAD + JOIN.replace("officer-1", "Smith, John"), "Line 2 .* more cells"),
        (HEAD + JOIN.replace("alerts:alert:2", "asylum:person:1"), "Line 2 .* one subject alone"),
        (HEAD + "asylum:person:1\n", "Line 2 .* two subjects"),
        (HEAD + '"asylum:person:1', "After line 1 .* no CSV"),
        (HEAD + JOIN + SPLIT + "alerts:alert:2,entry-exit:traveller:3,join,officer-1\n", "withdraw one"),
    ],
)
def test_a_table_with_a_fault_is_refused_as_a_whole_and_the_line_is_named(table, why):
    with pytest.raises(JudgementsUnreadable, match=why):
        read_judgements(table)


CELLS = st.sampled_from(
    ["asylum:person:1", "alerts:alert:2", "join", "split", "officer-1", "=1+1", "", '"', ";"]
) | st.text(max_size=5)


@given(st.lists(st.lists(CELLS, max_size=6).map(",".join), max_size=6))
def test_whatever_a_table_holds_it_is_read_or_refused(lines):
    for table in ("\n".join(lines), HEAD + JOIN + "\n".join(lines)):
        with suppress(JudgementsUnreadable):
            read_judgements(table)


def test_a_byte_order_mark_and_further_columns_do_no_harm():
    assert read_judgements("\ufeffone,other,decision,by,at\n" + JOIN.strip() + ",2026-01-01\n")


async def test_a_file_that_changes_is_read_anew_and_one_that_breaks_leaves_what_stood(tmp_path, monkeypatch):
    monkeypatch.setattr(judgements, "RETRY_S", 0.0)
    table = tmp_path / "judged.csv"
    table.write_text(HEAD + JOIN)
    judged = JudgementFile(table)
    assert (await judged.current()).companions("asylum:person:1") == ("alerts:alert:2",)
    table.write_text(HEAD + SPLIT)
    assert (await judged.current()).companions("asylum:person:1") == ()
    for broken in (lambda: table.write_text("nonsense"), lambda: table.write_bytes(b"\xff\xfe"), table.unlink):
        broken()
        stands = (await judged.current()).held_apart(("asylum:person:1",), ("entry-exit:traveller:3",))
        assert (stands.decision, stands.by) == (Decision.SPLIT, "officer-2")
    table.write_text(HEAD + JOIN)
    assert (await judged.current()).companions("asylum:person:1") == ("alerts:alert:2",)


async def test_a_file_that_could_not_be_read_for_a_moment_is_tried_again(tmp_path, monkeypatch):
    table = tmp_path / "judged.csv"
    table.write_text(HEAD + JOIN)
    judged = JudgementFile(table)
    table.write_text(HEAD + SPLIT)
    read, failures = judgements.read_judgements, [OSError(24, "Too many open files")]

    def failing(text):
        if failures:
            raise failures.pop()
        return read(text)

    monkeypatch.setattr(judgements, "read_judgements", failing)
    assert (await judged.current()).companions("asylum:person:1") == ("alerts:alert:2",)
    assert (await judged.current()).companions("asylum:person:1") == ("alerts:alert:2",)
    assert not failures
    monkeypatch.setattr(judged, "_not_before", 0.0)
    assert (await judged.current()).companions("asylum:person:1") == ()


async def test_while_a_file_is_read_those_who_ask_are_given_what_stood(tmp_path, monkeypatch):
    table = tmp_path / "judged.csv"
    table.write_text(HEAD + JOIN)
    judged = JudgementFile(table)
    table.write_text(HEAD + SPLIT)
    reading, may_end = threading.Event(), threading.Event()
    read = judgements.read_judgements

    def slowly(text):
        reading.set()
        assert may_end.wait(5)
        return read(text)

    monkeypatch.setattr(judgements, "read_judgements", slowly)
    first = asyncio.create_task(judged.current())
    assert await asyncio.to_thread(reading.wait, 5)
    assert (await judged.current()).companions("asylum:person:1") == ("alerts:alert:2",)
    may_end.set()
    assert (await first).companions("asylum:person:1") == ()
    assert (await judged.current()).companions("asylum:person:1") == ()


async def test_a_file_that_is_written_to_while_it_is_read_counts_when_it_was_read_again(tmp_path, monkeypatch):
    table = tmp_path / "judged.csv"
    table.write_text(HEAD + JOIN)
    judged = JudgementFile(table)
    table.write_text(HEAD)
    read, rest = judgements.read_judgements, [SPLIT]

    def while_somebody_writes(text):
        if rest:
            table.write_text(HEAD + rest.pop())
        return read(text)

    monkeypatch.setattr(judgements, "read_judgements", while_somebody_writes)
    assert (await judged.current()).companions("asylum:person:1") == ("alerts:alert:2",)
    assert (await judged.current()).held_apart(("asylum:person:1",), ("entry-exit:traveller:3",))


async def test_no_search_waits_long_for_a_large_file(tmp_path, monkeypatch):
    table = tmp_path / "judged.csv"
    table.write_text(HEAD + JOIN)
    judged = JudgementFile(table)
    table.write_text(HEAD + SPLIT)
    may_end = threading.Event()
    read = judgements.read_judgements
    monkeypatch.setattr(judgements, "read_judgements", lambda text: may_end.wait(5) and read(text))
    monkeypatch.setattr(judgements, "PATIENCE_S", 0.0)
    assert (await judged.current()).companions("asylum:person:1") == ("alerts:alert:2",)
    may_end.set()
    await judged._reading
    assert (await judged.current()).held_apart(("asylum:person:1",), ("entry-exit:traveller:3",))


async def test_a_file_that_stays_is_not_read_again(tmp_path):
    table = tmp_path / "judged.csv"
    table.write_text(HEAD + JOIN)
    judged = JudgementFile(table)
    before = table.stat()
    table.write_text(HEAD + JOIN.replace("1", "7"))
    os.utime(table, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (await judged.current()).companions("asylum:person:1") == ("alerts:alert:2",)


async def test_without_a_file_nobody_judged_anything():
    assert not await JudgementFile().current()


def test_a_search_whose_judgements_cannot_be_read_does_not_start_and_says_why(tmp_path):
    with pytest.raises(JudgementsUnreadable, match=r"No such file.*ISTHMUS_LINKAGE_JUDGEMENTS"):
        create_app(SearchSettings(linkage_judgements=tmp_path / "judged.csv"))
