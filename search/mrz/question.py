"""This module makes a search of a machine readable zone: what can be asked of it, and what is better left out."""

from dataclasses import dataclass

from contracts.identity import DocumentRef, PersonName, Sex
from contracts.query import Criteria
from search.mrz.codes import CodeKind, kind_of_code
from search.mrz.fields import Field
from search.mrz.reading import Reading
from search.mrz.zone import Zone

_STATES = {CodeKind.STATE, CodeKind.BRITISH, CodeKind.FORMER, CodeKind.SPECIMEN, None}
"""What may be a nationality in the records; an unknown code may be one, a refugee's or an organisation's is none."""


@dataclass(frozen=True, slots=True)
class Question:
    """What to look for, and the fields of the zone that were left out because they are in doubt or say nothing."""

    criteria: Criteria
    left_out: tuple[Field, ...] = ()


def question(reading: Reading) -> Question:
    """Ask for what a zone says, fields in doubt left out; with no field left the criteria are empty."""
    if reading.zone is None:
        return Question(Criteria(), (Field.ZONE,))
    return question_of(reading.zone, reading.uncertain)


def question_of(zone: Zone, uncertain: frozenset[Field] = frozenset()) -> Question:
    """Ask for what a zone says, but not for `uncertain` fields.

    An expiry date in doubt is left out of the document, which is found by its number all the same.
    """
    left_out = [each for each in Field if each in uncertain and each is not Field.COMPOSITE]
    if kind_of_code(zone.nationality or "") not in _STATES:
        left_out.append(Field.NATIONALITY)
    asked = {each for each in Field if each not in left_out}
    names = (_name(zone.name, zone),) if zone.name and asked >= {Field.NAME, Field.GIVEN} else ()
    nationalities = (zone.nationality,) if zone.nationality and Field.NATIONALITY in asked else ()
    has_sex = Field.SEX in asked and zone.sex in {Sex.FEMALE, Sex.MALE}
    criteria = Criteria(
        names=names,
        birth_date=zone.birth_date if Field.BIRTH_DATE in asked else None,
        sex=zone.sex if has_sex else None,
        nationalities=nationalities,
        documents=_documents(zone, asked),
    )
    return Question(criteria, tuple(dict.fromkeys(left_out)))


def _name(name: PersonName, zone: Zone) -> PersonName:
    """Say of a name that fills its field that it may be cut."""
    return name.model_copy(update={"cut": True}) if zone.name_is_cut else name


def _documents(zone: Zone, asked: set[Field]) -> tuple[DocumentRef, ...]:
    kept = {Field.ISSUER: "issuer", Field.EXPIRY_DATE: "valid_until"}
    doubted = {name: None for field, name in kept.items() if field not in asked}
    numbers = ((Field.NUMBER, zone.document), (Field.OPTIONAL, zone.second_document))
    return tuple(document.model_copy(update=doubted) for field, document in numbers if document and field in asked)
