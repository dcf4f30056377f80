"""This module proves on real servers that nobody can do another's work."""

import asyncio
from collections.abc import Iterator

import httpx
import psycopg
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import TopicAuthorizationFailedError
from confluent_kafka import KafkaError, KafkaException, Producer
from confluent_kafka.admin import AlterConfigOpType, ConfigEntry, ConfigResource

from contracts import topics
from deploy.local.access import wanted_topics
from deploy.local.reference_agencies import reference_agreements
from deploy.local.roles import ROLES
from deploy.local.stack import Stack
from hub.router.agreements import Agreement

pytestmark = pytest.mark.servers

OWN = topics.incoming("alerts", "alert")
FOREIGN = topics.incoming("entry-exit", "person")
AGENCY = Agreement(
    system="visa", owner="Visa Office", purpose="visas", legal_basis="Act 2", contracts=frozenset({"person", "erasure"})
)
DEADLINE_S = 20.0


def client_settings(stack: Stack, user: str) -> dict[str, str]:
    return {
        "bootstrap.servers": stack.addresses.kafka_bootstrap,
        "security.protocol": "SASL_PLAINTEXT",
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": user,
        "sasl.password": stack.secrets.password(f"kafka-{user}"),
    }


def write(stack: Stack, user: str, topic: str) -> KafkaError | None:
    outcome: list[KafkaError | None] = []
    producer = Producer(client_settings(stack, user) | {"log_level": "0"})
    producer.produce(topic, b"{}", key=b"x", on_delivery=lambda error, _message: outcome.append(error))
    producer.flush(DEADLINE_S)
    return outcome[0]


def partitions_of(topic: str) -> int:
    return next(wanted.partitions for wanted in wanted_topics(reference_agreements()) if wanted.name == topic)


