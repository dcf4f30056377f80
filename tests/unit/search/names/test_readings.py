"""Names in Han as those who bear them spell them: by Hokkien, Teochew, Hakka and Cantonese ears. All are invented."""

import pytest

from search.names.compare import THRESHOLD, compare
from search.names.keys import keys_of_text, tells_name
from search.names.parse import parse


def score(one, other):
    return compare(parse(one), parse(other)).score


def shared(one, other):
    """Give the keys of more than one word that two names share: by these a name alone is found."""
    return {key for key in keys_of_text(one).skeletons if tells_name(key)} & set(keys_of_text(other).skeletons)


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        # Singapore, Malaysia, Indonesia: Hokkien and Teochew
        ("陈文福", "Tan Boon Hock"),
        ("陳文福", "Tan Boon Hock"),
        ("王德成", "Ong Teck Seng"),
        ("黄秀英", "Ng Siew Eng"),
        ("张志强", "Teo Chee Keong"),
        ("林国华", "Lim Kok Hwa"),
        ("杨福来", "Yeo Hock Lai"),
        ("吴美玲", "Goh Bee Leng"),
        ("李光耀", "Lee Kuan Yew"),
        # Hakka
        ("范金福", "Fam Kim Fook"),
        ("刘文光", "Liew Voon Kong"),
        # Hong Kong: an initial and a final each have several spellings
        ("陈振文", "Chan Chun-man"),
        ("黄冠杰", "Wong Kwun-kit"),
        ("林正华", "Lam Ching-wah"),
        ("張國雄", "Cheung Kwok-hung"),
        ("張國雄", "Cheong Kuok Hong"),
    ],
)
def test_a_name_in_han_is_read_as_its_bearer_spells_it(native, latin):
    assert score(native, latin) >= THRESHOLD


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        ("陈文福", "Tan Boon Seng"),
        ("王德成", "Ong Kim Seng"),
        ("陈振文", "Chan Kwok-man"),
        ("黄冠杰", "Wong Chi-kit"),
        ("张志强", "Lim Chee Keong"),
    ],
)
def test_another_syllable_of_such_a_name_is_another_name(native, latin):
    assert score(native, latin) < THRESHOLD
