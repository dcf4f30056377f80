"""No names, however they are written, keep others waiting: what comparisons cost is counted, in steps of reading."""

import math
import random

import pytest

from contracts.identity import IdentityData, PersonName
from contracts.query import Criteria
from search.names import compare as compare_module
from search.names import spelling
from search.names.alike import alike
from search.names.compare import THRESHOLD, compare, likeness
from search.names.effort import A_PAIR, A_RECORD, Effort
from search.names.parse import parse
from search.names.unparted import unparted
from search.score import score
from tests.unit.search.names.writing import SCRIPTS

READINGS = 4
"""How many the comparison that spends the last effort may take beyond it: both ways, with and without an article."""
LONGEST = 300
ASKED, HELD = 10, 200


def written(letters, length, chance, like=None):
    """Write a name as long as a contract allows, of words of one length, by chance or each like one word."""
    words = []
    while sum(len(word) + 1 for word in words) + length <= LONGEST:
        words.append(
            "".join(like[at] if like and chance.random() > 0.15 else chance.choice(letters) for at in range(length))
        )
    return " ".join(words)


def of_words(letters, length, words, chance):
    return " ".join("".join(chance.choice(letters) for _ in range(length)) for _ in range(words))


HAN, LATIN = SCRIPTS["Hani"], SCRIPTS["Latn"]
KINDS = [
    (HAN, 4, LATIN, 6),
    (HAN, 3, LATIN, 24),
    (HAN, 24, LATIN, 24),
    (HAN, 40, LATIN, 8),
    (HAN, LONGEST, LATIN, 3),
    (HAN, LONGEST, LATIN, 12),
    (HAN, 24, SCRIPTS["Hang"], 24),
    (LATIN, 4, SCRIPTS["Hebr"], 4),
    (SCRIPTS["Hang"], 4, LATIN, 6),
]
"""Letters and length of the words of one name, and those of the other; the dearest that a search for them found."""


@pytest.fixture
def counted(monkeypatch):
    """Count the steps of all readings but of those that end at sight; what was compared before is forgotten."""
    taken = []
    cost = spelling.cost

    def counting(slots, latin, *rest):
        price = cost(slots, latin, *rest)
        if price < math.inf:
            taken.append(len(slots) * (len(latin) + 1))
        return price

    alike.cache_clear()
    monkeypatch.setattr(spelling, "cost", counting)
    return taken


@pytest.mark.parametrize(("letters", "length", "others", "other_length"), KINDS)
def test_two_names_take_a_bounded_number_of_steps(letters, length, others, other_length, counted):
    chance = random.Random(5)
    likeness(parse(written(letters, length, chance)), parse(written(others, other_length, chance)))
    assert 0 < sum(counted) <= A_PAIR + READINGS * max(counted)


@pytest.mark.parametrize("letters", SCRIPTS.values(), ids=SCRIPTS)
@pytest.mark.parametrize("length", [4, 12, 40])
def test_names_of_words_that_are_all_alike_take_a_bounded_number_of_steps(letters, length, counted):
    chance = random.Random(5)
    like = "".join(chance.choice(letters) for _ in range(length))
    likeness(parse(written(letters, length, chance, like)), parse(written(letters, length, chance, like)))
    assert sum(counted) <= A_PAIR + READINGS * max(counted, default=0)


@pytest.mark.parametrize(("letters", "length", "others", "other_length"), KINDS[:3])
def test_ten_names_against_two_hundred_take_a_bounded_number_of_steps(letters, length, others, other_length, counted):
    chance = random.Random(5)
    asked = tuple(PersonName(full=written(letters, length, chance)) for _ in range(ASKED))
    held = tuple(PersonName(full=written(others, other_length, chance)) for _ in range(HELD))
    assert score(Criteria(names=asked), IdentityData(names=held), ()).value < THRESHOLD
    assert 0 < sum(counted) <= A_RECORD + READINGS * max(counted)


JAPANESE = "安倍晋子大泉純一郎大江健佐藤田中橋本角栄"
READ_ALOUD = [(SCRIPTS["Hang"], 10, 12), (SCRIPTS["Hang"], 40, 1), (SCRIPTS["Hang"], 8, 2), (LATIN, 20, 1)]
"""Letters, length and number of the words with which names of one word of Han are compared that may be read aloud."""


