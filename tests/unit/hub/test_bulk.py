"""Bulk requests: how documents are parted, and what each verdict of the index means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.bulk import IndexForbidden, parts, refused
from hub.errors import Retryable


class Gone(Retryable):
    """There is no such index."""


class Away(Retryable):
    """The index takes nothing now."""


def answers(*verdicts):
    return [{"index": {"status": status} | ({"error": {"type": kind}} if kind else {})} for status, kind in verdicts]


def judge(*verdicts):
    return refused(answers(*verdicts), "pages", gone=Gone, away=Away)


@given(st.lists(st.integers(0, 30)), st.integers(1, 40))
def test_every_document_is_sent_once_in_order_in_as_few_requests_as_the_limit_allows(sizes, limit):
    actions = [(at, b"x" * size) for at, size in enumerate(sizes)]
    cut = list(parts(actions, limit))
    assert [action for part in cut for action in part] == actions
    totals = [sum(len(lines) for _, lines in part) for part in cut]
    assert all(total <= limit or len(part) == 1 for total, part in zip(totals, cut, strict=True))
    assert all(total + len(after[0][1]) > limit for total, after in zip(totals, cut[1:], strict=False))


def test_what_is_stored_or_held_in_a_newer_version_is_done_and_what_is_unfit_is_told_by_its_place():
    done = judge((200, None), (400, "document_parsing_exception"), (201, None), (409, "version_conflict_engine"))
    assert list(done) == [1]
    assert (done[1].reason, "document_parsing_exception" in str(done[1])) == ("not-indexable", True)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_another_time_may_take_is_kept_for_it(status):
    with pytest.raises(Away, match="pages"):
        judge((200, None), (400, "mapper_parsing_exception"), (status, "some_exception"))


def test_an_index_that_is_not_there_is_told_apart():
    with pytest.raises(Gone, match="pages"):
        judge((404, "index_not_found_exception"))


@pytest.mark.parametrize(
    ("kind", "told"), [("security_exception", "right `index`"), ("cluster_block_exception", "`index.blocks`")]
)
def test_what_a_person_has_to_change_is_said_with_the_name_of_the_index(kind, told):
    with pytest.raises(IndexForbidden, match=f"pages.*{told}"):
        judge((201, None), (403, kind))
