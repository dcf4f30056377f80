"""This module writes Elasticsearch queries for what is known of a person or a document. It is pure."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from contracts.dates import PartialDate
from contracts.identity import Sex
from contracts.query import Criteria
from search.births import forms, keys_of_birth, readings, swapped
from search.names import keys_of, skeleton, tokens

CANDIDATES = 50
"""How many records the index offers to the scorer: the right one is among them if it shares any key."""
LINKED = 200
"""How many records of the persons that were found are looked up."""

# What agreement on a key adds to the rank of a candidate; the scorer decides, these only have to bring it there. A word
# adds up to 6 in a repository of some million records, the less the more records bear it.
_DOCUMENT, _NAME, _MINOR = 50.0, 8.0, 0.5
_BORN, _BORN_SWAPPED, _BORN_PART, _BORN_YEAR = 5.0, 4.0, 3.0, 2.0
_BONES = 0.7
"""What the skeleton of a word is worth beside the word itself."""

BEARERS = "bearers"
_NEEDED = ["contract", "document", "erased", "name", "payload"]

Query = dict[str, Any]

# A person has one alert and hundreds of crossings, each with name, birth date and document.
_CROSSING: Query = {"term": {"contract": "border-crossing"}}
_TELLING: Query = {"constant_score": {"filter": {"bool": {"must_not": [_CROSSING]}}, "boost": 3.0}}


def candidates_body(criteria: Criteria, systems: Collection[str] | None) -> Query:
    """Ask for the records that may be the one looked for; `systems` are those that may be seen, all where it is None.

    A document's number or a whole name is enough, and so are two of these: the words of a name, a part of the birth
    date. What shares one word and no part of the birth date cannot fit, and would crowd out what can. Otherwise birth
    date, nationality and sex only move a record up: what contradicts is for the scorer to judge, who can name it. Each
    key counts once, however many names a record has: many aliases push nothing down.
    """
    needed = [*_document_terms(criteria), *_name_terms(criteria)]
    helpful: list[Query] = []
    if criteria.birth_date is not None:
        helpful.append(_born(criteria.birth_date))
    helpful += [_constant("nationality", code, _MINOR) for code in criteria.nationalities]
    if criteria.sex not in {None, Sex.UNKNOWN}:
        helpful.append(_constant("sex", str(criteria.sex), _MINOR))
    helpful.append(_TELLING)
    matching = {"bool": {"should": needed, "minimum_should_match": 1}}
    query: Query = {"bool": {"must": [matching], "should": helpful, "filter": _visible(systems)}}
    return _body(query, CANDIDATES)


def commonness_body(criteria: Criteria, systems: Collection[str] | None) -> Query | None:
    """Ask how many records bear each word that is asked for, or one like it; nothing where no name is asked for.

    Crossings do not count: one person has hundreds.
    """
    words = dict.fromkeys(word for name in criteria.names for word in tokens(name.text))
    if not words:
        return None
    return {
        "size": 0,
        "track_total_hits": True,
        "query": {"bool": {"filter": _visible(systems), "must_not": [_CROSSING]}},
        "aggs": {BEARERS: {"filters": {"filters": {word: _word(word) for word in words}}}},
    }


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
    return {"bool": {"should": [*agreeing, _may_be_born(birth_date)], "minimum_should_match": 2}}


def _word(word: str) -> Query:
    """A word agrees as it is written, or else in its consonants: the best counts."""
    written = {"term": {"token": {"value": word}}}
    bones = skeleton(word)
    if len(bones) == 1:
        return written
    return {"dis_max": {"queries": [written, {"term": {"skeleton": {"value": bones, "boost": _BONES}}}]}}


def _born(date: PartialDate) -> Query:
    """A birth date agrees whole, with day and month swapped, in two of its parts, or in the year: the best counts."""
    graded: dict[str, float] = {}
    for reading in readings(date):
        written = forms(reading)
        keys = [(written.year, _BORN_YEAR), *((part, _BORN_PART) for part in written.parts)]
        if written.whole:
            keys.append((written.whole, _BORN))
        if other := swapped(reading):
            keys.append((str(other), _BORN_SWAPPED))
        for key, grade in keys:
            graded[key] = max(grade, graded.get(key, 0.0))
    return {"dis_max": {"queries": [_constant("born", key, grade) for key, grade in graded.items()]}}


def _may_be_born(date: PartialDate) -> Query:
    """Whoever shares a part of the birth date or is held without one; this only admits, and adds no rank."""
    unknown = {"bool": {"must_not": [{"exists": {"field": "born"}}]}}
    other = swapped(date)
    keys = [*keys_of_birth(date), *((str(other),) if other else ())]
    shared = {"terms": {"born": keys}}
    return {"constant_score": {"filter": {"bool": {"should": [shared, unknown]}}, "boost": 0.0}}


def _constant(field: str, value: str, boost: float) -> Query:
    return {"constant_score": {"filter": {"term": {field: value}}, "boost": boost}}
