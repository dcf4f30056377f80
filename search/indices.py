"""This module makes, moves and removes the repository's indices, so that no search ever finds it empty."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from hub.logs import get_logger
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
        """Make the first index where there is none; mend the aliases where a rebuild ended between moving the two.

        Raises:
            RepositoryUnavailable: Elasticsearch does not answer.
        """
        with reached():
            if await self._client.indices.exists_alias(name=WRITE_ALIAS):
                # A rebuild may be at work this moment, and needs its own alias still: that stays.
                await self._roll_forward()
                return
            await self._client.indices.create(
                index=new_name(),
                aliases={READ_ALIAS: {}, WRITE_ALIAS: {"is_write_index": True}},
                **index_body(),
            )

    async def begin_rebuild(self) -> str:
        """Make the index that a rebuild fills, after clearing away what an interrupted one left; give its name.

        Raises:
            RepositoryUnavailable: Elasticsearch does not answer.
        """
        # What is replaced by rolling forward goes with the end of this rebuild: a search may be reading it now.
        await self.remove_unnamed()
        await self._roll_forward()
        await self._move({}, ends_rebuild=True)
        name = new_name()
        with reached():
            await self._client.indices.create(
                index=name, aliases={REBUILD_ALIAS: {"is_write_index": True}}, **index_body(refresh_interval="-1")
            )
        return name

    async def take_writes(self, name: str) -> None:
        """Let the projector write to `name` from now on. It may be done again."""
        await self._move({WRITE_ALIAS: name})

    async def publish(self, name: str) -> None:
        """Make `name` the repository that searches read, and end the rebuild. It may be done again."""
        await self._show(name)
        await self._move({READ_ALIAS: name, WRITE_ALIAS: name}, ends_rebuild=True)

    async def remove_unnamed(self) -> None:
        """Drop the indices that nothing reads or writes any more."""
        for name in await self.unnamed():
            with reached():
                await self._client.indices.delete(index=name, ignore_unavailable=True)

    async def unnamed(self) -> list[str]:
        """Name the indices that are neither read nor written: those that a rebuild replaced or left."""
        return [name for name, aliases in (await self._aliases()).items() if not {READ_ALIAS, WRITE_ALIAS} & aliases]

    async def _roll_forward(self) -> None:
        """Let searches read what is written to, where a rebuild ended before it could.

        What is written to lacks at most the few messages that were to be caught up; what is read lacks all since.
        """
        held = await self._aliases()
        written = [name for name, aliases in held.items() if WRITE_ALIAS in aliases]
        read = [name for name, aliases in held.items() if READ_ALIAS in aliases]
        if len(written) != 1 or read == written:
            return
        get_logger().warning("repository moved after an interrupted rebuild; rebuild it", index=written[0])
        await self._show(written[0])
        await self._move({READ_ALIAS: written[0]})

    async def _show(self, name: str) -> None:
        """Make what was stored while nobody read it visible, and all that comes."""
        with reached():
            await self._client.indices.put_settings(index=name, settings={"refresh_interval": REFRESH_INTERVAL})
            await self._client.indices.refresh(index=name)

    async def _aliases(self) -> dict[str, set[str]]:
        """Give the indices with the aliases that each bears."""
        with reached():
            found: Mapping[str, Any] = (
                await self._client.indices.get_alias(index=f"{INDEX_PREFIX}*", ignore_unavailable=True)
            ).body
        return {name: set(about["aliases"]) for name, about in found.items()}

    async def _move(self, aliases: Mapping[str, str], *, ends_rebuild: bool = False) -> None:
        """Move aliases, and take that of a rebuild from whoever bears it where it `ends_rebuild`: in one step."""
        held = await self._aliases()
        actions: list[dict[str, Any]] = []
        for alias, name in aliases.items():
            holders = [holder for holder, borne in held.items() if alias in borne and holder != name]
            actions += [{"remove": {"index": holder, "alias": alias}} for holder in holders]
            writes = {"is_write_index": True} if alias == WRITE_ALIAS else {}
            actions.append({"add": {"index": name, "alias": alias, **writes}})
        if ends_rebuild:
            rebuilt = [holder for holder, borne in held.items() if REBUILD_ALIAS in borne]
            actions += [{"remove": {"index": holder, "alias": REBUILD_ALIAS}} for holder in rebuilt]
        if actions:
            with reached():
                await self._client.indices.update_aliases(actions=actions)


def new_name() -> str:
    """Name a new index by the time."""
    return f"{INDEX_PREFIX}{dt.datetime.now(dt.UTC):%Y%m%d-%H%M%S-%f}"
