"""Codes that mean one state or issuer, and codes that do not."""

from itertools import product

import pytest

from adapters.conversions.countries import countries_in
from contracts.countries import codes_of, may_be_one, share_one, state_of
from search.mrz.codes import CodeKind, known_codes


def test_what_adapters_write_of_kosovo_is_what_its_passports_say():
    (written,) = countries_in("Kosovo")
    assert may_be_one(written, "RKS")
    assert state_of("RKS") == state_of("XKK") == written
    assert set(codes_of("RKS")) == {"RKS", "XKX", "XKK"}


def test_every_kind_of_british_national_is_one_of_the_united_kingdom():
    british = [code for code, kind in known_codes().items() if kind is CodeKind.BRITISH]
    assert {state_of(code) for code in british} == {"GBR"}


def test_no_state_is_taken_for_another_one():
    states = [code for code, kind in known_codes().items() if kind is CodeKind.STATE and len(code.strip("<")) == 3]
    assert len({state_of(code) for code in states}) == len(states)


@pytest.mark.parametrize(
    ("one", "other"), list(product(("DDR", "SCG", "YUG", "UNK", "UNO"), ("DEU", "SRB", "XKX", "UNA")))
)
def test_states_that_parted_or_joined_and_organisations_are_themselves(one, other):
    assert not may_be_one(one, other)
    assert not share_one([one], [other])
    assert codes_of(one) == (one,)


def test_an_issuer_that_is_not_said_may_be_any():
    assert may_be_one(None, "UTO")
    assert may_be_one("UTO", None)
    assert may_be_one(None, None)
    assert not share_one([], ["UTO"])
