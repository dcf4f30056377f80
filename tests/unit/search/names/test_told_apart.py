"""Names that share most of their sounds and are two: equal consonants, a family name alone, one syllable of three."""

# ruff: noqa: RUF001  letters of other scripts are what is tested

import pytest

from search.names import arabic, data
from search.names.alike import Rule
from search.names.compare import THRESHOLD, compare
from search.names.parse import parse
from tests.unit.search.names.judging import score


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("حسن علي", "Hussein Ali"),
        ("حسين علي", "Hassan Ali"),
        ("حسن علي", "Hossein Ali"),
        ("خالد عمر", "Khaled Amr"),
        ("حسن علي", "حسين علي"),
        ("محمد علي", "محمود علي"),
        ("أحمد علي", "حامد علي"),
        ("سعيد حداد", "سعد حداد"),
        ("حسام علي", "هاشم علي"),
        ("حسام علي", "Hashem Ali"),
        ("عبدالرحمن تستي", "Abdulrahim Testi"),
        ("عبد الرحمن تستي", "Abdul Rahim Testi"),
        # of weak letters alone, which other names share
        ("ایلیا رضایی", "Ali Rezaei"),
        ("علی رضایی", "Iliya Rezaei"),
        ("رامي حداد", "Reem Haddad"),
        ("هدى حداد", "Hadi Haddad"),
        ("سمية حداد", "Sami Haddad"),
        ("علاء حداد", "Ali Haddad"),
        ("王伟", "Wang"),
        ("王小明", "Wang"),
        ("王伟", "Wang Min"),
        ("맹정은", "Maeng Jong Il"),
        ("맹정은", "Maeng Jongil"),
        ("맹정은", "MAENG, Jong-il"),
        ("김두린", "Lim Doo-rin"),
        ("맹두린", "Doo-rin Myeong"),
        ("Maeng Jong Un", "Maeng Jong Il"),
        ("Said Testowski", "Saad Testowski"),
        ("Ahmed Testowski", "Hamed Testowski"),
        ("Malik Testowski", "Malak Testowski"),
        # capitals that are no Arabic
        ("TESTNER HANS PETER", "Franz Testner"),
    ],
)
def test_names_of_two_are_told_apart(one, other):
    assert score(one, other) < THRESHOLD


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        ("حسن علي", "Hasan Ali"),
        ("حسین علی", "Hossein Ali"),
        ("ایلیا رضایی", "Iliya Rezaei"),
        ("هدى حداد", "Houda Haddad"),
        ("سمية حداد", "Soumaya Haddad"),
        ("جمال كمال", "Djamel Kamel"),
        ("맹정은", "Maeng Jong-un"),
        ("맹정은", "Maeng Jong Eun"),
        ("맹정일", "Maeng Jong Il"),
        ("남궁민", "Namkoong Min"),
        ("이승희", "Synghee Rhee"),
        ("임두린", "Rim Du-rin"),
        ("박두린", "Pahk Doo-rin"),
        ("최두린", "Che Doo-rin"),
        ("王伟", "Wang Wei"),
    ],
)
def test_what_parts_names_of_others_does_not_part_a_name_from_itself(native, latin):
    assert score(native, latin) >= THRESHOLD


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Khaled Youssef", "Khalid Yusuf"),
        ("Ahmed Omar", "Ahmad Umar"),
        ("Sara Ahmed", "Sarah Ahmad"),
        ("Fatma Aly", "Fatima Ali"),
        ("Hasan Tarek", "Hassan Tariq"),
    ],
)
def test_common_names_of_arabic_are_one_name_in_whatever_latin_letters(one, other):
    assert score(one, other) >= 0.9


@pytest.mark.parametrize(("one", "other"), [("Salim", "Salem"), ("Rashid", "Rashed"), ("Samir", "Samer")])
def test_a_spelling_that_may_stand_for_either_of_two_names_makes_them_no_one_name(one, other):
    assert compare(parse(one), parse(other)).pairs[0].rule is not Rule.ROMANISATION
    assert score(one, other) < score(one, one)


