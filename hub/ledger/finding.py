"""This module finds the flows of a reference, the newest first, one page after the other."""

import datetime as dt
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any, Protocol, Self

from contracts.audit import AuditEntryV1
from hub.errors import Rejected
from hub.ledger.pages import entries_of
from hub.ledger.trace import Trace, build_trace, flows_of, touching
from hub.security.principal import Principal

ENOUGH_PAGES = 500
"""How many pages of the index are read at once."""
ENOUGH_READS = 20
"""How often so many are read in search of flows, before an answer ends with where to go on."""
AT_ONCE = 20
"""How many flows are read whole at once."""
TICK = dt.timedelta(microseconds=1)


class Pages(Protocol):
    """What a trace needs of the ledger's index."""

    async def pages_with(
        self,
        references: Sequence[str],
        begun_by: dt.datetime | None,
        size: int,
        after: Sequence[Any] | None = None,
        beside: str | None = None,
    ) -> list[dict[str, Any]]:
        """Give the newest pages in which any of the references occurs, of those with an entry at that time or before.

        The newest comes first. `after` is the `sort` of a page: then those that follow it. Where another reference is
        given as `beside`, it has to occur in them, too.
        """
        ...


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a flow stands under a reference: at the time of its newest entry that the reference names."""

    at: dt.datetime
    flow: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a place as an answer gives it, or a mere time: then flows of that time and later are left out.

        Raises:
            Rejected: it is neither.
        """
        time, _, flow = text.partition("~")
        try:
            at = dt.datetime.fromisoformat(time)
            utc = at.astimezone(dt.UTC) if at.tzinfo else at.replace(tzinfo=dt.UTC)
        except (ValueError, OverflowError):
            raise Rejected(
                "Older flows are asked for by a time, such as 2026-04-02T10:00Z, or by the `next` of an answer.",
                field="before",
            ) from None
        return cls(utc, flow)  # Elasticsearch takes fewer zones

    def __str__(self) -> str:
        """Write it so that it can be given back."""
        return f"{self.at.isoformat().replace('+00:00', 'Z')}~{self.flow}".removesuffix("~")


@dataclass(frozen=True, slots=True)
class _Found:
    """A flow with all its entries that may be seen; `cut` where there are more, or may be, than are read at once.

    A flow that was asked for by its own id is read in parts then, and this is `part` of it: the newest entries.
    Without entries this is no flow: nobody has looked at what stands there or before it.
    """

    place: Place
    entries: list[AuditEntryV1]
    cut: bool
    part: bool = False

    @property
    def end(self) -> Place:
        """Where it is told to: all of a flow stands at one place, and each entry of a part at its own time."""
        return Place(min(entry.at for entry in self.entries), self.place.flow) if self.part else self.place

    def down_to(self, rest: Place | None) -> Self:
        """Leave out what of a part stands where the rest begins, or before it."""
        if not self.part or rest is None:
            return self
        newer = [entry for entry in self.entries if Place(entry.at, self.place.flow) > rest]
        return replace(self, entries=newer, cut=self.cut or len(newer) < len(self.entries))


async def find_trace(pages: Pages, ref: str, principal: Principal, *, limit: int, before: Place | None) -> Trace:
    """Find the newest flows that touch `ref` and stand before a place, as far as the caller may see the systems.

    A flow stands where its newest entry of `ref` does, and nowhere else: it is in one answer alone, however far its
    entries lie apart. Only one that is asked for by its own id, and has more entries than are read at once, is told
    part by part, so that all of it can be read: each answer holds what of it stands among the other flows there.
    """
    chosen: list[_Found] = []
    rest: Place | None = None
    part_end: Place | None = None
    async with aclosing(_flows(pages, ref, principal, before)) as flows:
        async for found in flows:
            if (part_end and found.place < part_end) or not found.entries or len(chosen) == limit:
                rest = found.place
                break
            chosen.append(found)
            if found.part and found.cut:
                part_end = found.end
    chosen = [found.down_to(rest) for found in chosen]
    following = min((found.end for found in chosen), default=rest) if rest or part_end else None
    return build_trace(
        ref,
        [found.place.flow for found in chosen],
        [entry for found in chosen for entry in found.entries],
        following=str(following) if following else None,
        cut=[found.place.flow for found in chosen if found.cut],
    )


async def _flows(pages: Pages, ref: str, principal: Principal, before: Place | None) -> AsyncGenerator[_Found, None]:
    """Give the flows of `ref` that stand before a place, the newest first.

    Reading ends, with the place down to which was read, once it is beyond a part that has more, or after a while: the
    caller may see little of what is there.
    """
    asked: set[str] = set()
    unsure: list[AuditEntryV1] = []
    reads, told_to = 0, before
    enough = ENOUGH_READS
    async with aclosing(_batches(pages, ref, before.at if before else None)) as batches:
        async for entries, sure in batches:
            seen = touching(_seen_by(principal, entries), ref)
            unsure += [entry for entry in seen if before is None or Place(entry.at, entry.flow) < before]
            names = [flow for flow in flows_of(_newer(unsure, sure)) if flow not in asked]
            asked.update(names)
            unsure = [entry for entry in unsure if entry.flow not in asked]
            for start in range(0, len(names), AT_ONCE):
                for found in await _whole(pages, ref, principal, names[start : start + AT_ONCE], before):
                    if before is None or found.place < before:  # else it was among the newer ones
                        yield found
                        if found.part and found.cut:
                            told_to, enough = found.end, 0
            reads += 1
            if sure and reads >= enough and (told_to is None or Place(sure + TICK) < told_to):
                yield _Found(Place(sure + TICK), [], cut=True)
                return


