"""This module lists the services of the stack: how each is run, who it is, and where it listens."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.access import user_of
from deploy.local.child import ChildSpec, Kind
from deploy.local.home import CHECKOUT
from deploy.local.ports import LOOPBACK
from deploy.local.probe import ask
from deploy.local.reference_agencies import STORAGE
from hub.security.principal import Scope

PROBE_S = 2.0
STANDS_BACK = 10
"""The audit is in Kafka before an act counts as done. That its index follows is less urgent than a guard's answer, or a
record on its way to one; with this the ledger still gets a tenth of what others get."""


@dataclass(frozen=True, slots=True)
class Service:
    """One process. `arguments` follow `python -m`; `elasticsearch` names its user there, if any.

    `scopes` are those of the service token with which it calls others. `niceness` is how far it stands back where
    processors are short.
    """

    name: str
    title: str
    arguments: tuple[str, ...]
    kafka: str
    elasticsearch: str | None = None
    listens: bool = False
    scopes: tuple[Scope, ...] = ()
    niceness: int = 0


def adapter_of(system: str) -> Service:
    """Describe the adapter of a connected system."""
    name = f"adapter-{system}"
    title = f"The adapter of {system}"
    return Service(name, title, ("adapters.app", system), user_of(system), scopes=(Scope.EXTRACT,))


SERVICES: tuple[Service, ...] = (
    Service("router", "The router", ("hub.router.app",), "router"),
    Service(
        "ledger",
        "The ledger",
        ("hub.ledger.app",),
        "ledger",
        elasticsearch="ledger",
        listens=True,
        niceness=STANDS_BACK,
    ),
    Service("projector", "The projector", ("search.projector.app",), "projector", elasticsearch="projector"),
    Service("biometrics", "The biometrics service", ("biometrics.app",), "biometrics", listens=True),
    Service(
        "search",
        "The search service",
        ("search.app",),
        "search",
        elasticsearch="search",
        listens=True,
        scopes=(Scope.EXTRACT, Scope.IDENTIFY, Scope.VERIFY),
    ),
    *(adapter_of(system) for system in STORAGE),
)

LISTENERS: tuple[str, ...] = tuple(service.name for service in SERVICES if service.listens)


def service_named(name: str) -> Service:
    """Find a service; any `adapter-<system>` is one.

    Raises:
        KeyError: there is no such service.
    """
    for service in SERVICES:
        if service.name == name:
            return service
    prefix, _, system = name.partition("-")
    if prefix == "adapter" and system:
        return adapter_of(system)
    raise KeyError(name)


def spec_of(service: Service, environment: Mapping[str, str], log: Path, port: int | None) -> ChildSpec:
    """Say how a service is run."""
    return ChildSpec(
        name=service.name,
        title=service.title,
        kind=Kind.SERVICE,
        command=(sys.executable, "-m", *service.arguments),
        environment=environment,
        folder=CHECKOUT,
        log=log,
        ready=(lambda: answers(port)) if port is not None else (lambda: True),
        niceness=service.niceness,
    )


def answers(port: int) -> bool:
    """Tell whether a service answers, be it to say that it is not quite ready: what it needs may still be coming."""
    return health(port) is not None


def health(port: int) -> int | None:
    """Give the HTTP status of a service's health, or nothing when it does not answer."""
    return ask(f"http://{LOOPBACK}:{port}/health", PROBE_S)