@pytest.mark.parametrize(
    ("native", "its", "of_another"),
    [
        # a long vowel at another place: that of a participle in front, that of an adjective behind
        ("سليم", "Salim", "Salem"),
        ("رشيد", "Rashid", "Rashed"),
        ("سمير", "Samir", "Samer"),
        ("امير", "Amir", "Amer"),
        ("كامل", "Kamil", "Kamal"),
        ("كمال", "Kamal", "Kamil"),
        ("جميل", "Jamil", "Jamel"),
        ("ناصر", "Nasir", "Naseer"),
    ],
)
def test_a_vowel_that_is_never_written_for_a_long_one_makes_another_name(native, its, of_another):
    assert score(f"{native} حداد", f"{its} Haddad") >= THRESHOLD
    assert 0.5 < score(f"{native} حداد", f"{of_another} Haddad") < THRESHOLD


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        # as standards write them, without their marks (ALA-LC: Sālim, Rāshid, Ḥāmid, ʿĀmir, Naṣīr, Ṣadīq)
        ("سالم", "Salim"),
        ("راشد", "Rashid"),
        ("حامد", "Hamid"),
        ("عامر", "Amir"),
        ("نصير", "Nasir"),
        ("صديق", "Sadiq"),
        # as the Maghreb does
        ("كمال", "Kamel"),
        ("صالح", "Salah"),
    ],
)
def test_a_spelling_that_standards_or_habits_give_to_two_names_stands_for_either(native, latin):
    assert score(f"{native} حداد", f"{latin} Haddad") >= THRESHOLD


def test_a_latin_spelling_means_one_arabic_name_however_that_is_written():
    for spelling, names in arabic.meant().items():
        assert names <= arabic.of_latin()[spelling]
        assert len({name.replace("ة", "ه") for name in names}) == 1, spelling


@pytest.mark.parametrize("word", ["ben", "ould", "don", "sr", "sri"])
def test_a_word_that_is_a_name_as_well_says_no_sex(word):
    assert word not in data.sexes()


SYLLABLES = [
    # a Korean given name, how it is spelt, and names of others that are spelt nearly so
    ("방지성", ["Bang Ji Sung", "Bang Jisung", "Ji-seong BANG"], ["Bang Ji Sun", "Bang Ji Sang"]),
    ("마민호", ["Ma Min Ho", "Ma Minho"], ["Ma Min Ha", "Ma Min Hwa"]),
    ("김수정", ["Kim Soo Jung", "Kim Su-jeong"], ["Kim Soo Jin"]),
    ("강민숙", ["Kang Min Sook", "Kang Min-suk"], ["Kang Min Seok", "Kang Min Sik"]),
    ("오태훈", ["Oh Tae Hoon", "Oh Taehun"], ["Oh Tae Han"]),
    ("이해명", ["Lee Hae Myung", "Lee Hae-myeong"], ["Lee Hae Min"]),
]


@pytest.mark.parametrize(("hangul", "spelt", "others"), SYLLABLES)
def test_a_letter_that_no_korean_spells_so_makes_another_given_name(hangul, spelt, others):
    assert min(score(hangul, latin) for latin in spelt) > 0.95
    assert max(score(hangul, latin) for latin in others) < THRESHOLD


@pytest.mark.parametrize(
    ("hangul", "latin"),
    [
        # as Koreans spell themselves, whatever the rules of romanisation say
        ("남옥빈", "Nam Ok-vin"),
        ("구명훈", "Koo Myung-Whun"),
        ("이혜경", "Lee Hei-kyung"),
        ("김경화", "Kim Kyung-wha"),
        ("조선균", "Cho Sun-gyon"),
        ("박연경", "Park Yeon-koung"),
        ("이성용", "Lee Sung-yueng"),
        ("최민원", "Chey Min-won"),
    ],
)
def test_a_spelling_that_only_koreans_use_makes_no_other_name(hangul, latin):
    assert score(hangul, latin) > 0.9


