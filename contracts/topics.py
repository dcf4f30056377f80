"""This module holds the names of all topics and the one list of contracts that travel on them."""

import re
from dataclasses import dataclass

from contracts.audit import AuditPageV1
from contracts.base import Contract
from contracts.query import AnswerV1, QueryV1
from contracts.records import AlertV1, BorderCrossingV1, ErasureV1, FingerprintV1, PersonV1, TravelDocumentV1

RECORD_CONTRACTS: dict[str, dict[int, type[Contract]]] = {
    "person": {1: PersonV1},
    "travel-document": {1: TravelDocumentV1},
    "border-crossing": {1: BorderCrossingV1},
    "alert": {1: AlertV1},
    "fingerprint": {1: FingerprintV1},
    "erasure": {1: ErasureV1},
}
"""What adapters publish: contract name, then major version."""

CONTRACTS: dict[str, dict[int, type[Contract]]] = {
    **RECORD_CONTRACTS,
    "query": {1: QueryV1},
    "answer": {1: AnswerV1},
    "audit": {1: AuditPageV1},
}
"""Every contract that travels on Kafka."""

AUDIT_PATTERN = r"^audit\.[a-z][a-z0-9-]*$"
INCOMING_PATTERN = r"^in\.[a-z][a-z0-9-]*\.[a-z-]+\.v[0-9]+$"
_INCOMING = re.compile(r"^in\.(?P<system>[a-z][a-z0-9-]*)\.(?P<contract>[a-z-]+)\.v(?P<major>[0-9]+)$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Incoming:
    """The parts of the name of a topic that an adapter writes."""

    system: str
    contract: str
    major: int


def incoming(system: str, contract: str, major: int = 1) -> str:
    """Name the topic on which `system` publishes `contract`."""
    return f"in.{system}.{contract}.v{major}"


def parse_incoming(topic: str) -> Incoming:
    """Take the name of an incoming topic apart.

    Raises:
        ValueError: `topic` is not an incoming one.
    """
    match = _INCOMING.match(topic)
    if match is None:
        raise ValueError(f"{topic} is not the name of an incoming topic")
    return Incoming(match["system"], match["contract"], int(match["major"]))


def outgoing(contract: str, major: int = 1) -> str:
    """Name the topic on which the router publishes `contract`, validated, authorised and audited."""
    return f"out.{contract}.v{major}"


def dead(system: str) -> str:
    """Name the dead letter topic of `system`."""
    return f"dead.{system}"


def audit(service: str) -> str:
    """Name the topic on which `service`, and nobody else, writes what it did; the ledger reads all of them."""
    return f"audit.{service}"


def query(system: str) -> str:
    """Name the topic of live questions to `system`."""
    return f"query.{system}"


def answer(instance: str) -> str:
    """Name the topic of answers to one instance of the search service."""
    return f"answer.{instance}"
