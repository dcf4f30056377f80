"""Names in Han as those who bear them spell them: by Hokkien, Teochew, Hakka and Cantonese ears. All are invented."""

import sys

import pytest

from search.names import data
from search.names.aloud import aloud, japanese
from search.names.compare import THRESHOLD
from search.names.parse import parse
from tests.unit.search.names.judging import score, shared


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
        ("李光美", "Lee Kuan Bee"),
        # Hakka
        ("范金福", "Fam Kim Fook"),
        ("刘文光", "Liew Voon Kong"),
        # passports of China, of earlier years and of today
        ("吕晓明", "LV XIAOMING"),
        ("吕晓明", "LYU XIAOMING"),
        # Taiwan: Wade-Giles, and what its bearers write beside it
        ("謝志明", "Hsieh Chih-ming"),
        ("熊子英", "Hsiung Tzu-ying"),
        ("宋美英", "Soong Mei-ing"),
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


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        ("张伟丽", "Zhang Wei"),
        ("王伟明", "Wang Wei"),
        ("李鵬飛", "Li Peng"),
        ("王芳芳", "Fang Wang"),
        # Japanese given names that the tables know as wholes
        ("大泉進次郎", "Junichiro Oizumi"),
        ("鈴木一郎", "Suzuki Jiro"),
        ("安田晋太郎", "Shinzo Yasuda"),
        ("田中和男", "Tanaka Kazuko"),
        ("田中桜子", "Sakura Tanaka"),
    ],
)
def test_a_given_name_that_is_another_one_or_half_of_one_is_another_name(native, latin):
    assert score(native, latin) < THRESHOLD


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        ("蔡英美", "Tsai Ing-mei"),  # Ing is no engineer, and Eng none
        ("黄秀英", "Ng Siew Eng"),
        ("王伟明", "Wang Weiming"),
        ("大泉純一郎", "Jun ichiro Oizumi"),
        ("大泉純一郎", "OIZUMI Junitiro"),
        ("田中浩二", "TANAKA Kozi"),
        ("藤田順一", "Huzita Zyuniti"),
        ("津田太", "Tuda Hutosi"),
        ("大泉純一郎", "Oizumijunichiro"),
        ("安倍花子", "アベ ハナコ"),
    ],
)
def test_however_its_syllables_are_parted_a_name_is_itself(native, latin):
    assert score(native, latin) >= THRESHOLD


# A whole name is read otherwise than its characters one by one: 安倍 is Abe.
JAPANESE = [
    ("安倍花子", "Hanako Abe", "아베 하나코"),
    ("佐藤健三郎", "Kenzaburo Sato", "사토 겐자부로"),
    ("田中早苗", "Sanae Tanaka", "다나카 사나에"),
    ("大谷春樹", "Haruki Ohtani", "오타니 하루키"),
    ("森茂", "Shigeru Mori", "모리 시게루"),
    ("橋本角栄", "Kakuei Hashimoto", "하시모토 가쿠에이"),
    # family names that few bear, of one, two and three characters
    ("菅早苗", "Sanae Suga", "스가 사나에"),
    ("石破花子", "Hanako Ishiba", "이시바 하나코"),
    ("小和田花子", "Hanako Owada", "오와다 하나코"),
    # a family name that no table knows, before a given name that they do
    ("北川原晴美", "Harumi Kitagawara", "기타가와라 하루미"),
]


@pytest.mark.parametrize(("han", "latin", "hangul"), JAPANESE)
def test_a_japanese_name_is_one_name_in_han_latin_and_hangul(han, latin, hangul):
    assert min(score(han, latin), score(han, hangul), score(latin, hangul)) >= THRESHOLD


@pytest.mark.parametrize(("han", "latin", "hangul"), JAPANESE)
def test_a_japanese_name_is_found_by_its_name_alone_in_latin_and_hangul(han, latin, hangul):
    assert shared(han, latin)
    assert shared(han, hangul)


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        # by the rules of transcription from Russian: a t before in and en is softened
        ("马尔京", "Martin"),
        ("季坚科", "Titenko"),
        ("谢缅", "Semen"),
        # tr as English ears of Taiwan hear it
        ("楚門", "Truman"),
    ],
)
def test_a_foreign_name_in_han_is_read_by_the_rules_of_transcription(native, latin):
    assert score(native, latin) >= THRESHOLD


@pytest.mark.parametrize(
    ("native", "latin"),
    [("马尔塔·多米尼", "Marta Domini"), ("伊娃·科斯坦", "Eva Kostan"), ("格列布·马尔京", "Gleb Martin")],
)
def test_a_foreign_name_in_han_is_found_by_its_name_alone(native, latin):
    assert shared(native, latin)


@pytest.mark.parametrize(
    ("han", "hangul"),
    [
        ("安倍花子", "아베 하루키"),
        ("安倍花子", "이시바 하나코"),
        ("田中太郎", "다나카 이치로"),
        ("佐藤健三郎", "사토 류타로"),
        ("王毅", "왕양"),
    ],
)
def test_another_name_in_hangul_is_another(han, hangul):
    assert score(han, hangul) < THRESHOLD


@pytest.mark.parametrize(
    ("han", "hangul"),
    [("王小明", "왕샤오밍"), ("陈德江", "천더장"), ("安倍 花子", "아베 하나코"), ("毛国东", "마오궈둥")],
)
def test_hangul_writes_what_is_heard_of_a_name_in_han(han, hangul):
    assert score(han, hangul) >= THRESHOLD


@pytest.mark.parametrize(
    ("word", "way"),
    [
        ("安倍花子", ("abe", "hanako")),
        ("安倍", ("abe",)),
        ("王小明", ("wang", "xiao", "ming")),
        ("陈文福", ("tan", "boon", "hock")),
    ],
)
def test_a_name_in_han_is_read_aloud_in_each_language(word, way):
    assert way in aloud(word)


@pytest.mark.parametrize(
    ("written", "usual"), [("山\ufa11花子", "山崎花子"), ("髙橋花子", "高橋花子"), ("𠮷田花子", "吉田花子")]
)
def test_a_character_as_registers_of_families_write_it_is_the_usual_one(written, usual):
    assert score(written, usual) == 1.0
    assert japanese(parse(written).parts[0].native) == japanese(parse(usual).parts[0].native)


def test_a_chinese_family_name_is_not_read_in_japanese_before_a_given_name_that_japan_does_not_know():
    assert not japanese("王志强")


@pytest.mark.parametrize("title", ["Sheikh", "Dr", "Dr Sheikh"])
def test_a_title_alone_is_no_name_in_han(title):
    assert score("田中早苗", title) < THRESHOLD


@pytest.mark.parametrize(
    ("name", "family", "given"),
    [
        ("安倍", ("abe", "abeno"), ()),
        ("小和田", ("owada",), ()),
        ("雅子", (), ("masako", "asako", "tsuneko", "noriko", "mako")),  # the usual reading first
        ("安倍".translate(data.variants()) + "倍", (), ()),
        ("一", (), ("ichi", "hajime", "suguru", "hajimu")),
        ("", (), ()),
    ],
)
def test_a_japanese_name_has_the_readings_of_the_table(name, family, given):
    assert data.japanese_names(name) == (family, given)


def test_the_readings_of_seventy_thousand_names_take_a_few_megabytes():
    table = data._japanese()
    assert sum(map(sys.getsizeof, (*table, *table.values()))) < 5_000_000


@pytest.mark.parametrize("remembered", [data.han, data.hangul, data.readings, data.japanese_readings])
def test_what_is_remembered_of_characters_does_not_grow_with_every_name(remembered):
    assert remembered.cache_info().maxsize
