"""Parting text into words: plain letters take a shorter way to the same words."""

from hypothesis import given
from hypothesis import strategies as st

from search.names import words


@given(st.text(st.characters(max_codepoint=127), max_size=500))
def test_plain_text_is_parted_as_text_of_any_script_is(text):
    assert words._written(text) == words._of_any_script(text)
