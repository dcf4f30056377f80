"""This module holds the pure rules of the local stack to their promises: rights, ports, secrets, environments."""

import errno
import re
import socket
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import biometrics.app
import hub.ledger.app
import hub.router.app
import search.app
import search.projector.app
from adapters.messages import service_name
from contracts import topics
from contracts.references import SYSTEM_PATTERN
from deploy.cli_up import chosen_ports
from deploy.local import java, ports
from deploy.local.access import Grant, Operation, Resource, user_of, wanted_grants, wanted_topics, wanted_users
from deploy.local.addresses import PORT_NAMES, Addresses, External, read_addresses, told_of_move, write_addresses
from deploy.local.atomic import write_atomically
from deploy.local.environment import inherited, service_environment
from deploy.local.faults import DiskFull, DownloadFailed, NoJava, PortTaken, StackFault
from deploy.local.home import Home, stack_folder
from deploy.local.java import is_full
from deploy.local.ports import choose_ports
from deploy.local.progress import Silence
from deploy.local.reference_agencies import reference_agreements
from deploy.local.secrets import Secrets
from deploy.local.servers import unpacked_by_hand
from deploy.local.services import SERVICES, service_named
from deploy.local.stack import StackOptions
from deploy.local.unpack import is_unpacked, unpack_elasticsearch
from deploy.operator import OPERATOR
from hub.dead_letters import MAX_LETTER_BYTES
from hub.message import MAX_ENVELOPE_BYTES, MAX_MESSAGE_BYTES, MAX_STORED_BYTES
from hub.router.agreements import Agreement

SYSTEMS = st.from_regex(SYSTEM_PATTERN, fullmatch=True).filter(lambda name: name != "registration")


def agreement(system: str) -> Agreement:
    return Agreement(
        system=system, owner="Office", purpose="test", legal_basis="none", contracts=frozenset({"person", "erasure"})
    )


def allows(grant: Grant, resource: Resource, name: str) -> bool:
    return grant.resource is resource and (name.startswith(grant.name) if grant.prefixed else name == grant.name)


@given(st.sets(SYSTEMS, min_size=2, max_size=2))
def test_no_system_can_write_read_or_consume_for_another_however_alike_their_names(systems: set[str]) -> None:
    one, other = sorted(systems)
    rights = [grant for grant in wanted_grants([agreement(one), agreement(other)]) if grant.user == user_of(one)]
    foreign = (
        (Resource.TOPIC, topics.incoming(other, "person")),
        (Resource.TOPIC, topics.query(other)),
        (Resource.TOPIC, topics.dead(other)),
        (Resource.GROUP, user_of(other)),
    )
    assert not [grant for grant in rights for resource, name in foreign if allows(grant, resource, name)]


def test_nobody_but_the_router_writes_what_consumers_read() -> None:
    writers = {
        grant.user
        for grant in wanted_grants(reference_agreements())
        if grant.operation is Operation.WRITE and allows(grant, Resource.TOPIC, topics.outgoing("person"))
    }
    assert writers == {"router"}


def test_only_the_ledger_and_the_operator_read_the_audit() -> None:
    readers = {
        grant.user
        for grant in wanted_grants(reference_agreements())
        if grant.operation is Operation.READ and allows(grant, Resource.TOPIC, topics.audit("router"))
    }
    assert readers == {"ledger", "operator"}


@given(st.sets(SYSTEMS, max_size=3))
def test_each_account_writes_its_own_audit_and_nobody_elses(systems: set[str]) -> None:
    agreed = [*reference_agreements(), *(agreement(system) for system in sorted(systems))]
    grants, users = wanted_grants(agreed), wanted_users(agreed)
    made = [topic.name for topic in wanted_topics(agreed)]
    for user in users:
        writers = {
            grant.user
            for grant in grants
            if grant.operation is Operation.WRITE and allows(grant, Resource.TOPIC, topics.audit(user))
        }
        assert writers == {user}
        assert made.count(topics.audit(user)) == 1
        assert re.match(topics.AUDIT_PATTERN, topics.audit(user))


@pytest.mark.parametrize(
    ("service", "says"),
    [
        ("router", hub.router.app.SERVICE),
        ("ledger", hub.ledger.app.SERVICE),
        ("projector", search.projector.app.SERVICE),
        ("search", search.app.SERVICE),
        ("biometrics", biometrics.app.NAME),
        ("adapter-alerts", service_name("alerts")),
        ("operator", OPERATOR),
    ],
)
def test_a_service_calls_itself_in_the_audit_what_its_account_is_called(service: str, says: str) -> None:
    """It could not write its audit topic otherwise, and would stand still."""
    account = OPERATOR if service == OPERATOR else service_named(service).kafka
    assert says == account
    assert account in wanted_users(reference_agreements())


def test_every_right_belongs_to_a_user_that_is_made() -> None:
    agreed = reference_agreements()
    assert {grant.user for grant in wanted_grants(agreed)} == set(wanted_users(agreed))
    assert {service.kafka for service in SERVICES} <= set(wanted_users(agreed))


