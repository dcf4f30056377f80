"""This module remembers where the servers and services of a stack are, for the next start and for other processes."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from deploy.local.atomic import write_atomically
from deploy.local.ports import LOOPBACK
from deploy.local.services import LISTENERS

KAFKA_PORTS = ("kafka", "kafka-stack", "kafka-controller")
ELASTICSEARCH_PORTS = ("elasticsearch", "elasticsearch-transport")
POSTGRES_PORTS = ("postgres",)
PORT_NAMES = (*KAFKA_PORTS, *ELASTICSEARCH_PORTS, *POSTGRES_PORTS, *LISTENERS)


@dataclass(frozen=True, slots=True)
class External:
    """A server that the stack uses and does not run. Without a user it is taken to have no security.

    `ca_file` holds the certificate authority of its TLS; that of Elasticsearch needs none where any browser knows it.
    """

    address: str
    username: str | None = None
    password_file: str | None = None
    ca_file: str | None = None


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where everything is."""

    ports: Mapping[str, int] = field(default_factory=dict)
    kafka: External | None = None
    elasticsearch: External | None = None

    @property
    def kafka_bootstrap(self) -> str:
        """The address of Kafka for services."""
        return self.kafka.address if self.kafka else f"{LOOPBACK}:{self.ports['kafka']}"

    @property
    def elasticsearch_url(self) -> str:
        """The address of Elasticsearch."""
        return self.elasticsearch.address if self.elasticsearch else self.url("elasticsearch")

    def url(self, name: str) -> str:
        """The address of a service, or of another server of the stack's own that speaks HTTP."""
        return f"http://{LOOPBACK}:{self.ports[name]}"


def told_of_move(before: Addresses, now: Addresses) -> str | None:
    """Say what a person has to know where Elasticsearch is another one than at the last start; nothing elsewhere.

    One that is empty is filled from the log. What one that was used before missed meanwhile nobody can tell: the
    projector's offsets lie in Kafka.
    """
    one, other = ((each.elasticsearch.address if each.elasticsearch else None) for each in (before, now))
    if not before.ports or one == other:
        return None
    return (
        "Elasticsearch is another one than at the last start. Where it was used before, run `isthmus repository "
        "rebuild`: it lacks what came meanwhile."
    )


def read_addresses(path: Path) -> Addresses:
    """Read what was remembered; nothing when there is nothing readable."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        ports = {str(name): int(port) for name, port in content["ports"].items()}
        servers = {
            name: External(**content[name]) if content.get(name) else None for name in ("kafka", "elasticsearch")
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Addresses()
    return Addresses(ports, **servers)


def write_addresses(path: Path, addresses: Addresses) -> None:
    """Remember where everything is; no secret is among it."""
    write_atomically(path, json.dumps(asdict(addresses), indent=2), mode=0o644)
