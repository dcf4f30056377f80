"""This module knows the codes of issuers, nationalities, documents and sexes in machine readable zones.

Source: ICAO Doc 9303-3, section 5 (codes), parts 4 to 7 (document codes, sex).
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files

from contracts.countries import codes_of
from contracts.identity import DocumentType, Sex
from search.mrz.check_digits import FILLER

_COUNTRY = re.compile(r"^[A-Z]{3}$", re.ASCII)
# Germany alone writes one letter (Doc 9303-3, 5); the rest of the project uses the three of ISO 3166-1.
_SHORT, _LONG = "D<<", "DEU"
_TYPES = {
    "P": DocumentType.PASSPORT,
    "V": DocumentType.VISA,
    "I": DocumentType.IDENTITY_CARD,
    "A": DocumentType.IDENTITY_CARD,
    "C": DocumentType.IDENTITY_CARD,
}
_CREW = "AC"  # crew member certificates (Doc 9303-5, 4.2.2.1)
_PERMIT_CODES = {"AR", "IR", "CR", "RP", "RT"}
_CONVENTION_REFUGEE = "XXB"  # refugee as defined in the convention of 1951
_CODE_OF_TYPE = {
    DocumentType.PASSPORT: "P<",
    DocumentType.VISA: "V<",
    DocumentType.IDENTITY_CARD: "I<",
    DocumentType.RESIDENCE_PERMIT: "IR",
    DocumentType.REFUGEE_TRAVEL_DOCUMENT: "P<",
    DocumentType.OTHER: "I<",
}
SEXES: Mapping[str, Sex] = {"F": Sex.FEMALE, "M": Sex.MALE, "<": Sex.UNSPECIFIED, "X": Sex.UNSPECIFIED}


class CodeKind(StrEnum):
    """What stands behind a code of three letters."""

    STATE = "state"
    BRITISH = "british"
    ORGANISATION = "organisation"
    NONE = "none"
    FORMER = "former"
    SPECIMEN = "specimen"


@cache
def known_codes() -> Mapping[str, CodeKind]:
    """Read the codes of the package once."""
    rows = (files(__package__) / "codes.tsv").read_text("utf-8").splitlines()
    pairs = (row.split("\t") for row in rows if not row.startswith(("#", "code\t")))
    return {code: CodeKind(kind) for code, kind in pairs}


def kind_of_code(code: str) -> CodeKind | None:
    """Tell what a code stands for, None if it is none that is known."""
    return known_codes().get(code)


def is_known(code: str) -> bool:
    """Tell whether a code, or another one of the same state or issuer, is known."""
    return any(kind_of_code(each) is not None for each in codes_of(code))


def country(code: str) -> str | None:
    """Give the three letters of a code as it stands in a zone, None if it is no code."""
    plain = _LONG if code == _SHORT else code
    return plain if _COUNTRY.match(plain) else None


def written_country(code: str | None) -> str:
    """Write a code into a zone, fillers if there is none."""
    return _SHORT if code == _LONG else (code or "").ljust(3, FILLER)


def document_type(code: str, nationality: str | None) -> DocumentType:
    """Tell the kind of a document from its two letters, and a refugee's from the nationality that it states."""
    if code in _PERMIT_CODES:
        return DocumentType.RESIDENCE_PERMIT
    if code == _CREW:
        return DocumentType.OTHER
    if code.startswith("P") and nationality == _CONVENTION_REFUGEE:
        return DocumentType.REFUGEE_TRAVEL_DOCUMENT
    return _TYPES.get(code[:1], DocumentType.OTHER)


def document_code(kind: DocumentType) -> str:
    """Give the usual two letters of a kind of document."""
    return _CODE_OF_TYPE[kind]
