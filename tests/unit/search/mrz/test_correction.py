"""Misread zones: what look-alikes explain is proposed, what cannot be decided is listed, nothing is made up."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.mrz.codes import kind_of_code
from search.mrz.correction import correct
from search.mrz.reading import examine
from search.mrz.refusal import read_mrz
from search.mrz.writing import write_zone
from tests.unit.search.mrz.specimens import BELGIAN, FRENCH, TD1, TD2, TD3, VISA

LOOKS_LIKE = {"0": "O", "1": "I", "2": "Z", "5": "S", "6": "G", "8": "B"}
TOLD = ("field", "line", "column", "read", "proposed")
DATES = [(13, 20), (21, 28)]  # of TD3, with their check digits


def corrected(lines):
    return correct(examine(lines, 2026), 2026)


def with_character(lines, line, column, character):
    return [row[:column] + character + row[column + 1 :] if place == line else row for place, row in enumerate(lines)]


@pytest.mark.parametrize("lines", [TD1, TD2, TD3, VISA, FRENCH, BELGIAN])
def test_a_zone_that_can_be_read_needs_no_correction(lines):
    assert corrected(lines) is None


def test_letters_in_dates_and_digits_in_names_become_what_they_look_like():
    misread = [TD2[0].replace("ERIKSSON", "ER1K5SON"), TD2[1].replace("7408122", "74OBIZZ")]
    found = corrected(misread)
    assert found is not None
    assert found.proposal is not None
    assert found.proposal.lines == tuple(TD2)
    assert [tuple(getattr(change, key) for key in TOLD) for change in found.proposal.changes] == [
        ("name", 1, 8, "1", "I"),
        ("name", 1, 10, "5", "S"),
        ("birth_date", 2, 16, "O", "0"),
        ("birth_date", 2, 17, "B", "8"),
        ("birth_date", 2, 18, "I", "1"),
        ("birth_date", 2, 19, "Z", "2"),
        ("birth_date", 2, 20, "Z", "2"),
    ]  # fmt: skip


def test_a_look_alike_in_the_number_is_a_candidate_as_no_check_digit_tells_which_character_is_wrong():
    lines = [*write_zone(replace(read_mrz(TD3, 2026), number="WXYN3390P"))]
    found = corrected([lines[0], lines[1].replace("90P", "9OP")])
    assert found is not None
    assert found.proposal is None
    assert [candidate.lines for candidate in found.candidates] == [tuple(lines)]


@given(st.integers(0, 43), st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"))
@example(4, "G")  # of 9, beside an 8 that might be a B
@example(1, "6")
@example(35, "5")
@example(10, "0")
@example(10, "7")  # of U, which looks like the T of a code that is known, too
def test_one_misread_character_where_check_digits_or_codes_guard_is_proposed_rightly_or_not_at_all(column, character):
    found = corrected(with_character(TD3, 1, column, character))
    assert found is None or found.proposal is None or found.proposal.lines == tuple(TD3)


def test_a_misread_code_becomes_one_that_is_known():
    found = corrected([TD3[0].replace("<UTO", "<U70"), TD3[1]])
    assert found is not None
    assert found.proposal is not None
    assert found.proposal.lines == tuple(TD3)


def test_a_code_that_no_look_alike_makes_a_known_one_is_only_a_candidate():
    found = corrected([TD3[0].replace("<UTO", "<0TO"), TD3[1]])
    assert found is not None
    assert found.proposal is None
    assert tuple(TD3) in [candidate.lines for candidate in found.candidates]


def test_the_other_code_of_the_zone_may_be_meant_as_well_as_a_look_alike():
    found = corrected(with_character(TD3, 1, 10, "7"))
    assert found is not None
    assert found.proposal is None
    assert [candidate.lines[1][10:13] for candidate in found.candidates] == ["UTO", "TTO"]


def test_where_a_code_is_unknown_as_it_was_read_nothing_is_proposed():
    unknown = [TD3[0].replace("<UTO", "<QTO"), TD3[1].replace("740812", "74O812")]
    found = corrected(unknown)
    assert found is not None
    assert found.proposal is None
    assert [candidate.lines for candidate in found.candidates] == [(unknown[0], TD3[1])]


@given(st.sampled_from([TD1, TD2, TD3, VISA]), st.text("0123456789OQUTDSA", min_size=3, max_size=3))
def test_no_unknown_code_is_proposed(lines, code):
    misread = [lines[0][:2] + code + lines[0][5:], *lines[1:]]
    found = corrected(misread)
    for proposal in [*([found.proposal] if found and found.proposal else []), *(found.candidates if found else ())]:
        proposed = proposal.lines[0][2:5]
        assert kind_of_code(proposed) is not None or proposed == code


def test_look_alikes_that_check_digits_cannot_part_are_candidates():
    found = corrected(with_character(TD3, 1, 6, "Z"))  # of L898902C3, whose first 8 could be a B as well
    assert found is not None
    assert found.proposal is None
    assert tuple(TD3) in [candidate.lines for candidate in found.candidates]


def test_a_digit_for_a_digit_is_only_a_candidate():
    found = corrected(with_character(TD3, 1, 17, "9"))
    assert found is not None
    assert found.proposal is None
    assert tuple(TD3) in [candidate.lines for candidate in found.candidates]


def test_a_wrong_composite_alone_is_only_a_candidate():
    found = corrected([TD3[0], TD3[1][:-1] + "9"])
    assert found is not None
    assert found.proposal is None
    assert [candidate.lines for candidate in found.candidates] == [tuple(TD3)]


def test_fillers_that_the_reader_miscounted_are_counted_anew():
    found = corrected([TD3[0][:-2], TD3[1]])
    assert found is not None
    assert found.proposal is not None
    assert found.proposal.lines == tuple(TD3)


@given(st.sampled_from(DATES), st.data())
def test_every_look_alike_in_a_date_is_corrected(span, data):
    places = [place for place in range(*span) if TD3[1][place] in LOOKS_LIKE]
    misread = TD3
    for place in data.draw(st.sets(st.sampled_from(places), min_size=1)):
        misread = with_character(misread, 1, place, LOOKS_LIKE[TD3[1][place]])
    found = corrected(misread)
    assert found is not None
    assert found.proposal is not None
    assert found.proposal.lines == tuple(TD3)


@given(
    st.sampled_from([TD1, TD2, TD3, VISA, FRENCH]),
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 43), st.sampled_from("<OI5SB8G6Z2AX0!\u00df")), max_size=4),
)
def test_whatever_is_proposed_is_valid_and_tells_all_its_changes(lines, slips):
    misread = lines
    for line, column, character in slips:
        misread = with_character(misread, line, min(column, len(lines[0]) - 1), character)
    found = corrected(misread)
    for proposal in [*([found.proposal] if found and found.proposal else []), *(found.candidates if found else ())]:
        assert examine(proposal.lines, 2026).is_acceptable
        restored = examine(misread, 2026).lines
        added = [change for change in proposal.changes if change.proposed]
        removed = [change for change in proposal.changes if not change.proposed]
        for change in [*added, *reversed(removed)]:
            restored = with_character(restored, change.line - 1, change.column - 1, change.proposed)
        assert tuple(restored) == proposal.lines
