"""This module holds how the repository stands behind its aliases, and the moves from one standing to the next.

| standing | the index that searches read | the index that a rebuild fills | the projector writes to |
| --- | --- | --- | --- |
| not built | | `records-rebuild` | none: it waits |
| at rest | `records`, `records-write` | | the one |
| filling | `records`, `records-write` | `records-rebuild` | the one that is read |
| both | `records`, `records-write-old` | `records-rebuild` | both |

Each move is a list of actions that Elasticsearch takes as a whole or not at all. It names what must still be so: where
another rebuild has cleared this one away, the move fails. A move that was made already has no actions.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from search.mapping import OLD_ALIAS, READ_ALIAS, REBUILD_ALIAS, WRITE_ALIAS

SIGN_S = 3.0
"""How often a rebuild gives a sign of life."""
SILENT_S = 15.0
"""How long a rebuild that lives is silent at most, an Elasticsearch that is slow for some seconds included."""

OUTDATED = (
    "The repository was filled by another version, and searches may miss older records by what this one looks for: "
    "run `isthmus repository rebuild`."
)
UNBUILT = "The repository is being built from the log; until then searches say that it is unavailable."
UNBUILT_CUT_OFF = (
    "The repository is not built, and what began to build it was cut off; searches say that it is unavailable: start "
    "the projector, or run `isthmus repository rebuild`."
)

Actions = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Standing:
    """The indices of the repository with the aliases that each bears, and the last sign of life in each.

    Indices of others, whatever their names, are not among them. `outdated` are those that were filled for another
    mapping than ours.
    """

    aliases: Mapping[str, frozenset[str]]
    signs: Mapping[str, str]
    outdated: frozenset[str] = frozenset()

    @property
    def read(self) -> str | None:
        """The index that searches read."""
        return next((name for name, borne in self.aliases.items() if READ_ALIAS in borne), None)

    @property
    def left(self) -> tuple[str, ...]:
        """The indices that searches do not read: a rebuild is at work on them, or was cut off."""
        return tuple(sorted(set(self.aliases) - {self.read}))

    def told(self, now: dt.datetime) -> str | None:
        """Say in a sentence what a rebuild is doing or has left, or that one is needed; nothing when all is well."""
        if not self.left and OLD_ALIAS not in self.aliases.get(self.read or "", ()):
            return OUTDATED if self.read in self.outdated else None
        newest = max((dt.datetime.fromisoformat(sign) for sign in self.signs.values()), default=None)
        lives = newest is not None and now - newest <= dt.timedelta(seconds=SILENT_S)
        if self.read is None:
            return UNBUILT if lives else UNBUILT_CUT_OFF
        if lives:
            return "The repository is being rebuilt; searches miss nothing meanwhile."
        return (
            "A rebuild of the repository was cut off; searches miss nothing, but what it left costs space and time: "
            "run `isthmus repository rebuild`."
        )


def write_both(standing: Standing, name: str) -> Actions:
    """Let the projector write to `name` as well as to what is read; where nothing is, it goes on waiting."""
    read = standing.read
    if read is None or (name in standing.aliases and OLD_ALIAS in standing.aliases[read]):
        return []
    return [_remove(WRITE_ALIAS, read), _add(OLD_ALIAS, read), _add(REBUILD_ALIAS, name)]


def publish(standing: Standing, name: str) -> Actions:
    """Let searches read `name`, and the projector write to it alone."""
    read = standing.read
    if name == read:
        return []
    before = [] if read is None else [_remove(OLD_ALIAS, read), _remove(READ_ALIAS, read)]
    return [_remove(REBUILD_ALIAS, name), *before, _add(READ_ALIAS, name), _add(WRITE_ALIAS, name)]


def clear(standing: Standing, names: Collection[str]) -> Actions:
    """Let the projector write to what is read alone, and remove those of `names` that are not read."""
    read = standing.read
    left = [name for name in standing.left if name in names]
    removed: Actions = [{"remove_index": {"index": name}} for name in left]
    if read is None:
        return removed
    if not removed and WRITE_ALIAS in standing.aliases[read]:
        return []
    # That what is read still bears this alias says that nothing was published since we looked.
    borne = [_remove(alias, read) for alias in (WRITE_ALIAS, OLD_ALIAS) if alias in standing.aliases[read]]
    return [*borne, _add(WRITE_ALIAS, read), *removed]


def _remove(alias: str, name: str) -> dict[str, Any]:
    return {"remove": {"index": name, "alias": alias, "must_exist": True}}


def _add(alias: str, name: str) -> dict[str, Any]:
    # Elasticsearch holds that no two indices are the write index of one alias, whoever asks for it at once.
    writes = {} if alias == READ_ALIAS else {"is_write_index": True}
    return {"add": {"index": name, "alias": alias, **writes}}
