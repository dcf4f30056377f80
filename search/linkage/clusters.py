"""This module gathers linked records into clusters, one a person; a human judgement always stands above a machine's.

A judgement says that two records are of one person, or of two. Judgements that join are followed first. Links of
machines follow, strongest first; one that would bring together what a judgement holds apart, over however many records,
is left out, and remembered as such.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hub.errors import Conflict


class JudgementsContradict(Conflict):
    """Human judgements say of two records both that they are of one person and that they are not."""

    code = "judgements-contradict"


class Decision(StrEnum):
    """What a person judged."""

    JOIN = "join"
    SPLIT = "split"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person judged of two records, and who it was. Of two on the same pair the later counts."""

    one: str
    other: str
    decision: Decision
    by: str


@dataclass(frozen=True, slots=True)
class MachineLink:
    """A link that a machine found between two records: how strong it is, and why in one line."""

    one: str
    other: str
    weight: float
    reason: str = ""


Tie = Judgement | MachineLink


@dataclass(frozen=True, slots=True)
class Why:
    """Why two records are together, or are not.

    Together: `path` leads from one to the other. Apart: `held_apart_by` is the judgement that stands between their
    clusters, `left_out` the machine link that it overrode, if there was one; neither means that nothing linked them.
    """

    together: bool
    path: tuple[Tie, ...] = ()
    held_apart_by: Judgement | None = None
    left_out: MachineLink | None = None


class Clusters:
    """Records in their clusters; built once, then asked."""

    def __init__(
        self, records: Iterable[str], links: Iterable[MachineLink], judgements: Sequence[Judgement] = ()
    ) -> None:
        """Build the clusters.

        Raises:
            JudgementsContradict: joins bring together what a split holds apart.
        """
        standing = {_pair(each): each for each in judgements}  # the later of two on a pair replaces the earlier
        links = [*links]
        ties: list[Tie] = [*links, *standing.values()]
        named = {name for tie in ties for name in (tie.one, tie.other)}
        self._leader = {record: record for record in sorted({*records, *named})}
        self._members = {record: [record] for record in self._leader}
        self._ties: defaultdict[str, list[Tie]] = defaultdict(list)
        self._apart: defaultdict[str, dict[str, Judgement]] = defaultdict(dict)
        self._left_out: list[MachineLink] = []
        self._follow_joins(each for each in standing.values() if each.decision is Decision.JOIN)
        self._hold_apart(each for each in standing.values() if each.decision is Decision.SPLIT)
        for link in sorted(links, key=lambda link: (-link.weight, _pair(link))):
            self._follow(link)

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        """Give the members of each cluster, in order."""
        return iter(sorted(tuple(sorted(members)) for members in self._members.values()))

    @property
    def left_out(self) -> tuple[MachineLink, ...]:
        """The machine links that judgements overrode, strongest first: worth a second look."""
        return tuple(self._left_out)

    def of(self, record: str) -> tuple[str, ...]:
        """Give the cluster of a record; of one that is not known, itself alone."""
        return tuple(sorted(self._members[self._leader[record]])) if record in self._leader else (record,)

    def why(self, one: str, other: str) -> Why:
        """Explain why two records are together or are not."""
        mine, theirs = self._leader.get(one), self._leader.get(other)
        if mine is None or theirs is None:
            return Why(together=False)
        if mine == theirs:
            return Why(together=True, path=self._path(one, other))
        left_out = next(
            (link for link in self._left_out if {self._leader[link.one], self._leader[link.other]} == {mine, theirs}),
            None,
        )
        return Why(together=False, held_apart_by=self._apart[mine].get(theirs), left_out=left_out)

    def _follow_joins(self, joins: Iterable[Judgement]) -> None:
        for join in joins:
            self._tie(join)

    def _hold_apart(self, splits: Iterable[Judgement]) -> None:
        for split in splits:
            mine, theirs = self._leader[split.one], self._leader[split.other]
            if mine == theirs:
                raise JudgementsContradict(
                    "Judgements join two records, over others perhaps, that another holds apart; withdraw one of them."
                )
            self._apart[mine].setdefault(theirs, split)
            self._apart[theirs].setdefault(mine, split)

    def _follow(self, link: MachineLink) -> None:
        mine, theirs = self._leader[link.one], self._leader[link.other]
        if theirs in self._apart[mine]:
            self._left_out.append(link)
        else:
            self._tie(link)

    def _tie(self, tie: Tie) -> None:
        """Bring two clusters together, the smaller into the larger, with all that is held apart from either."""
        self._ties[tie.one].append(tie)
        self._ties[tie.other].append(tie)
        kept, gone = self._leader[tie.one], self._leader[tie.other]
        if kept == gone:
            return
        if len(self._members[kept]) < len(self._members[gone]):
            kept, gone = gone, kept
        for record in self._members[gone]:
            self._leader[record] = kept
        self._members[kept] += self._members.pop(gone)
        for enemy, split in self._apart.pop(gone, {}).items():
            del self._apart[enemy][gone]
            self._apart[kept].setdefault(enemy, split)
            self._apart[enemy].setdefault(kept, split)

    def _path(self, one: str, other: str) -> tuple[Tie, ...]:
        """Give the fewest ties that lead from one record to another of its cluster."""
        came_by: dict[str, tuple[str, Tie]] = {}
        waiting = deque([one])
        while waiting and other not in came_by and one != other:
            here = waiting.popleft()
            for tie in self._ties[here]:
                there = tie.other if tie.one == here else tie.one
                if there not in came_by and there != one:
                    came_by[there] = (here, tie)
                    waiting.append(there)
        return _walked(came_by, one, other)


def _walked(came_by: Mapping[str, tuple[str, Tie]], one: str, other: str) -> tuple[Tie, ...]:
    path: list[Tie] = []
    while other != one:
        other, tie = came_by[other]
        path.append(tie)
    return tuple(reversed(path))


def _pair(tie: Tie) -> tuple[str, str]:
    return (tie.one, tie.other) if tie.one <= tie.other else (tie.other, tie.one)
