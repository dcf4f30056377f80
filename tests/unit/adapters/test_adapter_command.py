"""`isthmus adapter`, and how adapters are found."""

import json
import sys

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

import adapters.app
from adapters.declaration import agreements
from adapters.failures import SourceUnavailable
from adapters.registry import find, reference_adapters
from deploy import cli
from deploy.cli_adapter import app
from deploy.demo.legacy import alerts
from hub.errors import Misconfigured
from hub.router.agreements import Agreement
from hub.service import run_to_the_end

DECLARATION = """
from adapters.agencies.alerts import alert
from adapters.declaration import Adapter, Clock, Sql, Stream, Surrogate
from contracts.records import AlertV1

ADAPTER = Adapter(
    system="own-alerts", owner="o", purpose="p", legal_basis="l",
    streams=(Stream("alert", AlertV1, Sql("ALR", updated="AEND_TS", clock=Clock.EPOCH_S), Surrogate("ALR_NO"), alert),),
)
"""
ROW = {
    "ALR_NO": 1,
    "NM1": "TESTOVA",
    "NM2": "ADA",
    "GEB_DAT": "11.08.1960",
    "GESCHL": 2,
    "STAAT": "UTO",
    "DOK_ART": "RP",
    "DOK_NR": "X0000001",
    "DOK_STAAT": "UTO",
    "GRUND": "10",
    "ERF_DAT": "01.03.2026",
    "STATUS": "A",
    "AEND_TS": 1_000,
}


@pytest.fixture
def source(tmp_path, monkeypatch):
    for name in ("ISTHMUS_SOURCE", "ISTHMUS_SOURCE_FILE"):
        monkeypatch.delenv(name, raising=False)
    url = f"sqlite:///{tmp_path / 'alerts.sqlite'}"
    engine = sa.create_engine(url)
    alerts.create(engine)
    with engine.begin() as connection:
        connection.execute(alerts.ALERTS.insert(), [ROW, {**ROW, "ALR_NO": 2, "GRUND": "99"}])
    engine.dispose()
    return url


def call(*arguments):
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "160"})


def test_the_list_names_every_system_with_its_streams():
    listed = {entry["system"]: entry for entry in json.loads(call("list", "--json").stdout)}
    assert listed.keys() == {"entry-exit", "alerts", "asylum", "blacklist", "eu-journal"}
    assert [stream["name"] for stream in listed["asylum"]["streams"]] == ["applicant", "fingerprint"]
    assert "border-crossing" in call("list").stdout


def test_check_tells_what_fits_and_what_does_not(source):
    result = call("check", "alerts", "--source", source, "--json")
    assert result.exit_code == 0
    texts = [finding["text"] for finding in json.loads(result.stdout)]
    assert "1 of 2 rows map; 1 x unmapped column GRUND." in texts
    assert not any("index" in text for text in texts)


def test_check_fails_on_a_declaration_that_does_not_fit(source, tmp_path):
    wrong = tmp_path / "wrong.py"
    wrong.write_text(DECLARATION.replace('"AEND_TS"', '"CHANGED"'))
    result = call("check", str(wrong), "--source", source)
    assert result.exit_code == 1
    assert "not fit" in result.stdout


@pytest.mark.parametrize(
    ("ended", "level", "text"),
    [
        ('Ended("STATUS", ("W", "E"))', "fine", "0 of 2 rows are marked as ended by the column STATUS."),
        (
            'Ended("STATUS")',
            "advice",
            "2 of 2 rows are marked as ended by the column STATUS: their records would be er",
        ),
        ('Ended("GRUND", ("99",))', "fine", "1 of 2 rows are marked as ended by the column GRUND."),
    ],
)
def test_check_counts_what_has_ended_and_advises_where_that_is_most(source, tmp_path, ended, level, text):
    own = tmp_path / "own.py"
    declared = DECLARATION.replace("Clock, Sql", "Clock, Ended, Sql")
    own.write_text(declared.replace("clock=Clock.EPOCH_S", f"clock=Clock.EPOCH_S, ended={ended}"))
    result = call("check", str(own), "--source", source, "--json")
    assert result.exit_code == 0
    (found,) = (finding for finding in json.loads(result.stdout) if "ended" in finding["text"])
    assert found["level"] == level
    assert found["text"].startswith(text)


def test_preview_shows_rows_before_and_after_with_their_faults(source):
    shown = json.loads(call("preview", "alerts", "--source", source, "--json").stdout)
    assert shown[0]["before"]["NM1"] == "TESTOVA"
    assert shown[0]["after"]["person"]["names"][0]["family"] == "TESTOVA"
    assert shown[1]["fault"]["reason"] == "unmapped"
    assert "dead letter" in call("preview", "alerts", "--source", source).stdout


def test_an_adapter_may_be_a_file_of_its_own(source, tmp_path):
    own = tmp_path / "own.py"
    own.write_text(DECLARATION)
    assert find(str(own)).system == "own-alerts"
    assert call("check", str(own), "--source", source).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("check", "alerts"), 0),
        (("preview", "alerts"), 0),
        (("check", "blacklist"), 1),
        (("preview", "blacklist"), 3),
        (("check", "nobody"), 2),
        (("preview", "nobody"), 2),
        (("preview", "alerts", "--stream", "none"), 2),
        (("run", "nobody"), 2),
        (("run", "alerts", "--stack", "never-started"), 3),
        (("check", "alerts", "--no-such-option"), 2),
    ],
)
def test_a_status_means_the_same_for_all_commands(source, monkeypatch, arguments, status):
    """0 is done, 1 is a source that is not as declared, 2 is wrongly typed, 3 is what is not there."""
    kind = source if arguments[1] == "alerts" else "absent-folder"
    named = () if arguments[0] == "run" else ("--source", kind)
    monkeypatch.setattr(sys, "argv", ["isthmus", "adapter", *arguments, *named])
    monkeypatch.delenv("ISTHMUS_KAFKA__BOOTSTRAP", raising=False)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert (ended.value.code or 0) == status


@pytest.mark.parametrize(
    ("error", "status"), [(Misconfigured("Set it up."), 2), (SourceUnavailable("There is no folder; make it."), 1)]
)
def test_the_process_of_an_adapter_ends_with_the_same_statuses(monkeypatch, capsys, error, status):
    def fail():
        raise error

    with pytest.raises(SystemExit) as ended:
        run_to_the_end(fail)
    assert ended.value.code == status
    assert str(error) in capsys.readouterr().out


def test_a_process_that_is_called_in_a_wrong_way_says_how(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["adapters.app"])
    with pytest.raises(Misconfigured, match=r"python -m adapters\.app NAME"):
        adapters.app.main()


@pytest.mark.parametrize("name", ["nobody", "absent.py"])
def test_an_adapter_that_is_not_there_is_said(name):
    with pytest.raises(Misconfigured):
        find(name)


def test_a_file_that_declares_nothing_is_said(tmp_path):
    (tmp_path / "empty.py").write_text("")
    with pytest.raises(Misconfigured, match="declares no adapter"):
        find(str(tmp_path / "empty.py"))


def test_agreements_follow_from_declarations():
    agreed = [Agreement.model_validate(entry) for entry in agreements(reference_adapters())]
    assert {agreement.system: sorted(agreement.contracts) for agreement in agreed} == {
        "entry-exit": ["border-crossing", "erasure", "person", "travel-document"],
        "alerts": ["alert", "erasure"],
        "asylum": ["erasure", "fingerprint", "person"],
        "blacklist": ["erasure", "travel-document"],
    }
