"""This module takes ANSI/NIST-ITL transactions (AN2K) apart: records, fields, subfields, items (1-2011, clause 7)."""

import re
from dataclasses import dataclass

from biometrics.rejections import UnreadableRecord

_FILE, _GROUP, _RECORD, _UNIT = b"\x1c", b"\x1d", b"\x1e", b"\x1f"
"""FS, GS, RS and US: what ends a record, and parts fields, subfields and items (7.1, table 2)."""
_BINARY = frozenset({3, 4, 5, 6, 7, 8})
"""Record types of the traditional encoding whose first four bytes are their length (7.2)."""
_IDC = 4
"""Where in these its number is."""
_DATA = 999
"""The field that ends a record, and may hold any byte."""
_LENGTH = re.compile(rb"^(\d{1,2})\.0{0,2}1:(\d{1,9})[\x1c\x1d]")
_TAG = re.compile(rb"(\d{1,2})\.(\d{1,4}):")
_MOST_RECORDS = 200
"""Ten fingers rolled and plain, slaps, palms and latents are fewer."""
_MOST_SEPARATORS = 50_000
"""Of one field. Minutiae are at most 255, each of some twenty items."""
_MOST_SEPARATORS_IN_ALL = 200_000
"""Of all records: ten fingers have a quarter of it."""
_PADDING = b"\0\r\n "
"""What may follow the last record: it says nothing."""

Field = tuple[tuple[str, ...], ...]
"""Subfields, each of items."""


@dataclass(frozen=True, slots=True)
class NistRecord:
    """A record of a transaction: `fields` by number, or the bytes of one of the binary types."""

    type: int
    fields: dict[int, bytes]
    data: bytes

    @property
    def idc(self) -> int | None:
        """The number that it shares with the other records of the same print (7.3.1)."""
        if self.type in _BINARY:
            return self.data[_IDC] if len(self.data) > _IDC else None
        return self.number(2)

    def field(self, number: int) -> Field:
        """Take a field apart; nothing where it is not there.

        Raises:
            UnreadableRecord: it has more items than any field needs.
        """
        value = self.fields.get(number)
        if value is None:
            return ()
        if _separators(value) > _MOST_SEPARATORS:
            raise UnreadableRecord("A field of the transaction has too many items; part it.")
        return tuple(
            tuple(item.decode("utf-8", errors="replace") for item in subfield.split(_UNIT))
            for subfield in value.split(_RECORD)
        )

    def text(self, number: int, item: int = 0) -> str | None:
        """Give an item of the first subfield of a field; nothing where it is not there, or empty."""
        # No more of it is taken apart: of a field of very many items it is asked for one.
        items = self.fields.get(number, b"").split(_RECORD, 1)[0].split(_UNIT, item + 1)
        return (items[item].decode("utf-8", errors="replace").strip() or None) if item < len(items) else None

    def number(self, number: int, item: int = 0) -> int | None:
        """Give such an item as a number; nothing where it is none."""
        return as_number(self.text(number, item))


def as_number(text: str | None) -> int | None:
    """Read a whole number of at most nine digits, with blanks around it or none; nothing where it is none."""
    digits = (text or "").strip()
    return int(digits) if len(digits) <= 9 and digits.isascii() and digits.isdigit() else None  # noqa: PLR2004


def read_transaction(data: bytes) -> list[NistRecord]:
    """Take a transaction apart, type 1 first.

    Raises:
        UnreadableRecord: it is none, or its lengths do not add up to the records that it announces, each and no more;
            or it has more items than the fingers of a person need.
    """
    header, at = _text_record(data, 0)
    records = [header]
    announced = header.field(3)
    # The first subfield tells how many follow, each its type and a number of its own (8.1.3).
    if header.number(3, 1) != len(announced) - 1 or len(announced) - 1 > _MOST_RECORDS:
        raise UnreadableRecord("The transaction does not announce its records as it must; send it again.")
    for subfield in announced[1:]:
        kind = as_number(subfield[0])
        if kind is None:
            raise UnreadableRecord("The transaction announces a record without a type; send it again.")
        record, at = _binary_record(data, at, kind) if kind in _BINARY else _text_record(data, at)
        if record.type != kind:
            raise UnreadableRecord("The transaction's records are others than it announces; send it again.")
        records.append(record)
    if data[at:].strip(_PADDING):
        raise UnreadableRecord("The transaction holds more than the records that it announces; send it again.")
    if sum(_separators(value) for record in records for value in record.fields.values()) > _MOST_SEPARATORS_IN_ALL:
        raise UnreadableRecord("The transaction has too many items; part it.")
    return records


def _separators(value: bytes) -> int:
    return value.count(_RECORD) + value.count(_UNIT)


def _binary_record(data: bytes, at: int, kind: int) -> tuple[NistRecord, int]:
    length = int.from_bytes(data[at : at + 4])
    body = data[at : at + length]
    if length < 4 or len(body) < length:  # noqa: PLR2004  the length's own bytes
        raise _broken()
    return NistRecord(kind, {}, body), at + length


def _text_record(data: bytes, at: int) -> tuple[NistRecord, int]:
    header = _LENGTH.match(data[at : at + 20])
    if header is None:
        raise _broken()
    kind, length = int(header[1]), int(header[2])
    body = data[at : at + length]
    if len(body) < length or not body.endswith(_FILE):
        raise _broken()
    fields: dict[int, bytes] = {}
    content = b""
    end = len(body) - 1
    place = 0
    # What is left is never copied: of a record of very many fields that would take hours.
    while place < end:
        tag = _TAG.match(body, place, end)
        if tag is None or int(tag[1]) != kind:
            raise _broken()
        number = int(tag[2])
        if number == _DATA:
            content = body[tag.end() : end]
            break
        if number in fields:
            raise UnreadableRecord("A record of the transaction tells a field twice; send it again.")
        found = body.find(_GROUP, tag.end(), end)
        stop = end if found < 0 else found
        fields[number] = body[tag.end() : stop]
        place = stop + 1
    return NistRecord(kind, fields, content), at + length


def _broken() -> UnreadableRecord:
    return UnreadableRecord("The transaction is cut short or broken; send the whole transaction.")
