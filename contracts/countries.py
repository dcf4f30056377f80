"""This module knows which codes of states and issuers mean the same one, so that they compare. It is pure.

Everybody goes on writing the code that they write; whoever compares two asks here.
"""

from collections.abc import Iterable
from functools import cache

_SAME_ONES = """
XKX RKS XKK
GBR GBD GBN GBO GBP GBS
BEN DHY
BFA HVO
BLR BYS
COD ZAR
FRA FXX
MMR BUR
ROU ROM
TLS TMP
VUT NHB
ZWE RHO
"""
"""One state a line, the code by which it compares first.

Kosovo has none in ISO 3166-1: its passports say RKS, the European Union XKX (Council of the EU, PRADO), Unicode XKK
(CLDR, territory codes). The United Kingdom's passports say of which kind of British national the bearer is (ICAO Doc
9303-3, section 5). The others are states that go on under another name: the code that ISO 3166-3 replaced, and ROM of
ISO 3166-1 before 2002. States that parted or joined (SCG, DDR) are not the ones that came of them, nor is the
administration of the United Nations (UNK) the state: their documents are others.
"""


@cache
def _states() -> dict[str, tuple[str, ...]]:
    lines = [tuple(line.split()) for line in _SAME_ONES.split("\n") if line]
    return {code: codes for codes in lines for code in codes}


def state_of(code: str) -> str:
    """Give the code by which a state or issuer compares; most have but one."""
    codes = _states().get(code)
    return code if codes is None else codes[0]


def codes_of(code: str) -> tuple[str, ...]:
    """Give all codes that mean the same state or issuer, this one among them."""
    return _states().get(code, (code,))


def may_be_one(one: str | None, other: str | None) -> bool:
    """Tell whether two issuers are one, or may be, where one of them is not said."""
    return one is None or other is None or one == other or state_of(one) == state_of(other)


def share_one(ones: Iterable[str], others: Iterable[str]) -> bool:
    """Tell whether two lists of states have one in common."""
    return not set(map(state_of, ones)).isdisjoint(map(state_of, others))
