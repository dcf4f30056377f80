"""Making the tables of names anew from their sources. All names are invented or common to many."""

import pytest

from deploy.names_tables import cantonese, common, japanese, nicknames, sudachi, vietnamese
from deploy.names_tables.han import is_of_everyday_use, japanese_pairs, rows, spellings, toneless
from deploy.names_tables.learning import is_learned_from


@pytest.mark.parametrize(("reading", "plain"), [("lǐ", "li"), ("lǚ", "lv"), ("zhōng", "zhong"), ("ḿ", "m")])
def test_tones_are_dropped_and_the_marked_u_stays_another_vowel(reading, plain):
    assert toneless(reading) == plain


def test_a_syllable_has_its_spellings_in_other_romanisations_at_a_cost():
    zhao, lyu = spellings("zhao"), spellings("lv")
    assert zhao["zhao"] == 0 < zhao["chao"] < zhao["chau"]
    assert lyu["lu"] == 0 < lyu["lyu"]


@pytest.mark.parametrize(("syllable", "wade"), [("xie", "hsieh"), ("zi", "tzu"), ("qiong", "chiung"), ("si", "szu")])
def test_a_syllable_has_its_spelling_in_wade_giles(syllable, wade):
    assert wade in spellings(syllable)


def test_a_single_letter_is_no_spelling_of_a_syllable_that_has_more():
    assert "i" not in spellings("yi")


@pytest.mark.parametrize(("character", "everyday"), [("李", True), ("金", True), ("\U00020000", False)])
def test_characters_of_no_standard_are_left_out(character, everyday):
    assert is_of_everyday_use(character) is everyday


def test_readings_of_a_character_stand_on_one_line_without_repetition():
    lines = rows({"李": ["li"]}, {"李": ["lee", "lee", "lei"]}, {"李": {"ri": 0.06}, "畑": {"hata": 0.0}})
    assert list(lines) == [("李", "li", "lee lei", "ri:0.06"), ("畑", "", "", "hata:0")]


def test_japanese_names_are_learned_from_one_half_alone(tmp_path):
    (tmp_path / "last_name_org.csv").write_text("山田,60000,やまだ,yamada\n", encoding="utf-8")
    for name in ("first_name_man_opti.csv", "first_name_woman_opti.csv"):
        (tmp_path / name).write_text("はな,hana,花,華,はな\n", encoding="utf-8")
    found = set(japanese_pairs(tmp_path))
    expected = {(("山", "田"), "yamada", 3), (("花",), "hana", 1), (("華",), "hana", 1)}
    assert found == {pair for pair in expected if is_learned_from(pair[1], "".join(pair[0]))}


def test_nicknames_are_written_in_order_and_without_full_stops(tmp_path, monkeypatch):
    monkeypatch.setattr(nicknames, "TABLES", tmp_path)
    (tmp_path / "nicknames").mkdir()
    lines = "name1,relationship,name2\nrobert,has_nickname,rob\nrobert,has_nickname,b.\nada,has_nickname,addy\n"
    (tmp_path / "nicknames" / "names.csv").write_text(lines, encoding="utf-8")
    nicknames.main(tmp_path)
    assert (tmp_path / "nicknames.tsv").read_text(encoding="utf-8") == "name\tnicknames\nada\taddy\nrobert\tb rob\n"


def test_common_names_are_plain_words_of_many_lists_and_no_titles():
    found = common.names()
    assert {"maria", "anna", "peter", "muller"} <= found
    assert all(word.isascii() and word.isalpha() and len(word) > 2 for word in found)
    assert not {"dr", "van", "prof"} & found


def test_vietnamese_readings_are_plain_and_of_characters_of_everyday_use():
    lines = ["# a remark", "U+962E\tkVietnamese\tnguyễn", "U+962E\tkMandarin\truǎn", "U+20000\tkVietnamese\tma"]
    lines.append("U+674E\tkVietnamese\tlí lý lẽ")
    assert list(vietnamese.readings(lines)) == [("阮", "nguyen"), ("李", "li ly")]


@pytest.mark.parametrize(
    ("syllable", "spelling"),
    [("jan", "chun"), ("leung", "leong"), ("gwok", "kwok"), ("gwok", "kuok"), ("sheung", "seong"), ("ngai", "ai")],
)
def test_a_cantonese_syllable_is_spelt_by_its_initial_and_its_final(syllable, spelling):
    found = cantonese.spellings(syllable)
    assert found[syllable] == 0.0 < found[spelling]


def test_japanese_names_are_gathered_with_their_readings_as_family_and_as_given_names():
    family = japanese.families(["森,1000,もり,mori", "山田,60000,やまだ,yamada"])
    given = japanese.givens(["しげる,shigeru,森,茂,しげる", "しげ,shige,茂"])
    assert list(japanese.table(family, given)) == ["山田\tyamada\t", "森\tmori\tshigeru", "茂\t\tshigeru shige"]


@pytest.mark.parametrize(
    ("kana", "latin"),
    [
        ("シゲル", "shigeru"),
        ("リョウタ", "ryouta"),
        ("ジュンイチ", "junichi"),
        ("ハットリ", "hattori"),
        ("ホッチ", "hotchi"),
        ("ミカヅキ", "mikazuki"),
    ],
)
def test_readings_of_a_dictionary_are_written_as_those_of_the_lists_of_names(kana, latin):
    assert sudachi.hepburn(kana) == latin


def test_of_a_dictionary_only_names_are_taken_and_of_one_character_only_known_family_names():
    def entry(written, read, which, what="人名"):
        return sudachi.Entry(written, ("名詞", "固有名詞", what, which, "*", "*"), read)

    entries = [
        entry("森", "モリ", sudachi.FAMILY),
        entry("王", "オウ", sudachi.FAMILY),
        entry("王", "ワン", sudachi.GIVEN),
        entry("山田", "ヤマダ", sudachi.FAMILY),
        entry("東京", "トウキョウ", sudachi.FAMILY, what="地名"),
        entry("さくら", "サクラ", sudachi.GIVEN),
    ]
    assert list(sudachi.table(entries, ["森"])) == ["山田\tyamada\t", "森\tmori\t", "王\t\twan"]