async def _batches(
    pages: Pages, ref: str, begun_by: dt.datetime | None = None, *, beside: str | None = None
) -> AsyncGenerator[tuple[list[AuditEntryV1], dt.datetime | None], None]:
    """Give the entries of all pages in which `ref` occurs, of so many pages at once, the newest first.

    With them comes the time up to which pages that were not read yet may reach, if there may be any: what is newer is
    sure to be known.
    """
    last: Sequence[Any] | None = None
    while True:
        documents = await pages.pages_with([ref], begun_by, ENOUGH_PAGES, last, beside)
        if len(documents) < ENOUGH_PAGES:
            yield _entries(documents), None
            return
        yield _entries(documents), _end_of_millisecond(max(entry.at for entry in _entries(documents[-1:])))
        last = documents[-1]["sort"]


def _newer(entries: Sequence[AuditEntryV1], sure: dt.datetime | None) -> list[AuditEntryV1]:
    return [entry for entry in entries if sure is None or entry.at > sure]


async def _whole(
    pages: Pages, ref: str, principal: Principal, flows: Sequence[str], before: Place | None
) -> list[_Found]:
    """Read flows whole, in their order; of one that alone has more pages than are read at once, the newest.

    Of such a flow the newest that touches `ref` is read as well: who asks for it must find the flow, and where it
    stands, whatever else came under the same id later. Callers choose the ids of their flows.
    """
    documents = await pages.pages_with(flows, None, ENOUGH_PAGES)
    cut = len(documents) == ENOUGH_PAGES
    if cut and len(flows) > 1:
        half = len(flows) // 2
        return [
            *await _whole(pages, ref, principal, flows[:half], before),
            *await _whole(pages, ref, principal, flows[half:], before),
        ]
    if cut and flows[0] == ref:
        return await _part(pages, ref, principal, before)
    entries: dict[str, list[AuditEntryV1]] = {flow: [] for flow in flows}
    for entry in _seen_by(principal, _entries(documents)):
        if entry.flow in entries:
            entries[entry.flow].append(entry)
    if cut:
        (flow,) = flows
        entries[flow] += await _newest_touching(pages, ref, principal, flow)
    return [
        _Found(Place(max(entry.at for entry in touched), flow), entries[flow], cut)
        for flow in flows
        if (touched := touching(entries[flow], ref))
    ]


async def _part(pages: Pages, flow: str, principal: Principal, before: Place | None) -> list[_Found]:
    """Read what may be seen of a flow before a place, of as many pages as are read at once.

    Whether more of it may be seen is read on for, but not for ever.
    """
    found: list[AuditEntryV1] = []
    part: list[AuditEntryV1] = []
    reads = 0
    async with aclosing(_batches(pages, flow, before.at if before else None)) as batches:
        async for entries, sure in batches:
            seen = [entry for entry in _seen_by(principal, entries) if entry.flow == flow]
            found += [entry for entry in seen if before is None or Place(entry.at, flow) < before]
            part = part or _newer(found, sure)
            reads += 1
            more = len(found) > len(part)
            if part and (more or sure is None or reads >= ENOUGH_READS):
                return [_Found(Place(max(entry.at for entry in part), flow), part, more or sure is not None, part=True)]
    return []


async def _newest_touching(pages: Pages, ref: str, principal: Principal, flow: str) -> list[AuditEntryV1]:
    """Give the newest entries of a flow that touch `ref` and may be seen: of as many pages as are read at once."""
    found: list[AuditEntryV1] = []
    async with aclosing(_batches(pages, flow, beside=ref)) as batches:
        async for entries, sure in batches:
            found += [entry for entry in touching(_seen_by(principal, entries), ref) if entry.flow == flow]
            if _newer(found, sure):
                break
    return found


def _end_of_millisecond(time: dt.datetime) -> dt.datetime:
    """The index orders pages by whole milliseconds."""
    return time.replace(microsecond=time.microsecond // 1000 * 1000 + 999)


def _seen_by(principal: Principal, entries: Sequence[AuditEntryV1]) -> list[AuditEntryV1]:
    """Leave what the caller may see: the systems that the token opens and the caller's own acts.

    An entry without a system may tell of any: a search counts over all, a view of the audit names what was asked for.
    """
    if principal.sees_all:
        return list(entries)
    return [
        entry
        for entry in entries
        if entry.actor == principal.user or (entry.system is not None and principal.may_see(entry.system))
    ]


def _entries(documents: Sequence[dict[str, Any]]) -> list[AuditEntryV1]:
    return [entry for document in documents for entry in entries_of(document)]
