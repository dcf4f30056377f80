"""This module makes, moves and removes the repository's indices; `search.standing` says which moves there are."""

import asyncio
import datetime as dt
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from hub.bulk import not_made
from hub.errors import Misconfigured, Retryable
from search import standing
from search.mapping import (
    INDEX_PREFIX,
    MAPPING,
    MAPPING_DIGEST,
    MARK,
    OLD_ALIAS,
    READ_ALIAS,
    REBUILD_ALIAS,
    REFRESH_INTERVAL,
    WRITE_ALIAS,
    index_body,
)
from search.repository import NOT_BUILT, ChangeRefused, Client, NotThere, RepositoryUnavailable, reached
from search.standing import Actions, Standing

_SIGN = "alive"
UNKNOWN = "unknown"
"""In the place of a mapping's digest."""
NO_FURTHER = "validation_exception"
"""So Elasticsearch refuses an index above its limit of shards. Other refusals may pass: so that of an alias for writing
that another rebuild held, which may have ended by the time it is looked for."""
REACHED_S = 1.0
"""How long another service is waited for that is only asked whether it is there: who asks for the health waits two."""


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


class NameTaken(Misconfigured):
    """Something that is not ours bears the name that searches read."""

    code = "repository-name-taken"

    def __init__(self) -> None:
        super().__init__(
            f"The name {READ_ALIAS} stands in Elasticsearch for something that is not ours: give that another name, or "
            "use another Elasticsearch."
        )


class MappingChanged(Misconfigured):
    """This version stores a field otherwise than the one that made the index."""

    code = "repository-mapping-changed"

    def __init__(self) -> None:
        super().__init__(
            "This version stores records otherwise than the index takes them: run `isthmus repository rebuild`."
        )


