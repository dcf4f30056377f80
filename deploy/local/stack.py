"""This module composes the local stack: servers and services, with one call to start and one to stop."""

import datetime as dt
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from confluent_kafka.admin import AdminClient

from deploy.local.addresses import (
    ELASTICSEARCH_PORTS,
    KAFKA_PORTS,
    PORT_NAMES,
    Addresses,
    read_addresses,
    told_of_move,
    write_addresses,
)
from deploy.local.admission import Admission, kafka_admin
from deploy.local.environment import service_environment
from deploy.local.external import external, require_external
from deploy.local.faults import NoSuchStack, NotUp, StackFault
from deploy.local.home import Home, known_stacks, stack_folder, unprivileged_account
from deploy.local.ports import choose_ports
from deploy.local.progress import Narrator, Recorded, Silence
from deploy.local.reference_agencies import reference_agreements
from deploy.local.run_file import RunFile
from deploy.local.secrets import Secrets
from deploy.local.servers import Programs, ServerFactory, fetch_programs
from deploy.local.services import SERVICES, Service, service_named, spec_of
from deploy.local.sources import Sources
from deploy.local.status import StackStatus, stack_status
from deploy.local.supervisor import Supervisor
from hub.router.agreements import Agreement

STACK_NAME = re.compile(r"[a-z0-9-]{1,40}")


@dataclass(frozen=True, slots=True)
class StackOptions:
    """What is done otherwise than usual: servers that others run, an unpacked distribution, ports set by hand.

    With `take_over` users and roles that others made there, and that are named like ours, become ours.
    """

    kafka: str | None = None
    elasticsearch: str | None = None
    elasticsearch_home: Path | None = None
    ports: Mapping[str, int] = field(default_factory=dict)
    take_over: bool = False

    def __post_init__(self) -> None:
        """Refuse ports for servers that others run.

        Raises:
            StackFault: there is one.
        """
        for part, ports in self._of_others().items():
            if named := [name for name in ports if name in self.ports]:
                message = (
                    f"--port {named[0]} is for a server that this stack starts, and --{part} names one that others "
                    "run: leave one of the two out."
                )
                raise StackFault(message)

    def _of_others(self) -> dict[str, tuple[str, ...]]:
        """Give the ports of servers that others run, by the server."""
        others: dict[str, tuple[str, ...]] = {}
        if self.kafka is not None:
            others["kafka"] = KAFKA_PORTS
        if self.elasticsearch is not None:
            others["elasticsearch"] = ELASTICSEARCH_PORTS
        return others

    @property
    def wanted_ports(self) -> tuple[str, ...]:
        """The names for which this stack needs ports."""
        others = {name for ports in self._of_others().values() for name in ports}
        return tuple(name for name in PORT_NAMES if name not in others)


