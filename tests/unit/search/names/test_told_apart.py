"""Names that share most of their sounds and are two: equal consonants, a family name alone, one syllable of three."""

import pytest

from search.names.compare import THRESHOLD, compare
from search.names.parse import parse


def score(one, other):
    return compare(parse(one), parse(other)).score


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("حسن علي", "Hussein Ali"),
        ("حسين علي", "Hassan Ali"),
        ("حسن علي", "Hossein Ali"),
        ("خالد عمر", "Khaled Amr"),
        ("王伟", "Wang"),
        ("王小明", "Wang"),
        ("王伟", "Wang Min"),
        ("김정은", "Kim Jong Il"),
        ("김정은", "Kim Jongil"),
        ("김정은", "KIM, Jong-il"),
        ("Kim Jong Un", "Kim Jong Il"),
    ],
)
def test_names_of_two_are_told_apart(one, other):
    assert score(one, other) < THRESHOLD


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        ("حسن علي", "Hasan Ali"),
        ("حسین علی", "Hossein Ali"),
        ("جمال كمال", "Djamel Kamel"),
        ("김정은", "Kim Jong-un"),
        ("김정은", "Kim Jong Eun"),
        ("김정일", "Kim Jong Il"),
        ("남궁민", "Namkoong Min"),
        ("이승만", "Syngman Rhee"),
        ("王伟", "Wang Wei"),
    ],
)
def test_what_parts_names_of_others_does_not_part_a_name_from_itself(native, latin):
    assert score(native, latin) >= THRESHOLD
