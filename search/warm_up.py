"""This module lets the search work on nobody before anybody waits: the first question takes ten times as long.

Tables of names are read when they are first needed, and Elasticsearch compiles a query while it answers it: the first
would come later than its deadline, and the answer would lack the repository.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from contracts.dates import PartialDate
from contracts.identity import IdentityData, PersonName
from contracts.query import Criteria
from search.candidates import Candidates, Searches
from search.query_body import linked_body
from search.repository import RepositoryUnavailable
from search.score import Scorer

TIMES = (
    40  # questions: of the first 0.5 s, on two cores that are starting everything else too, the twentieth takes 0.02 s
)
LONGEST_S = 3.0
NAMES = ("Ada Testova", "Ада Тестова", "آدا تستوفا", "測試艾達", "山田試子", "테스트 아다", "Αδα Τεστ")
"""Of nobody, in the scripts that have tables of their own."""
BORN = PartialDate(1984, 5, 6)


async def warm_up(repository: Searches, longest_s: float = LONGEST_S) -> None:
    """Ask the repository for nobody, and judge names in several scripts; what is found is dropped, and nobody sees it.

    A repository that cannot be asked, or does not answer, keeps nobody from starting.
    """
    asked = [Criteria(names=(PersonName(full=name),), birth_date=BORN) for name in NAMES]
    _judge(asked)
    with suppress(RepositoryUnavailable, TimeoutError):
        async with asyncio.timeout(longest_s):
            for turn in range(TIMES):
                # Anew each time, so that it counts names as well.
                await Candidates(repository).every(asked[turn % len(asked)], None)
                await repository.search(linked_body(["warm-up:person:1"], ["X0000000"], None))


def _judge(asked: Sequence[Criteria]) -> None:
    for criteria in asked:
        scorer = Scorer(criteria)
        for name in NAMES:
            scorer.score(IdentityData(names=(PersonName(full=name),), birth_dates=(BORN,)), ()).work_out()