class Stack:
    """A local stack. Opening it starts nothing; another process may open one that is up, for its addresses."""

    def __init__(self, name: str, home: Home, options: StackOptions) -> None:
        self.name = name
        self.home = home
        self.secrets = Secrets(home.secrets)
        self._options = options
        self._run_file = RunFile(home.root)
        self._supervisor: Supervisor | None = None
        self._factory = ServerFactory(home, self.secrets, unprivileged_account())
        self.sources = Sources(home, self.secrets, lambda: self._factory.postgres(self.addresses))
        self._admission = Admission(home, self.secrets, self.sources)

    @classmethod
    def open(cls, name: str = "local", options: StackOptions | None = None) -> Self:
        """Open the stack `name` of this checkout (`local`, `test`, `bench`).

        Raises:
            StackFault: it is no name for a folder.
        """
        if not STACK_NAME.fullmatch(name):
            raise StackFault(f"A stack is named with a to z, 0 to 9 and hyphens, 40 at most; {name!r} is not so.")
        return cls(name, Home(stack_folder(name)), options or StackOptions())

    @classmethod
    def known(cls, name: str) -> Self:
        """Open a stack that was started before, be it up now or not.

        Raises:
            NoSuchStack: there is none of this name; it may be mistyped.
        """
        there, opened = known_stacks(), cls.open(name)
        if name not in there and not opened.is_up():  # while its first start downloads, it has no addresses yet
            others = f"name one of {', '.join(there)}, or " if there else ""
            raise NoSuchStack(f"There is no stack {name}; {others}start it with `{starting(name)}`.")
        return opened

    @property
    def addresses(self) -> Addresses:
        """Where everything is, as of the last start."""
        return read_addresses(self.home.addresses)

    def is_up(self) -> bool:
        """Tell whether this or another process runs the stack."""
        return self._run_file.is_held()

    def must_be_up(self) -> Self:
        """Give the stack itself, if it is up.

        Raises:
            NotUp: it is not.
        """
        if not self.is_up():
            raise NotUp(f"The stack {self.name} is not up; start it with `{starting(self.name)}`.")
        run = self._run_file.read()
        if run is not None and run.starting and not self.addresses.ports:
            raise NotUp(f"The stack {self.name} is still starting; wait until `isthmus status` ends with 0.")
        return self

    def start(
        self,
        narrator: Narrator | None = None,
        services: Sequence[str] | None = None,
        agreements: Iterable[Agreement] | None = None,
    ) -> None:
        """Start servers, provision them, then start services: all that can, when none are named.

        `agreements` are those of the reference agencies unless given; what was agreed before stays.

        Raises:
            StackFault: something is in the way; what was started has been stopped again.
        """
        narrator = narrator or Silence()
        self.home.make()
        self._run_file.take()
        try:
            narrator = Recorded(narrator, self.home.logs / "stack.log")
            self._run_file.sweep(narrator)
            self._run_file.begin(self._meant(services))
            programs = self._fetch(narrator)
            before, addresses = self.addresses, self._settle_addresses()
            if told := told_of_move(before, addresses):
                narrator.say(told)
            self._supervisor = Supervisor(self._run_file, narrator)
            self._start_servers(self._supervisor, programs, addresses, narrator)
            self.admit(*(reference_agreements() if agreements is None else agreements))
            self.start_services(services)
            self._supervisor.finish()
        except BaseException:
            self.stop()
            raise

    def start_services(self, names: Sequence[str] | None = None) -> None:
        """Start services of a stack whose servers are up; all that can and are not yet, when none are named.

        Raises:
            NotUp: this process did not start the stack.
            ServerFailed: a service did not start.
        """
        supervisor = self._running()
        wanted = self.startable() if names is None else [service_named(name) for name in names]
        running = supervisor.pids()
        new = [service for service in wanted if service.name not in running]
        ports = self.addresses.ports
        supervisor.start(
            [
                spec_of(
                    service,
                    self.env_for(service.name),
                    self.home.logs / f"{service.name}.log",
                    ports[service.name] if service.listens else None,
                )
                for service in new
            ]
        )

    def startable(self) -> list[Service]:
        """List the services that have what they need: an adapter needs its agency to have records."""
        return [
            service
            for service in SERVICES
            if not service.name.startswith("adapter-") or self.sources.exists(service.arguments[1])
        ]

    def _meant(self, services: Sequence[str] | None) -> list[str]:
        """List what is meant to run: adapters, when none are named, once it is known which have records to read."""
        servers = [("postgres", True), ("kafka", self._options.kafka is None)]
        servers.append(("elasticsearch", self._options.elasticsearch is None))
        names = [service.name for service in SERVICES if not service.name.startswith("adapter-")]
        return [*(name for name, ours in servers if ours), *(names if services is None else services)]

    def stop_service(self, name: str) -> None:
        """Stop one service; it stays stopped."""
        self._running().stop_one(name)

    def stop(self) -> None:
        """Stop services, then servers. Nothing happens when this process runs none."""
        if self._supervisor is not None:
            self._supervisor.stop()
            self._supervisor = None
        self._run_file.release()

    def forget(self) -> None:
        """Remove all data and secrets of a stack that is not up, as tests do before they begin.

        Raises:
            AlreadyUp: it is up.
        """
        if not self.home.root.exists():
            return
        self._run_file.take()
        try:
            self._run_file.sweep(Silence())
            shutil.rmtree(self.home.root)
        finally:
            self._run_file.release()

    def stop_from_outside(self, narrator: Narrator) -> bool:
        """Stop a stack that another process runs, or end what a killed one left behind. Tells whether it was up.

        Raises:
            ServerFailed: it did not stop in time.
        """
        was_up = self._run_file.stop_holder()
        self._run_file.sweep(narrator)
        return was_up

    def status(self) -> StackStatus:
        """Say how the stack is, whichever process runs it."""
        return stack_status(self.name, self._run_file.read(), self.addresses, up=self.is_up())

    def pids(self) -> dict[str, int]:
        """Give the process number of each server and service that this process runs."""
        return self._running().pids()

    def answers(self, name: str) -> bool:
        """Tell whether a server or service that this process runs is ready now."""
        return self._running().answers(name)

    def env_for(self, service: str) -> dict[str, str]:
        """Compose the environment of a service process. Any `adapter-<system>` is a service.

        Raises:
            NotUp: the stack was never started.
        """
        self._started_once()
        return service_environment(service_named(service), self.home, self.secrets, self.addresses)

    def token(
        self, user: str, scopes: Iterable[str], systems: Iterable[str] = ("*",), life: dt.timedelta | None = None
    ) -> str:
        """Issue a bearer token of the local issuer, for an hour unless said otherwise."""
        return self.secrets.token(user, scopes, systems, dt.datetime.now(dt.UTC), life or dt.timedelta(hours=1))

    def kafka_admin(self) -> AdminClient:
        """Connect to Kafka as its administrator."""
        return kafka_admin(self._started_once(), self.secrets)

    def admit(self, *agreements: Agreement) -> None:
        """Let further systems publish while the stack is up: users, rights, topics, and the router's list."""
        self._admission.admit(self._started_once(), agreements, take_over=self._options.take_over)

    def agreements(self) -> list[Agreement]:
        """List the agreements in force."""
        return self._admission.agreements()

    def _fetch(self, narrator: Narrator) -> Programs:
        return fetch_programs(
            narrator,
            self._factory.account,
            kafka=self._options.kafka is None,
            elasticsearch=self._options.elasticsearch is None,
            elasticsearch_home=self._options.elasticsearch_home,
        )

    def _settle_addresses(self) -> Addresses:
        kafka = external("kafka", self._options.kafka)
        elasticsearch = external("elasticsearch", self._options.elasticsearch)
        ports = choose_ports(self._options.wanted_ports, self._options.ports, self.addresses.ports)
        addresses = Addresses(ports, kafka, elasticsearch)
        require_external(addresses)
        write_addresses(self.home.addresses, addresses)
        return addresses

    def _start_servers(
        self, supervisor: Supervisor, programs: Programs, addresses: Addresses, narrator: Narrator
    ) -> None:
        postgres = self._factory.postgres(addresses)
        postgres.prepare()
        specs = [postgres.spec()]
        if programs.kafka is not None:
            kafka = self._factory.kafka(addresses, programs.kafka)
            kafka.prepare()
            specs.append(kafka.spec())
        if programs.elasticsearch is not None and programs.jdk is not None:
            elasticsearch = self._factory.elasticsearch(addresses, programs.elasticsearch, programs.jdk)
            elasticsearch.prepare()
            specs.append(elasticsearch.spec())
        narrator.say(f"Starting {', '.join(spec.title for spec in specs)}")
        supervisor.start(specs)

    def _started_once(self) -> Addresses:
        addresses = self.addresses
        if not addresses.ports:
            raise NotUp("This stack was never started here: start it with `isthmus up`.")
        return addresses

    def _running(self) -> Supervisor:
        if self._supervisor is None:
            raise NotUp("This process does not run the stack: start it with `isthmus up`.")
        return self._supervisor


def starting(name: str) -> str:
    """Give the command that starts a stack."""
    return "isthmus up" if name == "local" else f"isthmus up --stack {name}"
