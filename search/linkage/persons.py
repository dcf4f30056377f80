"""This module holds what is compared when records are linked: a person as one record has it, ready to compare."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import chain
from typing import TypeVar

from contracts.countries import state_of
from contracts.dates import PartialDate
from contracts.identity import IdentityData, Sex, document_number
from search.linkage.names import Words, words_of

_Value = TypeVar("_Value")

WHOLE = 8  # digits of a year, a month and a day
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
    what is no date stays as it is written, for a slip may be all that is wrong. Nationalities are the codes by which
    states compare (`contracts.countries`). `extras` are compared as text.
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


def record_of(
    reference: str, source: str, identities: Iterable[IdentityData], documents: Iterable[str] = ()
) -> LinkRecord:
    """Make the record of one person of one source: all names, dates and documents that any identity of hers has.

    A source that gives a person both sexes does not know it. `documents` are texts that compare as they are.
    """
    names: dict[Words, None] = {}
    dates: dict[PartialDate, None] = {}
    sexes: set[str] = set()
    nationalities: dict[str, None] = {}
    places: dict[str, None] = {}
    for identity in identities:
        names |= dict.fromkeys(map(words_of, identity.names))
        dates |= dict.fromkeys(identity.birth_dates)
        sexes.add(identity.sex)
        nationalities |= dict.fromkeys(map(state_of, identity.nationalities))
        places |= dict.fromkeys(filter(None, [plain(identity.birth_place or "")]))
    return LinkRecord(
        id=reference,
        source=source,
        names=tuple(NameParts(full=name) for name in names),
        birth_dates=tuple(str(date).replace("-", "") for date in dates),
        sex=one_sex(sexes),
        nationalities=tuple(nationalities),
        birth_places=tuple(places),
        documents=tuple(dict.fromkeys(documents)),
    )


def united(records: Sequence[LinkRecord]) -> LinkRecord:
    """Make one record of all that several have: it says what any of them says, under the name of the first."""
    return LinkRecord(
        id=records[0].id,
        source=records[0].source,
        names=_all(record.names for record in records),
        birth_dates=_all(record.birth_dates for record in records),
        sex=one_sex({record.sex for record in records}),
        nationalities=_all(record.nationalities for record in records),
        birth_places=_all(record.birth_places for record in records),
        documents=_all(record.documents for record in records),
    )


def _all(held: Iterable[Iterable[_Value]]) -> tuple[_Value, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(held)))


def one_sex(said: AbstractSet[str]) -> str:
    """Give the sex that is said: F or M before X, which leaves it open; nothing where both are."""
    known = said & {Sex.FEMALE, Sex.MALE}
    if known:
        return str(*known) if len(known) == 1 else ""
    return str(Sex.UNSPECIFIED) if Sex.UNSPECIFIED in said else ""


def plain(text: str) -> str:
    """Bring text to the form that compares: small letters, single spaces, no accents apart from their letters."""
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", text)).strip().casefold()


def sex_code(written: str) -> str:
    """Give F, M or X, nothing for whatever else is written."""
    return _SEXES.get(plain(written), "")


def number_text(written: str) -> str:
    """Bring a document number to capitals and digits."""
    return document_number(written)
