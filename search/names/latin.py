"""This module brings text of any script to the letters a to z: the plain form that keys and comparisons start from."""

import re
import unicodedata

from anyascii import anyascii

_NOT_SPACING = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u05b0-\u05c7]")  # vowel marks of Arabic and Hebrew
_ARTICLE = re.compile("\\b\u0627\u0644(?=\\w{3})")  # the Arabic article, which joins its word; Latin spellings part it
APOSTROPHES = "'`\u2018\u2019\u201b\u02b9\u02ba\u02bb\u02bc\u02bd\u02be\u02bf\u00b4\u05f3\u0384"
"""Signs that stand for no letter, or for one that no other alphabet has; words are not parted there."""
_APOSTROPHES = re.compile(f"[{APOSTROPHES}]")
_NO_WORD = re.compile(r"[^a-z0-9]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_EAST_ASIAN = re.compile("[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af]")
MAX_TEXT = 400  # characters of one name that are looked at; the longest field of a contract holds 300


def latin(text: str) -> str:
    """Write `text` in the letters a to z, digits and single spaces; what no alphabet knows becomes a space."""
    if not text.isascii():
        text = _ARTICLE.sub("", _NOT_SPACING.sub("", unicodedata.normalize("NFKC", text)))
        east_asian = _EAST_ASIAN.search(text) is not None
        text = anyascii(text)
        if east_asian:
            # One syllable, one word: how they join differs from romanisation to romanisation.
            text = _CAMEL.sub(" ", text)
    return _NO_WORD.sub(" ", _APOSTROPHES.sub("", text).casefold()).strip()
