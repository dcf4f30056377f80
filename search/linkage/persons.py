"""This module holds what is compared when records are linked: a person as one record has it, ready to compare."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from contracts.identity import DocumentRef, IdentityData, Sex, document_number
from search.linkage.names import Words, words

_DIGITS = re.compile(r"\d+")
_WHOLE = 8  # digits of a year, a month and a day
_MONTHS = 12
_SPACES = re.compile(r"\s+")
_SEXES = {"f": "F", "female": "F", "w": "F", "m": "M", "male": "M", "x": "X"}


@dataclass(frozen=True, slots=True)
class NameParts:
    """One name: the words of the given and of the family name, or all of them where the record does not part them."""

    given: Words = ()
    family: Words = ()
    full: Words = ()

    @property
    def all(self) -> Words:
        """The words of the whole name."""
        return self.full or (*self.given, *self.family)


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """A person as one record has it.

    `id` is unique among all that are linked, `source` is the system or file. Dates are eight digits, a year alone four;
    what is no date stays as it is written, for a slip may be all that is wrong. `extras` are compared as text.
    """

    id: str
    source: str = ""
    names: tuple[NameParts, ...] = ()
    birth_dates: tuple[str, ...] = ()
    sex: str = ""
    nationalities: tuple[str, ...] = ()
    birth_places: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    extras: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def record_of(reference: str, source: str, identity: IdentityData, documents: Sequence[DocumentRef] = ()) -> LinkRecord:
    """Make the record of what a contract holds."""
    names = tuple(
        NameParts(full=words(name.full)) if name.full else NameParts(words(name.given or ""), words(name.family or ""))
        for name in identity.names
    )
    return LinkRecord(
        id=reference,
        source=source,
        names=names,
        birth_dates=tuple(str(date).replace("-", "") for date in identity.birth_dates),
        sex="" if identity.sex is Sex.UNKNOWN else identity.sex,
        nationalities=identity.nationalities,
        birth_places=tuple(filter(None, [plain(identity.birth_place or "")])),
        documents=tuple(dict.fromkeys(document.number for document in documents)),
    )


def plain(text: str) -> str:
    """Bring text to the form that compares: small letters, single spaces, no accents apart from their letters."""
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", text)).strip().casefold()


def date_text(written: str) -> str:
    """Bring a date to eight digits, or four of a year; day before month, unless only the other order is possible.

    What is neither is handed back without spaces and signs.
    """
    written = "".join(str(unicodedata.decimal(sign, sign)) for sign in written)
    parts = _DIGITS.findall(written)
    joined = "".join(parts)
    if len(parts) == 3 and len(joined) >= len("111960"):  # noqa: PLR2004  year, month and day
        if len(parts[0]) == 4:  # noqa: PLR2004  the year comes first
            return f"{parts[0]}{parts[1]:0>2}{parts[2]:0>2}"
        if len(parts[2]) == 4:  # noqa: PLR2004  the year comes last
            day, month = parts[:2] if int(parts[1]) <= _MONTHS else (parts[1], parts[0])
            return f"{parts[2]}{month:0>2}{day:0>2}"
    return plain(re.sub(r"[\s./-]", "", written))


def sex_code(written: str) -> str:
    """Give F, M or X, nothing for whatever else is written."""
    return _SEXES.get(plain(written), "")


def number_text(written: str) -> str:
    """Bring a document number to capitals and digits."""
    return document_number(written)