def test_records_and_audit_are_wanted_for_ever() -> None:
    for topic in wanted_topics(reference_agreements()):
        lasts = topic.settings["retention.ms"] == "-1" and topic.settings["retention.bytes"] == "-1"
        assert lasts == (not topic.name.startswith(("query.", "answer.")))


def test_every_topic_takes_what_services_send_there_whatever_the_broker_takes_by_default() -> None:
    for topic in wanted_topics(reference_agreements()):
        taken = int(topic.settings["max.message.bytes"])
        assert taken == (MAX_LETTER_BYTES if topic.name.startswith("dead.") else MAX_STORED_BYTES)
    assert MAX_MESSAGE_BYTES + MAX_ENVELOPE_BYTES < MAX_STORED_BYTES


def test_a_remembered_port_is_kept_and_a_taken_one_replaced() -> None:
    first = choose_ports(["a", "b"], {}, {})
    assert choose_ports(["a", "b"], {}, first) == first
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", first["a"]))
        taken.listen()
        again = choose_ports(["a", "b"], {}, first)
    assert again["a"] != first["a"]
    assert again["b"] == first["b"]


def test_a_port_set_by_hand_that_is_taken_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"Port {port}, set by hand for kafka, is in use"):
            choose_ports(["kafka"], {"kafka": port}, {})


def test_a_port_that_this_account_may_not_have_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    class Forbidden(socket.socket):
        def bind(self, *_: object) -> None:
            raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(ports.socket, "socket", Forbidden)
    with pytest.raises(
        StackFault, match=r"Port 80, set by hand for search, .* may not listen on.*: choose another port"
    ):
        choose_ports(["search"], {"search": 80}, {})


def test_a_port_for_a_server_that_others_run_is_refused() -> None:
    with pytest.raises(StackFault, match=r"--port kafka-stack .* --kafka names one that others run: leave one .* out"):
        StackOptions(kafka="kafka.test:9092", ports={"search": 8010, "kafka-stack": 9093})
    assert set(PORT_NAMES) - set(StackOptions(elasticsearch="http://es.test", ports={"kafka": 1}).wanted_ports) == {
        "elasticsearch",
        "elasticsearch-transport",
    }


def test_no_port_is_chosen_twice() -> None:
    ports = choose_ports([str(n) for n in range(50)], {}, {})
    assert len(set(ports.values())) == 50


def test_a_port_is_set_for_one_name_alone() -> None:
    with pytest.raises(StackFault, match="Port 8010 is set for search and for kafka"):
        chosen_ports(["search=8010", "ledger=8011", "kafka=8010"])


@pytest.mark.parametrize("option", ["kafka", "nothing=1", "kafka=0", "kafka=70000", "kafka=x"])
def test_a_port_that_makes_no_sense_is_refused(option: str) -> None:
    with pytest.raises(StackFault, match="NAME=PORT"):
        chosen_ports([option])


def test_a_secret_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path)
    first = secrets.password("kafka-router")
    assert secrets.password("kafka-router") == first
    assert len(first) >= 32
    assert stat.S_IMODE(secrets.file("kafka-router").stat().st_mode) == 0o600
    assert secrets.password("kafka-search") != first


def test_the_published_keys_hold_no_private_part(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path)
    secrets.publish_keys(tmp_path / "jwks.json")
    published = (tmp_path / "jwks.json").read_text()
    assert '"d"' in secrets.signing_key()
    assert '"d"' not in published


def test_a_write_that_fails_leaves_the_former_content(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_atomically(path, "before", 0o600)
    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "\ud800", 0o600)
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_addresses_are_remembered(tmp_path: Path) -> None:
    path = tmp_path / "stack.json"
    assert read_addresses(path) == Addresses()
    addresses = Addresses({"search": 1}, External("kafka.test:9092", "admin", "/secret"), None)
    write_addresses(path, addresses)
    assert read_addresses(path) == addresses


def test_that_elasticsearch_is_another_one_than_before_is_told() -> None:
    ours, theirs = Addresses({"elasticsearch": 1}), Addresses({"search": 1}, elasticsearch=External("http://es.test"))
    for before, now in ((ours, theirs), (theirs, ours)):
        assert "isthmus repository rebuild" in str(told_of_move(before, now))
    for before, now in ((Addresses(), theirs), (theirs, theirs), (ours, Addresses({"elasticsearch": 2}))):
        assert told_of_move(before, now) is None


def environment(tmp_path: Path, service: str, addresses: Addresses | None = None) -> dict[str, str]:
    home = Home(tmp_path)
    home.make()
    usual = Addresses({name: number for number, name in enumerate(PORT_NAMES, 20_000)})
    return service_environment(service_named(service), home, Secrets(home.secrets), addresses or usual)


def test_a_service_learns_files_and_never_secrets(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path / "secrets")
    for service in SERVICES:
        found = environment(tmp_path, service.name)
        values = " ".join(found.values())
        assert found["ISTHMUS_KAFKA__USERNAME"] == service.kafka
        assert not [path for path in secrets.folder.iterdir() if path.read_text().strip() in values]


