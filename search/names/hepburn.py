"""This module writes Japanese words in Latin letters as Hepburn's romanisation does, from that of ISO 3602 (Kunrei)."""

import re
from functools import lru_cache

_KUNREI = {"sy": "sh", "ty": "ch", "zy": "j", "si": "shi", "ti": "chi", "zi": "ji", "tu": "tsu", "hu": "fu"}
_UNIT = re.compile(f"(?<![sc])(?:{'|'.join(_KUNREI)})")  # shu and chu are Hepburn already
_JAPANESE = re.compile(
    "(?:(?:k(?=k)|s(?=s)|t(?=t|ch)|p(?=p)|c(?=ch))?(?:sh|ch|ts|[bdfghjkmnprstwyz]y?)?[aeiou]"
    "|n(?![aeiouy])|m(?=[bmp])|(?<=o)h(?![aeiou]))+"
)
"""Words of Japanese morae in whatever romanisation: an n, or m, may close one, and an h may lengthen an o."""


def is_japanese(word: str) -> bool:
    """Tell whether a word in Latin letters may be a Japanese one: whether it consists of morae."""
    return _JAPANESE.fullmatch(word) is not None


@lru_cache(maxsize=8_192)
def hepburn(word: str) -> str:
    """Write what ISO 3602 writes otherwise in a Japanese word as Hepburn does: Junitiro as Junichiro.

    All else stays as it is, and so does any word that is no Japanese one.
    """
    if not _UNIT.search(word) or not is_japanese(word):
        return word
    return _UNIT.sub(lambda unit: _KUNREI[unit[0]], word)
