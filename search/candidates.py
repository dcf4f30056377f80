"""This module asks the repository for the records that may be the one looked for, and how common its name is.

A page of candidates has few places, and of a common name there are more bearers, whose birth dates contradict. So where
a page is full, those whose birth date agrees are asked for by themselves.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, Protocol

from contracts.query import Criteria
from search.commonness import Commonness, Counted, repeats, words_asked
from search.query_body import BEARERS, CANDIDATES, agreeing_body, candidates_body, commonness_body


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


class Page(NamedTuple):
    """Candidates as one query gives them, likeliest first; where it is full there may be more."""

    sources: list[dict[str, Any]]

    @property
    def is_full(self) -> bool:
        """Whether all places are taken."""
        return len(self.sources) >= CANDIDATES


class Candidates:
    """Finds candidates; how common a name is comes with them, counted anew where that is some minutes ago."""

    def __init__(self, repository: Searches) -> None:
        self._repository = repository
        self._counted = Counted()

    async def find(self, criteria: Criteria, systems: Collection[str] | None) -> tuple[list[Page], Commonness]:
        """Give the candidates, and how common the words are; `systems` are those that may be seen.

        Of two pages the second has those whose birth date agrees, whoever of them is on the first one as well.

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
        pages = [Page(found)]
        if pages[0].is_full and criteria.birth_date is not None:
            pages.append(Page(await self._repository.search(agreeing_body(criteria, systems))))
        return pages, replace(commonness, repeats=repeats(found, criteria))


def sources_of(pages: Sequence[Page]) -> list[dict[str, Any]]:
    """Give what is on some pages, each record once."""
    every = (source for page in pages for source in page.sources if not source.get("erased"))
    return list({source["payload"]["record"]: source for source in every}.values())