async def read(stack: Stack, user: str, topic: str) -> None:
    """Read one message of `topic`; the broker's refusal is raised."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=stack.addresses.kafka_bootstrap,
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="SCRAM-SHA-512",
        sasl_plain_username=user,
        sasl_plain_password=stack.secrets.password(f"kafka-{user}"),
    )
    await consumer.start()
    try:
        partitions = [TopicPartition(topic, partition) for partition in range(partitions_of(topic))]
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        async with asyncio.timeout(DEADLINE_S):
            await consumer.getone()
    finally:
        await consumer.stop()


def test_an_agency_writes_its_own_topic(stack: Stack) -> None:
    assert write(stack, "adapter-alerts", OWN) is None


def test_an_agency_cannot_write_the_topic_of_another(stack: Stack) -> None:
    error = write(stack, "adapter-alerts", FOREIGN)
    assert error is not None
    assert error.code() == KafkaError.TOPIC_AUTHORIZATION_FAILED


@pytest.mark.parametrize("user", ["adapter-alerts", "biometrics", "search", "router", "operator"])
def test_an_account_writes_its_own_audit_entries_and_nobody_elses(stack: Stack, user: str) -> None:
    assert write(stack, user, topics.audit(user)) is None
    for other in {"adapter-alerts", "adapter-entry-exit", "router", "ledger"} - {user}:
        error = write(stack, user, topics.audit(other))
        assert error is not None
        assert error.code() == KafkaError.TOPIC_AUTHORIZATION_FAILED


def test_a_system_that_is_let_in_while_the_stack_is_up_gets_its_own_audit_topic_alone(stack: Stack) -> None:
    stack.admit(AGENCY)
    assert write(stack, "adapter-visa", topics.audit("adapter-visa")) is None
    for other in ("adapter-alerts", "router"):
        error = write(stack, "adapter-visa", topics.audit(other))
        assert error is not None
        assert error.code() == KafkaError.TOPIC_AUTHORIZATION_FAILED


@pytest.mark.parametrize(
    "topic", [FOREIGN, topics.query("entry-exit"), topics.outgoing("person"), topics.dead("entry-exit")]
)
def test_an_agency_cannot_read_the_topic_of_another(stack: Stack, topic: str) -> None:
    """It cannot even see that the topic exists, which the right to read would include."""
    found = Producer(client_settings(stack, "adapter-alerts")).list_topics(topic, timeout=10).topics[topic]
    assert found.error is not None
    assert found.error.code() == KafkaError.TOPIC_AUTHORIZATION_FAILED
    assert found.partitions == {}


@pytest.mark.parametrize("topic", [OWN, topics.audit("adapter-alerts")])
async def test_an_agency_cannot_read_back_even_what_it_may_write(stack: Stack, topic: str) -> None:
    with pytest.raises(TopicAuthorizationFailedError):
        await read(stack, "adapter-alerts", topic)


async def test_the_router_reads_what_an_agency_wrote(stack: Stack) -> None:
    assert write(stack, "adapter-alerts", OWN) is None
    await read(stack, "router", OWN)


def test_an_unknown_password_is_refused(stack: Stack) -> None:
    settings = client_settings(stack, "router") | {"sasl.password": "not this one", "log_level": "0"}
    with pytest.raises(KafkaException):
        Producer(settings).list_topics(timeout=3)


def test_nothing_that_was_published_ever_expires(stack: Stack) -> None:
    admin = stack.kafka_admin()
    lasting = [
        name for name in admin.list_topics(timeout=10).topics if name.startswith(("in.", "out.", "dead.", "audit"))
    ]
    assert set(lasting) == {
        topic.name for topic in wanted_topics(stack.agreements()) if not topic.name.startswith(("query.", "answer."))
    }
    found = admin.describe_configs([ConfigResource(ConfigResource.Type.TOPIC, name) for name in lasting])
    for future in found.values():
        settings = future.result(10)
        assert settings["retention.ms"].value == "-1"
        assert settings["retention.bytes"].value == "-1"
        assert settings["cleanup.policy"].value == "delete"


def test_a_setting_that_was_changed_by_hand_is_put_back(stack: Stack) -> None:
    admin = stack.kafka_admin()
    topic = topics.outgoing("alert")
    entry = ConfigEntry("retention.ms", "1000", incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(ConfigResource.Type.TOPIC, topic, incremental_configs=[entry])
    admin.incremental_alter_configs([resource])[resource].result(10)
    stack.admit()
    found = admin.describe_configs([ConfigResource(ConfigResource.Type.TOPIC, topic)])
    assert next(iter(found.values())).result(10)["retention.ms"].value == "-1"


@pytest.fixture(scope="module")
def indices(stack: Stack) -> Iterator[None]:
    assert ask(stack, "projector", "PUT", "/records-test").is_success
    assert ask(stack, "ledger", "PUT", "/audit-test").is_success
    yield
    assert ask(stack, "operator", "DELETE", "/records-test,audit-test").is_success


def ask(stack: Stack, user: str, method: str, path: str, body: dict[str, object] | None = None) -> httpx.Response:
    auth = (user, stack.secrets.password(f"elasticsearch-{user}"))
    return httpx.request(method, stack.addresses.elasticsearch_url + path, auth=auth, json=body, timeout=30)


READ_RECORDS = ("GET", "/records-test/_search")
WRITE_RECORDS = ("PUT", "/records-test/_doc/1?refresh=true")
READ_AUDIT = ("GET", "/audit-test/_search")
WRITE_AUDIT = ("PUT", "/audit-test/_doc/1?refresh=true")
REMOVE_AUDIT = ("DELETE", "/audit-test")
MAY = {
    "projector": {READ_RECORDS, WRITE_RECORDS},
    "search": {READ_RECORDS},
    "ledger": {READ_AUDIT, WRITE_AUDIT},
    "operator": set[tuple[str, str]](),  # manages indices, and sees nothing that is in them
    "evaluation": set[tuple[str, str]](),  # has indices of its own, and sees neither records nor audit
}


@pytest.mark.parametrize("user", ROLES)
@pytest.mark.parametrize("action", [WRITE_RECORDS, READ_RECORDS, WRITE_AUDIT, READ_AUDIT])
@pytest.mark.usefixtures("indices")
def test_each_role_does_its_own_work_and_no_other(stack: Stack, user: str, action: tuple[str, str]) -> None:
    method, path = action
    answer = ask(stack, user, method, path, {"n": 1} if method == "PUT" else None)
    assert answer.status_code == 403 if action not in MAY[user] else answer.is_success


@pytest.mark.parametrize("user", ["projector", "search", "ledger"])
@pytest.mark.usefixtures("indices")
def test_a_service_cannot_remove_the_audit(stack: Stack, user: str) -> None:
    assert ask(stack, user, *REMOVE_AUDIT).status_code == 403


def test_nobody_gets_in_without_a_password(stack: Stack) -> None:
    assert httpx.get(stack.addresses.elasticsearch_url, timeout=10).status_code == 401


def test_an_adapter_can_read_its_agency_and_never_change_it(stack: Stack) -> None:
    owner = stack.sources.owner_url("entry-exit").replace("+psycopg", "")
    reader = stack.sources.reader_url("entry-exit").replace("+psycopg", "")
    with psycopg.connect(owner) as connection:
        connection.execute("create table probe (n integer)")
        connection.execute("insert into probe values (1)")
    try:
        with psycopg.connect(reader) as connection:
            assert connection.execute("select n from probe").fetchall() == [(1,)]
            connection.rollback()
            connection.execute("set default_transaction_read_only = off")
            connection.commit()
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("delete from probe")
    finally:
        with psycopg.connect(owner) as connection:
            connection.execute("drop table probe")
