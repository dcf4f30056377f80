"""This module reads, writes and shortens the name field of machine readable zones.

Source: ICAO Doc 9303, 8th edition, part 3 (4.6), and the rules of truncation of parts 4, 5, 6 and 7 (4.2.3): the states
choose which words they shorten; each word keeps a letter at least, and a field whose last place holds a letter must be
taken for cut.
"""

from collections.abc import Sequence

from contracts.identity import PersonName
from search.mrz.check_digits import FILLER
from search.mrz.letters import transliterate

_PARTS = FILLER * 2


def read_name(field: str) -> tuple[PersonName | None, bool]:
    """Part the names: `<<` stands between the primary and the secondary identifier, `<` between their words.

    Returns:
        The name, None where the field is empty, and whether it may be cut.
    """
    family, _, given = field.rstrip(FILLER).partition(_PARTS)
    return name_of(family, given), not field.endswith(FILLER)


def name_of(family: str, given: str) -> PersonName | None:
    """Make a name of what stands in the zone for both identifiers."""
    parts = [" ".join(part.replace(FILLER, " ").split()) or None for part in (family, given)]
    return PersonName(family=parts[0], given=parts[1]) if any(parts) else None


def identifiers(name: PersonName, language: str | None = None) -> tuple[str, str]:
    """Give the primary and the secondary identifier of a name in zone letters.

    A name that is not parted is a primary identifier alone, as the rule has it for those who have no family name.
    """
    if name.family or name.given:
        family, given = (transliterate(part or "", language) for part in (name.family, name.given))
        return family, given
    return transliterate(name.full or "", language), ""


def write_name(name: PersonName | None, width: int, language: str | None = None) -> str:
    """Write the name field, shortened where it is too long.

    The first given name is kept whole while a third of the field suffices for it; of the family names the first is
    kept whole and the others are shortened alike.
    """
    family, given = identifiers(name, language) if name is not None else ("", "")
    if not given:
        return shortened(family.split(FILLER), width).ljust(width, FILLER)
    kept = min(len(given.split(FILLER)[0]), width // 3)
    primary = shortened(family.split(FILLER), width - len(_PARTS) - kept)
    secondary = given[: width - len(_PARTS) - len(primary)]
    if secondary.endswith(FILLER):  # the last place has to show that something is missing
        secondary = _filled(given, len(secondary))
    return f"{primary}{_PARTS}{secondary}".ljust(width, FILLER)


def shortened(words: Sequence[str], room: int) -> str:
    """Join words by fillers within `room` places: the first is kept whole if it can be, the others get equal shares."""
    joined = FILLER.join(words)
    if len(joined) <= room:
        return joined
    kept = [*words[: (room + 1) // 2]]  # a letter and a filler for each is the least
    lengths = [1] * len(kept)
    spare = room - 2 * len(kept) + 1
    lengths[0] = min(len(kept[0]), 1 + spare)
    spare -= lengths[0] - 1
    while spare > 0 and (short := [n for n in range(len(kept)) if lengths[n] < len(kept[n])]):
        for place in sorted(short, key=lambda n: (lengths[n], n))[:spare]:
            lengths[place] += 1
            spare -= 1
    return FILLER.join(word[:length] for word, length in zip(kept, lengths, strict=True))


def may_stand_for(field: str, name: PersonName, language: str | None = None) -> bool:
    """Tell whether a name field may be how a state writes `name`, shortened by whatever of the permitted rules.

    Each word of the field opens the word of the name that has its place; words are missing at the end alone, and only
    where the field is full.
    """
    family, _, given = field.rstrip(FILLER).partition(_PARTS)
    whole_family, whole_given = identifiers(name, language)
    is_full = not field.endswith(FILLER)
    if bool(given) != bool(whole_given) and not is_full:
        return False
    pairs = ((family, whole_family), (given, whole_given))
    return all(_opens(short, whole, is_cut=is_full) for short, whole in pairs)


def _opens(short: str, whole: str, *, is_cut: bool) -> bool:
    mine, theirs = short.split(FILLER), whole.split(FILLER)
    if not is_cut:
        return mine == theirs
    return len(mine) <= len(theirs) and all(word.startswith(part) for part, word in zip(mine, theirs, strict=False))


def _filled(text: str, length: int) -> str:
    """Cut to `length` so that the last place holds a letter: the longest word gives up its last letter."""
    words = text[:length].rstrip(FILLER).split(FILLER)
    longest = max(range(len(words)), key=lambda place: (len(words[place]), place))
    if len(words[longest]) == 1:
        return text[:length]  # initials have no letter to give
    words[longest] = words[longest][:-1]
    return f"{FILLER.join(words)}{FILLER}{text[length]}"
