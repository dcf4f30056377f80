"""This module asks the repository for the records that may be the one looked for, and how common its name is."""

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

    async def search_counting(
        self, body: dict[str, Any], counted: dict[str, Any], name: str
    ) -> tuple[list[dict[str, Any]], Commonness]:
        """Give the stored documents that one query finds, and count what another finds with its aggregation `name`."""
        ...


async def candidates(
    repository: Searches, criteria: Criteria, systems: Collection[str] | None
) -> tuple[list[dict[str, Any]], Commonness]:
    """Give the candidates, likeliest first, and how common the words are; both are asked for in one call.

    Raises:
        RepositoryUnavailable: the repository does not answer.
    """
    counted = commonness_body(criteria, systems)
    body = candidates_body(criteria, systems)
    if counted is None:
        return await repository.search(body), UNKNOWN
    return await repository.search_counting(body, counted, BEARERS)
