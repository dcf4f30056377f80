"""Names in all scripts, for property tests: by chance, and near another. All are invented."""

from hypothesis import strategies as st

SCRIPTS = {
    "Latn": "abcdefghiklmnoprstuvxyz",
    "marks": "äöüøåéñßşłaeiorst",
    "zone": "ABDHKLMNRSTXY",
    "Cyrl": "абвгеиклмнорстуфшяйё",
    "Grek": "αβγδεικλμνοπρστυφς",
    "Arab": "ابدحمنرسعيلوىةه",
    "Hebr": "אבדהוילמנשתפ'",
    "Armn": "աբգդեիկլմնոպռստր",
    "Geor": "აბგდეიკლმნორსტ",
    "Hang": "김이정영박수민은지호",
    "Hani": "李王小明陳大文志强黄子麗",
    "Kana": "ヤマダハナコサトウァィスーん",
}
ONE_NAME = (
    ("Aleksandr Sergeyevich Testovskiy", "Александр Сергеевич Тестовский", "TESTOVSKII ALEXANDER", "Sasha Testovsky"),
    ("Muhammad Abdurrahman al-Hakim", "محمد عبدالرحمن الحكيم", "MXHMD ALXHKYM", "Mohamed Abdul Rahman Elhakim"),
    ("Park Young-hee", "박영희", "PAK YOUNGHEE", "Yeonghui Bak", "Пак Ён Хи"),
    ("Wong Chi-keung Peter", "黃志強", "Huang Zhiqiang", "王小明", "Хуан Чжицян"),
    ("Yosef Cohen", "יוסף כהן", "Joseph Kohen", "Iosif Kogan"),
    ("Giorgos Papadopoulos", "Γιώργος Παπαδόπουλος", "Georgios Papadopulos", "Γεώργιος"),
    ("Hanako Yamada", "ヤマダ ハナコ", "山田花子", "Yamadah Hana Ko"),
    ("Jan van den Berg", "Jan Vandenberg", "J. Berg", "VANDENBERG JAN"),
    ("Jürgen Müller", "JUERGEN MUELLER", "MUXXLLER JUXXRGEN", "Jurgen Muller"),
    ("Ewan McTesty", "Ewan Mac Testy", "MACTESTY EWAN", "Evan Mactesti"),
)
"""Each row is one name, or nearly."""

_word = st.sampled_from(list(SCRIPTS.values())).flatmap(
    lambda letters: st.text(alphabet=letters, min_size=1, max_size=9)
)
BY_CHANCE = st.lists(_word, max_size=5).map(" ".join)


@st.composite
def _changed(draw, written):
    """Change a name as people do: leave out or swap letters and words, join words and part them."""
    words = draw(st.permutations(written.split())) if draw(st.booleans()) else written.split()
    kept = [word for word in words if draw(st.integers(0, 5))] or words
    name = draw(st.sampled_from([" ", " ", " ", ""])).join(kept)
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(name)))
        name = name[:at] + draw(st.sampled_from(["", "", " ", "e", "h", "s", name[at : at + 1]])) + name[at + 1 :]
    return name.upper() if draw(st.booleans()) and draw(st.booleans()) else name


@st.composite
def _of_one(draw):
    row = draw(st.sampled_from(ONE_NAME))
    return draw(_changed(draw(st.sampled_from(row)))), draw(_changed(draw(st.sampled_from(row))))


PAIRS = st.one_of(_of_one(), _of_one(), st.tuples(BY_CHANCE, BY_CHANCE), st.tuples(_of_one().map(min), BY_CHANCE))
"""Two names: of one person as two write them, or of two."""
