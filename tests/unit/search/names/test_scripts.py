"""Comparing names across scripts, each read in its own terms. All people are invented."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.names.compare import THRESHOLD
from tests.unit.search.names.judging import score

JAMO_BLOCKS = (0x1100, 0x11FF), (0x3131, 0x318E), (0xA960, 0xA97C), (0xD7B0, 0xD7FB)
"""Letters of Hangul by themselves, old ones and fillers among them (Unicode Character Database, Blocks)."""


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        ("Шевченко Наталія", "Nataliya Shevchenko"),
        ("Владимир Тестов", "Uladzimir Testau"),
        ("Ђорђе Тестовић", "Djordje Testovic"),
        ("محمد الحكيم", "Muhammad al-Hakim"),
        ("عبد الرحمن صالح", "Abdurrahman Saleh"),
        ("علیرضا تستی", "Alireza Testi"),
        ("משה כהן", "Moshe Kohen"),
        ("Γιώργος Παπαδόπουλος", "Giorgos Papadopoulos"),
        ("გიორგი ბერიძე", "Giorgi Beridze"),
        ("Արմեն Պետրոսյան", "Armen Petrosyan"),
        ("박영희", "Park Young-hee"),
        ("박영희", "Young Hee PAK"),
        ("이민정", "Lee Min Jung"),
        ("王小明", "Wang Xiaoming"),
        ("王小明", "Hsiao-ming WANG"),
        ("陳大文", "Chan Tai Man"),
        ("山田花子", "Hanako Yamada"),
        ("ヤマダ ハナコ", "Hanako Yamada"),
        ("로베르트 슈미트", "Robert Schmidt"),
        ("罗伯特·史密斯", "Robert Smith"),
        ("محمد الحكيم", "MXHMD ALXHKYM"),
        ("Muhammad al-Hakim", "MXHMD ALXHKYM"),
        # initials of letters that Latin writes with two or more, or with another
        ("Я. Тестов", "Iakov Testov"),
        ("Ю. Тестова", "Yulia Testova"),
        ("Щ. Тестов", "Shchepan Testov"),
        ("Ч. Тестов", "Chinghiz Testov"),
        ("Θ. Τέστης", "Theodoros Testis"),
        ("შ. ბერიძე", "Shota Beridze"),
        # servants of God and joined names in a zone
        ("عبد الرحيم حسن", "EBDALRXHYM XHSN"),
        ("Hassan Abdul Rahim", "EBDALRXHYM XHSN"),
        ("Mohammed Abdullah", "MXHMD EBD ALLH"),
        ("Alireza Testi", "ELY RXDZA TSTY"),
        # fathers behind bin are written as any other name
        ("خالد بن محمد", "Khalid bin Muhammad"),
        ("عبد الله بن فيصل", "Abdullah bin Faisal"),
        ("سعود بن حسين", "Saud bin Hussein"),
        ("أحمد بن محمود بن حسن بن يوسف", "Ahmad bin Mahmoud bin Hassan bin Yousef"),
    ],
)
def test_a_name_is_alike_in_its_script_and_in_latin_letters(native, latin):
    assert score(native, latin) >= THRESHOLD


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        # Arabic, Persian, Urdu, Pashto, Kurdish and Uyghur in Arabic letters
        ("فاطمة الزهراء", "Fatma Alzahraa"),
        ("نور الدين يوسف", "Noureddine Youssef"),
        ("أبو بكر سالم", "Abu Bakr Salem"),
        ("مُحَمَّد عَلِي", "Mohamed Ali"),
        ("محمدرضا تستی", "Mohammad Reza Testi"),
        ("زهرا موسوی", "Zahra Mousavi"),
        ("ژاله تستی", "Zhaleh Testi"),
        ("ظہیر خان", "Zaheer Khan"),
        ("نواز بھٹی", "Nawaz Bhatti"),
        ("ګل خان", "Gul Khan"),
        ("ئازاد کەریم", "Azad Karim"),
        ("ئابدۇللا ھەسەن", "Abdulla Hesen"),
        # joined across the article
        ("نورالدين", "Nur al-Din"),
        ("نورالدين زنكي", "Nureddin Zengi"),
        ("ذو الفقار", "Zulfiqar"),
        # readings that share few letters with the usual one
        ("ضياء", "Zia"),
        ("داوود", "Davoud"),
        ("عوض", "Awaz"),
        ("آوا", "Ava"),
        ("يانكوفيتش", "Jankovic"),
        ("إيفان يانكوفيتش", "Ivan Jankovic"),
        ("ضیاء الحق", "Zia-ul-Haq"),
        ("داوود رضایی", "Davoud Rezaei"),
        # Cyrillic by language
        ("Юлия Щербакова", "Iuliia Shcherbakova"),
        ("Їжакевич Ганна", "Hanna Yizhakevych"),
        ("Сяргей Ўласаў", "Siarhei Ulasau"),
        ("Георги Ангелов", "Georgi Angelov"),
        ("Живко Чолић", "Zivko Colic"),
        ("Ѓорѓи Ќосев", "Gjorgji Kjosev"),
        ("Ѓорѓи Ќосев", "Djordji Kosev"),
        ("Қасым Жомарт", "Kassym Zhomart"),
        # Hebrew, Greek, Georgian, Armenian
        ("ג'ורג' חדד", "George Haddad"),
        ("יצחק לוי", "Itzhak Levy"),
        ("Ευάγγελος Μπούμπας", "Evangelos Boubas"),
        ("Γεώργιος Ντόκος", "Georgios Dokos"),
        ("Χρήστος Γκίκας", "Christos Gikas"),
        ("ზურაბ ჭყონია", "Zurab Chkonia"),
        ("Հայկ Ղազարյան", "Hayk Ghazaryan"),
        # Han by language, and with a given name that only the Latin letters show
        ("欧阳小红", "Xiaohong Ouyang"),
        ("許志強", "Hsu Chih-chiang"),
        ("黃志強", "Wong Chi Keung"),
        ("黃志強", "WONG, Chi-keung Peter"),
        ("陳志明", "Tan Zhiming"),
        ("陈大文", "Chan Tai Man"),
        ("刘德明", "Lau Tak Ming"),
        ("阮福仲", "Nguyen Phuc Trong"),
        ("武文勇", "Vo Van Dung"),
        ("阮文明", "Nguyen Van Minh"),
        ("金正洙", "Kim Jong Su"),
        ("佐藤 美咲", "Misaki Satoh"),
        ("大野 洋子", "Yoko Ohno"),
        # Hangul and kana
        ("이순린", "Rhee Soon Rin"),
        ("류현민", "Ryu Hyun Min"),
        ("すずき たろう", "Taro Suzuki"),
        ("ﾔﾏﾀﾞ ﾊﾅｺ", "Hanako Yamada"),
        ("ジョン・スミス", "John Smith"),
        ("朴槿美", "Park Geun-mi"),
        # two scripts, neither of them Latin
        ("李明浩", "이명호"),
        ("朴槿美", "박근미"),
        ("盧英鉉", "노영현"),
        ("田中太郎", "タナカ タロウ"),
        ("Иван Петров", "Іван Петров"),
        ("محمد الحكيم", "Мухаммад аль-Хаким"),
        ("علي حسن", "علی حسن"),
    ],
)
def test_each_script_is_read_in_its_own_terms(native, latin):
    assert score(native, latin) >= THRESHOLD


SYLLABLES = st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)
JAMO = st.sampled_from([chr(point) for first, last in JAMO_BLOCKS for point in range(first, last + 1)])
LATIN_WORDS = st.lists(st.text("abghijkmnopu", min_size=1, max_size=4), min_size=3, max_size=3).map(" ".join)


@given(st.sampled_from("김이박최"), st.lists(SYLLABLES | JAMO, min_size=2, max_size=2), LATIN_WORDS)
@example("김", ["지", "\u3164"], "Kim Ji Yong")  # a filler, which stands for no letter
@example("김", ["\ua960", "가"], "Kim Kk Kk")  # a letter that no name has today
@example("김", ["지", "\u115f"], "Kim Kk Kk")
@example("김", ["\u110b", "가"], "Kim A Ga")  # no sound, and no syllable
def test_a_korean_name_of_whatever_letters_is_compared(family, given_name, latin):
    assert 0.0 <= score(family + "".join(given_name), latin) <= 1.0
