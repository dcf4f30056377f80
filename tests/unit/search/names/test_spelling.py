"""Reading a Latin word as the units of another script."""

# ruff: noqa: RUF001  letters of other scripts are what is tested

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.names.spelling import EXTRA, SKIP, SLIP, cost, slot
from search.names.units import units

MEM, HEH = slot({"m": 0.0, "mm": 0.1}), slot({"h": 0.0, "": 0.2, "kh": 0.3})
FAR = 9.0


def price(slots, latin):
    return round(cost(slots, latin, FAR, 0.5), 3)


def test_usual_spellings_cost_nothing():
    assert price((MEM, HEH, MEM), "mhm") == 0


@pytest.mark.parametrize(
    ("latin", "costs"),
    [
        ("mmh", 0.1),  # another spelling
        ("m", 0.2),  # a unit that may be silent
        ("h", SKIP),  # one that may not
        ("mkh", 0.3),
        ("mah", 0.5),  # a vowel more
        ("mhr", EXTRA),  # a letter more
        ("rh", SLIP),  # another letter
    ],
)
def test_everything_else_costs_what_it_tells(latin, costs):
    assert price((MEM, HEH), latin) == pytest.approx(costs)


def test_beyond_the_limit_it_is_given_up():
    assert cost((MEM, HEH), "rrrrrr", 1.0, 0.5) > 1.0


@given(st.lists(st.sampled_from([MEM, HEH]), max_size=6), st.text(alphabet="abhkmr", max_size=8))
def test_a_limit_changes_nothing_below_it(slots, latin):
    whole = cost(tuple(slots), latin, 99.0, 0.5)
    limited = cost(tuple(slots), latin, 2.0, 0.5)
    assert limited == pytest.approx(whole) if whole <= 2.0 else limited > 2.0


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("김", ("ᄀ", "ᅵ", "ᆷ")),
        ("이", ("ᅵ",)),
        ("しょう", ("ショ", "ウ")),
        ("ג'ון", ("ג'", "ו", "נ")),
        ("علی", ("ع", "ل", "ي")),
        ("йод", ("й", "о", "д")),
        ("Άδα", ("α", "δ", "α")),
        ("李明", ("李", "明")),
    ],
)
def test_words_are_parted_into_what_is_spelt(word, parts):
    assert units(word) == parts