@pytest.mark.parametrize(("letters", "length", "words"), READ_ALOUD)
def test_a_name_read_aloud_takes_a_bounded_number_of_steps(letters, length, words, counted):
    chance = random.Random(5)
    for _ in range(20):
        han, other = of_words(JAPANESE, 8, 1, chance), of_words(letters, length, words, chance)
        before = sum(counted)
        likeness(parse(han), parse(other))
        assert sum(counted) - before <= A_PAIR + READINGS * max(counted, default=0)


@pytest.mark.parametrize(("letters", "length", "words"), READ_ALOUD)
def test_ten_names_read_aloud_take_a_bounded_number_of_steps(letters, length, words, counted):
    chance = random.Random(5)
    asked = tuple(PersonName(full=of_words(JAPANESE, 8, 1, chance)) for _ in range(ASKED))
    held = tuple(PersonName(full=of_words(letters, length, words, chance)) for _ in range(HELD))
    score(Criteria(names=asked), IdentityData(names=held), ())
    assert sum(counted) <= A_RECORD + READINGS * max(counted, default=0)


def test_a_name_is_read_aloud_as_far_as_effort_is_left(counted):
    whole, words = parse(JAPANESE[:4]).parts, parse("아베 신코").parts
    assert unparted(whole, words, 0.0, Effort(0)) is None
    assert not counted
    assert unparted(whole, words, 0.0, Effort(A_PAIR))


def test_a_name_in_one_word_is_read_as_far_as_effort_is_left(counted):
    whole, words = parse(HAN[:10]).parts, parse("Abcdef Ghijkl Mnopqr").parts
    assert unparted(whole, words, 0.5, Effort(0)) is None
    assert not counted
    unparted(whole, words, 0.0, effort := Effort(500))
    assert len(counted) == 2
    assert effort.left < 0


@pytest.mark.parametrize("letters", SCRIPTS.values(), ids=SCRIPTS)
def test_the_dearest_names_are_themselves_whichever_comes_first(letters):
    chance = random.Random(7)
    one, other = (parse(written(letters, length, chance)) for length in (24, 9))
    assert compare(one, one).score == 1.0
    assert compare(one, other).score == compare(other, one).score


def test_a_name_is_itself_where_no_effort_is_left():
    name, other = parse("Ada Maria Testova"), parse("Ада Тестова")
    assert likeness(name, name, Effort(0)) == 1.0
    assert likeness(name, other, Effort(0)) == 0.0


def test_effort_that_two_names_take_is_taken_from_what_a_record_may_take():
    effort = Effort(A_RECORD)
    likeness(parse("Мария Тестова"), parse("Maria Testova"), effort)
    assert 0 < A_RECORD - effort.left < A_PAIR


def test_a_dear_alias_behind_the_others_takes_nothing_from_them():
    chance = random.Random(5)
    dear = [PersonName(full=written(SCRIPTS["Hani"], 24, chance)) for _ in range(HELD - 1)]
    asked = Criteria(names=(PersonName(full="Мария Тестова"), *(PersonName(full=name.full) for name in dear[:3])))
    right = PersonName(full="Maria Testova")
    alone = score(asked, IdentityData(names=(right,)), ()).value
    assert score(asked, IdentityData(names=(right, *dear[3:])), ()).value >= alone


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # as long as names are: what they take is far from what they may take
        (
            "عبد الرحمن بن محمد بن عبد الله بن صالح الحكيم التستي",
            "Abdurrahman bin Muhammad bin Abdullah bin Saleh al-Hakim al-Testi",
        ),
        ("Тестовский-Мустерман Александр Владимирович оглы", "Testovskiy-Musterman Alexander Vladimirovich Oglu"),
        ("阿卜杜勒·拉赫曼·穆罕默德·哈桑", "Abdul Rahman Muhammad Hassan"),
        ("弗拉基米尔弗拉基米罗维奇", "Vladimir Vladimirovich"),
        ("블라디미르 블라디미로비치 테스토프", "Vladimir Vladimirovich Testov"),
        ("ウラジーミル・ウラジーミロヴィチ・テストフ", "Vladimir Vladimirovich Testov"),
        ("Maria da Conceicao dos Santos Oliveira e Testar", "MARIA DACONCEICAO SANTOS OLIVEIRA TESTAR"),
    ],
)
def test_the_longest_names_of_people_are_compared_in_full(one, other, monkeypatch):
    found = compare(parse(one), parse(other))
    effort = Effort(A_RECORD)
    likeness(parse(one), parse(other), effort)
    assert A_RECORD - effort.left < A_PAIR / 2
    monkeypatch.setattr(compare_module, "A_PAIR", 10**9)
    assert compare(parse(one), parse(other)) == found
