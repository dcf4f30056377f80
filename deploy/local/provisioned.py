"""This module remembers which users a stack made in which Kafka cluster: those of others are not its to change."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from deploy.local.atomic import write_atomically


@dataclass(frozen=True, slots=True)
class Made:
    """The users of one cluster that are this stack's, each with the digest of the password that it was given.

    `taken_over` are those that were there before, and may have rights of which this stack knows nothing.
    """

    digests: Mapping[str, str] = field(default_factory=dict)
    taken_over: tuple[str, ...] = ()


class Memory:
    """A file of what was made, by the cluster's id."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def of(self, cluster: str, *, shared: bool) -> Made:
        """Tell what this stack made in a cluster; nothing where it never was, or nothing readable is remembered.

        Before there were several, the clusters were not told apart. What was remembered then may be of any, so it does
        not count where others use the cluster (`shared`): a user of theirs would be taken for ours.
        """
        made = self._all()
        return made.get(cluster, Made() if shared else made.get("", Made()))

    def keep(self, cluster: str, made: Made) -> None:
        """Remember what was made."""
        kept = {name: asdict(each) for name, each in {**self._all(), cluster: made}.items() if name}
        write_atomically(self._path, json.dumps({"clusters": kept}, indent=2), mode=0o600)

    def _all(self) -> dict[str, Made]:
        try:
            content = json.loads(self._path.read_text(encoding="utf-8"))
            if "clusters" not in content:
                return {"": Made(dict(content))}
            return {
                name: Made(dict(each["digests"]), tuple(each["taken_over"]))
                for name, each in content["clusters"].items()
            }
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}
