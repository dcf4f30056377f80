"""This module holds what a parsed name consists of."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from search.names.spelling import Slot


class Kind(StrEnum):
    """What a part is to its name."""

    PLAIN = "plain"
    FAMILY = "family"
    GIVEN = "given"
    TITLE = "title"
    PARTICLE = "particle"
    PATRONYMIC = "patronymic"
    INITIAL = "initial"


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One word of a name in its forms. Equal words share one object, so that comparisons can be remembered.

    Attributes:
        text: as it is written, without signs that are no letters.
        kind: what it is to the name.
        script: its script, four letters of ISO 15924.
        latin: in the letters a to z (and digits).
        forms: all romanisations that are compared, `latin` first.
        sound: `latin` with one letter for each sound.
        bones: its consonants by class of sound.
        letters: the classes of these consonants, one bit each; none where a syllabary bends them.
        slots: for a script of its own, the Latin spellings of each unit with their costs; else empty.
        weight: how much it counts in its name: 1 for a name, less for titles, particles and initials.
        native: the units of its script on one line, by which two words of one script are compared; Han is
            simplified.
        mass: its weight in a comparison, by its length too; never 0, so that a name of particles is itself.
        stem: of a patronymic that an ending makes the father's name, in Latin letters; else empty.
        known: whether it is a common name.
        groups: the names that it is a nickname or a form of.
        translations: the names that it is the form of in a language where that is another name: John of Ivan.
        cut: whether it may be the beginning of a longer word.
        article: for an Arabic word without its article the same with it, which may be no article but part of the name
            (Elias), or be written with it (Elsayed).
        arabic: for a word that a machine readable zone may have written for an Arabic one: that word.
        span: its length in letters; in units where each is heavy, as the consonants of Arabic and the jamo of Hangul.
        written: how much of its span is surely written in other letters too; of Arabic and Hebrew its consonants.
    """

    text: str
    kind: Kind
    script: str
    latin: str
    forms: tuple[str, ...]
    sound: str
    bones: str
    letters: int
    slots: tuple[Slot, ...]
    weight: float
    native: str
    mass: float
    stem: str
    known: bool
    groups: frozenset[str]
    translations: frozenset[str]
    cut: bool
    article: "Part | None"
    arabic: "Part | None"
    span: float
    written: float

    @property
    def word(self) -> str:
        """The word as it is compared and counted: in its own script, else in the letters a to z."""
        return self.native or self.latin


class Language(StrEnum):
    """A language whose names Russian writes by rules of its own."""

    CHINESE = "chinese"
    JAPANESE = "japanese"
    VIETNAMESE = "vietnamese"


class Reading(NamedTuple):
    """What a name in Cyrillic may be in Latin letters.

    Attributes:
        language: by whose rules it was read.
        words: its words; each keeps the text that it was read of.
        syllables: of a Chinese name those of pinyin, none where a foreign name stands beside it; of a Vietnamese one
            its words; of a Japanese one none.
    """

    language: Language
    words: tuple[Part, ...]
    syllables: tuple[str, ...]


HangulSyllables = tuple[str, ...]
"""A Korean name syllable by syllable; each is all syllables of Hangul, on one line, that it may be."""


@dataclass(frozen=True, slots=True)
class Name:
    """A parsed name: its parts in their order. Two names are equal that were written and parted alike.

    Attributes:
        text: as it is written.
        parts: its words in their order.
        whole: the words, each in its script, in the order of the alphabet: the same however they are ordered.
        latin: what a name in Cyrillic may be that Russian writes as it does Chinese, Japanese and Vietnamese ones.
        korean: of one that may be Korean, its syllables, the family name first.
    """

    text: str
    parts: tuple[Part, ...] = field(repr=False)
    whole: str = field(compare=False, repr=False)
    latin: tuple[Reading, ...] = field(default=(), compare=False, repr=False)
    korean: tuple[HangulSyllables, ...] = field(default=(), compare=False, repr=False)

    @property
    def telling(self) -> tuple[Part, ...]:
        """The parts that tell people apart: not titles, particles and initials, unless it has no others."""
        return tuple(one for one in self.parts if one.weight and one.kind is not Kind.INITIAL) or self.parts
