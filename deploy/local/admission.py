"""This module lets systems and services in: users, rights, topics, sources, tokens, agreements."""

import datetime as dt
import json
from collections.abc import Iterable

from confluent_kafka.admin import AdminClient

from deploy.local.addresses import Addresses
from deploy.local.atomic import write_atomically
from deploy.local.external import external_kafka_admin, provision_elasticsearch
from deploy.local.home import Home
from deploy.local.kafka import ADMINISTRATOR, administrator
from deploy.local.ports import LOOPBACK
from deploy.local.provision import Provisioner
from deploy.local.secrets import Secrets
from deploy.local.services import SERVICES, adapter_of
from deploy.local.sources import Sources
from hub.router.agreements import Agreement

# Renewed at every start; a stack that stays up longer is started again by then.
SERVICE_TOKEN_LIFE = dt.timedelta(days=90)


def kafka_admin(addresses: Addresses, secrets: Secrets) -> AdminClient:
    """Connect to the stack's Kafka as its administrator."""
    if addresses.kafka is not None:
        return external_kafka_admin(addresses.kafka)
    bootstrap = f"{LOOPBACK}:{addresses.ports['kafka-stack']}"
    return administrator(bootstrap, ADMINISTRATOR, secrets.password("kafka-stack"), mechanism="PLAIN")


class Admission:
    """Makes of agreements what they need. Doing it again changes nothing."""

    def __init__(self, home: Home, secrets: Secrets, sources: Sources) -> None:
        self._home = home
        self._secrets = secrets
        self._sources = sources

    def agreements(self) -> list[Agreement]:
        """List the agreements in force."""
        try:
            listed = json.loads(self._home.agreements.read_text(encoding="utf-8"))
            return [Agreement.model_validate(item) for item in listed]
        except (OSError, ValueError):
            return []

    def admit(self, addresses: Addresses, agreements: Iterable[Agreement], *, take_over: bool = False) -> None:
        """Let these systems in, beside those that were before; a later agreement of a system takes the former's place.

        With `take_over` users of others that are named like ours become ours, in servers that others run.

        Raises:
            StackFault: a server refused, or did not answer in time, or has users of others that are named like ours.
        """
        agreed = {agreement.system: agreement for agreement in (*self.agreements(), *agreements)}
        memory = self._home.root / "state" / "provisioned.json"
        admin = kafka_admin(addresses, self._secrets)
        provisioner = Provisioner(
            admin,
            lambda user: self._secrets.password(f"kafka-{user}"),
            memory,
            shared=addresses.kafka is not None,
            take_over=take_over,
        )
        secured = addresses.kafka is None or addresses.kafka.username is not None
        provisioner.provision(agreed.values(), secured=secured)
        if addresses.elasticsearch is not None:
            provision_elasticsearch(addresses.elasticsearch, self._secrets, take_over=take_over)
        self._sources.make()
        self._secrets.publish_keys(self._home.jwks)
        self._renew_service_tokens(agreed)
        # Last: what the router reads here is a promise that the topics are there.
        listed = [agreement.model_dump(mode="json") for agreement in agreed.values()]
        for item in listed:
            item["contracts"].sort()
        write_atomically(self._home.agreements, json.dumps(listed, indent=2), mode=0o644)

    def _renew_service_tokens(self, systems: Iterable[str]) -> None:
        for service in {each.name: each for each in (*SERVICES, *map(adapter_of, systems))}.values():
            if service.scopes:
                scopes = [scope.value for scope in service.scopes]
                now = dt.datetime.now(dt.UTC)
                token = self._secrets.token(service.name, scopes, ("*",), now, SERVICE_TOKEN_LIFE)
                self._secrets.keep(f"token-{service.name}", token)
