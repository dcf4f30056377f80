"""This module composes the environment of a service process: addresses and names of files, never a secret."""

import os
from collections.abc import Mapping

from deploy.local.addresses import Addresses, External
from deploy.local.artifacts import Bundle
from deploy.local.downloads import jars_folder
from deploy.local.home import Home, cache_folder
from deploy.local.secrets import AUDIENCE, ISSUER, Secrets
from deploy.local.services import Service
from hub.settings import ElasticsearchSettings, KafkaSettings

PREFIX = "ISTHMUS_"
# What a person sets when starting the stack: how all services log, whom the search asks live, by which rules and
# judgements it joins, by whose clock it is today, whether fingers are compared by the plain engine.
PASSED_ON = (
    "ISTHMUS_LOG__FORMAT",
    "ISTHMUS_LOG__LEVEL",
    "ISTHMUS_LIVE_SYSTEMS",
    "ISTHMUS_LINKAGE_RULES",
    "ISTHMUS_LINKAGE_JUDGEMENTS",
    "ISTHMUS_TIME_ZONE",
    "ISTHMUS_VIEWS",
)
NOT_PASSED_ON = ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP")


def service_environment(service: Service, home: Home, secrets: Secrets, addresses: Addresses) -> dict[str, str]:
    """Compose the environment of one service."""
    state = home.state(service.name)
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    ours = {
        "ISTHMUS_STATE": str(state),
        "ISTHMUS_AGREEMENTS": str(home.agreements),
        "ISTHMUS_TOKENS__ISSUER": ISSUER,
        "ISTHMUS_TOKENS__AUDIENCE": AUDIENCE,
        "ISTHMUS_TOKENS__JWKS_FILE": str(home.jwks),
        "PYTHONUNBUFFERED": "1",
        **kafka_environment(service.kafka, secrets, addresses),
    }
    if service.elasticsearch is not None:
        ours |= elasticsearch_environment(service.elasticsearch, secrets, addresses)
    if service.listens:
        ours["ISTHMUS_HTTP__PORT"] = str(addresses.ports[service.name])
    if service.name == "biometrics":
        ours["ISTHMUS_JARS"] = str(jars_folder(cache_folder(), Bundle.SOURCEAFIS))
        # The products of small matrices that draw a finger take longer on several threads than on one.
        ours["OPENBLAS_NUM_THREADS"] = "1"
    if service.scopes:
        ours["ISTHMUS_BIOMETRICS_URL"] = addresses.url("biometrics")
        ours["ISTHMUS_TOKEN_FILE"] = str(secrets.folder / f"token-{service.name}")
    if service.arguments[0] == "adapters.app":
        ours["ISTHMUS_SOURCE_FILE"] = str(secrets.folder / f"source-{service.arguments[1]}")
    return inherited(os.environ) | ours


def kafka_environment(user: str, secrets: Secrets, addresses: Addresses) -> dict[str, str]:
    """Say where Kafka is, and who the process is there."""
    where = {"ISTHMUS_KAFKA__BOOTSTRAP": addresses.kafka_bootstrap}
    if addresses.kafka is not None and addresses.kafka.username is None:
        return where
    who = {"ISTHMUS_KAFKA__USERNAME": user, "ISTHMUS_KAFKA__PASSWORD_FILE": str(secrets.file(f"kafka-{user}"))}
    return where | who | _trust("KAFKA", addresses.kafka)


def kafka_settings(user: str, secrets: Secrets, addresses: Addresses) -> KafkaSettings:
    """Give the same as `kafka_environment` to a command that acts as this user."""
    return KafkaSettings.model_validate(_fields("KAFKA", kafka_environment(user, secrets, addresses)))


def elasticsearch_environment(user: str, secrets: Secrets, addresses: Addresses) -> dict[str, str]:
    """Say where Elasticsearch is, and who the process is there."""
    where = {"ISTHMUS_ELASTICSEARCH__URL": addresses.elasticsearch_url}
    where |= _trust("ELASTICSEARCH", addresses.elasticsearch)
    if addresses.elasticsearch is not None and addresses.elasticsearch.username is None:
        return where
    file = secrets.file(f"elasticsearch-{user}")
    return where | {"ISTHMUS_ELASTICSEARCH__USERNAME": user, "ISTHMUS_ELASTICSEARCH__PASSWORD_FILE": str(file)}


def elasticsearch_settings(user: str, secrets: Secrets, addresses: Addresses) -> ElasticsearchSettings:
    """Give the same as `elasticsearch_environment` to a command that acts as this user."""
    found = elasticsearch_environment(user, secrets, addresses)
    return ElasticsearchSettings.model_validate(_fields("ELASTICSEARCH", found))


def _trust(part: str, server: External | None) -> dict[str, str]:
    return {f"{PREFIX}{part}__CA_FILE": server.ca_file} if server is not None and server.ca_file else {}


def _fields(part: str, environment: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix(f"{PREFIX}{part}__").lower(): value for name, value in environment.items()}


def inherited(environment: Mapping[str, str]) -> dict[str, str]:
    """Keep of our own environment what a service may see: nothing that sets it up otherwise than the stack."""
    return {
        name: value
        for name, value in environment.items()
        if (not name.startswith(PREFIX) or name in PASSED_ON) and name not in NOT_PASSED_ON
    }
