"""Where a person names the source of an adapter, and what is said where nobody does or it is written wrongly."""

import os
from types import SimpleNamespace
from unittest import mock

import pytest

from adapters.sql_source import connect
from deploy import cli_adapter
from deploy.local.stack import Stack
from hub.errors import Misconfigured

PERMITS = """
from adapters.agencies.alerts import alert
from adapters.declaration import Adapter, Sql, Stream, Surrogate
from contracts.records import AlertV1

ADAPTER = Adapter(
    system="permits", owner="o", purpose="p", legal_basis="l",
    streams=(Stream("alert", AlertV1, Sql("ALR"), Surrogate("ALR_NO"), alert),),
)
"""
BOTH = ["postgresql://reader@host/name", "sqlite:////folder/name.db", "ISTHMUS_SOURCE_FILE"]


@pytest.fixture(autouse=True)
def environment():
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ISTHMUS_")}
    with mock.patch.dict(os.environ, kept, clear=True):
        yield


@pytest.fixture
def permits(tmp_path):
    file = tmp_path / "permits.py"
    file.write_text(PERMITS)
    return str(file)


class FakeStack:
    """A stack that is up and to which nobody was admitted."""

    admitted = ()

    def must_be_up(self):
        return self

    def agreements(self):
        return [SimpleNamespace(system=system) for system in self.admitted]

    def admit(self, agreement):
        self.admitted = (*self.admitted, agreement.system)

    def env_for(self, service):
        return {"ISTHMUS_SOURCE_FILE": f"/stack/source-{service}", "ISTHMUS_STATE": "/stack/state"}


@pytest.fixture
def stack(monkeypatch):
    made = FakeStack()
    monkeypatch.setattr(Stack, "known", lambda _: made)
    monkeypatch.setattr(cli_adapter, "serve", lambda _: None)
    return made


def started(name, source=None, *, admit=True):
    cli_adapter.run(name, source, "local", admit=admit)


@pytest.mark.parametrize("command", ["check", "preview", "run"])
def test_who_names_no_source_is_told_how(permits, stack, command):
    calls = {
        "check": lambda: cli_adapter.check_(permits, None, "local"),
        "preview": lambda: cli_adapter.preview(permits, None, 3, None, "local"),
        "run": lambda: started(permits),
    }
    with pytest.raises(Misconfigured) as told:
        calls[command]()
    assert all(part in str(told.value) for part in ["permits", "--source", *BOTH])
    assert not stack.admitted


def test_who_names_no_folder_of_a_list_is_told_how(stack):
    with pytest.raises(Misconfigured, match=r"eu-journal; name it with --source: the folder of its lists\."):
        started("eu-journal")


@pytest.mark.parametrize(
    "written",
    [
        "/folder/permits.db",
        "postgresql://reader@host:port/name",
        "sqlite://folder/permits.db",
        "nosuch://host/name",
        "",
    ],
)
def test_a_source_that_is_no_database_url_is_told_both_forms_and_no_password(written):
    with pytest.raises(Misconfigured) as told:
        connect(written)
    assert all(part in str(told.value) for part in BOTH)
    assert ":password" not in str(told.value)


def test_a_folder_or_file_that_is_not_there_is_refused_before_anybody_is_admitted(permits, stack, tmp_path):
    with pytest.raises(Misconfigured, match="There is no folder /absent/drops; make it"):
        started("eu-journal", "/absent/drops")
    with pytest.raises(
        Misconfigured, match=r"The database file /absent/permits\.db cannot be opened; correct its path"
    ):
        started(permits, "sqlite:////absent/permits.db")
    with pytest.raises(Misconfigured, match="no database URL"):
        started(permits, str(tmp_path))
    assert not stack.admitted
    started("eu-journal", str(tmp_path))
    started(permits, "postgresql://reader@127.0.0.1:1/away")  # a server that is away is waited for
    assert stack.admitted == ("eu-journal", "permits")


@pytest.mark.parametrize("name", ["ISTHMUS_SOURCE_FILE", "ISTHMUS_SOURCE"])
def test_a_source_of_the_environment_goes_before_that_of_the_stack(stack, tmp_path, name):
    named = tmp_path / "source"
    named.write_text(str(tmp_path))
    os.environ[name] = str(named if name.endswith("FILE") else tmp_path)
    started("eu-journal")
    assert cli_adapter.AdapterSettings.load().location(cli_adapter.find("eu-journal")) == str(tmp_path)
    assert os.environ["ISTHMUS_STATE"] == "/stack/state"


def test_the_stack_tells_the_source_of_its_own_agencies(stack):
    started("alerts")
    assert os.environ["ISTHMUS_SOURCE_FILE"] == "/stack/source-adapter-alerts"


def test_a_system_that_is_not_admitted_is_refused(stack, tmp_path):
    with pytest.raises(Misconfigured, match="not admitted on the stack local yet; run it once with --admit"):
        started("eu-journal", str(tmp_path), admit=False)
