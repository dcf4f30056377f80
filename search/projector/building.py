"""This module builds the repository where there is none: at a first start, or where Elasticsearch is another or empty.

What was projected before stands in the log alone then, and the projector's offsets lie behind it: an empty index that
took only what comes next would hide it for ever, and searches would say that nobody is held. So the first index is
filled from the log, and read only when it is whole: see `search.rebuild`.
"""

import asyncio
from typing import NoReturn

from hub.log_reader import LogReader
from hub.logs import get_logger
from hub.service import until_reachable
from hub.settings import KafkaSettings
from search.indices import Indices
from search.rebuild import Rebuild, Rebuilt
from search.repository import Repository

LOOK_S = 5.0
"""How often it is looked whether the repository is still there; Elasticsearch may be emptied at any time."""


class Builder:
    """Builds the repository from the log of one Kafka, as one account."""

    def __init__(self, kafka: KafkaSettings, account: str, repository: Repository, indices: Indices) -> None:
        self._kafka = kafka
        self._account = account
        self._repository = repository
        self._indices = indices

    async def keep_built(self) -> NoReturn:
        """Build the repository whenever there is none, until cancelled.

        Raises:
            Misconfigured: a person has to change something first.
        """
        while True:
            await until_reachable(self.build_if_missing, "repository")
            await asyncio.sleep(LOOK_S)

    async def build_if_missing(self) -> Rebuilt | None:
        """Build the repository if there is none.

        Raises:
            Retryable: Kafka or Elasticsearch is away, or another builds it.
            Misconfigured: a person has to change something first.
        """
        if await self._indices.is_built():
            return None
        get_logger().info("repository missing, it is built from the log")
        log = LogReader(self._kafka, self._account)
        try:
            return await Rebuild(log, self._repository, self._indices, report=lambda _: None).run()
        finally:
            await log.close()
