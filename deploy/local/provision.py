"""This module makes Kafka's users, rights and topics what they should be; what is right already is left alone."""

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from confluent_kafka import KafkaException
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialAlteration,
    UserScramCredentialUpsertion,
)

from deploy.local.access import (
    Grant,
    Operation,
    Resource,
    WantedTopic,
    wanted_grants,
    wanted_topics,
    wanted_users,
)
from deploy.local.faults import ServerFailed, StackFault
from deploy.local.provisioned import Made, Memory
from hub.router.agreements import Agreement

SCRAM = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096)
DEADLINE_S = 30.0
OPERATIONS = {Operation.READ: AclOperation.READ, Operation.WRITE: AclOperation.WRITE}
RESOURCES = {Resource.TOPIC: ResourceType.TOPIC, Resource.GROUP: ResourceType.GROUP}


class Provisioner:
    """Provisions one Kafka cluster. `memory` remembers, by digest, which passwords the cluster was given.

    Where others use the cluster (`shared`), a user of theirs that is named like one of ours is refused, unless we are
    to `take_over`: it gets our password and our rights then, and keeps its own rights.
    """

    def __init__(
        self,
        admin: AdminClient,
        password_of: Callable[[str], str],
        memory: Path,
        *,
        shared: bool = False,
        take_over: bool = False,
    ) -> None:
        self._admin = admin
        self._password_of = password_of
        self._memory = Memory(memory)
        self._shared = shared
        self._take_over = take_over

    def provision(self, agreements: Iterable[Agreement], *, secured: bool = True) -> None:
        """Make users, rights and topics for these agreements; topics alone where the cluster has no security.

        Raises:
            ServerFailed: the cluster refused, or did not answer in time.
            StackFault: a user of others is named like one of ours.
        """
        agreed = tuple(agreements)
        try:
            if secured:
                acls = self._acls()
                ours = self._users(wanted_users(agreed), {acl.principal.removeprefix("User:") for acl in acls})
                self._rights(ours, acls, wanted_grants(agreed))
            # Last, for what is made in this order is seen in this order: see `_until_seen`.
            self._topics(wanted_topics(agreed))
        except TimeoutError as error:
            message = (
                f"Kafka did not answer within {DEADLINE_S:.0f} seconds while users, rights and topics were made: "
                "look whether it is well, and start again."
            )
            raise ServerFailed(message) from error
        except KafkaException as error:
            reason = error.args[0].str() if error.args else "no reason given"
            message = f"Kafka could not be provisioned ({reason}): look into its log, or at the administrator's rights."
            raise ServerFailed(message) from error

    def _users(self, users: tuple[str, ...], righted: set[str]) -> Made:
        """Make users, where `righted` have rights already; give all that this stack made here."""
        cluster = str(self._admin.list_topics(timeout=DEADLINE_S).cluster_id)
        made = self._memory.of(cluster, shared=self._shared)
        described = self._admin.describe_user_scram_credentials()
        assert isinstance(described, Future)  # a dict is what it gives for a list of users
        there = set(described.result(DEADLINE_S))
        strange = [user for user in users if user not in made.digests and user in there | righted]
        if strange and self._shared and not self._take_over:
            message = (
                f"Kafka has users that this stack did not make and that are named like its own ({', '.join(strange)}): "
                "use another cluster, or `--take-over` to give them passwords and rights of this stack."
            )
            raise StackFault(message)
        digests = {user: hashlib.sha256(self._password_of(user).encode()).hexdigest() for user in users}
        new = [user for user in users if user not in there or made.digests.get(user) != digests[user]]
        taken_over = tuple(sorted({*made.taken_over, *(strange if self._shared else ())}))
        if new:
            # Before, for a user that is made and not remembered would be a stranger at the next start; and one that is
            # remembered without having been taken over would lose the rights that it had.
            fresh = {user: digests[user] for user in new if user not in there}
            self._memory.keep(cluster, Made({**made.digests, **fresh}, taken_over))
            changes: list[UserScramCredentialAlteration] = [
                UserScramCredentialUpsertion(user, SCRAM, self._password_of(user).encode()) for user in new
            ]
            _all(self._admin.alter_user_scram_credentials(changes))
        made = Made({**made.digests, **digests}, taken_over)
        # Also where nothing was new: from now on what was remembered counts for this cluster alone.
        self._memory.keep(cluster, made)
        return made

    def _acls(self) -> set[AclBinding]:
        everything = AclBindingFilter(
            ResourceType.ANY,
            None,  # type: ignore[arg-type]  # documented: nothing means any
            ResourcePatternType.ANY,
            None,  # type: ignore[arg-type]
            None,  # type: ignore[arg-type]
            AclOperation.ANY,
            AclPermissionType.ANY,
        )
        return set(self._admin.describe_acls(everything).result(DEADLINE_S))

    def _rights(self, ours: Made, acls: set[AclBinding], grants: frozenset[Grant]) -> None:
        wanted = {_binding(grant) for grant in grants}
        if missing := wanted - acls:
            _all(self._admin.create_acls(sorted(missing, key=str)))
        principals = {f"User:{user}" for user in ours.digests.keys() - set(ours.taken_over)}
        if surplus := {acl for acl in acls if acl.principal in principals} - wanted:
            _all(self._admin.delete_acls([_filter(acl) for acl in surplus]))

    def _topics(self, topics: tuple[WantedTopic, ...]) -> None:
        there = self._admin.list_topics(timeout=DEADLINE_S).topics
        missing = [topic for topic in topics if topic.name not in there]
        if missing:
            # -1: as many replicas as the cluster's own default says.
            made = [
                NewTopic(topic.name, topic.partitions, replication_factor=-1, config=topic.settings)
                for topic in missing
            ]
            _all(self._admin.create_topics(made))
            self._until_seen({topic.name for topic in missing})
        self._settings([topic for topic in topics if topic.name in there])

    def _until_seen(self, names: set[str]) -> None:
        """Wait until the broker has caught up with its controller: every partition is led, users and rights are in."""
        deadline = time.monotonic() + DEADLINE_S
        while not names <= _led(self._admin.list_topics(timeout=DEADLINE_S).topics):
            if time.monotonic() > deadline:
                raise ServerFailed("Kafka made topics but does not show them: look into its log.")

    def _settings(self, topics: list[WantedTopic]) -> None:
        """Put back settings of existing topics that were changed: above all, that records never expire."""
        if not topics:
            return
        wanted = {topic.name: topic.settings for topic in topics}
        described = self._admin.describe_configs([ConfigResource(ConfigResource.Type.TOPIC, name) for name in wanted])
        changed = []
        for resource, future in described.items():
            there = future.result(DEADLINE_S)
            entries = [
                ConfigEntry(key, value, incremental_operation=AlterConfigOpType.SET)
                for key, value in wanted[resource.name].items()
                if there[key].value != value
            ]
            if entries:
                kind = ConfigResource.Type.TOPIC
                changed.append(ConfigResource(kind, resource.name, incremental_configs=entries))
        if changed:
            _all(self._admin.incremental_alter_configs(changed))


def _binding(grant: Grant) -> AclBinding:
    pattern = ResourcePatternType.PREFIXED if grant.prefixed else ResourcePatternType.LITERAL
    return AclBinding(
        RESOURCES[grant.resource],
        grant.name,
        pattern,
        f"User:{grant.user}",
        "*",
        OPERATIONS[grant.operation],
        AclPermissionType.ALLOW,
    )


def _filter(acl: AclBinding) -> AclBindingFilter:
    return AclBindingFilter(
        *(acl.restype, acl.name, acl.resource_pattern_type, acl.principal),
        *(acl.host, acl.operation, acl.permission_type),
    )


def _all(futures: dict[Any, Future[Any]]) -> None:
    for future in futures.values():
        future.result(DEADLINE_S)


def _led(topics: Mapping[str, Any]) -> set[str]:
    """Name the topics all of whose partitions have a leader."""
    return {
        name
        for name, topic in topics.items()
        if topic.partitions and all(partition.leader >= 0 for partition in topic.partitions.values())
    }
