"""This module parts what Arabic names join: servants of God (Abdurrahman) and names of the religion (Nureddin).

One servant of God may be written in one word or three: each is parted into the servant, without its article, and the
name of God.
"""

import re
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import OSA

from search.names import arabic, data

LEAST_NAME = 4  # letters of a name of God that stands in one word with its servant and a slip
_SERVANT = re.compile(
    r"^(abd)(?:(?>o[ou]|[aeiou])(?:l|r(?=r)|s(?=s)|z(?=z)|d(?=d)|n(?=n)|t(?=t))?|l)(?!l?ah$|l?l)([a-z]{4,})$"
)
_ALONE = re.compile(  # also Abdur, Abdus, and in Cyrillic
    "^(?:abd(?:(?:o[ou]|[aeuo])l|(?:ou|u)(?:[dnrstz]|sh))|"
    "\u0430\u0431\u0434(?:[\u0430\u0435\u043e\u0443]\u043b\u044c?|\u0443[\u0434\u0437\u043d\u0440\u0441\u0442\u0448]))$"
)
_ARABIC = "\u0639\u0628\u062f\u0627\u0644"
_OF_ZONE = re.compile("^(EBD)(AL[A-Z]{3,})$")  # in a zone; EBDALLH stays, as Abdullah does
_USUAL = ("abdul", "abdel")  # as most write it; one of them with a slip is looked for before an Arabic name
_SLIPPED = range(4, 7)  # letters of it then; of four only what lacks the first: Abul and Adel are names

LEAST_OF_RELIGION = 7  # letters; Aladdin and shorter ones are names of their own
_RELIGION = re.compile(r"^([a-z]{3,}?)(?:ou|[aeiou])(?:l-?)?d{1,2}(?:i|ee|y)n(?:e?)$")
_RELIGION_ARABIC = re.compile("^(\\w{2,})(\u0627\u0644\u062f[\u064a\u06cc]\u0646)$")  # Nureddin, as one word


def parted(word: str) -> list[str]:
    """Part a word; give it by itself where it is no such name."""
    folded = word.casefold()
    if _ALONE.match(folded):
        return [word[:3]]
    if word.isascii():
        return _parted_latin(word, folded)
    if word.startswith(_ARABIC) and len(word) > len(_ARABIC) + 1:
        return [word[:3], word[3:]]
    religion = _RELIGION_ARABIC.match(word)
    return [religion[1], religion[2]] if religion else [word]


def _parted_latin(word: str, folded: str) -> list[str]:
    if servant := _SERVANT.match(folded):
        return [word[:3], word[servant.start(2) :]]
    if slipped := _slipped(folded):
        return ["abd", word[slipped:]]
    if len(word) >= LEAST_OF_RELIGION and folded not in data.known() and (religion := _RELIGION.match(folded)):
        return [word[: religion.end(1)], "din"]
    return [word]


def parted_in_zone(words_of_zone: list[str]) -> list[str]:
    """Part the servants of God in words that a zone has written for Arabic ones, as Arabic words are parted."""
    servants = ((word, _OF_ZONE.match(word)) for word in words_of_zone)
    return [half for word, servant in servants for half in (servant.groups() if servant else (word,))]


def slips_mended(words: list[str]) -> list[str]:
    """Write the servant of God without its article where it stands with a slip before an Arabic name: Adbul Rahman."""
    return ["abd" if _slips_before(word, after) else word for word, after in pairwise([*words, ""])]


def _slips_before(word: str, after: str) -> bool:
    return len(word) in _SLIPPED and after.casefold() in arabic.of_latin() and _is_slipped(word.casefold())


def _slipped(word: str) -> int:
    """Give where the name of God begins behind a servant that is written with a slip (Adbulrahman), else 0."""
    for end in _SLIPPED:
        if len(word) >= end + LEAST_NAME and word[end:] in arabic.of_latin() and _is_slipped(word[:end]):
            return end
    return 0


@lru_cache(maxsize=1_024)
def _is_slipped(word: str) -> bool:
    """Tell whether a word is the servant of God with one slip, and no name: Adbul, Avdul, Bdul; not Abul, not Adel.

    Left as it is, it would have hardly a letter in common with the `abd` that stands for it elsewhere.
    """
    if word in data.known():
        return False
    near = [servant for servant in _USUAL if OSA.distance(word, servant, score_cutoff=1) == 1]
    return any(len(word) >= len(servant) or word == servant[1:] for servant in near)
