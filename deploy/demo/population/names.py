"""This module holds the parts that invented names are composed of: a native form and the spellings in use for it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from faker import Faker

from deploy.demo.population import arabic, persian
from deploy.demo.population.spelling import romanisations

POOL_SIZE = 400  # parts of each kind a culture; combined they give far more names than any population needs


@dataclass(frozen=True, slots=True)
class NamePart:
    """One given or family name. `latin` begins with the spelling that a passport of the country would carry."""

    native: str
    latin: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Culture:
    """Where names come from, and the nationalities whose people bear them (repeated as often as they weigh)."""

    locale: str
    script: str  # ISO 15924
    nationalities: tuple[str, ...]
    weight: int
    two_family_names: bool = False


@dataclass(frozen=True, slots=True)
class NamePool:
    """The parts of one culture; where family names have a feminine form, the two tuples run in parallel."""

    culture: Culture
    male: tuple[NamePart, ...]
    female: tuple[NamePart, ...]
    family_male: tuple[NamePart, ...]
    family_female: tuple[NamePart, ...]


CULTURES = (
    Culture("arabic", "Arab", ("SYR", "SYR", "IRQ", "IRQ", "EGY", "MAR", "TUN", "DZA", "SDN", "LBN"), 18),
    Culture("persian", "Arab", ("IRN", "AFG", "AFG"), 11),
    Culture("uk_UA", "Cyrl", ("UKR",), 13),
    Culture("ru_RU", "Cyrl", ("RUS", "RUS", "KAZ", "BLR"), 8),
    Culture("tr_TR", "Latn", ("TUR",), 10),
    Culture("ka_GE", "Geor", ("GEO",), 6),
    Culture("hy_AM", "Armn", ("ARM",), 5),
    Culture("zh_CN", "Hans", ("CHN",), 6),
    Culture("ko_KR", "Hang", ("KOR",), 3),
    Culture("ja_JP", "Jpan", ("JPN",), 2),
    Culture("vi_VN", "Latn", ("VNM",), 3),
    Culture("es_ES", "Latn", ("COL", "PER", "VEN", "MEX"), 7, two_family_names=True),
    Culture("pt_BR", "Latn", ("BRA",), 5, two_family_names=True),
    Culture("yo_NG", "Latn", ("NGA",), 4),
    Culture("az_AZ", "Latn", ("AZE",), 2),
    Culture("uz_UZ", "Latn", ("UZB",), 2),
    Culture("en_US", "Latn", ("USA", "GBR", "CAN"), 5),
    # Citizens of member states: no entry/exit records, yet their documents get lost and alerts are entered on some.
    Culture("de_DE", "Latn", ("DEU", "AUT"), 3),
    Culture("fr_FR", "Latn", ("FRA", "BEL"), 3),
    Culture("el_GR", "Grek", ("GRC",), 3),
    Culture("bg_BG", "Cyrl", ("BGR",), 2),
)

MEMBER_STATES = frozenset({"DEU", "AUT", "FRA", "BEL", "GRC", "BGR"})


@cache
def name_pool(culture: Culture) -> NamePool:
    """Gather the parts of a culture; they depend on nothing but the lists, so every population draws from the same."""
    if culture.locale == "arabic":
        return _listed(culture, arabic.MALE, arabic.FEMALE, arabic.FAMILY)
    if culture.locale == "persian":
        return _listed(culture, persian.MALE, persian.FEMALE, persian.FAMILY)
    provider = _provider(culture.locale)
    if culture.locale == "ja_JP":
        return _paired(culture, provider)
    male = _parts(culture, provider.first_names_male)
    female = _parts(culture, provider.first_names_female)
    own_male = getattr(provider, "last_names_male", ())
    own_female = getattr(provider, "last_names_female", ())
    family_male = _parts(culture, own_male or provider.last_names)
    family_female = _parts(culture, own_female or provider.last_names)
    return NamePool(culture, male, female, family_male, family_female)


def _provider(locale: str) -> Any:
    # Faker builds only its person provider here: the others take most of its start.
    return next(p for p in Faker(locale).get_providers() if "person" in type(p).__module__)


def _parts(culture: Culture, texts: Iterable[str]) -> tuple[NamePart, ...]:
    every = tuple(_each(culture.script, dict.fromkeys(str(text) for text in texts)))
    # Lists are in alphabetical order: take names from all over, not those with A alone.
    return every[:: max(1, len(every) // POOL_SIZE)][:POOL_SIZE]


def _each(script: str, texts: Iterable[str]) -> Iterator[NamePart]:
    for text in texts:
        latin = romanisations(text, script)
        if latin and len(latin[0]) > 1:
            # Georgian has capitals in Unicode, and nobody writes a name with them.
            yield NamePart(text, latin)


def _listed(culture: Culture, male: str, female: str, family: str) -> NamePool:
    surnames = _entries(family)
    return NamePool(culture, _entries(male), _entries(female), surnames, surnames)


def _entries(text: str) -> tuple[NamePart, ...]:
    return tuple(_entry(entry) for entry in text.replace("\n", "|").split("|") if entry)


def _entry(text: str) -> NamePart:
    words = text.split()
    native = [word for word in words if not word[0].isascii()]
    return NamePart(" ".join(native), tuple(word for word in words if word[0].isascii()))


def _paired(culture: Culture, provider: Any) -> NamePool:
    """Japanese readings cannot be told from the characters; the lists hold both."""
    read: Callable[[Any], tuple[NamePart, ...]] = lambda pairs: tuple(  # noqa: E731 - used thrice, just here
        NamePart(written, (romaji, *_long_vowels(romaji))) for written, _kana, romaji in pairs
    )
    surnames = read(provider.last_name_pairs)
    return NamePool(
        culture, read(provider.first_name_male_pairs), read(provider.first_name_female_pairs), surnames, surnames
    )


def _long_vowels(romaji: str) -> tuple[str, ...]:
    shorter = romaji.replace("ou", "o").replace("uu", "u")
    return (shorter,) if shorter != romaji else ()
