"""This module holds who may do what in Kafka: users, topics and access rights as data, denied by default."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from contracts import topics
from deploy.local.reference_agencies import REGISTRATION
from hub.dead_letters import HUB, MAX_LETTER_BYTES
from hub.message import MAX_STORED_BYTES
from hub.router.agreements import Agreement

SEARCH_INSTANCE = "search-1"
RECORD_PARTITIONS = 4
AUDIT_PARTITIONS = 1  # what a service did stands in one order; ledgers share the work by topics
HOUR_MS = "3600000"
# A broker may have a lower default: what a service holds for sendable would then be refused for ever.
SIZED = {"max.message.bytes": str(MAX_STORED_BYTES)}
FOREVER = SIZED | {"retention.ms": "-1", "retention.bytes": "-1", "cleanup.policy": "delete"}
# Questions and answers are worth nothing once their asker has gone on.
SHORT = SIZED | {"retention.ms": HOUR_MS, "retention.bytes": "-1", "cleanup.policy": "delete", "segment.ms": HOUR_MS}
# A dead letter is the message that was too large, with what is said about it.
LARGE = {"max.message.bytes": str(MAX_LETTER_BYTES)}


class Resource(StrEnum):
    """What a right is about."""

    TOPIC = "topic"
    GROUP = "group"


class Operation(StrEnum):
    """What a right allows; each includes looking at the resource's description."""

    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """One right of one user, on a name or on everything that begins with it."""

    user: str
    operation: Operation
    resource: Resource
    name: str
    prefixed: bool


@dataclass(frozen=True, slots=True)
class WantedTopic:
    """A topic, its number of partitions and its settings."""

    name: str
    partitions: int
    settings: dict[str, str]


def user_of(system: str) -> str:
    """Name the Kafka user that publishes for a system."""
    return "biometrics" if system == REGISTRATION else f"adapter-{system}"


def wanted_topics(agreements: Iterable[Agreement]) -> tuple[WantedTopic, ...]:
    """List the topics that a set of agreements needs."""
    wanted = [WantedTopic(topics.outgoing(name), RECORD_PARTITIONS, FOREVER) for name in topics.RECORD_CONTRACTS]
    agreed = tuple(agreements)
    wanted.extend(WantedTopic(topics.audit(user), AUDIT_PARTITIONS, FOREVER) for user in wanted_users(agreed))
    wanted.append(WantedTopic(topics.answer(SEARCH_INSTANCE), 1, SHORT))
    wanted.append(WantedTopic(topics.dead(HUB), 1, FOREVER | LARGE))
    for agreement in agreed:
        system = agreement.system
        wanted.extend(
            WantedTopic(topics.incoming(system, name), RECORD_PARTITIONS, FOREVER)
            for name in sorted(agreement.contracts)
        )
        wanted.append(WantedTopic(topics.dead(system), 1, FOREVER | LARGE))
        wanted.append(WantedTopic(topics.query(system), 1, SHORT))
    return tuple(wanted)


def wanted_grants(agreements: Iterable[Agreement]) -> frozenset[Grant]:
    """List every right; what is not in the list is denied."""
    grants = {*_service_grants()}
    for agreement in agreements:
        grants.update(_publisher_grants(agreement.system))
    return frozenset(grants)


def _publisher_grants(system: str) -> Iterable[Grant]:
    user = user_of(system)
    # The dot at the end keeps a system apart from another whose name begins with its own.
    yield _topics(user, Operation.WRITE, f"in.{system}.")
    yield _topic(user, Operation.WRITE, topics.dead(system))
    yield _topic(user, Operation.WRITE, topics.audit(user))
    if system != REGISTRATION:
        yield _topics(user, Operation.WRITE, "answer.")
        yield _topic(user, Operation.READ, topics.query(system))
        yield Grant(user, Operation.READ, Resource.GROUP, user, prefixed=False)
        yield Grant(user, Operation.READ, Resource.GROUP, f"{user}.", prefixed=True)


def _service_grants() -> Iterable[Grant]:
    read, write = Operation.READ, Operation.WRITE
    yield from (_topics("router", read, "in."), _topics("router", write, "out."), _topics("router", write, "dead."))
    yield from (_topics("projector", read, "out."), _topics("projector", write, "dead."))
    yield from (_topics("ledger", read, topics.audit("")), _topics("ledger", write, "dead."))
    yield from (_topics("search", write, "query."), _topics("search", read, "answer."), _topics("search", read, "out."))
    for contract in ("fingerprint", "erasure"):
        yield _topic("biometrics", read, topics.outgoing(contract))
    yield _topics("biometrics", write, "dead.")
    yield from (_topics("operator", read, prefix) for prefix in ("dead.", "in.", "out."))
    yield from (_topics("operator", read, topics.audit("")), _topics("operator", write, "in."))
    # Beside a dead letter that was replayed, its topic is told so.
    yield _topics("operator", write, "dead.")
    for user in SERVICES:
        yield _topic(user, write, topics.audit(user))
        yield Grant(user, read, Resource.GROUP, user, prefixed=True)


SERVICES = ("router", "projector", "ledger", "search", "biometrics", "operator")


def wanted_users(agreements: Iterable[Agreement]) -> tuple[str, ...]:
    """List the users: one a service, and one a connected system."""
    return tuple(dict.fromkeys((*SERVICES, *(user_of(agreement.system) for agreement in agreements))))


def _topic(user: str, operation: Operation, name: str) -> Grant:
    return Grant(user, operation, Resource.TOPIC, name, prefixed=False)


def _topics(user: str, operation: Operation, prefix: str) -> Grant:
    return Grant(user, operation, Resource.TOPIC, prefix, prefixed=True)
