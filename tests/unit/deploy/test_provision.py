"""Provisioning: what others made is left alone, and each fault of a server is one sentence."""

import json
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import psycopg
import pytest
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    ResourcePatternType,
    ResourceType,
    UserScramCredentialUpsertion,
)

from deploy.local import provision
from deploy.local.access import wanted_topics, wanted_users
from deploy.local.faults import ServerFailed, StackFault
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


class Kafka:
    """A Kafka that keeps users and rights, and has all topics."""

    def __init__(self, cluster: str = "one") -> None:
        self.cluster = cluster
        self.passwords: dict[str, bytes] = {}
        self.acls: set[AclBinding] = set()

    def list_topics(self, timeout: float) -> Any:
        assert timeout
        topics = {topic.name: None for topic in wanted_topics([])}
        return type("Listed", (), {"topics": topics, "cluster_id": self.cluster})

    def describe_configs(self, _: object) -> dict[Any, Future[None]]:
        return {}

    def describe_user_scram_credentials(self) -> Future[Any]:
        return done(dict.fromkeys(self.passwords))

    def alter_user_scram_credentials(self, changes: list[UserScramCredentialUpsertion]) -> dict[str, Future[Any]]:
        self.passwords |= {change.user: change.password for change in changes}
        return {}

    def describe_acls(self, _: object) -> Future[Any]:
        return done(list(self.acls))

    def create_acls(self, acls: list[AclBinding]) -> dict[Any, Future[Any]]:
        self.acls |= set(acls)
        return {}

    def delete_acls(self, filters: list[Any]) -> dict[Any, Future[Any]]:
        gone = {(each.name, each.principal) for each in filters}
        self.acls = {acl for acl in self.acls if (acl.name, acl.principal) not in gone}
        return {}


def done(result: object) -> Future[Any]:
    future: Future[Any] = Future()
    future.set_result(result)
    return future


def right(user: str, topic: str) -> AclBinding:
    return AclBinding(
        *(ResourceType.TOPIC, topic, ResourcePatternType.LITERAL, f"User:{user}", "*"),
        *(AclOperation.READ, AclPermissionType.ALLOW),
    )


class Stack:
    """One stack as far as it provisions: its passwords and its memory."""

    def __init__(self, folder: Path, name: str = "ours") -> None:
        self._name = name
        self._memory = folder / f"{name}.json"

    def provision(self, kafka: Any, *, shared: bool = True, take_over: bool = False) -> None:
        Provisioner(
            kafka, lambda user: f"{self._name}-{user}", self._memory, shared=shared, take_over=take_over
        ).provision([])

    def is_in(self, kafka: Kafka) -> bool:
        users = wanted_users([])
        return all(kafka.passwords[user] == f"{self._name}-{user}".encode() for user in users)


def test_in_a_cluster_of_others_a_second_start_finds_what_the_first_one_made(tmp_path: Path) -> None:
    kafka, other = Kafka(), Kafka("other")
    for each in (kafka, kafka, other, kafka):
        Stack(tmp_path).provision(each)
    assert Stack(tmp_path).is_in(kafka)
    assert Stack(tmp_path).is_in(other)


def test_a_right_that_is_not_listed_any_more_goes_and_those_of_others_stay(tmp_path: Path) -> None:
    kafka = Kafka()
    Stack(tmp_path).provision(kafka)
    listed = set(kafka.acls)
    kafka.acls |= {right("search", "surplus"), right("somebody", "theirs")}
    Stack(tmp_path).provision(kafka)
    assert kafka.acls == listed | {right("somebody", "theirs")}


@pytest.mark.parametrize("with_password", [True, False])
def test_a_user_of_others_is_left_alone_unless_we_are_to_take_it_over(tmp_path: Path, with_password: bool) -> None:
    kafka, theirs = Kafka(), right("search", "theirs")
    kafka.acls = {theirs}
    kafka.passwords = {"search": b"of others"} if with_password else {}
    passwords = dict(kafka.passwords)
    with pytest.raises(StackFault, match=r"Kafka has users that .* \(search\): .* `--take-over`"):
        Stack(tmp_path).provision(kafka)
    assert (kafka.passwords, kafka.acls) == (passwords, {theirs})

    Stack(tmp_path).provision(kafka, take_over=True)
    Stack(tmp_path).provision(kafka)
    assert Stack(tmp_path).is_in(kafka)
    assert theirs in kafka.acls


