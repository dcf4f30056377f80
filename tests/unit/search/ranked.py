"""A repository in memory that finds and ranks by our own queries, as Elasticsearch does, as far as they go."""

import math

from search.commonness import Commonness
from tests.unit.search.sources import held

SCALE = 1_000
"""How many times as many records as there are the rarity of keys and words is told from."""


def matches(query, document):  # noqa: PLR0911  one for each kind of query
    """Tell whether Elasticsearch finds a document by a query."""
    ((kind, asked),) = query.items()
    match kind:
        case "term":
            ((field, value),) = asked.items()
            return (value["value"] if isinstance(value, dict) else value) in keys(document, field)
        case "terms":
            ((field, values),) = asked.items()
            return not set(values).isdisjoint(keys(document, field))
        case "prefix":
            ((field, value),) = asked.items()
            return any(key.startswith(value["value"]) for key in keys(document, field))
        case "exists":
            return bool(document.get(asked["field"]))
        case "constant_score":
            return matches(asked["filter"], document)
        case "dis_max":
            return any(matches(each, document) for each in asked["queries"])
        case "bool":
            needed = (*asked.get("must", ()), *asked.get("filter", ()))
            least = asked.get("minimum_should_match", 0 if needed else 1)
            return (
                all(matches(each, document) for each in needed)
                and not any(matches(each, document) for each in asked.get("must_not", ()))
                and sum(matches(each, document) for each in asked.get("should", ())) >= least
            )
    raise AssertionError(kind)


def keys(document, field):
    """The keywords of a field."""
    value = document.get(field, ())
    return (value,) if isinstance(value, str) else value


class Ranked:
    """Gives the best of its records, one of each subject, and counts words."""

    def __init__(self, events, scale=SCALE):
        self.documents = [held(event) for event in events]
        self.pages = 0
        self._scale = scale

    async def search(self, body):
        self.pages += "collapse" in body
        found = [document for document in self.documents if matches(body["query"], document)]
        found.sort(key=lambda document: -self._rank(body["query"], document))
        if "collapse" in body:
            best = {}
            for document in found:
                best.setdefault(document["subject"], document)
            found = list(best.values())
        return found[: body["size"]]

    async def search_all(self, bodies):
        return [await self.search(body) for body in bodies]

    async def search_counting(self, body, counted, name):
        told = [document for document in self.documents if matches(counted["query"], document)]
        words = counted["aggs"][name]["filters"]["filters"]
        bearers = {word: sum(matches(query, each) for each in told) for word, query in words.items()}
        return await self.search(body), Commonness(len(told) * self._scale, bearers)

    def _rank(self, query, document):
        """Add what agrees up: the boost, and of a key as much more as it is rare (BM25 of a keyword)."""
        if not matches(query, document):
            return 0.0
        ((kind, asked),) = query.items()
        match kind:
            case "term":
                ((field, value),) = asked.items()
                return value["boost"] * self._rarity(field, value["value"])
            case "dis_max":
                return max(self._rank(each, document) for each in asked["queries"])
            case "bool":
                return sum(self._rank(each, document) for each in (*asked.get("must", ()), *asked.get("should", ())))
            case "prefix":
                ((_, value),) = asked.items()
                return value["boost"]
        return asked.get("boost", 1.0)

    def _rarity(self, field, key):
        bearers = sum(key in keys(document, field) for document in self.documents)
        return math.log(1 + (len(self.documents) * self._scale - bearers + 0.5) / (bearers + 0.5))
