"""This module deals with Kafka and Elasticsearch that others run: who we are there, and what we make there."""

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from deploy.local.addresses import Addresses, External
from deploy.local.faults import StackFault
from deploy.local.kafka import administrator
from deploy.local.roles import ROLES
from deploy.local.secrets import Secrets
from hub.settings import read_secret

PROBE_S = 10.0
MARK = {"isthmus": "made by an Isthmus stack"}
"""What our roles bear as metadata; it tells the people there, too, where they come from."""


def external(part: str, address: str | None) -> External | None:
    """Describe an external server, with the administrator that `ISTHMUS_<PART>__USERNAME` and `__PASSWORD_FILE` name.

    `ISTHMUS_<PART>__CA_FILE` names its certificate authority, and has Kafka speak TLS.

    Raises:
        StackFault: there is a user name without a password file, or an authority that cannot be read or is of no use.
    """
    if address is None:
        return None
    username = os.environ.get(f"ISTHMUS_{part.upper()}__USERNAME")
    file = os.environ.get(f"ISTHMUS_{part.upper()}__PASSWORD_FILE")
    if username and not file:
        message = (
            f"ISTHMUS_{part.upper()}__USERNAME is set without a password: set ISTHMUS_{part.upper()}__PASSWORD_FILE."
        )
        raise StackFault(message)
    ca_file = os.environ.get(f"ISTHMUS_{part.upper()}__CA_FILE") or None
    if ca_file and not _is_readable(ca_file):
        message = (
            f"ISTHMUS_{part.upper()}__CA_FILE names no file that this account may read: give that of the certificate "
            "authority."
        )
        raise StackFault(message)
    if ca_file and part == "kafka" and not username:
        raise StackFault("ISTHMUS_KAFKA__CA_FILE is set without a user: set ISTHMUS_KAFKA__USERNAME as well.")
    if ca_file and part == "elasticsearch" and not address.lower().startswith("https://"):
        message = (
            f"ISTHMUS_ELASTICSEARCH__CA_FILE is set, and {address} does not speak TLS: give an address that begins "
            "with https://, or no authority."
        )
        raise StackFault(message)
    password_file = str(Path(file).resolve()) if username and file else None
    return External(address, username or None, password_file, str(Path(ca_file).resolve()) if ca_file else None)


def _is_readable(file: str) -> bool:
    try:
        Path(file).read_bytes()
    except OSError:
        return False
    return True


def external_kafka_admin(kafka: External) -> AdminClient:
    """Connect to an external Kafka.

    Raises:
        StackFault: it does not answer, or does not let us in.
    """
    try:
        if kafka.username is None or kafka.password_file is None:
            admin = AdminClient({"bootstrap.servers": kafka.address, "log_level": 0})
        else:
            password = read_secret(Path(kafka.password_file))
            mechanism = os.environ.get("ISTHMUS_KAFKA__MECHANISM", "SCRAM-SHA-512")
            admin = administrator(kafka.address, kafka.username, password, mechanism, kafka.ca_file)
        admin.list_topics(timeout=PROBE_S)
    except KafkaException as error:
        message = (
            f"Kafka at {kafka.address} does not answer or does not let us in: check the address, the credentials and, "
            "where it speaks TLS, ISTHMUS_KAFKA__CA_FILE."
        )
        raise StackFault(message) from error
    return admin


def require_external(addresses: Addresses) -> None:
    """Make sure that the servers which others run answer, before ours are started.

    Raises:
        StackFault: one does not answer, or does not let us in.
    """
    if addresses.kafka is not None:
        external_kafka_admin(addresses.kafka)
    if addresses.elasticsearch is not None:
        with _elasticsearch(addresses.elasticsearch):
            pass


@contextmanager
def _elasticsearch(elasticsearch: External) -> Iterator[httpx.Client]:
    auth = None
    if elasticsearch.username is not None and elasticsearch.password_file is not None:
        auth = (elasticsearch.username, read_secret(Path(elasticsearch.password_file)))
    trust = _trust(elasticsearch.ca_file)
    try:
        with httpx.Client(base_url=elasticsearch.address, auth=auth, timeout=PROBE_S, verify=trust) as client:
            client.get("/").raise_for_status()
            yield client
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        message = (
            f"Elasticsearch at {elasticsearch.address} does not answer or does not let us in as we need "
            f"({type(error).__name__}): check the address, the credentials and, for a certificate authority of "
            "your own, ISTHMUS_ELASTICSEARCH__CA_FILE."
        )
        raise StackFault(message) from error


def _trust(ca_file: str | None) -> ssl.SSLContext | bool:
    """Give whom to trust: an authority of one's own alone, or those that every client trusts."""
    if ca_file is None:
        return True
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:  # also that of a file that holds no certificate
        message = (
            "ISTHMUS_ELASTICSEARCH__CA_FILE holds no certificate that can be read: give the file of the certificate "
            "authority, as PEM."
        )
        raise StackFault(message) from error


def provision_elasticsearch(elasticsearch: External, secrets: Secrets, *, take_over: bool = False) -> None:
    """Make our roles and users in an external Elasticsearch; nothing to make where it has no security.

    Raises:
        StackFault: it does not answer, or does not let us in; or it has users or roles of others that are named like
            ours, and we are not to `take_over`.
    """
    with _elasticsearch(elasticsearch) as client:
        if elasticsearch.username is None:
            return
        passwords = {name: secrets.password(f"elasticsearch-{name}") for name in ROLES}
        strange = [name for name in ROLES if _is_of_others(client, name, passwords[name])]
        if strange and not take_over:
            message = (
                f"Elasticsearch at {elasticsearch.address} has users or roles that this stack did not make and that "
                f"are named like its own ({', '.join(strange)}): use another one, or `--take-over` to give them "
                "passwords and rights of this stack."
            )
            raise StackFault(message)
        for name, role in ROLES.items():
            body = {**role.body(), "metadata": MARK}
            client.put(f"/_security/role/{name}", json=body).raise_for_status()
            user = {"password": passwords[name], "roles": [name]}
            client.put(f"/_security/user/{name}", json=user).raise_for_status()


def _is_of_others(client: httpx.Client, name: str, password: str) -> bool:
    """Tell whether a user or a role of this name is not ours: a user is whom our password lets in."""
    if _found(client, f"/_security/user/{name}") is not None:
        return client.get("/_security/_authenticate", auth=(name, password)).status_code != HTTPStatus.OK
    role = _found(client, f"/_security/role/{name}")
    return role is not None and role[name].get("metadata") != MARK


def _found(client: httpx.Client, path: str) -> Any:
    answer = client.get(path)
    return None if answer.status_code == HTTPStatus.NOT_FOUND else answer.raise_for_status().json()
