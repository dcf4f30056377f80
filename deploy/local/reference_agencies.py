"""This module holds the reference agencies: what was agreed with each, and where its legacy records lie."""

from dataclasses import dataclass
from enum import StrEnum

from hub.router.agreements import Agreement

REGISTRATION = "registration"
"""The system whose events the biometrics service publishes itself, for what was enrolled over HTTP."""


class Storage(StrEnum):
    """In what a reference agency keeps its records."""

    POSTGRESQL = "postgresql"
    SQLITE = "sqlite"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class ReferenceAgency:
    """A reference agency. `storage` is absent for a system that is a service of ours."""

    agreement: Agreement
    storage: Storage | None

    @property
    def system(self) -> str:
        """The name of its system."""
        return self.agreement.system


def _agency(
    system: str, owner: str, purpose: str, legal_basis: str, contracts: set[str], storage: Storage | None
) -> ReferenceAgency:
    agreement = Agreement(
        system=system,
        owner=owner,
        purpose=purpose,
        legal_basis=legal_basis,
        # Whoever may say something may also take it back.
        contracts=frozenset({*contracts, "erasure"}),
    )
    return ReferenceAgency(agreement, storage)


REFERENCE_AGENCIES: tuple[ReferenceAgency, ...] = (
    _agency(
        "entry-exit",
        "Border Guard Service",
        "register who enters and leaves, and find overstays",
        "Regulation (EU) 2017/2226",
        {"person", "travel-document", "border-crossing"},
        Storage.POSTGRESQL,
    ),
    _agency(
        "alerts",
        "Police",
        "find persons and documents that are looked for",
        "Regulation (EU) 2018/1861, Regulation (EU) 2018/1862",
        {"person", "travel-document", "alert"},
        Storage.SQLITE,
    ),
    _agency(
        "asylum",
        "Asylum Office",
        "tell who has applied for protection, and where",
        "Regulation (EU) 2024/1358",
        {"person", "travel-document", "fingerprint"},
        Storage.POSTGRESQL,
    ),
    _agency(
        "blacklist",
        "Document Office",
        "stop travel on stolen, lost and invalidated documents",
        "Regulation (EU) 2018/1862, Article 38",
        {"travel-document", "alert"},
        Storage.FOLDER,
    ),
    _agency(
        REGISTRATION,
        "Registration Office",
        "recognise a person by the fingers at registration points",
        "Regulation (EU) 2019/817, Article 12",
        {"fingerprint", "person"},
        None,
    ),
)

REFERENCE_AGREEMENTS: tuple[Agreement, ...] = tuple(agency.agreement for agency in REFERENCE_AGENCIES)