@pytest.mark.parametrize(("hangul", "latin"), [("시진룽", "Xi Jinlong"), ("리커밍", "Li Keming"), ("마크랑", "Macran")])
def test_foreign_names_of_three_syllables_are_bent_as_before(hangul, latin):
    assert score(hangul, latin) >= THRESHOLD


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nguyen Van Anh", "Nguyen Thi Anh"),
        ("Nguyễn Văn Anh", "Nguyễn Thị Anh"),
        ("Nur bin Testi", "Nur binti Testi"),
        ("Nur bin Testi", "Sheikha Nur bint Testi bin Omar"),
        ("Nur bin Testi", "نور بنت تستي"),
        ("Ali Testi oglu", "Ali Testi qizi"),
        ("Mr Robin Tester", "Mrs Robin Tester"),
        ("Robin Müller", "Robin Möller"),
        ("Anna Köhler", "Anna Kähler"),
        ("Anna Förster", "Anna Fürster"),
    ],
)
def test_words_and_marks_that_say_otherwise_make_another_name(one, other):
    assert score(one, other) < THRESHOLD


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nguyen Van Anh", "Nguyen Anh"),
        ("Nguyen Thi Van Anh", "Nguyen Van Anh"),  # where it is a given name
        ("Nguyen Thi Anh", "Anh Nguyen Thi"),
        ("Jan van Testen", "Mrs Jan van Testen"),
        ("Rima bint Hassan Al Testi", "Rima Hassan bin Omar Al Testi"),  # a son of his father is her father
        ("Rima bint Hassan bin Omar", "Rima Hassan bin Omar"),
        ("Fatma Ben Salem", "Fatma bint Salem"),  # in the Maghreb a family name
        ("فاطمة بن سالم", "Fatma bint Salem"),
        ("Mariam Ould Testi", "Mariam Mint Testi"),
        ("Mr Jan Tester", "Jan van Tester"),
        ("Robin Müller", "Robin Mueller"),
        ("Robin Müller", "Robin Muller"),
        ("Søren Testsen", "Sören Testsen"),
    ],
)
def test_where_one_of_them_does_not_say_it_is_the_same_name(one, other):
    assert score(one, other) >= THRESHOLD


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Aleksandr Testov", "Aleksandra Testova"),
        ("Александр Тестов", "Aleksandra Testova"),
        ("Александр Тестов", "Александра Тестова"),
        ("Yevgeny Testin", "Евгения Тестина"),
        ("Valentin Testinsky", "Valentina Testinskaya"),
        ("Adrian Testowski", "Adriana Testowska"),
        ("Sasha Petrovich Testov", "Sasha Petrovna Testova"),
    ],
)
def test_where_two_words_end_as_those_of_a_woman_she_is_another_person(one, other):
    assert score(one, other) < THRESHOLD


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Maria Testov", "Maria Testova"),  # abroad, as her husband writes it
        ("Мария Тестова", "Maria Testov"),
        ("Aleksandra Testova", "Aleksandr Testova"),
        ("Olga Petrovna Testinskaya", "Olga Petrovna Testinsky"),
        ("Nikita Testov", "Никита Тестов"),  # men's names that end so
        ("Aleksandr Testov", "Sasha Testov"),
    ],
)
def test_one_word_that_ends_as_those_of_a_woman_makes_no_other_person(one, other):
    assert score(one, other) >= THRESHOLD


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        ("마민호", "Ma Min-woo"),
        ("마민우", "Ma Min-ho"),
        ("김진영", "Kim Jin-hyung"),
        ("김지형", "Kim Ji-young"),
        ("서지윤", "Seo Ji-hyun"),
        ("김영수", "KIM HYUNGSOO"),
        ("방지성", "BANG JISUN"),
    ],
)
def test_an_h_tells_one_korean_given_name_from_another(native, latin):
    assert score(native, latin) < THRESHOLD


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        ("마민호", "MA MINHO"),
        ("추아영", "Choo Ah-young"),
        ("추아영", "CHOO AHYOUNG"),
        ("서은지", "Suh Eun-ji"),
        ("오영수", "Oh Young-soo"),
        ("이준구", "Lee Jhoon-goo"),
        ("김화영", "Kim Wha-young"),
        ("김도윤", "Kim Doh-yun"),
    ],
)
def test_an_h_that_lengthens_a_vowel_or_stands_with_a_consonant_tells_nothing(native, latin):
    assert score(native, latin) >= THRESHOLD
