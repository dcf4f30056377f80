"""This module asks the repository for the records that may be the one looked for, and how common its name is."""

from collections.abc import Collection
from typing import Any, Protocol

from contracts.query import Criteria
from search.commonness import Commonness, Counted, names_asked, words_asked
from search.query_body import Counting, candidates_body, counting


class Searches(Protocol):
    """What a search needs of the repository."""

    async def search(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        """Give the stored documents that a query finds."""
        ...

    async def search_counting(
        self, body: dict[str, Any], counting: Counting
    ) -> tuple[list[dict[str, Any]], Commonness]:
        """Give the stored documents that a query finds, and count words and names."""
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
        words, names = words_asked(criteria), names_asked(criteria)
        body = candidates_body(criteria, systems)
        lacking = {word: words[word] for word in self._counted.lacking(systems, words)}
        lacking_names = {key: names[key] for key in self._counted.lacking_names(systems, names)}
        if lacking or lacking_names:
            found, counts = await self._repository.search_counting(body, counting(lacking, lacking_names, systems))
            self._counted.keep(systems, counts)
        else:
            found = await self._repository.search(body)
        return found, self._counted.commonness(systems, words, names)