class Indices:
    """The indices behind the aliases. Every change of aliases is one atomic call, and may be asked for again."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def is_built(self) -> bool:
        """Tell whether there is a repository that searches read.

        Raises:
            NameTaken: there is something else under its name.
            RepositoryUnavailable: Elasticsearch does not answer.
        """
        if not await self._is_named():
            return False
        if (await self.standing()).read is not None:
            return True
        if await self._is_named():  # it may have gone between the two looks
            raise NameTaken
        return False

    async def _is_named(self) -> bool:
        """Tell whether something bears the name that searches read."""
        with reached():
            return bool(await self._client.indices.exists(index=READ_ALIAS))

    async def require_built(self) -> None:
        """Make sure that there is a repository that searches read.

        Raises:
            NotThere: there is none yet.
            NameTaken: there is something else under its name.
            RepositoryUnavailable: Elasticsearch does not answer.
        """
        if not await self.is_built():
            raise NotThere(NOT_BUILT)

    async def is_reachable(self) -> bool:
        """Tell whether there is a repository that searches read, without waiting for it for long."""
        try:
            async with asyncio.timeout(REACHED_S):
                return await self.is_built()
        except (RepositoryUnavailable, NameTaken, TimeoutError):
            return False

    async def adapt(self) -> None:
        """Give indices that an earlier version made our mark, and the fields that they lack.

        Raises:
            MappingChanged: a field is another one now.
            RepositoryUnavailable: Elasticsearch does not answer.
        """
        await self._mark()
        for name, about in (await self._ours()).items():
            # Nobody writes to one without an alias, and nothing is asked for that is so already: it might be refused.
            if not about["aliases"] or _meta(about).get(MARK) == MAPPING_DIGEST:
                continue
            try:
                with suppress(NotThere), reached():
                    await self._client.indices.put_mapping(index=name, properties=MAPPING["properties"])
            except ChangeRefused:
                raise MappingChanged from None

    async def _mark(self) -> None:
        """Give what searches read our mark, if a version made it that gave none: without it, it would be nobody's.

        That is a call of its own: a field may be refused, a mark is not. With which mapping it was filled nobody knows,
        so it is held for that of another version.
        """
        for name, about in (await self._ours()).items():
            if READ_ALIAS in about["aliases"] and MARK not in _meta(about):
                with suppress(NotThere), reached():
                    await self._client.indices.put_mapping(index=name, meta={MARK: UNKNOWN})

    async def standing(self) -> Standing:
        """Look how the repository stands.

        Raises:
            RepositoryUnavailable: Elasticsearch does not answer.
        """
        found = await self._ours()
        signs = {name: _meta(about).get(_SIGN) for name, about in found.items()}
        return Standing(
            {name: frozenset(about["aliases"]) for name, about in found.items()},
            {name: sign for name, sign in signs.items() if sign},
            frozenset(
                name for name, about in found.items() if _meta(about).get(MARK, MAPPING_DIGEST) != MAPPING_DIGEST
            ),
        )

    async def _ours(self) -> dict[str, Any]:
        with reached():
            found: Mapping[str, Any] = (
                await self._client.indices.get(
                    index=f"{INDEX_PREFIX}*", features="aliases,mappings", ignore_unavailable=True
                )
            ).body
        return {name: about for name, about in found.items() if _is_ours(about)}

    async def begin_rebuild(self, seen: Standing) -> str:
        """Clear away what was `seen` of earlier rebuilds, and make the index that this one fills; give its name.

        Its alias is the lock: Elasticsearch lets one index alone bear it for writing.

        Raises:
            RebuildAtWork: another began at the same time.
            NameTaken: there is something else under the repository's name.
            IndexRefused: Elasticsearch takes no further index, because it holds as many shards as it may.
            RepositoryUnavailable: Elasticsearch does not answer, or refuses the index for another reason, for instance
                because another rebuild held the lock and has just ended.
        """
        if seen.read is None:
            await self.is_built()
        await self._mark()
        try:
            await self._move(lambda now: standing.clear(now, seen.left))
        except RebuildOvertaken:
            raise RebuildAtWork from None
        name = new_name()
        body = index_body(refresh_interval="-1")
        body["mappings"] = {**body["mappings"], "_meta": _alive()}
        try:
            with reached():
                await self._client.indices.create(index=name, aliases={REBUILD_ALIAS: {"is_write_index": True}}, **body)
        except RepositoryUnavailable as error:
            held = (await self.standing()).aliases
            if name not in held:
                if any(REBUILD_ALIAS in borne for borne in held.values()):
                    raise RebuildAtWork from None
                if isinstance(error, ChangeRefused) and error.kind == NO_FURTHER:
                    raise not_made(name, error.kind) from error
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
                answer = await self._client.indices.put_mapping(index=name, meta=_alive())
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
        """Drop those of our indices that bear no alias any more: a rebuild replaced them."""
        for name, borne in (await self.standing()).aliases.items():
            if not borne:
                with reached():
                    await self._client.indices.delete(index=name, ignore_unavailable=True)

    async def _move(self, move: Callable[[Standing], Actions]) -> None:
        actions = move(await self.standing())
        if not actions:
            return
        try:
            with reached():
                await self._client.indices.update_aliases(actions=actions)
        except NotThere:
            # The client asks again where a connection broke: then the move may be made already.
            if move(await self.standing()):
                raise RebuildOvertaken from None


def _alive() -> dict[str, str]:
    return {MARK: MAPPING_DIGEST, _SIGN: dt.datetime.now(dt.UTC).isoformat()}


def _meta(about: Mapping[str, Any]) -> Mapping[str, Any]:
    meta: Mapping[str, Any] = about["mappings"].get("_meta", {})
    return meta


def _is_ours(about: Mapping[str, Any]) -> bool:
    """Tell our index from those of others, who may name theirs alike; what was made before there was a mark counts."""
    written = not {WRITE_ALIAS, OLD_ALIAS}.isdisjoint(about["aliases"])
    return not {MARK, _SIGN}.isdisjoint(_meta(about)) or (READ_ALIAS in about["aliases"] and written)


def new_name() -> str:
    """Name a new index by the time."""
    return f"{INDEX_PREFIX}{dt.datetime.now(dt.UTC):%Y%m%d-%H%M%S-%f}"
