"""The settings of the search: what could not work is refused at the start."""

import pytest

from hub.errors import Misconfigured
from search.settings import SearchSettings


def test_live_systems_are_parted_by_commas_and_named_once(monkeypatch):
    monkeypatch.setenv("ISTHMUS_LIVE_SYSTEMS", "entry-exit, alerts,,entry-exit")
    assert SearchSettings.load().systems == ("entry-exit", "alerts")


@pytest.mark.parametrize("names", ["Alerts", "entry-exit;alerts", "alerts,a", "alerts,entry_exit", "x" * 32])
def test_a_live_system_that_cannot_be_one_is_misconfigured(monkeypatch, names):
    monkeypatch.setenv("ISTHMUS_LIVE_SYSTEMS", names)
    with pytest.raises(Misconfigured, match="ISTHMUS_LIVE_SYSTEMS"):
        SearchSettings.load()
