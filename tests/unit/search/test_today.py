"""What day it is: by the clock of the authority; an alert holds until its last day is over everywhere."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from hub.errors import Misconfigured
from search.settings import SearchSettings
from tests.unit.search.desk import Desk
from tests.unit.search.people import alert, crossing

WEST, EAST = ZoneInfo("America/Guyana"), ZoneInfo("Asia/Tokyo")
EVENING = dt.datetime(2026, 6, 15, 20, 30, tzinfo=WEST)


async def told(tmp_path, record, **when):
    desk = Desk(tmp_path, found=[record], **when)
    (shown,) = (await desk.ask(name="Ada Testova", birth_date="1984-05-06")).json()["persons"]
    return [finding["kind"] for finding in shown["findings"]]


@pytest.mark.parametrize("zone", [WEST, dt.UTC, EAST])
async def test_on_the_evening_of_its_last_day_an_alert_still_stops_whatever_zone_is_set(tmp_path, zone):
    assert await told(tmp_path, alert(about={}, expires="2026-06-15"), zone=zone, now=EVENING) == ["active-alert"]
    later = EVENING + dt.timedelta(hours=12)  # 12:30 of the next day in UTC
    assert await told(tmp_path, alert(about={}, expires="2026-06-15"), zone=zone, now=later) == []


@pytest.mark.parametrize(("zone", "kinds"), [(WEST, []), (dt.UTC, ["overstay"]), (EAST, ["overstay"])])
async def test_a_stay_ends_by_the_clock_of_the_authority(tmp_path, zone, kinds):
    entry = crossing("1", at=EVENING - dt.timedelta(days=30), stay_until=dt.date(2026, 6, 15))
    assert await told(tmp_path, entry, zone=zone, now=EVENING) == kinds


def test_the_zone_is_set_by_its_name_and_is_utc_unless_it_is(monkeypatch):
    assert SearchSettings.load().zone is dt.UTC
    monkeypatch.setenv("ISTHMUS_TIME_ZONE", "America/Guyana")
    assert SearchSettings.load().zone == WEST


@pytest.mark.parametrize("name", ["Europe/Nowhere", "", "../UTC", "/etc/passwd"])
def test_a_zone_that_nobody_knows_is_told_at_the_start(monkeypatch, name):
    monkeypatch.setenv("ISTHMUS_TIME_ZONE", name)
    with pytest.raises(Misconfigured, match="ISTHMUS_TIME_ZONE"):
        SearchSettings.load()