def test_two_stacks_do_not_take_each_others_users(tmp_path: Path) -> None:
    kafka = Kafka()
    Stack(tmp_path).provision(kafka)
    with pytest.raises(StackFault, match="did not make"):
        Stack(tmp_path, "other").provision(kafka)
    assert Stack(tmp_path).is_in(kafka)


class CutOff(Kafka):
    """One whose caller is cut off as soon as it has made users."""

    def alter_user_scram_credentials(self, changes: list[Any]) -> dict[str, Future[Any]]:
        super().alter_user_scram_credentials(changes)
        raise KeyboardInterrupt


def test_a_start_that_was_cut_off_is_no_stranger_to_the_next_one(tmp_path: Path) -> None:
    kafka, cut_off = Kafka(), CutOff()
    with pytest.raises(KeyboardInterrupt):
        Stack(tmp_path).provision(cut_off)
    kafka.passwords = cut_off.passwords
    Stack(tmp_path).provision(kafka)
    assert Stack(tmp_path).is_in(kafka)


@pytest.mark.parametrize("with_password", [True, False])
def test_a_take_over_that_was_cut_off_leaves_the_rights_of_others(tmp_path: Path, with_password: bool) -> None:
    kafka, cut_off, theirs = Kafka(), CutOff(), right("search", "theirs")
    cut_off.acls = {theirs}
    cut_off.passwords = {"search": b"of others"} if with_password else {}
    with pytest.raises(KeyboardInterrupt):
        Stack(tmp_path).provision(cut_off, take_over=True)
    kafka.passwords, kafka.acls = cut_off.passwords, cut_off.acls
    for _ in range(2):
        Stack(tmp_path).provision(kafka, take_over=True)
    assert Stack(tmp_path).is_in(kafka)
    assert theirs in kafka.acls


def forget_which_cluster(memory: Path) -> None:
    """Leave a memory as it was written before clusters were told apart."""
    memory.write_text(json.dumps(json.loads(memory.read_text())["clusters"]["one"]["digests"]))


def test_what_was_remembered_before_clusters_were_told_apart_counts_in_a_kafka_of_our_own(tmp_path: Path) -> None:
    kafka = Kafka()
    Stack(tmp_path).provision(kafka, shared=False)
    memory = tmp_path / "ours.json"
    remembered = memory.read_text()
    forget_which_cluster(memory)
    kafka.acls.add(right("search", "surplus"))
    Stack(tmp_path).provision(kafka, shared=False)
    assert right("search", "surplus") not in kafka.acls
    assert memory.read_text() == remembered


def test_what_was_remembered_before_clusters_were_told_apart_makes_no_user_of_others_ours(tmp_path: Path) -> None:
    Stack(tmp_path).provision(Kafka(), shared=False)
    forget_which_cluster(tmp_path / "ours.json")
    theirs, shared = right("search", "theirs"), Kafka("shared")
    shared.passwords, shared.acls = {"search": b"of others"}, {theirs}
    with pytest.raises(StackFault, match=r"did not make .*\(search\)"):
        Stack(tmp_path).provision(shared)
    assert (shared.passwords, shared.acls) == ({"search": b"of others"}, {theirs})
    Stack(tmp_path).provision(shared, take_over=True)
    assert Stack(tmp_path).is_in(shared)
    assert theirs in shared.acls


def test_a_stack_whose_memory_is_lost_gives_its_own_kafka_its_passwords_again(tmp_path: Path) -> None:
    kafka = Kafka()
    Stack(tmp_path, "before").provision(kafka, shared=False)
    kafka.acls.add(right("search", "surplus"))
    Stack(tmp_path).provision(kafka, shared=False)
    assert Stack(tmp_path).is_in(kafka)
    assert right("search", "surplus") not in kafka.acls


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
