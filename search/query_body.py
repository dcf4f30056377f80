"""This module writes Elasticsearch queries for what is known of a person or a document. It is pure."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from contracts.dates import PartialDate
from contracts.identity import Sex
from contracts.query import Criteria
from search.document import date_forms
from search.names.keys import keys_of
from search.names.skeleton import skeleton

CANDIDATES = 50
"""How many records the index offers to the scorer: the right one is among them if it shares any key."""
LINKED = 200
"""How many records of the persons that were found are looked up."""

# What agreement on a key adds to the rank of a candidate; the scorer decides, these only have to bring it there.
_DOCUMENT, _NAME, _BORN, _BORN_PART, _MINOR = 50.0, 8.0, 6.0, 2.0, 0.5

_NEEDED = ["contract", "document", "erased", "name", "payload"]

Query = dict[str, Any]

# A person has one alert and hundreds of crossings, each with name, birth date and document.
_TELLING: Query = {
    "constant_score": {"filter": {"bool": {"must_not": [{"term": {"contract": "border-crossing"}}]}}, "boost": 3.0}
}


def candidates_body(criteria: Criteria, systems: Collection[str] | None) -> Query:
    """Ask for the records that may be the one looked for; `systems` are those that may be seen, all where it is None.

    A document's number or a whole name is enough, and so are two of these: the words of a name, the year of birth. What
    shares one word and was born in another year cannot fit, and would crowd out what can. Otherwise birth date,
    nationality and sex only move a record up: what contradicts is for the scorer to judge, who can name it.
    """
    needed = [*_document_terms(criteria), *_name_terms(criteria)]
    helpful: list[Query] = []
    if criteria.birth_date is not None:
        *parts, whole = date_forms(criteria.birth_date)
        helpful += [_constant("born", part, _BORN_PART) for part in parts]
        helpful.append(_constant("born", whole, _BORN))
    helpful += [_constant("nationality", code, _MINOR) for code in criteria.nationalities]
    if criteria.sex not in {None, Sex.UNKNOWN}:
        helpful.append(_constant("sex", str(criteria.sex), _MINOR))
    helpful.append(_TELLING)
    matching = {"bool": {"should": needed, "minimum_should_match": 1}}
    query: Query = {"bool": {"must": [matching], "should": helpful, "filter": _visible(systems)}}
    return _body(query, CANDIDATES)


def linked_body(subjects: Iterable[str], documents: Iterable[str], systems: Collection[str] | None) -> Query:
    """Ask for everything that is held of some subjects, and of whom or what bears some document numbers.

    Of a frequent traveller there may be more than is given. Crossings, newest first, come after all else: an alert must
    never be what is cut off.
    """
    same = [{"terms": {"subject": sorted(subjects)}}, {"terms": {"document": sorted(documents)}}]
    linked = {"bool": {"should": same, "minimum_should_match": 1}}
    query: Query = {"bool": {"filter": [linked, *_visible(systems)], "should": [_TELLING]}}
    return _body(query, LINKED) | {"sort": ["_score", {"version": "desc"}]}


def _body(query: Query, size: int) -> Query:
    return {"query": query, "size": size, "_source": _NEEDED, "track_total_hits": False}


def _visible(systems: Collection[str] | None) -> list[Query]:
    return [] if systems is None else [{"terms": {"system": sorted(systems)}}]


def _document_terms(criteria: Criteria) -> list[Query]:
    return [_constant("document", number, _DOCUMENT) for number in {ref.number for ref in criteria.documents}]


def _name_terms(criteria: Criteria) -> list[Query]:
    """Rank by how rare the keys are that agree (inverse document frequency), whole names first."""
    keys = [keys_of(name) for name in criteria.names]
    whole = dict.fromkeys(key.whole for key in keys)
    words = dict.fromkeys(key.tokens for key in keys)
    return [
        *(_constant("name", name, _NAME) for name in whole if name),
        *(_words(name, criteria.birth_date) for name in words if name),
    ]


def _words(name: Sequence[str], birth_date: PartialDate | None) -> Query:
    agreeing = [_word(word) for word in name]
    if birth_date is None or len(agreeing) == 1:
        return {"bool": {"should": agreeing, "minimum_should_match": 1}}
    return {"bool": {"should": [*agreeing, _may_be_of_that_year(birth_date)], "minimum_should_match": 2}}


def _word(word: str) -> Query:
    """A word agrees as it is written or in its consonants; both is better."""
    written = {"term": {"token": {"value": word}}}
    bones = skeleton(word)
    if len(bones) == 1:
        return written
    return {"bool": {"should": [written, {"term": {"skeleton": {"value": bones, "boost": 0.7}}}]}}


def _may_be_of_that_year(date: PartialDate) -> Query:
    """Whoever was born in that year or is held without a birth date; this only admits, and adds no rank."""
    unknown = {"bool": {"must_not": [{"exists": {"field": "born"}}]}}
    year = {"term": {"born": f"{date.year:04d}"}}
    return {"constant_score": {"filter": {"bool": {"should": [year, unknown]}}, "boost": 0.0}}


def _constant(field: str, value: str, boost: float) -> Query:
    return {"constant_score": {"filter": {"term": {field: value}}, "boost": boost}}