def test_only_an_adapter_learns_its_source_and_only_its_own(tmp_path: Path) -> None:
    assert environment(tmp_path, "adapter-alerts")["ISTHMUS_SOURCE_FILE"].endswith("/source-alerts")
    assert "ISTHMUS_SOURCE_FILE" not in environment(tmp_path, "search")


def test_an_external_server_without_security_gets_no_user(tmp_path: Path) -> None:
    usual = {name: number for number, name in enumerate(PORT_NAMES, 20_000)}
    found = environment(tmp_path, "router", Addresses(usual, kafka=External("kafka.test:9092")))
    assert found["ISTHMUS_KAFKA__BOOTSTRAP"] == "kafka.test:9092"
    assert "ISTHMUS_KAFKA__USERNAME" not in found


def test_settings_of_the_terminal_do_not_reach_the_services() -> None:
    kept = inherited({"PATH": "/bin", "ISTHMUS_LOG__LEVEL": "debug", "ISTHMUS_KAFKA__USERNAME": "admin"})
    assert kept == {"PATH": "/bin", "ISTHMUS_LOG__LEVEL": "debug"}


def test_whom_the_search_asks_live_is_said_at_the_start_of_the_stack() -> None:
    assert inherited({"ISTHMUS_LIVE_SYSTEMS": "permits"}) == {"ISTHMUS_LIVE_SYSTEMS": "permits"}


def test_an_unknown_service_is_no_service() -> None:
    with pytest.raises(KeyError):
        service_named("nothing")


@pytest.mark.parametrize(
    ("modules", "full"),
    [
        ({"java.base@25.0.3", "jdk.jlink@25.0.3", "jdk.jdi@25.0.3"}, True),
        ({"java.base@21", "jdk.jlink@21", "jdk.jdi@21"}, True),
        ({"java.base@17.0.15", "jdk.jlink@17.0.15", "jdk.jdi@17.0.15"}, False),
        ({"java.base@25.0.2"}, False),
        (set(), False),
    ],
)
def test_a_java_will_do_when_it_is_new_and_whole(modules: set[str], full: bool) -> None:
    assert is_full(frozenset(modules)) is full


@pytest.mark.parametrize("fetched", [None, "a Java that is not whole"])
def test_a_missing_jdk_is_one_sentence(fetched: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(**_: object) -> Path:
        if fetched is None:
            raise OSError("the network is away")
        return tmp_path / fetched

    monkeypatch.setattr(java, "candidates", lambda: iter(()))
    monkeypatch.setattr(java.cjdk, "java_home", fetch)
    with pytest.raises(NoJava, match=r"full JDK 21 or newer .*: install one, or point ISTHMUS_JAVA_HOME to it\."):
        java.full_jdk(tmp_path, Silence(), None)


def test_a_disk_that_fills_up_while_the_jdk_is_fetched_is_told_as_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetch(**about: object) -> Path:
        assert about["version"] == "25.0.3"
        raise RuntimeError("Failed to extract") from OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(java, "candidates", lambda: iter(()))
    monkeypatch.setattr(java.cjdk, "java_home", fetch)
    with pytest.raises(DiskFull, match=r"The disk is full: make room for the JDK .* start again"):
        java.full_jdk(tmp_path, Silence(), None)


def test_a_folder_without_elasticsearch_is_one_sentence_and_one_with_it_is_taken(tmp_path: Path) -> None:
    with pytest.raises(StackFault, match=r"holds no Elasticsearch 9 .*: give the unpacked folder"):
        unpacked_by_hand(tmp_path)
    (tmp_path / "lib" / "tools" / "server-launcher").mkdir(parents=True)
    assert unpacked_by_hand(tmp_path) == tmp_path.resolve()


def test_only_the_distribution_is_taken_out_of_the_archive(tmp_path: Path) -> None:
    archive, folder = tmp_path / "carrier.zip", tmp_path / "elasticsearch"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("carrier-1/elasticsearch/lib/a.jar", "a")
        made.writestr("carrier-1/web/index.html", "no")
        made.writestr("carrier-1/elasticsearch/../../evil", "no")
    unpack_elasticsearch(archive, folder)
    assert [path.relative_to(folder).as_posix() for path in folder.rglob("*.jar")] == ["lib/a.jar"]
    assert not (tmp_path / "evil").exists()
    assert is_unpacked(folder)
    (folder / "lib" / "a.jar").write_text("")
    assert not is_unpacked(folder)


def test_an_archive_without_the_distribution_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "carrier.zip", "w") as made:
        made.writestr("carrier-1/web/index.html", "no")
    with pytest.raises(DownloadFailed, match="holds no Elasticsearch"):
        unpack_elasticsearch(tmp_path / "carrier.zip", tmp_path / "elasticsearch")


def test_two_checkouts_and_two_stacks_never_meet(tmp_path: Path) -> None:
    folders = {stack_folder(stack, tmp_path / clone) for stack in ("local", "test") for clone in ("one", "two")}
    assert len(folders) == 4
