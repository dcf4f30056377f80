"""This module leaves out what stands with a name in politeness, in one word with it or behind it: 박정은씨, 王先生.

What is a word of its own in other scripts is in the table `titles`. By hand, of common knowledge of the languages.
"""

import re

_BEHIND = re.compile(
    "(?<=[\uac00-\ud7af]{2})씨$|(?<=[\uac00-\ud7af]{3})(?:님|선생님|선생|여사)$"
    "|(?<=[\u4e00-\u9fff])(?:先生|女士|小姐|太太|夫人|同志|阁下|閣下|氏|様)$"
)
"""What Korean, Chinese and Japanese write behind a name in one word with it."""
_ALONE = frozenset(
    {
        "씨",
        "님",
        "선생",
        "선생님",
        "여사",
        "귀하",
        "さん",
        "さま",
        "くん",
        "ちゃん",
        "様",
        "氏",
        "殿",
        "先生",
        "女士",
        "小姐",
        "太太",
        "夫人",
        "同志",
        "閣下",
        "阁下",
    }
)
_EAST_ASIAN = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")


def without_honorifics(words: list[str]) -> list[str]:
    """Leave out honorifics of East Asia, behind a name or in one word with it, where a name is left."""
    if not any(map(_EAST_ASIAN.match, words)):
        return words
    return [_BEHIND.sub("", word) for place, word in enumerate(words) if not place or word not in _ALONE]
