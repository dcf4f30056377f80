"""This module writes Elasticsearch queries for what is known of a person or a document. It is pure."""

from collections.abc import Collection, Iterable
from typing import Any

from contracts.dates import PartialDate
from contracts.identity import Sex
from contracts.query import Criteria
from search.births import UNKNOWN, forms, keys_of_birth, readings, swapped
from search.commonness import telling, word_of
from search.names.keys import NameKeys, keys_of_name
from search.names.parse import parse_name
from search.names.parts import Name, Part

CANDIDATES = 50
"""How many persons of a system the index offers to the scorer, each by its likeliest record."""
LINKED = 200
"""How many records of the persons that were found are looked up."""

# What agreement on a key adds to the rank of a candidate; the scorer decides, these only have to bring it there. A word
# adds up to 6 in a repository of some million records, the less the more records bear it.
_DOCUMENT, _NAME, _MINOR = 50.0, 8.0, 0.5
_BORN, _BORN_SWAPPED, _BORN_PART, _BORN_YEAR = 5.0, 4.0, 3.0, 2.0
_SLIP, _BONES, _TOGETHER = 0.85, 0.7, 3.0
"""What a word is worth with a slip, and in its consonants or its sound, beside the word itself; and all together."""

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
    key counts once, however many names a record has: many aliases push nothing down. Of a person the one record counts
    that agrees best: a traveller has hundreds of crossings, and all say the same of who it is.
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
    return _body(query, CANDIDATES) | {"collapse": {"field": "subject"}}


def commonness_body(criteria: Criteria, systems: Collection[str] | None) -> Query | None:
    """Ask how many records bear each word that is asked for, or one like it; nothing where no name is asked for.

    Crossings do not count: one person has hundreds.
    """
    words = {word_of(part): _word(part) for name in criteria.names for part in telling(parse_name(name))}
    if not words:
        return None
    return {
        "size": 0,
        "track_total_hits": True,
        "query": {"bool": {"filter": _visible(systems), "must_not": [_CROSSING]}},
        "aggs": {BEARERS: {"filters": {"filters": words}}},
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
    names = dict.fromkeys(parse_name(name) for name in criteria.names)
    return [
        *(_constant("name", whole, _NAME) for whole in dict.fromkeys(name.whole for name in names) if whole),
        *(_words(name, criteria.birth_date) for name in names if name.parts),
    ]


def _words(name: Name, birth_date: PartialDate | None) -> Query:
    """A name agrees in its words, or in what its words make together; with a birth date in two of these and that."""
    parts = telling(name)
    agreeing = [_word(part) for part in parts]
    single = {key for part in parts for key in _keys(part).skeletons}
    together = [key for key in keys_of_name(name).skeletons if key not in single]
    if together:
        agreeing.append({"dis_max": {"queries": [_constant("skeleton", key, _TOGETHER) for key in together]}})
    if birth_date is None or len(parts) == 1:
        return {"bool": {"should": agreeing, "minimum_should_match": 1}}
    return {"bool": {"should": [*agreeing, _may_be_born(birth_date)], "minimum_should_match": 2}}


def _word(part: Part) -> Query:
    """A word agrees as it is written, but for a slip, or in its consonants and sound: the best counts."""
    keys = _keys(part)
    graded = (("token", keys.tokens, 1.0), ("slip", keys.slips, _SLIP), ("skeleton", keys.skeletons, _BONES))
    return {
        "dis_max": {
            "queries": [
                {"term": {field: {"value": key, "boost": grade}}} for field, written, grade in graded for key in written
            ]
        }
    }


def _keys(part: Part) -> NameKeys:
    """Give the keys of a word by itself."""
    return keys_of_name(Name(part.text, (part,), word_of(part)))


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
    other = swapped(date)
    keys = [UNKNOWN, *keys_of_birth(date), *((str(other),) if other else ())]
    return {"constant_score": {"filter": {"terms": {"born": keys}}, "boost": 0.0}}


def _constant(field: str, value: str, boost: float) -> Query:
    return {"constant_score": {"filter": {"term": {field: value}}, "boost": boost}}
