"""This module bounds what a comparison of names may cost, however they are written.

An agency's register may hold anything as a name, and anything may be asked for: ten names of twelve words of forty Han
characters against two hundred such names. Whoever else waits for an answer must not wait for that. So effort is
counted, in steps of reading (`search.names.spelling.cost`), and where it is spent, words are only looked at: equal ones
are one word, all others are not alike.
"""

A_PAIR = 10_000
"""What two names may cost."""
A_RECORD = 200_000
"""What all names of a record may cost, with all that are asked for."""
A_JOINING = 500_000
"""What all names of an answer may cost that are compared to tell which of its records are of one person: half a second,
at about a microsecond each."""
TWO_SUBJECTS = 400_000
"""What those of any two of its subjects may cost of it: twenty names of either, at what names in Arabic cost."""
A_READING = 2_500
"""What one word may cost that is read aloud in all ways, to be compared with one other."""
TWO_NAMES = 100
"""What it costs to take up two names, whatever their words then cost."""
LOOK = 4
"""What it costs to find that two words are other words, or one word."""
JOIN = 30
"""What it costs to find that two words together are another word."""
SPEAK = 60
"""What it costs to make a word of one way to read a name aloud."""
MAKE = 60
"""What it costs to make a word of two words, to be compared."""


class Effort:
    """What may still be spent; `fell_short` tells that some names of a record got less of it than their due."""

    __slots__ = ("fell_short", "left")

    def __init__(self, left: int) -> None:
        self.left = left
        self.fell_short = False

    def spend(self, steps: int) -> bool:
        """Spend some of it; tell whether it was there. What costs more than is left leaves nothing."""
        self.left -= steps
        return self.left >= 0
