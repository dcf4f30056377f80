"""Denials in the audit: one each for those who are known, a count for strangers."""

import asyncio

import pytest

from hub.audit import AuditUnavailable
from hub.denials import UNKNOWN, Denials

WHY = "not-authenticated POST /v1/search"


class Audit:
    """Keeps who, why and how many; away when told."""

    service = "search"

    def __init__(self):
        self.told = []
        self.away = False

    async def record(self, entries):
        if self.away:
            raise AuditUnavailable("away")
        self.told += [(entry.actor, entry.detail, entry.flow, entry.count) for entry in entries]


@pytest.fixture
def audit():
    return Audit()


async def knock(denials, times, why=WHY):
    for number in range(times):
        await denials.tell(None, why, f"flow-{number}")


async def test_a_flood_of_strangers_is_told_at_once_and_then_as_a_count(audit):
    denials = Denials(audit)
    await knock(denials, 10_000)
    assert audit.told == [(UNKNOWN, WHY, "flow-0", None)]
    await denials.tell_counted()
    assert audit.told[1:] == [(UNKNOWN, WHY, "flow-9999", 9_999)]


async def test_a_flood_that_goes_on_costs_one_entry_each_time_and_none_is_lost(audit):
    denials = Denials(audit)
    for _ in range(3):
        await knock(denials, 100)
        await denials.tell_counted()
    assert [count for *_, count in audit.told] == [None, 99, 100, 100]


async def test_who_comes_after_a_quiet_time_is_told_at_once_again(audit):
    denials = Denials(audit)
    await knock(denials, 1)
    await denials.tell_counted()
    await knock(denials, 1)
    assert [count for *_, count in audit.told] == [None, None]


async def test_each_kind_is_counted_by_itself(audit):
    denials = Denials(audit)
    await knock(denials, 3)
    await knock(denials, 2, "not-authenticated POST /v1/identify")
    await denials.tell_counted()
    assert [(why.split("/")[-1], count) for _, why, _, count in audit.told] == [
        ("search", None),
        ("identify", None),
        ("search", 2),
        ("identify", 1),
    ]


async def test_whoever_is_known_has_an_entry_for_every_denial(audit):
    denials = Denials(audit)
    for flow in ("one", "two", "three"):
        await denials.tell("guard-1", "not-authorised POST /v1/search", flow)
    assert [(who, flow, count) for who, _, flow, count in audit.told] == [
        ("guard-1", "one", None),
        ("guard-1", "two", None),
        ("guard-1", "three", None),
    ]


async def test_counts_are_told_while_the_service_runs_and_what_is_left_at_its_end(audit):
    denials = Denials(audit, window_s=0.01)
    async with denials.counting():
        await knock(denials, 3)
        async with asyncio.timeout(5):
            while len(audit.told) < 2:  # noqa: ASYNC110  the count has no event
                await asyncio.sleep(0.01)
    denials = Denials(audit)
    async with denials.counting():
        await knock(denials, 4)
    assert [count for *_, count in audit.told] == [None, 2, None, 3]


async def test_an_audit_that_is_away_stops_nothing(audit):
    audit.away = True
    denials = Denials(audit)
    async with denials.counting():
        await knock(denials, 2)
        await denials.tell("guard-1", WHY, "flow")
    assert audit.told == []
