"""This module spells names as clerks do: several Latin forms of one native name, and slips of the keyboard."""

import random

from anyascii import anyascii

Rules = tuple[tuple[str, str], ...]

# How clerks of other languages hear the same name. Each row of rules is one tradition.
TRADITIONS: dict[str, tuple[Rules, ...]] = {
    "Cyrl": (
        (("shch", "chtch"), ("sh", "ch"), ("zh", "j"), ("u", "ou"), ("ts", "tz")),
        (("zh", "sch"), ("v", "w"), ("ya", "ja"), ("yu", "ju"), ("kh", "ch"), ("iy", "ij")),
        (("ya", "ia"), ("yu", "iu"), ("ye", "ie"), ("iy", "y"), ("ks", "x")),
    ),
    "Geor": ((("q", "k"), ("dz", "z"), ("kh", "h")), (("v", "w"), ("sh", "sch"), ("ts", "z"), ("j", "dsch"))),
    "Armn": ((("gh", "g"), ("kh", "h"), ("y", "i")), (("j", "dj"), ("sh", "ch"), ("v", "w"))),
    "Grek": (
        (("gg", "ng"), ("gk", "g"), ("mp", "b"), ("nt", "d")),
        (("ch", "h"), ("ei", "i"), ("oi", "i"), ("f", "ph")),
    ),
    "Hans": ((("zh", "ch"), ("x", "hs"), ("q", "ch"), ("z", "ts")),),
    "Hang": ((("eo", "u"), ("gy", "ky")), (("eu", "u"), ("u", "oo"), ("ye", "yu"))),
}

# Romanised family names of Korea are custom, not rule.
KOREAN_FAMILIES = {
    "김": ("Kim", "Gim"), "이": ("Lee", "Yi", "Rhee"), "박": ("Park", "Pak", "Bak"), "최": ("Choi", "Choe"),
    "정": ("Jung", "Chung", "Jeong"), "강": ("Kang", "Gang"), "조": ("Cho", "Jo"), "윤": ("Yoon", "Yun"),
    "장": ("Jang", "Chang"), "임": ("Lim", "Im"), "신": ("Shin", "Sin"), "권": ("Kwon", "Gwon"),
}  # fmt: skip

# Letters that documents write in two ways (ICAO Doc 9303-3, section 6 A): the doublet and the bare letter.
DOUBLETS = {
    "ä": "ae",
    "ö": "oe",
    "ü": "ue",
    "ß": "ss",
    "ø": "oe",
    "å": "aa",
    "ñ": "nxx",
    "ə": "a",
    "ş": "sh",
    "ç": "ch",
}

# Letter by letter is not yet how passports spell.
PASSPORT: dict[str, Rules] = {"Grek": (("oy", "ou"),), "Armn": (("ow", "u"), ("rr", "r"))}

KEYBOARD_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def romanisations(text: str, script: str) -> tuple[str, ...]:
    """Give the Latin spellings of a name, the plainest first; none repeated, none empty."""
    if script == "Hang" and text in KOREAN_FAMILIES:
        return KOREAN_FAMILIES[text]
    if script == "Latn":
        doubled = "".join(DOUBLETS.get(letter, letter) for letter in text.lower())
        spellings = [anyascii(text), anyascii(doubled.replace("xx", ""))]
    else:
        plain = _respelt(anyascii(text).lower(), PASSPORT.get(script, ()))
        spellings = [plain, *(_respelt(plain, rules) for rules in TRADITIONS.get(script, ()))]
    return tuple(dict.fromkeys(_tidy(spelling) for spelling in spellings if _tidy(spelling)))


def _respelt(text: str, rules: Rules) -> str:
    for old, new in rules:
        text = text.replace(old, new)
    return text


def _tidy(text: str) -> str:
    kept = "".join(letter for letter in text if letter.isascii() and (letter.isalpha() or letter in " -"))
    return " ".join("-".join(part.capitalize() for part in word.split("-")) for word in kept.split())


def slip(text: str, rng: random.Random) -> str:
    """Make one slip of the keyboard in a Latin name: a letter doubled, dropped, swapped or its neighbour struck."""
    at = rng.randrange(1, len(text)) if len(text) > 1 else 0
    letter = text[at]
    if not letter.isalpha():
        return text
    kind = rng.randrange(4)
    if kind == 0:
        return text[:at] + letter + text[at:]
    if kind == 1 and len(text) > 3:  # noqa: PLR2004 - a name of three letters would not be known again
        return text[:at] + text[at + 1 :]
    if kind == 2 and at + 1 < len(text) and text[at + 1].isalpha():  # noqa: PLR2004 - the third kind
        return text[:at] + text[at + 1] + letter + text[at + 2 :]
    return text[:at] + _neighbour(letter, rng) + text[at + 1 :]


def _neighbour(letter: str, rng: random.Random) -> str:
    for row in KEYBOARD_ROWS:
        at = row.find(letter.lower())
        if at >= 0:
            return row[at + rng.choice((-1, 1))] if 0 < at < len(row) - 1 else row[1 if at == 0 else at - 1]
    return letter
