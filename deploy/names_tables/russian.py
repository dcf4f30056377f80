"""This module makes the table `russian`: how Russian writes names of China, Japan, Vietnam and Korea.

Run as `python -m deploy.names_tables.russian > search/names/tables/russian.tsv`, it writes the table anew. The rules
are those that Russian documents, maps and newspapers follow: of Palladius for Chinese, of Polivanov for Japanese, of
Kontsevich and, before him, Kholodovich for Korean, and for Vietnamese those of its cartographers. By hand, from general
knowledge of these systems; no list was copied.
"""

import sys
from collections.abc import Iterator, Mapping
from itertools import product

from search.names.data import rows

# Chinese: initials and finals of pinyin, as Palladius writes them.
INITIALS = {
    "b": "б", "p": "п", "m": "м", "f": "ф", "d": "д", "t": "т", "n": "н", "l": "л", "g": "г", "k": "к", "h": "х",
    "j": "цз", "q": "ц", "x": "с", "zh": "чж", "ch": "ч", "sh": "ш", "r": "ж", "z": "цз", "c": "ц", "s": "с",
}  # fmt: skip
FINALS = {
    "a": "а", "ai": "ай", "an": "ань", "ang": "ан", "ao": "ао", "e": "э", "ei": "эй", "en": "энь", "eng": "эн",
    "o": "о", "ong": "ун", "ou": "оу", "i": "и", "ia": "я", "ian": "янь", "iang": "ян", "iao": "яо", "ie": "е",
    "in": "инь", "ing": "ин", "iong": "юн", "iu": "ю", "u": "у", "ua": "уа", "uai": "уай", "uan": "уань",
    "uang": "уан", "ui": "уй", "un": "унь", "uo": "о", "v": "юй", "ve": "юэ",
}  # fmt: skip
AFTER_PALATALS = {"u": "юй", "uan": "юань", "ue": "юэ", "un": "юнь"}  # behind j, q and x a u is a ü
ALONE = {
    "er": "эр", "wa": "ва", "wai": "вай", "wan": "вань", "wang": "ван", "wei": "вэй", "wen": "вэнь", "weng": "вэн",
    "wo": "во", "wu": "у", "ya": "я", "yan": "янь", "yang": "ян", "yao": "яо", "ye": "е", "yi": "и", "yin": "инь",
    "ying": "ин", "yo": "йо", "yong": "юн", "you": "ю", "yu": "юй", "yuan": "юань", "yue": "юэ", "yun": "юнь",
    "hui": "хуэй", "zi": "цзы", "ci": "цы", "si": "сы",
}  # fmt: skip

# Japanese: the consonants of Polivanov before а, у, э, о (and е, which newspapers write for э), with Hepburn's.
CONSONANTS = {
    "": "", "к": "k", "с": "s", "т": "t", "н": "n", "х": "h", "м": "m", "р": "r", "г": "g", "дз": "z", "д": "d",
    "б": "b", "п": "p",
}  # fmt: skip
VOWELS = {"а": "a", "и": "i", "у": "u", "э": "e", "е": "e", "о": "o"}
BEFORE_Y = {
    "": "y", "к": "ky", "с": "sh", "т": "ch", "н": "ny", "х": "hy", "м": "my", "р": "ry", "г": "gy", "дз": "j",
    "б": "by", "п": "py",
}  # fmt: skip
SOFT_VOWELS = {"я": "a", "ю": "u", "ё": "o"}
MORAE = {
    "си": "shi", "ти": "chi", "цу": "tsu", "фу": "fu", "дзи": "ji", "ва": "wa", "н": "n", "нъ": "n", "й": "i",
}  # fmt: skip
NO_MORAE = frozenset({"ту", "ху", "ди", "ду"})

# Vietnamese: first consonants, vowels and last letters.
FIRST = {
    "": "", "б": "b", "в": "v", "г": "g", "д": "d", "з": "d", "зь": "gi", "ж": "r", "к": "k", "кх": "kh", "ку": "qu",
    "л": "l", "м": "m", "н": "n", "нг": "ng", "нь": "nh", "п": "p", "р": "r", "с": "x", "т": "t", "тх": "th",
    "ть": "ch", "ф": "ph", "х": "h", "ч": "tr", "ш": "s",
}  # fmt: skip
MIDDLE = {
    "а": "a", "е": "e", "э": "e", "и": "i", "о": "o", "у": "u", "ы": "u", "ие": "ie", "ье": "ie", "иа": "ia",
    "ыа": "ua", "уа": "ua", "уо": "uo", "ыо": "uo", "оа": "oa", "оэ": "oe", "уе": "ue", "уэ": "ue", "йе": "ye",
    "я": "ia",
}  # fmt: skip
LAST = {
    "": "", "м": "m", "н": "n", "нг": "ng", "нь": "nh", "п": "p", "т": "t", "к": "c", "ть": "ch", "й": "i", "у": "u",
    "о": "o",
}  # fmt: skip
RIMES = {"уен": "uyen", "юен": "uyen", "уи": "uy", "уй": "ui", "уинь": "uynh", "уань": "uan"}

