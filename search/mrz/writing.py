"""This module writes the machine readable zone of a document (ICAO Doc 9303, parts 4 to 7)."""

from contracts.identity import Sex
from hub.errors import Rejected
from search.mrz.check_digits import FILLER, VALUES
from search.mrz.codes import written_country
from search.mrz.dates import write_date
from search.mrz.fields import Field
from search.mrz.layouts import LAYOUTS, Format, Layout, Span
from search.mrz.names import identifiers, shortened, write_name
from search.mrz.zone import Zone

_SEXES = {Sex.FEMALE: "F", Sex.MALE: "M"}


class Unwritable(Rejected):
    """A field does not fit into a machine readable zone."""

    code = "mrz-unwritable"


def write_zone(zone: Zone, language: str | None = None) -> tuple[str, ...]:
    """Write the lines of a zone. `language` (ISO 639-1) tells how Cyrillic letters of the name are written.

    Names are shortened where they have to be; a document number of more than nine places goes on in the optional data
    of the formats that allow it.

    Raises:
        Unwritable: the number or the optional data are too long for the format, or hold what no zone holds; `field`
            says which.
    """
    layout = LAYOUTS[zone.format]
    rows = [[FILLER] * layout.width for _ in range(layout.lines)]
    for check in layout.checks:
        rows[check.digit.line][check.digit.start] = _PLACE_OF_DIGIT
    for field, text in _texts(zone, layout, language).items():
        _put(rows, layout, field, text)
    return _with_digits(rows, layout)


def _texts(zone: Zone, layout: Layout, language: str | None) -> dict[Field, str]:
    texts = {
        Field.CODE: zone.code,
        Field.ISSUER: written_country(zone.issuer),
        Field.NATIONALITY: written_country(zone.nationality),
        Field.NUMBER: zone.number or "",
        Field.BIRTH_DATE: write_date(zone.birth_date),
        Field.SEX: _SEXES.get(zone.sex, FILLER),
        Field.EXPIRY_DATE: write_date(zone.expiry_date),
        Field.OPTIONAL: zone.optional,
        Field.OPTIONAL_2: zone.optional_2,
    }
    (name,) = layout.fields[Field.NAME]
    if layout.format is Format.FRENCH_CARD:
        (given,) = layout.fields[Field.GIVEN]
        family_text, given_text = identifiers(zone.name, language) if zone.name else ("", "")
        texts[Field.NAME] = shortened(family_text.split(FILLER), name.end - name.start)
        texts[Field.GIVEN] = given_text[: given.end - given.start]
    else:
        texts[Field.NAME] = write_name(zone.name, name.end - name.start, language)
    return {field: text for field, text in texts.items() if field in layout.fields or text.strip(FILLER)}


def _put(rows: list[list[str]], layout: Layout, field: Field, text: str) -> None:
    """Write one field; a long number into the optional data, which then follow it.

    Raises:
        Unwritable: it does not fit.
    """
    spans = layout.fields.get(field)
    if any(character not in VALUES for character in text):
        raise Unwritable(f"The {_named(field)} has characters that no zone holds; leave them out.", field=field)
    if spans is None:
        if field in {Field.NATIONALITY, Field.EXPIRY_DATE}:
            return  # what a French card does not state
        raise Unwritable(f"The format has no place for the {_named(field)}; leave it out.", field=field)
    (span,) = spans
    start = span.start
    if field is Field.OPTIONAL and layout.overflow is not None:
        start += _overflowing(rows, layout.overflow)
    if field is Field.NUMBER and layout.overflow is not None and len(text) > span.end - span.start:
        text, rest = text[: span.end - span.start], text[span.end - span.start :]
        rows[span.line][span.end] = FILLER  # where the check digit would stand: it goes on elsewhere
        _write(rows, layout.overflow, f"{rest}{_PLACE_OF_DIGIT}", field, layout.overflow.start)
    _write(rows, span, text, field, start)


_PLACE_OF_DIGIT = "0"
"""Stands where a check digit will, until all is written."""


def _write(rows: list[list[str]], span: Span, text: str, field: Field, start: int) -> None:
    if len(text) > span.end - start:
        raise Unwritable(f"The {_named(field)} is too long for the format; choose another format.", field=field)
    rows[span.line][start : start + len(text)] = text


def _overflowing(rows: list[list[str]], overflow: Span) -> int:
    """Give how many places of the optional data a long number took, a filler after it included."""
    taken = "".join(rows[overflow.line][overflow.start : overflow.end]).rstrip(FILLER)
    return len(taken) + 1 if taken else 0


def _with_digits(rows: list[list[str]], layout: Layout) -> tuple[str, ...]:
    """Write the check digits, the composite last, for it covers the others."""
    lines = tuple("".join(row) for row in rows)
    for check in layout.fitted(lines).checks:
        line, column, _ = check.digit
        lines = tuple(
            f"{text[:column]}{check.wanted(lines)}{text[column + 1 :]}" if place == line else text
            for place, text in enumerate(lines)
        )
    return lines


def _named(field: Field) -> str:
    return field.replace("_", " ")
