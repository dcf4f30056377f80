"""Names of China, Korea, Vietnam and Japan as Russian writes them, and names in two scripts of which none is Latin.

All people are invented.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.names import data
from search.names.compare import THRESHOLD
from search.names.keys import keys_of_text, tells_name
from search.names.parse import parse
from search.names.russian import table
from tests.unit.search.names.judging import score, shared

ONE_NAME = [
    # Chinese, by Palladius; и is also an initial, ван a particle
    ("Чжан Вэй", "Zhang Wei"),
    ("Ван Сяоли", "Wang Xiaoli"),
    ("Ван И", "Wang Yi"),
    ("ЦЗЯН ЖУНМЭЙ", "JIANG RONGMEI"),
    ("Хуан Цзыжуй", "Huang Zirui"),
    ("Чжэн Юйхуэй", "Zheng Yuhui"),
    ("Люй Чжицян", "Lü Zhiqiang"),
    ("Люй Чжицян", "LYU ZHIQIANG"),
    ("Дэн Юньфэн", "Yunfeng DENG"),
    ("Ли Сюэцинь", "Li Hsueh-ch'in"),
    ("Чжан, Сяо-лун", "Zhang Xiaolong"),
    # as newspapers write it, and where a syllable ends is not marked
    ("Чжен Вей", "Zheng Wei"),
    ("Фэн Юнъань", "Feng Yong'an"),
    ("Фэн Юнань", "Feng Yong'an"),
    # beside a foreign given name
    ("Питер Чжан", "Peter Zhang"),
    ("Анна Чжан", "Anna Zhang"),
    # Korean, by Kontsevich and by Kholodovich
    ("Пак Ён Хи", "Park Young-hee"),
    ("Пак Ен Хи", "Park Younghee"),
    ("Но Мин Чжун", "Roh Min-joon"),
    ("Ли Гён Хва", "Lee Kyung-wha"),
    ("Ли Сын У", "Rhee Seung-woo"),
    ("Чхве Хён Сок", "Choi Hyun-suk"),
    ("Цой Хён Сок", "Choe Hyonsok"),
    ("Ким Чен Су", "Kim Jong Su"),
    ("Ким Чжонсу", "KIM JONGSU"),
    ("Мин Су Ким", "Minsu Kim"),
    ("Чан У Ён", "Jang U-yeong"),
    # Vietnamese
    ("Чан Тхи Тху Хыонг", "Tran Thi Thu Huong"),
    ("Нгуен Фук Чонг", "Nguyễn Phúc Trọng"),
    ("Зыонг Дык Куанг", "Duong Duc Quang"),
    # Japanese, by Polivanov
    ("Дзюнъитиро Танака", "Junichiro Tanaka"),
    ("Сёта Мацусита", "Matsushita Shota"),
    ("Дзёдзи Фудзивара", "Joji Fujiwara"),
    ("Кэйити Цутия", "Keiichi Tsuchiya"),
    ("Симпэй Като", "Shinpei Katoh"),
]


@pytest.mark.parametrize(("russian", "latin"), ONE_NAME)
def test_what_russian_writes_by_rules_of_its_own_is_the_name(russian, latin):
    assert score(russian, latin) >= THRESHOLD


@pytest.mark.parametrize(("russian", "latin"), ONE_NAME)
def test_such_a_name_is_found_by_its_name_alone(russian, latin):
    assert shared(russian, latin)


@pytest.mark.parametrize(
    ("russian", "latin"),
    [
        ("Чжан Вэй", "Zhang Li"),
        ("Чжан Вэй", "Zhang Wen"),
        ("Ван Вэй", "Wang Wen"),
        ("Ван Вэй", "Huang Wei"),
        ("Ван Линь", "Wang Lan"),
        ("Ли Пэн", "Li Ping"),
        ("Дэн Сяопэн", "Deng Xiaoming"),
        ("Лю Ян", "Li Yang"),
        ("Ким Чен Су", "Kim Jong Ok"),
        ("Ким Чжи Ён", "Kim Ji-hyun"),
        ("Пак Кын Ми", "Park Geun-ho"),
        ("Пак Чи Хун", "Park Ji-min"),
        ("Сон Хын Ми", "Son Heung-soo"),
        ("Сон Ын У", "Song Geunu"),
        ("Чан Тхи Лан", "Tran Thi Mai"),
        ("Зыонг Тхи Лан", "Duong Van Lan"),
        ("Кэйити Цутия", "Keiji Tsuchiya"),
        # of a short name not everything is made
        ("Анна Хан", "Anna Huang"),
        ("Анна Сон", "Anna Sun"),
        ("Питер Чжан", "Peter Zhao"),
        ("Виктор Ким", "Viktor Jin"),
        ("Юрий Ван", "Yuri Huang"),
        ("Ольга Юн", "Olga Yong"),
        ("Сергей Тен", "Sergei Deng"),
    ],
)
def test_another_syllable_is_another_name(russian, latin):
    assert score(russian, latin) < THRESHOLD


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("박영희", "Пак Ён Хи"),
        ("김정수", "Ким Чен Су"),
        ("김 정수", "Ким Чжонсу"),
        ("이승우", "Ли Сын У"),
        ("노민준", "Но Мин Чжун"),
        ("朴英姬", "Пак Ён Хи"),
        ("Ким Чен Су", "Ким Чжон Су"),
        ("王伟", "Ван Вэй"),
        ("张小龙", "Чжан Сяолун"),
        ("張小龍", "Чжан Сяолун"),
        ("장웨이", "Чжан Вэй"),
        ("安倍花子", "Абэ Ханако"),
        ("佐藤健三郎", "Кэндзабуро Сато"),
        ("アベ ハナコ", "Ханако Абэ"),
        ("アベ ハナコ", "아베 하나코"),
        ("阮文明", "Нгуен Ван Минь"),
        ("محمد حسين", "Мухаммад Хусейн"),
        ("سالم نصر الله", "Салем Насралла"),
        ("عبد الفتاح سالم", "Абдель Фаттах Салем"),
        ("محمدجواد تستی", "Мохаммад Джавад Тести"),
        ("أحمد حسن", "Αχμέντ Χασάν"),
        ("بنيامين كوهين", "בנימין כהן"),
        ("בנימין שמעוני", "Биньямин Шимони"),
        ("אהוד לוי", "Эхуд Леви"),
        ("Αλέξανδρος Παπαδόπουλος", "Александрос Пападопулос"),
        ("გიორგი ბერიძე", "Георгий Беридзе"),
        ("ბიძინა ჯავახიშვილი", "Бидзина Джавахишвили"),
        ("Նիկոլ Պետրոսյան", "Никол Петросян"),
        ("Հայկ Ղազարյան", "Айк Казарян"),
        ("Արմեն Պետրոսյան", "არმენ პეტროსიანი"),
    ],
)
def test_two_scripts_are_compared_though_neither_is_latin(one, other):
    assert score(one, other) >= THRESHOLD


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("王伟", "Ван Вэнь"),
        ("王伟", "Хуан Вэй"),
        ("张伟", "Чжан Ли"),
        ("张伟丽", "Чжан Вэй"),
        ("김정수", "Ким Чен Ок"),
        ("박지훈", "Пак Чи Мин"),
        ("김지영", "Ким Чжи Хён"),
        ("김민호", "Ким Мин У"),
        ("Ким Чен Су", "Ким Чен Ок"),
        ("安倍健三", "Абэ Кэнтаро"),
        ("田中太郎", "Итиро Танака"),
        ("محمد علي", "Махмуд Али"),
        ("حسن علي", "Хусейн Али"),
        ("حسين صالح", "Хасан Салех"),
        ("أحمد علي", "Хамид Али"),
        ("יוסף לוי", "Иосиф Левин"),
        ("გიორგი ბერიძე", "Григорий Беридзе"),
        ("Արմեն Պետրոսյան", "Армен Погосян"),
    ],
)
def test_other_names_of_two_scripts_are_others(one, other):
    assert score(one, other) < THRESHOLD


SYLLABLES = st.sampled_from(sorted(table("chinese").items()))
SILENT = "aeiouhwy "  # letters of which no key of consonants is made: Yu Aihua is found by its words


@given(st.tuples(SYLLABLES, SYLLABLES, SYLLABLES))
def test_every_name_of_chinese_syllables_is_the_one_in_pinyin_and_found_by_it(syllables):
    family, first, second = (written for written, _ in syllables)
    russian = f"{family} {first}ъ{second}"
    head, *tail = (data.pinyin(syllable) for _, syllable in syllables)
    latin = f"{head} {''.join(tail)}"
    assert score(russian, latin) >= THRESHOLD
    if set(latin) <= set(SILENT):
        assert set(latin.split()) <= set(keys_of_text(russian).tokens)
    elif len(parse(latin).telling) > 1 and any(map(tells_name, keys_of_text(latin).skeletons)):
        assert shared(russian, latin)  # but for what Latin letters say of titles and of initials


def test_all_syllables_of_mandarin_are_known():
    no_names = {"hm", "hng", "lo", "m", "n", "ng"}
    assert {row[0] for row in data.rows("syllables")} - no_names <= set(table("chinese").values())


@pytest.mark.parametrize("name", ["Наталья Михайлова", "Андрей Тестенко", "Ю. Пак", "Иван Ван дер Берг"])
def test_other_names_are_read_by_their_letters_alone(name):
    assert not parse(name).latin
    assert not parse(name).korean


@pytest.mark.parametrize("name", ["Цзя", "ъ ъ", "Ъъ Ким", "Чжанъ'вэй " * 20, "ё" * 40 + " Ли", "ма" * 20])
def test_whatever_is_written_is_compared(name):
    assert 0.0 <= score(name, "Kim Jong Su") <= 1.0
    assert score(name, name) == (1.0 if parse(name).parts else 0.0)
