"""This module composes the servers of a stack from its home, its secrets and its addresses."""

from dataclasses import dataclass
from pathlib import Path

from deploy.local.addresses import Addresses
from deploy.local.artifacts import Bundle
from deploy.local.downloads import Downloads
from deploy.local.elasticsearch import ElasticsearchServer
from deploy.local.faults import StackFault
from deploy.local.home import Account, Home, cache_folder
from deploy.local.java import bundled_java, full_jdk
from deploy.local.kafka import KafkaServer
from deploy.local.postgres import PostgresServer, postgres_programs
from deploy.local.progress import Narrator
from deploy.local.roles import ROLES
from deploy.local.secrets import Secrets


@dataclass(frozen=True, slots=True)
class ServerFactory:
    """Makes the descriptions of the servers; fetches their programs when they are not there."""

    home: Home
    secrets: Secrets
    account: Account | None

    def kafka(self, addresses: Addresses, jars: Path) -> KafkaServer:
        """Describe the stack's Kafka."""
        return KafkaServer(
            root=self.home.root / "kafka",
            jars=jars,
            java=bundled_java(),
            log=self.home.logs / "kafka.log",
            password=self.secrets.password("kafka-stack"),
            port=addresses.ports["kafka"],
            stack_port=addresses.ports["kafka-stack"],
            controller_port=addresses.ports["kafka-controller"],
        )

    def elasticsearch(self, addresses: Addresses, distribution: Path, jdk: Path) -> ElasticsearchServer:
        """Describe the stack's Elasticsearch."""
        return ElasticsearchServer(
            root=self.home.root / "elasticsearch",
            distribution=distribution,
            jdk=jdk,
            log=self.home.logs / "elasticsearch.log",
            account=self.account,
            passwords={user: self.secrets.password(f"elasticsearch-{user}") for user in ROLES},
            http_port=addresses.ports["elasticsearch"],
            transport_port=addresses.ports["elasticsearch-transport"],
        )

    def postgres(self, addresses: Addresses) -> PostgresServer:
        """Describe the PostgreSQL of the reference agencies."""
        return PostgresServer(
            root=self.home.root / "postgres",
            programs=postgres_programs(cache_folder(), self.account),
            log=self.home.logs / "postgres.log",
            account=self.account,
            password=self.secrets.password("postgres"),
            port=addresses.ports["postgres"],
        )


@dataclass(frozen=True, slots=True)
class Programs:
    """Where the programs of the servers are; nothing for a server that others run."""

    kafka: Path | None
    elasticsearch: Path | None
    jdk: Path | None


def fetch_programs(
    narrator: Narrator, account: Account | None, *, kafka: bool, elasticsearch: bool, elasticsearch_home: Path | None
) -> Programs:
    """Find or fetch what the stack will run, before anything is started."""
    downloads = Downloads(cache_folder(), narrator)
    downloads.jars(Bundle.SOURCEAFIS)
    distribution = jdk = None
    if elasticsearch:
        jdk = full_jdk(cache_folder(), narrator, account)
        distribution = unpacked_by_hand(elasticsearch_home) if elasticsearch_home else downloads.elasticsearch()
    return Programs(downloads.jars(Bundle.KAFKA) if kafka else None, distribution, jdk)


def unpacked_by_hand(folder: Path) -> Path:
    """Give the whole path of a distribution that somebody unpacked.

    Raises:
        StackFault: the folder holds none.
    """
    if not (folder / "lib" / "tools" / "server-launcher").is_dir():
        message = f"{folder} holds no Elasticsearch 9 (lib/tools/server-launcher is missing): give the unpacked folder."
        raise StackFault(message)
    return folder.resolve()
