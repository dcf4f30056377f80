"""This module asks the repository for the records that may be the one looked for, and how common its name is.

Whose birth date agrees comes before all others, and who bears more of a name than one word before who shares one.
Where those whose birth date agrees take all the places of a page, there are three more pages: of those who were born on
that very day, of the others whose birth date agrees, and of all else. So nobody who agrees in more of a name than one
word is hidden by those who do not.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, Protocol

from contracts.query import Criteria
from search.births import NOT_HELD, keys_of_agreement, keys_of_births
from search.commonness import Commonness, Counted, repeats, words_asked
from search.document import identity_of
from search.found import EnrolledFinger, held_record
from search.query_body import BEARERS, CANDIDATES, apart_bodies, candidates_body, commonness_body

Source = dict[str, Any]
"""A document of the repository."""


class Searches(Protocol):
    """What a search needs of the repository."""

    async def search(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        """Give the stored documents that a query finds."""
        ...

    async def search_all(self, bodies: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
        """Give the stored documents that each of several queries finds."""
        ...

    async def search_counting(
        self, body: dict[str, Any], counted: dict[str, Any], name: str
    ) -> tuple[list[dict[str, Any]], Commonness]:
        """Give the stored documents that one query finds, and count what another finds with its aggregation `name`."""
        ...


class Page(NamedTuple):
    """Candidates as one query gives them, likeliest first; where it is full there may be more."""

    sources: list[Source]

    @property
    def is_full(self) -> bool:
        """Whether all places are taken."""
        return len(self.sources) >= CANDIDATES


class Candidates:
    """Finds candidates; how common a name is comes with them, counted anew where that is some minutes ago."""

    def __init__(self, repository: Searches) -> None:
        self._repository = repository
        self._counted = Counted()

    async def find(self, criteria: Criteria, systems: Collection[str] | None) -> tuple[Page, Commonness]:
        """Give the likeliest candidates, and how common the words are; `systems` are those that may be seen.

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
        return Page(found), replace(commonness, repeats=repeats(found, criteria))

    async def apart(self, first: Page, criteria: Criteria, systems: Collection[str] | None) -> list[Page]:
        """Give the pages of candidates by how their birth dates agree, where they have no room on the first one.

        Raises:
            RepositoryUnavailable: the repository does not answer.
        """
        born = criteria.birth_date
        if born is None or not first.is_full or not _has(first.sources[-1], keys_of_agreement(born) - {NOT_HELD}):
            return []
        return [Page(found) for found in await self._repository.search_all(apart_bodies(criteria, systems))]

    async def every(self, criteria: Criteria, systems: Collection[str] | None) -> tuple[list[Source], Commonness]:
        """Give all candidates, each once, and how common the words are.

        Raises:
            RepositoryUnavailable: the repository does not answer.
        """
        first, commonness = await self.find(criteria, systems)
        pages = [first, *await self.apart(first, criteria, systems)]
        known = (source for page in pages for source in page.sources if not source.get("erased"))
        return list({source["payload"]["record"]: source for source in known}.values()), commonness


def _has(source: Source, keys: Collection[str]) -> bool:
    """Tell whether a record has one of the keys of a birth date; what cannot be read might have it."""
    record = held_record(source)
    identity = identity_of(record) if record is not None and not isinstance(record, EnrolledFinger) else None
    return identity is None or not set(keys).isdisjoint(keys_of_births(identity.birth_dates))
