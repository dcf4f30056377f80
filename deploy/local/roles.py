"""This module holds who may do what in Elasticsearch: one role a service, no more than it needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

RECORDS = ("records", "records-*")
AUDIT = ("audit", "audit-*")
EVALUATION = ("evaluation-*",)


@dataclass(frozen=True, slots=True)
class Role:
    """A role as Elasticsearch's security knows it: privileges on the cluster, and on indices by pattern."""

    cluster: tuple[str, ...]
    indices: tuple[str, ...]
    privileges: tuple[str, ...]

    def body(self) -> Mapping[str, Sequence[object]]:
        """Write the role as the security API takes it."""
        indices = [{"names": list(self.indices), "privileges": list(self.privileges)}]
        return {"cluster": list(self.cluster), "indices": indices}


ROLES: dict[str, Role] = {
    "operator": Role(("manage", "monitor"), (*RECORDS, *AUDIT), ("manage",)),
    "projector": Role(("monitor",), RECORDS, ("create_index", "manage", "read", "write")),
    "search": Role(("monitor",), RECORDS, ("read", "view_index_metadata")),
    # It appends and reads; removing an index of the audit is the operator's.
    "ledger": Role(
        ("monitor",), AUDIT, ("create_index", "auto_configure", "maintenance", "read", "view_index_metadata", "write")
    ),
    # Who measures on data of their own fills an index for the time, and never touches the repository.
    "evaluation": Role(("monitor",), EVALUATION, ("create_index", "manage", "read", "write")),
}
"""Each role has one user of the same name."""
