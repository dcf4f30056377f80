"""This module asks the repository for the records that may be the one looked for, and how common its name is."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any, Protocol

from contracts.query import Criteria
from search.commonness import Commonness, Counted, repeats, words_asked
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


class Candidates:
    """Finds candidates; how common a name is comes with them, counted anew where that is some minutes ago."""

    def __init__(self, repository: Searches) -> None:
        self._repository = repository
        self._counted = Counted()

    async def find(
        self, criteria: Criteria, systems: Collection[str] | None
    ) -> tuple[list[dict[str, Any]], Commonness]:
        """Give the candidates, likeliest first, and how common the words are; `systems` are those that may be seen.

        Raises:
            RepositoryUnavailable: the repository does not answer.
        """
        words = words_asked(criteria)
        body = candidates_body(criteria, systems)
        lacking = self._counted.lacking(systems, words)
        if not lacking:
            found = await self._repository.search(body)
        else:
            counting = commonness_body({word: words[word] for word in lacking}, systems)
            found, counts = await self._repository.search_counting(body, counting, BEARERS)
            self._counted.keep(systems, counts)
        commonness = self._counted.commonness(systems, words)
        return found, replace(commonness, repeats=repeats(found, criteria))
