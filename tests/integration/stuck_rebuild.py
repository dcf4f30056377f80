"""A rebuild in a process of its own that stops right before it would publish.

It says so on its output, and goes on giving signs of life until it is killed.
"""

import asyncio

from hub.log_reader import LogReader
from search.indices import Indices
from search.projector.settings import ProjectorSettings
from search.rebuild import Rebuild
from search.repository import Repository, connect


class Stuck(Indices):
    """Indices that nothing is published of."""

    async def publish(self, name):
        """Say which index would be published, and wait."""
        print(f"stuck {name}", flush=True)  # noqa: T201  the test reads it
        await asyncio.Event().wait()


async def main():
    """Rebuild until before the last move."""
    settings = ProjectorSettings.load()
    client = connect(settings.elasticsearch)
    log = LogReader(settings.kafka, "test-stuck-rebuild")
    async with Repository(client) as repository:
        await Rebuild(log, repository, Stuck(client), report=lambda _: None).run()


if __name__ == "__main__":
    asyncio.run(main())
