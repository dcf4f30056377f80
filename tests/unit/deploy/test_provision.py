"""Provisioning: a server that is silent, refuses or goes away is one sentence that says what to do."""

from concurrent.futures import Future
from pathlib import Path
from typing import Any

import psycopg
import pytest

from deploy.local import provision
from deploy.local.faults import ServerFailed
from deploy.local.home import Home
from deploy.local.provision import Provisioner
from deploy.local.secrets import Secrets
from deploy.local.sources import Sources


class Silent:
    """A Kafka that takes the wish for topics and never fulfils it."""

    def list_topics(self, timeout: float) -> Any:
        assert timeout
        return type("Listed", (), {"topics": {}})

    def create_topics(self, wanted: list[Any]) -> dict[str, Future[None]]:
        return {each.topic: Future() for each in wanted}


def test_a_kafka_that_is_silent_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provision, "DEADLINE_S", 0.01)
    silent: Any = Silent()
    with pytest.raises(ServerFailed, match=r"Kafka did not answer within .*: look whether it is well, and start again"):
        Provisioner(silent, lambda _: "secret", tmp_path / "memory").provision([], secured=False)


def test_a_postgresql_that_refuses_or_goes_away_is_one_sentence(tmp_path: Path) -> None:
    class Away:
        log = tmp_path / "postgres.log"

        def make_database(self, *_: object) -> None:
            raise psycopg.OperationalError("secret")

    away: Any = Away()
    home = Home(tmp_path)
    home.make()
    with pytest.raises(ServerFailed, match=r"PostgreSQL refused .*: look into .*postgres\.log") as told:
        Sources(home, Secrets(home.secrets), lambda: away).make()
    assert "secret" not in str(told.value)
