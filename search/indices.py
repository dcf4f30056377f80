"""This module makes, moves and removes the repository's indices, so that no search ever finds it empty."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from search.mapping import (
    INDEX_PREFIX,
    READ_ALIAS,
    REBUILD_ALIAS,
    REFRESH_INTERVAL,
    WRITE_ALIAS,
    index_body,
)
from search.repository import Client, reached


class Indices:
    """The indices behind the aliases. Every change of aliases is one atomic call."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def ensure(self) -> None:
        """Make the first index where there is none.

        Raises:
            RepositoryUnavailable: Elasticsearch does not answer.
        """
        with reached():
            if await self._client.indices.exists_alias(name=WRITE_ALIAS):
                return
            await self._client.indices.create(
                index=new_name(),
                aliases={READ_ALIAS: {}, WRITE_ALIAS: {"is_write_index": True}},
                **index_body(),
            )

    async def begin_rebuild(self) -> str:
        """Make the index that a rebuild fills, after removing what an interrupted one left; give its name.

        Raises:
            RepositoryUnavailable: Elasticsearch does not answer.
        """
        await self.remove_unnamed()
        name = new_name()
        with reached():
            await self._client.indices.create(
                index=name, aliases={REBUILD_ALIAS: {"is_write_index": True}}, **index_body(refresh_interval="-1")
            )
        return name

    async def take_writes(self, name: str) -> None:
        """Let the projector write to `name` from now on."""
        await self._move({WRITE_ALIAS: name})

    async def publish(self, name: str) -> None:
        """Make `name` the repository that searches read."""
        with reached():
            await self._client.indices.put_settings(index=name, settings={"refresh_interval": REFRESH_INTERVAL})
            await self._client.indices.refresh(index=name)
        await self._move({READ_ALIAS: name, WRITE_ALIAS: name})
        with reached():
            await self._client.indices.delete_alias(index=name, name=REBUILD_ALIAS)

    async def remove_unnamed(self) -> None:
        """Drop the indices that nothing reads or writes any more."""
        for name in await self.unnamed():
            with reached():
                await self._client.indices.delete(index=name, ignore_unavailable=True)

    async def unnamed(self) -> list[str]:
        """Name the indices that are neither read nor written: those that a rebuild replaced or left."""
        with reached():
            found: Mapping[str, Any] = (
                await self._client.indices.get_alias(index=f"{INDEX_PREFIX}*", ignore_unavailable=True)
            ).body
        return [name for name, about in found.items() if not {READ_ALIAS, WRITE_ALIAS} & about["aliases"].keys()]

    async def _move(self, aliases: Mapping[str, str]) -> None:
        actions: list[dict[str, Any]] = []
        with reached():
            for alias, name in aliases.items():
                holders = (await self._client.indices.get_alias(name=alias)).body
                actions += [{"remove": {"index": holder, "alias": alias}} for holder in holders if holder != name]
                writes = {"is_write_index": True} if alias == WRITE_ALIAS else {}
                actions.append({"add": {"index": name, "alias": alias, **writes}})
            await self._client.indices.update_aliases(actions=actions)


def new_name() -> str:
    """Name a new index by the time."""
    return f"{INDEX_PREFIX}{dt.datetime.now(dt.UTC):%Y%m%d-%H%M%S-%f}"
