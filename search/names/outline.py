"""This module gives outlines: the consonants of a word by place of articulation, alike in all scripts.

An outline is coarser than a skeleton: it keeps labials (P), dentals (T), sibilants (S), velars (K), m (M), n (N) and
liquids (R), and drops vowels, h, v, w and y, which scripts and ears treat as they like: a letter of Arabic and Hebrew
is v, w, o or u, and a family name in -ov of Russian ends in -ou in Belarusian. A dental before a sibilant is heard as
one sound with it, for which other alphabets have a letter: Arabic writes the ch of Yankovich as t and sh. Where a
letter may be of two classes, a word has an outline for each.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from search.names.latin import latin
from search.names.spelling import Slot

MOST = 4  # outlines of one word
AS_USUAL = 0.12  # a spelling that costs no more is as good as the usual one
_UNIT = re.compile("shch|tsch|tch|sch|dzh|ch|sh|zh|dj|kh|gh|ph|th|dh|ts|tz|cz|sz|hs|ck|qu|ng|[a-zGX]")
_PARTED_NG = re.compile("(?<=.)ng(?=[aeiouy])")
_CLASSES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("b", "p", "f", "ph"), ("P",)),
    **dict.fromkeys(("t", "d"), ("T",)),
    **dict.fromkeys(("s", "z", "sh", "sch", "shch", "tch", "tsch", "zh", "dj", "dzh"), ("S",)),
    **dict.fromkeys(("cz", "sz", "hs"), ("S",)),
    **dict.fromkeys(("ts", "tz"), ("S", "T")),
    **dict.fromkeys(("k", "q", "kh", "gh", "ck", "qu"), ("K",)),
    **dict.fromkeys(("l", "r"), ("R",)),
    "m": ("M",), "n": ("N",), "ng": ("N",), "G": ("NK", "N"),
    "ch": ("S", "K"), "c": ("K", "S"), "g": ("K", "S"), "x": ("K", "S"), "X": ("KS", "K", "S"), "j": ("S", ""),
    "th": ("T", "S"), "dh": ("T", "S"),
}  # fmt: skip
_SILENT = ("",)
_SLAVIC = re.compile("(?<=v)ic$")  # where a zone leaves the mark out, the ending of Janković is no k
# By hand: letters whose marks tell the sound, of Slavic, Baltic, Romanian, Albanian and Turkish names.
_SOUNDED = str.maketrans(
    {
        **dict.fromkeys("ćčç", "ch"), **dict.fromkeys("śšşș", "sh"), **dict.fromkeys("źžż", "zh"),
        **dict.fromkeys("țţ", "ts"), "đ": "dj", "ğ": "g", "ř": "rzh",
    }
)  # fmt: skip
_MET = {"TS": "S", "NP": "MP", **{one * 2: one for one in "PTSKMNR"}}


@lru_cache(maxsize=8_192)
def outlines(plain: str) -> tuple[str, ...]:
    """Give the outlines of a word in the letters a to z, the likeliest first.

    An x within a word is mostly two sounds, as in Alexander; at its beginning one, as in Xiao. So is ng before a vowel,
    as in Angela; else it is one, as in Wang and Nguyen.
    """
    written = _SLAVIC.sub("ich", _PARTED_NG.sub("G", plain[:1] + plain[1:].replace("x", "X")))
    classes = [_CLASSES.get(unit, _SILENT) for unit in _UNIT.findall(written)]
    told = combined(classes)
    if len(told) < MOST:
        return told
    # What one letter is, another mostly is as well: George has two sibilants where it has one.
    second = combined(options[-1:] for options in classes)
    return tuple(dict.fromkeys((*told[:1], *second, *told[1:])))[:MOST]


def outlines_as_marked(word: str) -> tuple[str, ...]:
    """Give the outlines of a Latin word by the sounds that the marks of its letters tell: of none where there are none.

    A c may be a k; a ć never is.
    """
    marked = unicodedata.normalize("NFC", word).casefold()
    sounded = marked.translate(_SOUNDED)
    return outlines(latin(sounded).replace(" ", "")) if sounded != marked else ()


def outlines_of(slots: Sequence[Slot]) -> tuple[str, ...]:
    """Give the outlines of a word in its own script, by the spellings that its units take most."""
    return combined(_classes(one) for one in slots)


def combined(classes: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Join what each unit may be; where that makes too many, the later units keep only what they are most often."""
    found = [""]
    for options in classes:
        if len(options) == 1:
            if tail := options[0]:
                found = [_joined(head, tail) for head in found]
            continue
        tails = options if len(found) * len(options) <= MOST else options[:1]
        found = [_joined(head, tail) for tail in tails for head in found]
    return tuple(dict.fromkeys(filter(None, found)))


def _joined(head: str, tail: str) -> str:
    """Join two outlines; two consonants that meet may be heard as one, and n before a labial as m."""
    if head and tail and (met := _MET.get(head[-1] + tail[0])):
        return head[:-1] + met + tail[1:]
    return head + tail


@lru_cache(maxsize=4_096)
def _classes(one: Slot) -> tuple[str, ...]:
    cheap = sorted(
        (price, spelling) for spellings in one.starts.values() for spelling, _, price in spellings if price <= AS_USUAL
    )
    classes = [outlines(spelling)[:1] or _SILENT for _, spelling in cheap]
    kinds = dict.fromkeys(kind for (kind,) in classes)
    if one.skip <= AS_USUAL:
        kinds[""] = None
    return tuple(kinds)[:3] or _SILENT
