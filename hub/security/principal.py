"""This module holds who is asking and what they may do."""

from dataclasses import dataclass
from enum import StrEnum

from hub.errors import NotAuthorised


class Scope(StrEnum):
    """What a bearer of a token may do; every route names exactly one."""

    SEARCH = "search"
    EXTRACT = "biometrics:extract"
    ENROL = "biometrics:enrol"
    VERIFY = "biometrics:verify"
    IDENTIFY = "biometrics:identify"
    DELETE = "biometrics:delete"
    AUDIT_READ = "audit:read"


@dataclass(frozen=True, slots=True)
class Principal:
    """A user or a service, as their token describes them. `systems` are those whose data they may see."""

    user: str
    scopes: frozenset[str]
    systems: frozenset[str]

    def may(self, scope: Scope) -> bool:
        """Tell whether the token grants `scope`."""
        return scope in self.scopes

    @property
    def sees_all(self) -> bool:
        """Tell whether the token opens every system."""
        return "*" in self.systems

    def may_see(self, system: str) -> bool:
        """Tell whether the token opens `system`."""
        return self.sees_all or system in self.systems

    def must(self, scope: Scope) -> None:
        """Go on only with `scope`.

        Raises:
            NotAuthorised: the token does not grant it.
        """
        if not self.may(scope):
            raise NotAuthorised(f"This needs the scope {scope.value}; ask for a token that grants it.")
