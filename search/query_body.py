"""This module writes Elasticsearch queries for what is known of a person or a document. It is pure."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from contracts.countries import codes_of
from contracts.dates import PartialDate
from contracts.identity import Sex
from contracts.query import Criteria
from search.births import NOT_HELD, forms, keys_of_agreement, keys_of_sameness, readings, swapped
from search.commonness import SAYING_AGAIN
from search.names.keys import NameKeys, keys_of_name, tells_name, with_particles
from search.names.parse import parse_name
from search.names.parts import Name, Part
from search.names.units import SYLLABIC

CANDIDATES = 50
"""How many persons of a system the index offers to the scorer, each by its likeliest record."""
LINKED = 200
"""How many records of the persons that were found are looked up."""
MOST_CLAUSES = 900
"""Elasticsearch takes 1,024 clauses wherever it runs, more where it has the memory for them
(`indices.query.bool.max_clause_count`), and refuses a whole search with more. Ten long names could make some 3,000."""
MOST_OF_WORDS = 100
"""So many of them may tell who agrees in more than one word: some thirty words."""
KEPT_OF_A_WORD = 16, 12, 8, 6, 4, 3, 2, 1
"""How many keys of each kind a word is ranked by, where there are too many: ten names of twelve words fit with 1."""

# What agreement on a key adds to the rank of a candidate; the scorer decides, these only have to bring it there. A word
# adds up to 6 in a repository of some million records, the less the more records bear it.
_DOCUMENT, _NAME, _MINOR = 100_000.0, 8.0, 0.5
_AGREES, _WHOLE, _OPEN = 10_000.0, 1_000.0, 500.0
"""Whose birth date agrees comes before all others: a common name has more bearers than a page has places, nearly all of
them born on other days. Then comes who bears more of a name than one word of several, however it is spelt: one word is
shared by too many. Of these, whose birth date is not held comes before whom it contradicts."""
_BORN, _BORN_SWAPPED, _BORN_PART, _BORN_YEAR = 5.0, 4.0, 3.0, 2.0
_SLIP, _BONES, _OUTLINE = 0.95, 0.9, 0.5
"""What a word is worth with a slip, in its consonants, or in their places of articulation, beside the word itself:
nearly as much, so that the rarest word decides, in whatever script."""

_BEGUN, _LEAST_BEGINNING = 3.0, 4
"""What a word is worth that begins with one that a full zone may have cut, and the letters that tell it from others."""

BEARERS = "bearers"
_NEEDED = ["contract", "document", "erased", "name", "payload"]

Query = dict[str, Any]

# A person has one alert and hundreds of crossings, each with name, birth date and document.
_CROSSING: Query = {"term": {"contract": "border-crossing"}}
_SAYING_AGAIN: Query = {"terms": {"contract": sorted(SAYING_AGAIN)}}
_NAMING: Query = {"exists": {"field": "name"}}
_TELLING: Query = {"constant_score": {"filter": {"bool": {"must_not": [_CROSSING]}}, "boost": 3.0}}


def candidates_body(criteria: Criteria, systems: Collection[str] | None) -> Query:
    """Ask for the records that may be the one looked for; `systems` are those that may be seen, all where it is None.

    A document's number or a whole name is enough. What shares one word and no part of the birth date cannot fit, and
    would crowd out what can. Otherwise birth date, nationality and sex only move a record up, the birth date before all
    names: what contradicts is for the scorer to judge, who can name it. Who agrees in more than one word of a name, in
    whatever script, comes before who shares one. Each key counts once, however many names a record has: many aliases
    push nothing down. Of a person the one record counts that agrees best: a traveller has hundreds of crossings, and
    all say the same of who it is.
    """
    names = list(dict.fromkeys(parse_name(name) for name in criteria.names))
    rank = [
        *(_constant("document", number, _DOCUMENT) for number in _numbers(criteria)),
        *(_constant("name", whole, _NAME) for whole in _whole(names)),
        *_agreement(criteria),
        *_more_than_a_word(names),
        _TELLING,
    ]
    words = [query for name in names for part in name.telling for query in _worth(part, with_particles(name).get(part))]
    found = {"bool": {"should": _asked_for(criteria, names), "minimum_should_match": 1}}
    rank += _bounded(words, MOST_CLAUSES - clauses(rank) - clauses(found))
    matching = {"constant_score": {"filter": found, "boost": 0.0}}
    query: Query = {"bool": {"must": [matching], "should": rank, "filter": _visible(systems)}}
    return _body(query, CANDIDATES) | {"collapse": {"field": "subject"}}


def _agreement(criteria: Criteria) -> list[Query]:
    """Rank by what else is known than names and documents."""
    states = dict.fromkeys(each for code in criteria.nationalities for each in codes_of(code))
    helpful = [_constant("nationality", code, _MINOR) for code in states]
    if criteria.sex not in {None, Sex.UNKNOWN}:
        helpful.append(_constant("sex", str(criteria.sex), _MINOR))
    if criteria.birth_date is not None:
        helpful += _born(criteria.birth_date)
        helpful.append(_shared("born", keys_of_agreement(criteria.birth_date) - {NOT_HELD}, _AGREES))
        helpful.append(_shared("born", (NOT_HELD,), _OPEN))
    return helpful


def apart_bodies(criteria: Criteria, systems: Collection[str] | None) -> list[Query]:
    """Ask as `candidates_body` does, each for some alone, and together for all.

    They are those who were born on that very day, the others whose birth date agrees, and those whose birth date is
    not held or contradicts.
    """
    assert criteria.birth_date is not None
    very_day = _held("born", keys_of_sameness(criteria.birth_date))
    agreeing = _held("born", keys_of_agreement(criteria.birth_date) - {NOT_HELD})
    body = candidates_body(criteria, systems)
    asked = body["query"]["bool"]
    return [
        body | {"query": {"bool": asked | {"filter": [*asked["filter"], *some], "must_not": no}}}
        for some, no in (([very_day], []), ([agreeing], [very_day]), ([], [very_day, agreeing]))
    ]


def commonness_body(words: Mapping[str, Part], systems: Collection[str] | None) -> Query:
    """Ask how many records bear each word, or one like it, of those that say who somebody is.

    Crossings and travel documents do not count: they say again what is known, of one person hundreds of times. Nor do
    records that name nobody, as fingerprints and stubs of what was erased: they would make each name look rarer.
    """
    return {
        "size": 0,
        "track_total_hits": True,
        "query": {"bool": {"filter": [_NAMING, *_visible(systems)], "must_not": [_SAYING_AGAIN]}},
        "aggs": {BEARERS: {"filters": {"filters": {word: _borne(part) for word, part in words.items()}}}},
    }


def _borne(part: Part) -> Query:
    """A record bears a word as it is written, or but for a slip: its consonants alone would make each word common.

    Of a whole name in one word, as Han and Hangul write it, the halves do not count: who bears the family name alone
    does not bear it.
    """
    keys = _keys(part)
    in_one_word = part.script in SYLLABIC and len(part.text) > 1
    tokens = tuple(filter(None, (*part.forms, part.native))) if in_one_word else keys.tokens
    kinds = (("token", tokens), ("slip", keys.slips))
    return {"bool": {"should": [{"terms": {field: list(held)}} for field, held in kinds if held]}}


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


def _numbers(criteria: Criteria) -> list[str]:
    return list(dict.fromkeys(ref.number for ref in criteria.documents))


def _whole(names: Iterable[Name]) -> list[str]:
    return list(dict.fromkeys(name.whole for name in names if name.whole))


def _asked_for(criteria: Criteria, names: Sequence[Name]) -> list[Query]:
    held = (("document", _numbers(criteria)), ("name", _whole(names)))
    return [
        *(_held(field, keys) for field, keys in held if keys),
        *(query for name in names if name.parts for query in _agreeing(name, criteria.birth_date)),
    ]


def _agreeing(name: Name, birth_date: PartialDate | None) -> list[Query]:
    """A name agrees in the consonants of two words together, or in a word as it is written or but for a slip.

    Where the birth date is known too, in two such words, or in one and that date; whose date is not held has that of
    everybody. The consonants of one word are shared by too many: they count with the very birth date, with those of
    another word and a birth date that agrees, or where there is no other.
    """
    words = _words(name, _as_written)
    consonants = [_held("skeleton", keys) for part in name.telling if (keys := _consonants(part))]
    if len(name.telling) == 1:
        return [*_together(name), *words, *consonants]
    if birth_date is None:
        return [*_together(name), *words, *_two_of(consonants)]
    born = _held("born", keys_of_agreement(birth_date))
    same_day = _held("born", keys_of_sameness(birth_date))
    return [
        *_together(name),
        *_two_of([*words, born]),
        *({"bool": {"filter": [each, same_day]}} for each in _any_of(consonants)),
        *({"bool": {"filter": [each, born]}} for each in _two_of(consonants)),
    ]


def _more_than_a_word(names: Sequence[Name]) -> list[Query]:
    """More of a name agrees than one word where two do, in any of their keys, or the only one that there is.

    Where the names are too many and too long for that, two words agree in their consonants alone.
    """
    together = [query for name in names for query in _together(name)]
    words = [_words(name, _in_any_way) for name in names]
    more = [*together, *(query for each in words for query in (_two_of(each) or each))]
    if clauses(more) > MOST_OF_WORDS:
        more = together
    return [{"constant_score": {"filter": {"bool": {"should": more}}, "boost": _WHOLE}}] if more else []


def _words(name: Name, keys: Callable[[Part, Part | None], list[Query]]) -> list[Query]:
    """Ask for each word of a name by some of its keys, whichever it is."""
    bound = with_particles(name)
    asked = [keys(part, bound.get(part)) for part in name.telling]
    return [{"bool": {"should": each}} for each in asked if each]


def _as_written(part: Part, bound: Part | None) -> list[Query]:
    """A word agrees as it is written, or but for a slip. One that may be cut begins longer ones.

    So it agrees where it is written in one with the particles before it (`bound`).
    """
    keys = _keys(part)
    tokens = [*keys.tokens, *([bound.latin] if bound is not None else [])]
    return [*(_held(field, held) for field, held in (("token", tokens), ("slip", keys.slips)) if held), *_begun(part)]


def _in_any_way(part: Part, bound: Part | None) -> list[Query]:
    consonants = _consonants(part)
    return [*_as_written(part, bound), *([_held("skeleton", consonants)] if consonants else [])]


def _together(name: Name) -> list[Query]:
    keys = [key for key in keys_of_name(name).skeletons if tells_name(key)]
    return [_held("skeleton", keys)] if keys else []


def _any_of(consonants: Sequence[Query]) -> list[Query]:
    keys = {key for each in consonants for key in each["terms"]["skeleton"]}
    return [_held("skeleton", keys)] if keys else []


def _two_of(queries: list[Query]) -> list[Query]:
    return [{"bool": {"should": queries, "minimum_should_match": 2}}] if len(queries) > 1 else []


def _consonants(part: Part) -> list[str]:
    return [key for key in _keys(part).skeletons if not tells_name(key)]


def _worth(part: Part, bound: Part | None) -> list[Query]:
    """Rank by the key of a word that agrees best, and the more the rarer it is (inverse document frequency)."""
    keys = _keys(part)
    tokens = [*keys.tokens[:1], *([bound.latin] if bound is not None else []), *keys.tokens[1:]]
    graded = [_term("skeleton", key, _BONES if ":" not in key else _OUTLINE) for key in _consonants(part)]
    written = [_term("token", key, 1.0) for key in tokens], [_term("slip", key, _SLIP) for key in keys.slips]
    return _best([*(query for each in (*written, graded) for query in _best(each)), *_begun(part)])


def _begun(part: Part) -> list[Query]:
    if not part.cut or len(part.latin) < _LEAST_BEGINNING:
        return []
    return [{"prefix": {"token": {"value": part.latin, "boost": _BEGUN}}}]


def _keys(part: Part) -> NameKeys:
    """Give the keys of a word by itself."""
    return keys_of_name(Name(part.text, (part,), part.word))


def _born(date: PartialDate) -> list[Query]:
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
    return _best(_constant("born", key, grade) for key, grade in graded.items())


def _held(field: str, keys: Collection[str]) -> Query:
    """Admit what shares a key, whichever it is."""
    return {"terms": {field: sorted(keys)}}


def _shared(field: str, keys: Collection[str], boost: float) -> Query:
    return {"constant_score": {"filter": _held(field, keys), "boost": boost}}


def _bounded(words: list[Query], most: int) -> list[Query]:
    """Leave the last keys of each word out, which tell least, then words, where there are more clauses than fit."""
    for kept in KEPT_OF_A_WORD:
        if clauses(words) <= most:
            return words  # counted once: nearly all end here
        words = _shortened(words, kept)
    while clauses(words) > most:
        words = words[:-1]
    return words


def clauses(query: object) -> int:
    """Count the clauses of a query as Elasticsearch does: each comparison with a key, or with any of some keys."""
    if isinstance(query, dict):
        return sum(1 if kind in {"term", "terms", "prefix"} else clauses(part) for kind, part in query.items())
    return sum(map(clauses, query)) if isinstance(query, list) else 0


def _shortened(query: Any, most: int) -> Any:
    match query:
        case {"dis_max": {"queries": [{"term": _}, *_] as keys}}:
            return {"dis_max": {"queries": keys[:most]}}
        case dict():
            return {kind: _shortened(part, most) for kind, part in query.items()}
        case list():
            return [_shortened(part, most) for part in query]
    return query


def _best(queries: Iterable[Query]) -> list[Query]:
    """Let the best of some queries count; of none, none: Elasticsearch refuses to choose of nothing."""
    chosen = list(queries)
    return [{"dis_max": {"queries": chosen}}] if chosen else []


def _term(field: str, value: str, boost: float) -> Query:
    return {"term": {field: {"value": value, "boost": boost}}}


def _constant(field: str, value: str, boost: float) -> Query:
    return {"constant_score": {"filter": {"term": {field: value}}, "boost": boost}}
