"""This module holds what a machine readable zone says of a document and its holder."""

import datetime as dt
from dataclasses import dataclass

from contracts.dates import PartialDate
from contracts.identity import DocumentRef, DocumentType, PersonName, Sex, document_number
from search.mrz.codes import document_type
from search.mrz.layouts import Format


@dataclass(frozen=True, slots=True)
class Zone:
    """The fields of a zone, None where a field is empty, cannot be read, or is not in the format.

    `code` is the document code as it stands in the zone, two places. `number` is in capitals and digits alone.
    `optional` is what the issuer chose to add, fillers at its end left out; of TD1 the second piece is `optional_2`.
    """

    format: Format
    code: str
    number: str | None = None
    issuer: str | None = None
    name: PersonName | None = None
    name_is_cut: bool = False
    nationality: str | None = None
    birth_date: PartialDate | None = None
    sex: Sex = Sex.UNKNOWN
    expiry_date: PartialDate | None = None
    optional: str = ""
    optional_2: str = ""

    @property
    def type(self) -> DocumentType:
        """The kind of the document."""
        return document_type(self.code, self.nationality)

    @property
    def document(self) -> DocumentRef | None:
        """The document, where its number is known."""
        if not self.number:
            return None
        return DocumentRef(number=self.number, type=self.type, issuer=self.issuer, valid_until=self.expiry_date)

    @property
    def second_document(self) -> DocumentRef | None:
        """The number by which a Spanish card is quoted: that of the person, not of the card, in the optional data."""
        person = document_number(self.optional) if self.issuer == "ESP" and self.code == "ID" else ""
        if not person:
            return None
        return DocumentRef(number=person, type=DocumentType.IDENTITY_CARD, issuer=self.issuer)

    def has_expired(self, today: dt.date) -> bool:
        """Tell whether the document is surely no longer valid; it is valid on its last day."""
        until = self.expiry_date
        if until is None:
            return False
        parts = [part for part in (until.year, until.month, until.day) if part is not None]
        return parts < [today.year, today.month, today.day][: len(parts)]
