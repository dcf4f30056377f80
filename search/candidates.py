"""This module asks the repository for the records that may be the one looked for, and how common its name is."""

import asyncio
from collections.abc import Collection
from typing import Any, Protocol

from contracts.query import Criteria
from search.commonness import UNKNOWN, Commonness
from search.query_body import BEARERS, candidates_body, commonness_body


class Searches(Protocol):
    """What a search needs of the repository."""

    async def search(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        """Give the stored documents that a query finds."""
        ...

    async def count(self, body: dict[str, Any], name: str) -> Commonness:
        """Give how many records a query finds, and how many of them each filter of the aggregation `name`."""
        ...


async def candidates(
    repository: Searches, criteria: Criteria, systems: Collection[str] | None
) -> tuple[list[dict[str, Any]], Commonness]:
    """Give the candidates, likeliest first, and how common the words are; both are asked for at the same time.

    Raises:
        RepositoryUnavailable: the repository does not answer.
    """
    counted = commonness_body(criteria, systems)
    body = candidates_body(criteria, systems)
    if counted is None:
        return await repository.search(body), UNKNOWN
    found, commonness = await asyncio.gather(repository.search(body), repository.count(counted, BEARERS))
    return found, commonness
