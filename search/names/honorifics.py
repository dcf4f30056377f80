"""This module leaves out what stands with a name in politeness, in one word with it or behind it: 맹정은씨, 王先生.

What is a word of its own in other scripts is in the table `titles`. By hand, of common knowledge of the languages.
"""

import re

_HANGUL, _HAN = "[\uac00-\ud7af]", "[\u4e00-\u9fff]"
_IN_ONE_WORD = (
    # a letter of the name, how many of them stand before it at least, what it writes behind them
    (_HANGUL, 1, ("선생님",)),
    (_HANGUL, 2, ("씨",)),
    (_HANGUL, 3, ("님", "선생", "여사")),  # a given name may end so
    (_HAN, 1, ("先生", "女士", "小姐", "太太", "夫人", "同志", "阁下", "閣下", "氏", "様")),
)
"""What Korean, Chinese and Japanese write behind a name, in one word with it or as a word of its own."""
_APART = ("귀하", "さん", "さま", "くん", "ちゃん", "殿")  # what may end a name that is written in one word, too
_BEHIND = re.compile("|".join(f"(?<={letter}{{{least}}})(?:{'|'.join(said)})$" for letter, least, said in _IN_ONE_WORD))
_ALONE = frozenset(_APART).union(*(said for *_, said in _IN_ONE_WORD))
_EAST_ASIAN = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")


def without_honorifics(words: list[str]) -> list[str]:
    """Leave out honorifics of East Asia, behind a name or in one word with it, where a name is left."""
    if not any(map(_EAST_ASIAN.match, words)):
        return words
    return [_BEHIND.sub("", word) for place, word in enumerate(words) if not place or word not in _ALONE]
