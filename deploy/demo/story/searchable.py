"""This module counts what of the agencies' records can be found by a search: it asks Elasticsearch what is there."""

import ssl
from dataclasses import dataclass
from typing import Any

import httpx

from deploy.demo.legacy.census import Census
from deploy.local.environment import elasticsearch_settings
from deploy.local.stack import Stack
from hub.errors import Retryable
from search.mapping import READ_ALIAS

READER = "search"
ANSWER_S = 10.0


class RepositoryAway(Retryable):
    """The repository does not answer yet."""


@dataclass(frozen=True, slots=True)
class Searchable:
    """Records that a search finds, by system and contract: all of them, and those of a version not older than asked."""

    present: Census
    fresh: Census


def searchable(stack: Stack, since_micros: int) -> Searchable:
    """Count what is in the repository.

    Args:
        stack: whose repository.
        since_micros: a record version; sources with a time of change number their versions by it.

    Raises:
        RepositoryAway: it does not answer yet.
    """
    fresh = {"filter": {"range": {"version": {"gte": since_micros}}}}
    groups = {
        "composite": {
            "size": 1000,
            "sources": [{name: {"terms": {"field": name}}} for name in ("system", "contract")],
        },
        "aggs": {"fresh": fresh},
    }
    body = {"size": 0, "query": {"term": {"erased": False}}, "aggs": {"groups": groups}}
    present: Census = {}
    newer: Census = {}
    for bucket in _ask(stack, body)["aggregations"]["groups"]["buckets"]:
        place = (bucket["key"]["system"], bucket["key"]["contract"])
        present[place] = bucket["doc_count"]
        newer[place] = bucket["fresh"]["doc_count"]
    return Searchable(present, newer)


def _ask(stack: Stack, body: dict[str, Any]) -> Any:
    settings = elasticsearch_settings(READER, stack.secrets, stack.addresses)
    trust = ssl.create_default_context(cafile=str(settings.ca_file)) if settings.ca_file else True
    try:
        answer = httpx.post(
            f"{settings.url}/{READ_ALIAS}/_search", json=body, auth=settings.basic_auth, timeout=ANSWER_S, verify=trust
        )
        answer.raise_for_status()
    except httpx.HTTPError:
        raise RepositoryAway("The repository does not answer yet.") from None
    return answer.json()
