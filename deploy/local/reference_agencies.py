"""This module holds the reference agencies: what was agreed with each, and in what each keeps its legacy records."""

from enum import StrEnum

from adapters.declaration import Adapter
from adapters.registry import reference_adapters
from hub.router.agreements import Agreement

REGISTRATION = "registration"
"""The system whose events the biometrics service publishes itself, for what was enrolled over HTTP."""


class Storage(StrEnum):
    """In what a reference agency keeps its records."""

    POSTGRESQL = "postgresql"
    SQLITE = "sqlite"
    FOLDER = "folder"


STORAGE: dict[str, Storage] = {
    "entry-exit": Storage.POSTGRESQL,
    "alerts": Storage.SQLITE,
    "asylum": Storage.POSTGRESQL,
    "blacklist": Storage.FOLDER,
}
"""The reference agencies by system."""

REGISTRATION_AGREEMENT = Agreement(
    system=REGISTRATION,
    owner="Registration Office",
    purpose="registration",
    legal_basis="Regulation (EU) 2019/817, art. 12",
    contracts=frozenset({"fingerprint", "erasure"}),
)


def agreement_of(adapter: Adapter) -> Agreement:
    """Write down what an adapter declares as an agreement."""
    return Agreement(
        system=adapter.system,
        owner=adapter.owner,
        purpose=adapter.purpose,
        legal_basis=adapter.legal_basis,
        contracts=frozenset(adapter.contracts),
    )


def reference_agreements() -> tuple[Agreement, ...]:
    """Give the agreements of the reference agencies, and of registration."""
    return (*(agreement_of(adapter) for adapter in reference_adapters()), REGISTRATION_AGREEMENT)
