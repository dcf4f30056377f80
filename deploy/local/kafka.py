"""This module sets up and starts the stack's Apache Kafka: one node in KRaft mode, SCRAM and ACLs on."""

import shutil
import socket
import subprocess
import uuid
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from deploy.local.atomic import write_atomically
from deploy.local.child import ChildSpec, Kind
from deploy.local.faults import ServerFailed
from deploy.local.ports import LOOPBACK

HEAP = "384m"
# The server's own user, and the stack's as administrator. It alone comes with the PLAIN mechanism, on a listener of
# its own, so that its password stands in a file and never in the arguments of the formatting tool.
ADMINISTRATOR = "stack"
YEAR_MINUTES = 365 * 24 * 60
PROBE_S = 2.0

# Comments beside the settings that are not the manual's first example; the rest is what a single node needs.
PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{host}:{controller}
controller.listener.names=CONTROLLER
listeners=CLIENTS://{host}:{kafka},STACK://{host}:{stack},CONTROLLER://{host}:{controller}
advertised.listeners=CLIENTS://{host}:{kafka},STACK://{host}:{stack}
listener.security.protocol.map=CLIENTS:SASL_PLAINTEXT,STACK:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT
inter.broker.listener.name=STACK
sasl.mechanism.inter.broker.protocol=PLAIN
sasl.mechanism.controller.protocol=PLAIN
listener.name.clients.sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.clients.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.stack.sasl.enabled.mechanisms=PLAIN
listener.name.stack.plain.sasl.jaas.config={jaas}
listener.name.controller.sasl.enabled.mechanisms=PLAIN
listener.name.controller.plain.sasl.jaas.config={jaas}
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:{administrator}
allow.everyone.if.no.acl.found=false
auto.create.topics.enable=false
log.dirs={data}
# Records are the log of everything and never expire; where they may, the topic says so.
log.retention.ms=-1
log.retention.bytes=-1
# Offsets of a consumer that rests are kept for a year: the default of a week would make it start from the beginning.
offsets.retention.minutes={offsets_minutes}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
num.network.threads=2
num.io.threads=4
# The default of 128 MB is a third of this heap.
log.cleaner.dedupe.buffer.size=16777216
"""

LOGGING = """\
status = error
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d{yyyy-MM-dd'T'HH:mm:ss.SSSX} %p %c{1} %m%n
rootLogger.level = warn
rootLogger.appenderRef.out.ref = out
logger.server.name = kafka.server.KafkaRaftServer
logger.server.level = info
logger.authorizer.name = kafka.authorizer.logger
logger.authorizer.level = info
"""


@dataclass(frozen=True, slots=True)
class KafkaServer:
    """The stack's own Kafka. `password` is the administrator's; `root` is the server's folder."""

    root: Path
    jars: Path
    java: Path
    log: Path
    password: str
    port: int
    stack_port: int
    controller_port: int

    @property
    def bootstrap(self) -> str:
        """The address for services and adapters."""
        return f"{LOOPBACK}:{self.port}"

    def admin(self) -> AdminClient:
        """Connect as the administrator."""
        return administrator(f"{LOOPBACK}:{self.stack_port}", ADMINISTRATOR, self.password, mechanism="PLAIN")

    def prepare(self) -> None:
        """Write the configuration, and format the storage when there is none.

        Raises:
            ServerFailed: the storage could not be formatted.
        """
        self.root.mkdir(exist_ok=True)
        self.root.chmod(0o700)
        write_atomically(self._properties, self._configuration(), mode=0o600)
        write_atomically(self.root / "log4j2.properties", LOGGING, mode=0o600)
        if not (self._data / "meta.properties").exists():
            self._format()

    def spec(self) -> ChildSpec:
        """Say how the server is run."""
        return ChildSpec(
            name="kafka",
            title="Kafka",
            kind=Kind.SERVER,
            command=self._java(f"-Xms{HEAP}", f"-Xmx{HEAP}", "kafka.Kafka", str(self._properties)),
            environment={"PATH": "/usr/bin:/bin"},
            folder=self.root,
            log=self.log,
            ready=self.is_ready,
        )

    def is_ready(self) -> bool:
        """Tell whether the server answers the administrator."""
        try:
            with socket.create_connection((LOOPBACK, self.stack_port), timeout=PROBE_S):
                pass
            self.admin().list_topics(timeout=PROBE_S)
        except (OSError, KafkaException):
            return False
        return True

    @property
    def _data(self) -> Path:
        return self.root / "data"

    @property
    def _properties(self) -> Path:
        return self.root / "server.properties"

    def _configuration(self) -> str:
        jaas = (
            "org.apache.kafka.common.security.plain.PlainLoginModule required "
            f'username="{ADMINISTRATOR}" password="{self.password}" user_{ADMINISTRATOR}="{self.password}";'
        )
        return PROPERTIES.format(
            host=LOOPBACK,
            kafka=self.port,
            stack=self.stack_port,
            controller=self.controller_port,
            jaas=jaas,
            administrator=ADMINISTRATOR,
            data=self._data,
            offsets_minutes=YEAR_MINUTES,
        )

    def _format(self) -> None:
        shutil.rmtree(self._data, ignore_errors=True)  # what a format that was interrupted left
        # The letter in front: one id in 64 would begin with a hyphen, and the tool would take it for an option.
        cluster = "i" + urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")[1:]
        tool = ("kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(self._properties))
        run = subprocess.run(  # noqa: S603 - our own Java and our own class path
            self._java("-Xmx128m", *tool), capture_output=True, text=True, check=False, timeout=120
        )
        if run.returncode != 0:
            self.log.write_text(run.stdout + run.stderr, encoding="utf-8")
            raise ServerFailed(f"Kafka's storage could not be formatted: look into {self.log}.")

    def _java(self, *arguments: str) -> tuple[str, ...]:
        return (
            str(self.java),
            "-XX:+UseG1GC",
            "-XX:MaxGCPauseMillis=20",
            "-Djava.awt.headless=true",
            f"-Dlog4j2.configurationFile=file:{self.root / 'log4j2.properties'}",
            f"-Dkafka.logs.dir={self.root}",
            "-cp",
            f"{self.jars}/*",
            *arguments,
        )


def administrator(
    bootstrap: str, username: str, password: str, mechanism: str, ca_file: str | None = None
) -> AdminClient:
    """Connect to Kafka as one who may make users, topics and ACLs; over TLS where its authority is given."""
    trust = {"ssl.ca.location": ca_file} if ca_file else {}
    settings: dict[str, Any] = {
        "bootstrap.servers": bootstrap,
        "security.protocol": "SASL_SSL" if ca_file else "SASL_PLAINTEXT",
        "sasl.mechanism": mechanism,
        "sasl.username": username,
        "sasl.password": password,
        "socket.timeout.ms": 10_000,
        # What it would print on its own while a server starts is no news to anyone.
        "log_level": 0,
        "error_cb": lambda _error: None,
    }
    return AdminClient(settings | trust)
