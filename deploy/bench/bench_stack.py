"""This module gives measurements a stack of their own: real servers, fresh data, nothing left afterwards."""

import contextlib
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import psutil
from confluent_kafka.admin import AdminClient

from deploy.bench.figures import MeasurementFailed
from deploy.bench.telling import Teller
from deploy.local.environment import elasticsearch_settings
from deploy.local.kafka import ADMINISTRATOR
from deploy.local.ports import LOOPBACK
from deploy.local.stack import Stack
from hub.settings import ElasticsearchSettings

ADAPTERS = ("adapter-entry-exit", "adapter-alerts", "adapter-asylum", "adapter-blacklist")
HUB = ("router", "ledger", "projector")
NOT_YET = {404, 503}  # the index is not made, or was made this moment

QUIET_CORES = 0.15
QUIET_S = 5.0
LONGEST_NOISE_S = 240.0


@dataclass(frozen=True, slots=True)
class BareKafka:
    """What aiokafka needs to connect as the administrator, for flows beside the product's own."""

    bootstrap: str
    password: str

    def connection(self) -> dict[str, Any]:
        """Give aiokafka's arguments."""
        return {
            "bootstrap_servers": self.bootstrap,
            "security_protocol": "SASL_PLAINTEXT",
            "sasl_mechanism": "PLAIN",
            "sasl_plain_username": ADMINISTRATOR,
            "sasl_plain_password": self.password,
        }


class BenchStack:
    """A stack that is up, with what measurements ask of it."""

    def __init__(self, stack: Stack, teller: Teller, admin: AdminClient) -> None:
        self.stack = stack
        self.teller = teller
        self.admin = admin

    def start(self, names: Iterable[str]) -> None:
        """Start services that do not run yet."""
        self.stack.start_services(list(names))

    def stop(self, names: Iterable[str]) -> None:
        """Stop services, as far as they run."""
        running = self.stack.pids()
        for name in names:
            if name in running:
                self.stack.stop_service(name)

    def stop_services(self) -> None:
        """Stop all services; the servers go on."""
        self.stop([name for name in self.stack.pids() if name not in {"kafka", "elasticsearch", "postgres"}])

    def bare_kafka(self) -> BareKafka:
        """Say how the administrator connects."""
        bootstrap = f"{LOOPBACK}:{self.stack.addresses.ports['kafka-stack']}"
        return BareKafka(bootstrap, self.stack.secrets.password("kafka-stack"))

    def elasticsearch(self, user: str) -> ElasticsearchSettings:
        """Say how one of the services connects to Elasticsearch."""
        return elasticsearch_settings(user, self.stack.secrets, self.stack.addresses)

    def until_quiet(self) -> None:
        """Wait until nothing of the stack works any more on what was measured before."""
        deadline = time.monotonic() + LONGEST_NOISE_S
        self.teller.say("  waiting until the stack is quiet")
        while (busy := _cores(self.stack.pids().values(), QUIET_S)) > QUIET_CORES:
            if time.monotonic() > deadline:
                self.teller.say(f"  the stack did not become quiet ({busy:.1f} cores); the next figure suffers from it")
                return


class Counter:
    """Counts the documents that a search would find in an index."""

    def __init__(self, settings: ElasticsearchSettings, index: str) -> None:
        self._client = httpx.Client(base_url=settings.url, auth=settings.basic_auth, timeout=30.0)
        self._index = f"/{index}"

    def count(self, query: dict[str, Any] | None = None) -> int:
        """Count now; an index that is not ready yet holds nothing.

        Raises:
            MeasurementFailed: Elasticsearch refuses.
        """
        return self._counted(query or {"match_all": {}}) or 0

    def is_ready(self) -> bool:
        """Tell whether the index is made and can be counted.

        Raises:
            MeasurementFailed: Elasticsearch refuses.
        """
        return self._counted({"match_all": {}}) is not None

    def _counted(self, query: dict[str, Any]) -> int | None:
        answer = self._client.post(f"{self._index}/_count", json={"query": query})
        if answer.status_code in NOT_YET:
            return None
        if not answer.is_success:
            raise MeasurementFailed(f"Elasticsearch does not count (status {answer.status_code}); look into its log.")
        return int(answer.json()["count"])

    def drop(self) -> None:
        """Remove the index."""
        self._client.delete(self._index)


@contextlib.contextmanager
def bench_stack(teller: Teller, *, keep: bool = False) -> Iterator[BenchStack]:
    """Give a stack with fresh data; its servers are stopped and its data removed at the end, however it ends.

    Args:
        teller: who is told what happens.
        keep: leave data and logs where they are, to look into them.
    """
    stack = Stack.open("bench")
    stack.forget()
    try:
        stack.start(teller, services=())
        # Closed while Kafka still runs: the library waits for ever on a client that outlives its server.
        with stack.kafka_admin() as admin:
            yield BenchStack(stack, teller, admin)
    finally:
        stack.stop()
        if keep:
            teller.say(f"Data and logs are kept in {stack.home.root}")
        else:
            stack.forget()


def _cores(pids: Iterable[int], seconds: float) -> float:
    """Tell how many cores some processes kept busy, on average over the next seconds."""
    processes = []
    for pid in pids:
        with contextlib.suppress(psutil.Error):
            processes.append(psutil.Process(pid))
    before = [_spent(process) for process in processes]
    time.sleep(seconds)
    return sum(max(0.0, _spent(process) - spent) for process, spent in zip(processes, before, strict=True)) / seconds


def _spent(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
        below = [child.cpu_times() for child in process.children(recursive=True)]
    except psutil.Error:
        return 0.0
    return float(times.user + times.system + sum(child.user + child.system for child in below))
