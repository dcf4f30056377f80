"""This module reads dates and document numbers out of prose, as lists of persons published in journals hold them.

What is approximate (`circa 1957`) is taken as it is written, a span of years as each of its years: a search then meets
the person under any of them.
"""

import re
from collections.abc import Iterator

from adapters.conversions.countries import countries_in
from contracts.dates import PartialDate
from contracts.identity import DocumentRef, DocumentType, document_number

OLDEST_YEAR = 1850  # nobody alive is older; smaller numbers are years of other calendars
LONGEST_SPAN = 15
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
FEWEST_DIGITS, SHORTEST, LONGEST = 2, 5, 20

_MONTH = rf"(?P<{{}}>(?:{'|'.join(MONTHS)})[a-z]*)\.?"
_NUMERIC = r"\b(?P<nd>\d{1,2})\.\s?(?P<nm>\d{1,2})[.\s]\s?(?P<ny>\d{4})\b"
_WORDED = rf"\b(?P<wd>\d{{1,2}})\.?\s+{_MONTH.format('wm')}\s+(?P<wy>\d{{4}})\b"
_MONTH_YEAR = rf"(?<!/)\b{_MONTH.format('mm')}\s+(?P<my>\d{{4}})\b"
_SPAN = r"\bbetween\s+(?:\d{1,2}\.\d{1,2}\.)?(?P<first>\d{4})\s+and\s+(?:\d{1,2}\.\d{1,2}\.)?(?P<last>\d{4})\b"
_YEAR = r"(?<![\d.])(?P<y>\d{4})\b"
_DATE = re.compile(f"{_SPAN}|{_NUMERIC}|{_WORDED}|{_MONTH_YEAR}|{_YEAR}", re.IGNORECASE)
_WHOLE_DATE = re.compile(f"{_NUMERIC}|{_WORDED}", re.IGNORECASE)
_BRACKETS = re.compile(r"\([^()]*\)|\(.*\)")
_CARD = re.compile(r"\bnational id\b|\bidentity card\b", re.IGNORECASE)
_PARTED = re.compile(r"[;,]|\band\b|\s/\s|\balt\.")
_NUMBER_WORD = re.compile(r"(?=\S*\d)[\w/().-]+|\b[A-Z]{1,3}(?=\s\d)")


def dates_in(text: str | None) -> tuple[PartialDate, ...]:
    """Give every date that a text mentions, each as far as it is known; a day that no calendar holds is left out."""
    found = dict.fromkeys(date for match in _DATE.finditer(text or "") for date in _dates(match))
    return tuple(date for date in found if date.year >= OLDEST_YEAR)


def documents_in(text: str | None) -> tuple[DocumentRef, ...]:
    """Give every document number that a text mentions, with its country where one is named beside it or right after."""
    found: dict[str, DocumentRef] = {}
    last = ""
    for part in _parts(text or ""):
        words = _NUMBER_WORD.findall(_WHOLE_DATE.sub(" ", _BRACKETS.sub("", part)))
        number = document_number("".join(words))
        issuer = next(iter(countries_in(part)), None)
        if SHORTEST <= len(number) <= LONGEST and sum(map(str.isdigit, number)) >= FEWEST_DIGITS:
            kind = DocumentType.IDENTITY_CARD if _CARD.search(part) else DocumentType.PASSPORT
            found.setdefault(number, DocumentRef(number=number, type=kind, issuer=issuer))
            last = number
        elif last and issuer and found[last].issuer is None:  # `A0000001, issued in Utopia`
            found[last] = found[last].model_copy(update={"issuer": issuer})
    return tuple(found.values())


def _parts(text: str) -> Iterator[str]:
    """Part a list at its commas and semicolons, but not inside brackets."""
    outside = _BRACKETS.sub(lambda match: "_" * len(match[0]), text)
    start = 0
    for cut in _PARTED.finditer(outside):
        yield text[start : cut.start()]
        start = cut.end()
    yield text[start:]


def _dates(match: re.Match[str]) -> Iterator[PartialDate]:
    part = match.groupdict()
    if part["first"]:
        first, last = int(part["first"]), int(part["last"])
        yield from (PartialDate(year) for year in range(first, min(last, first + LONGEST_SPAN) + 1))
    elif part["ny"]:
        yield _nearest(int(part["ny"]), int(part["nm"]), int(part["nd"]))
    elif part["wy"]:
        yield _nearest(int(part["wy"]), _month(part["wm"]), int(part["wd"]))
    elif part["my"]:
        yield PartialDate(int(part["my"]), _month(part["mm"]))
    else:
        yield PartialDate(int(part["y"]))


def _month(word: str) -> int:
    return MONTHS.index(word[:3].lower()) + 1


def _nearest(year: int, month: int, day: int) -> PartialDate:
    for parts in ((year, month, day), (year, month)):
        try:
            return PartialDate(*parts)
        except ValueError:
            continue
    return PartialDate(year)
