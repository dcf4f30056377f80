"""This module asks the repository for the records that may be the one looked for, and how common its name is.

Whose birth date agrees comes before all others. Where they take all the places of a page, the others have one of their
own: who bears a rare name may be the one, whatever date is held.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any, NamedTuple, Protocol

from contracts.dates import PartialDate
from contracts.query import Criteria
from search.births import keys_of_agreement, keys_of_births
from search.commonness import Commonness, Counted, repeats, words_asked
from search.document import identity_of
from search.found import EnrolledFinger, held_record
from search.query_body import BEARERS, CANDIDATES, candidates_body, commonness_body, contradicting_body


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

        Of two pages the second has those whose birth date contradicts.

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
        if pages[0].is_full and criteria.birth_date is not None and _agrees(found[-1], criteria.birth_date):
            pages.append(Page(await self._repository.search(contradicting_body(criteria, systems))))
        return pages, replace(commonness, repeats=repeats(found, criteria))


def _agrees(source: dict[str, Any], birth_date: PartialDate) -> bool:
    """Tell whether a record was found among those whose birth date agrees; what cannot be read might have been."""
    record = held_record(source)
    identity = identity_of(record) if record is not None and not isinstance(record, EnrolledFinger) else None
    if identity is None:
        return True
    return not keys_of_agreement(birth_date).isdisjoint(keys_of_births(identity.birth_dates))


def sources_of(pages: Iterable[Page]) -> list[dict[str, Any]]:
    """Give what is on some pages."""
    return [source for page in pages for source in page.sources]