# Korean: what a letter may stand for, in letters of Hangul that begin a syllable, are its vowel, and close it.
KOREAN_INITIALS = {
    "к": "ㄱ", "г": "ㄱ", "кк": "ㄲ", "н": "ㄴ", "т": "ㄷ", "д": "ㄷ", "тт": "ㄸ", "р": "ㄹ", "л": "ㄹ", "м": "ㅁ",
    "п": "ㅂ", "б": "ㅂ", "пп": "ㅃ", "с": "ㅅ", "сс": "ㅆ", "": "ㅇ", "ч": "ㅈ", "чж": "ㅈ", "дж": "ㅈ", "чч": "ㅉ",
    "чх": "ㅊ", "ц": "ㅊ", "кх": "ㅋ", "тх": "ㅌ", "пх": "ㅍ", "х": "ㅎ",
}  # fmt: skip
KOREAN_VOWELS = {
    "а": "ㅏ", "я": "ㅑ", "о": "ㅗㅓ", "ё": "ㅛㅕ", "йо": "ㅛㅕ", "у": "ㅜ", "ю": "ㅠ", "ы": "ㅡ", "и": "ㅣㅢ",
    "ый": "ㅢ", "э": "ㅐㅔ", "е": "ㅔㅖㅐㅕㅛ", "йе": "ㅖ", "ва": "ㅘ", "вэ": "ㅙㅚ", "ве": "ㅚㅞㅙ", "во": "ㅝ",
    "ви": "ㅟ", "уи": "ㅟ", "ой": "ㅚ",
}  # fmt: skip
AFTER_SIBILANTS = {"е": "ㅓ"}
KOREAN_FINALS = {
    "": " ", "к": "ㄱ", "н": "ㄴㅇ", "нъ": "ㅇ", "нг": "ㅇ", "ль": "ㄹ", "л": "ㄹ", "р": "ㄹ", "м": "ㅁ", "п": "ㅂ",
    "т": "ㅅㄷㅌ",
}  # fmt: skip


def chinese() -> Iterator[tuple[str, str]]:
    """Give for each syllable of pinyin that names have what Palladius writes, and what newspapers write for it."""
    written = {syllable: text for syllable in pinyin() if (text := palladius(syllable))}
    for syllable, text in written.items():
        yield text, syllable
    taken = set(written.values())
    for syllable, text in written.items():
        if text[0] != "э" and (newspaper := text.replace("э", "е")) not in taken:
            yield newspaper, syllable


def pinyin() -> Iterator[str]:
    """Give the syllables of the table `syllables`."""
    yield from (row[0] for row in rows("syllables"))


def palladius(syllable: str) -> str:
    """Write a syllable of pinyin as Palladius does; nothing where it is none, as `hm`."""
    if syllable in ALONE:
        return ALONE[syllable]
    initial = next((one for one in (syllable[:2], syllable[:1]) if one in INITIALS), "")
    final = syllable[len(initial) :]
    ending = (AFTER_PALATALS if initial in {"j", "q", "x"} else {}).get(final) or FINALS.get(final, "")
    return INITIALS.get(initial, "") + ending if ending else ""


def japanese() -> Iterator[tuple[str, str]]:
    """Give the morae of Japanese with Hepburn's romanisation."""
    simple = dict(MORAE)
    for table, vowels in ((CONSONANTS, VOWELS), (BEFORE_Y, SOFT_VOWELS)):
        for (consonant, first), (vowel, second) in product(table.items(), vowels.items()):
            if consonant + vowel not in NO_MORAE:
                simple.setdefault(consonant + vowel, first + second)
    yield from simple.items()
    for mora, reading in simple.items():
        if mora[0] in "кстп" and len(mora) > 1:
            yield mora[0] + mora, reading[0] + reading
        if mora[0] in "бмп":
            yield "м" + mora, "n" + reading


def vietnamese() -> Iterator[tuple[str, str]]:
    """Give the rimes of Vietnamese."""
    rimes = {vowel + last: first + second for (vowel, first), (last, second) in product(MIDDLE.items(), LAST.items())}
    yield from (rimes | RIMES).items()


def main() -> None:
    """Write the table to standard output."""
    tables: dict[str, Iterator[tuple[str, str]] | Mapping[str, str]] = {
        "chinese": chinese(),
        "japanese": japanese(),
        "vietnamese initial": FIRST,
        "vietnamese rime": vietnamese(),
        "korean initial": KOREAN_INITIALS,
        "korean vowel": KOREAN_VOWELS,
        "korean vowel after sibilants": AFTER_SIBILANTS,
        "korean final": KOREAN_FINALS,
    }
    sys.stdout.write("system\twritten\tstands for\n")
    for system, table in tables.items():
        for written, read in dict(table).items():
            sys.stdout.write(f"{system}\t{written}\t{read}\n")


if __name__ == "__main__":
    main()
