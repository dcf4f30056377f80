"""This module proves on real servers that a stack leaves alone what others made in a Kafka or an Elasticsearch."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from deploy.local.addresses import External
from deploy.local.external import provision_elasticsearch
from deploy.local.faults import StackFault
from deploy.local.provision import Provisioner
from deploy.local.reference_agencies import reference_agreements
from deploy.local.roles import ROLES
from deploy.local.secrets import Secrets
from deploy.local.stack import Stack
from tests.integration.administrators import GUEST, PASSWORD, let_into_elasticsearch
from tests.integration.test_stack_access import OWN, write

pytestmark = pytest.mark.servers


def test_the_users_of_another_stack_go_on_as_before(stack: Stack, tmp_path: Path) -> None:
    secrets, memory = Secrets(tmp_path), tmp_path / "memory.json"
    guest = Provisioner(
        stack.kafka_admin(), lambda user: secrets.password(f"kafka-{user}"), memory, shared=True, take_over=False
    )
    with pytest.raises(StackFault, match=r"Kafka has users that this stack did not make .*adapter-alerts"):
        guest.provision(reference_agreements())
    assert not memory.exists()
    assert write(stack, "adapter-alerts", OWN) is None


@pytest.fixture
def administrator(stack: Stack, tmp_path: Path) -> Iterator[External]:
    """Somebody who may make users; afterwards those that were made are gone."""
    let_in = let_into_elasticsearch(stack, tmp_path)
    yield let_in
    with httpx.Client(base_url=let_in.address, auth=(GUEST, PASSWORD), timeout=30) as client:
        for name in ROLES:
            client.delete(f"/_security/user/{name}")
            client.delete(f"/_security/role/{name}")


def lets_in(server: External, user: str, secrets: Secrets) -> bool:
    login = user, secrets.password(f"elasticsearch-{user}")
    return httpx.get(f"{server.address}/_security/_authenticate", auth=login, timeout=30).is_success


def test_users_and_roles_of_others_are_left_alone_until_they_are_taken_over(
    administrator: External, tmp_path: Path
) -> None:
    ours, theirs = Secrets(tmp_path / "ours"), Secrets(tmp_path / "theirs")
    for secrets in (ours, theirs):
        secrets.folder.mkdir()
    for _ in range(2):
        provision_elasticsearch(administrator, theirs)
    with pytest.raises(StackFault, match="users or roles that this stack did not make"):
        provision_elasticsearch(administrator, ours)
    assert lets_in(administrator, "search", theirs)
    assert not lets_in(administrator, "search", ours)

    provision_elasticsearch(administrator, ours, take_over=True)
    provision_elasticsearch(administrator, ours)
    assert lets_in(administrator, "search", ours)
