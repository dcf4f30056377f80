"""This module makes, moves and removes the repository's indices; `search.standing` says which moves there are."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from hub.errors import Retryable
from search import standing
from search.mapping import (
    INDEX_PREFIX,
    READ_ALIAS,
    REBUILD_ALIAS,
    REFRESH_INTERVAL,
    WRITE_ALIAS,
    index_body,
)
from search.repository import Client, NotThere, RepositoryUnavailable, reached
from search.standing import Actions, Standing

_SIGN = "alive"


class RebuildAtWork(Retryable):
    """Another rebuild fills an index this moment."""

    code = "rebuild-at-work"

    def __init__(self) -> None:
        super().__init__("Another rebuild of the repository is at work; wait until it has ended.")


class RebuildOvertaken(Retryable):
    """Another rebuild held this one for dead and cleared it away."""

    code = "rebuild-overtaken"

    def __init__(self) -> None:
        super().__init__("This rebuild was silent for so long that another took its place; wait until that has ended.")


class Indices:
    """The indices behind the aliases. Every change of aliases is one atomic call, and may be asked for again."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def ensure(self) -> None:
        """Make the first index where there is none; what a rebuild has left or is doing stays as it is.

        Raises:
            RepositoryUnavailable: Elasticsearch does not answer.
        """
        if await self._is_there():
            return
        aliases = {READ_ALIAS: {}, WRITE_ALIAS: {"is_write_index": True}}
        try:
            with reached():
                await self._client.indices.create(index=new_name(), aliases=aliases, **index_body())
        except RepositoryUnavailable:
            # Another may have made one at the same moment: one index alone may bear the alias for writing.
            if not await self._is_there():
                raise

    async def _is_there(self) -> bool:
        with reached():
            return bool(await self._client.indices.exists_alias(name=READ_ALIAS))

    async def standing(self) -> Standing:
        """Look how the repository stands.

        Raises:
            RepositoryUnavailable: Elasticsearch does not answer.
        """
        with reached():
            found: Mapping[str, Any] = (
                await self._client.indices.get(
                    index=f"{INDEX_PREFIX}*", features="aliases,mappings", ignore_unavailable=True
                )
            ).body
        signs = {name: about["mappings"].get("_meta", {}).get(_SIGN) for name, about in found.items()}
        return Standing(
            {name: frozenset(about["aliases"]) for name, about in found.items()},
            {name: sign for name, sign in signs.items() if sign},
        )

    async def begin_rebuild(self, seen: Standing) -> str:
        """Clear away what was `seen` of earlier rebuilds, and make the index that this one fills; give its name.

        Its alias is the lock: Elasticsearch lets one index alone bear it for writing.

        Raises:
            RebuildAtWork: another began at the same time.
            RepositoryUnavailable: Elasticsearch does not answer.
        """
        try:
            await self._move(lambda now: standing.clear(now, seen.left))
        except RebuildOvertaken:
            raise RebuildAtWork from None
        name = new_name()
        body = index_body(refresh_interval="-1")
        body["mappings"] = {**body["mappings"], "_meta": _sign()}
        try:
            with reached():
                await self._client.indices.create(index=name, aliases={REBUILD_ALIAS: {"is_write_index": True}}, **body)
        except RepositoryUnavailable:
            held = (await self.standing()).aliases
            if name not in held:
                if any(REBUILD_ALIAS in borne for borne in held.values()):
                    raise RebuildAtWork from None
                raise
        return name

    async def give_sign(self, name: str) -> None:
        """Show that the rebuild that fills `name` is alive.

        Raises:
            RebuildOvertaken: the index is gone.
            RepositoryUnavailable: not all nodes of Elasticsearch have confirmed it.
        """
        try:
            with reached():
                answer = await self._client.indices.put_mapping(index=name, meta=_sign())
        except NotThere:
            raise RebuildOvertaken from None
        if not answer["acknowledged"]:
            raise RepositoryUnavailable("Not all of Elasticsearch confirmed a change; it is tried again.")

    async def write_both(self, name: str) -> None:
        """Let the projector write to `name` as well; when this returns, no node takes a write for the other alone.

        Raises:
            RebuildOvertaken: another rebuild has cleared this one away.
            RepositoryUnavailable: Elasticsearch does not answer, or a node has not confirmed it.
        """
        await self._move(lambda now: standing.write_both(now, name))
        # A node makes changes in their order: one that confirms this new change has made the one before.
        await self.give_sign(name)

    async def publish(self, name: str) -> None:
        """Make `name` the repository that searches read and the projector writes, and end the rebuild.

        Raises:
            RebuildOvertaken: another rebuild has cleared this one away.
            RepositoryUnavailable: Elasticsearch does not answer.
        """
        try:
            with reached():
                await self._client.indices.put_settings(index=name, settings={"refresh_interval": REFRESH_INTERVAL})
                await self._client.indices.refresh(index=name)
        except NotThere:
            raise RebuildOvertaken from None
        await self._move(lambda now: standing.publish(now, name))

    async def give_up(self, name: str) -> None:
        """Remove the index of a rebuild that failed, unless it was published; the projector leaves it at the same time.

        Raises:
            RebuildOvertaken: another rebuild has cleared this one away.
            RepositoryUnavailable: Elasticsearch does not answer.
        """
        await self._move(lambda now: standing.clear(now, [name]) if name in now.left else [])

    async def remove_unnamed(self) -> None:
        """Drop the indices that bear no alias any more: those that a rebuild replaced."""
        for name, borne in (await self.standing()).aliases.items():
            if not borne:
                with reached():
                    await self._client.indices.delete(index=name, ignore_unavailable=True)

    async def _move(self, move: Callable[[Standing], Actions]) -> None:
        actions = await self._actions(move)
        if not actions:
            return
        try:
            with reached():
                await self._client.indices.update_aliases(actions=actions)
        except NotThere:
            # The client asks again where a connection broke: then the move may be made already.
            if await self._actions(move):
                raise RebuildOvertaken from None

    async def _actions(self, move: Callable[[Standing], Actions]) -> Actions:
        try:
            return move(await self.standing())
        except LookupError:
            raise NotThere("The repository is not built yet; start the projector.") from None


def _sign() -> dict[str, str]:
    return {_SIGN: dt.datetime.now(dt.UTC).isoformat()}


def new_name() -> str:
    """Name a new index by the time."""
    return f"{INDEX_PREFIX}{dt.datetime.now(dt.UTC):%Y%m%d-%H%M%S-%f}"
