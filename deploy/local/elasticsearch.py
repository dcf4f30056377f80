"""This module sets up and starts the stack's Elasticsearch: one node, security on, users and roles in files."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import bcrypt

from deploy.local.atomic import write_atomically
from deploy.local.child import ChildSpec, Kind
from deploy.local.home import Account
from deploy.local.ports import LOOPBACK
from deploy.local.probe import ask
from deploy.local.roles import ROLES

HEAP = "1g"
"""In half of this the collector takes a tenth of the server's processor time under searches, two thirds of it to mark
beside them what is held; in this hardly any."""
OPERATOR = "operator"
BCRYPT_ROUNDS = 10  # Elasticsearch's own default for the file realm
PROBE_S = 2.0

SETTINGS = """\
cluster.name: isthmus
node.name: local
discovery.type: single-node
network.host: {host}
http.port: {http}
transport.port: {transport}
path.data: {data}
path.logs: {logs}
cluster.routing.allocation.disk.threshold_enabled: false
# A search of few milliseconds gains nothing from being shared out among the threads of a small machine.
search.query_phase_parallel_collection_enabled: false
# Whoever needs an index makes it, with its mapping. One that the server makes by itself, in the place of one that was
# dropped, takes everything and finds nothing.
action.auto_create_index: false
xpack.ml.enabled: false
xpack.security.enabled: true
xpack.security.http.ssl.enabled: false
xpack.security.transport.ssl.enabled: false
xpack.security.authc.realms.file.local.order: 0
"""

# The distribution's own options, without the log of garbage collection: its path is not writable here.
JVM_OPTIONS = """\
-XX:+UseG1GC
-XX:+ExitOnOutOfMemoryError
-Djava.io.tmpdir=${ES_TMPDIR}
--add-modules=jdk.incubator.vector
23:-XX:CompileCommand=dontinline,java/lang/invoke/MethodHandle.setAsTypeCache
23:-XX:CompileCommand=dontinline,java/lang/invoke/MethodHandle.asTypeUncached
-Dorg.apache.lucene.store.defaultReadAdvice=normal
-Dorg.apache.lucene.store.MMapDirectory.sharedArenaMaxPermits=1
"""

LOGGING = """\
status = error
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d{yyyy-MM-dd'T'HH:mm:ss.SSSX} %p %c{1} %m%n
rootLogger.level = warn
rootLogger.appenderRef.out.ref = out
"""


@dataclass(frozen=True, slots=True)
class ElasticsearchServer:
    """The stack's own Elasticsearch. `passwords` are by user; `root` is the server's folder."""

    root: Path
    distribution: Path
    jdk: Path
    log: Path
    account: Account | None
    passwords: Mapping[str, str]
    http_port: int
    transport_port: int

    @property
    def url(self) -> str:
        """The address for services."""
        return f"http://{LOOPBACK}:{self.http_port}"

    def prepare(self) -> None:
        """Write the configuration, the users and the roles, and give all to the account that runs the server."""
        for folder in (self.root, self._configuration, self._configuration / "jvm.options.d", *self._writable):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o700)
        settings = SETTINGS.format(
            host=LOOPBACK,
            http=self.http_port,
            transport=self.transport_port,
            data=self.root / "data",
            logs=self.root / "logs",
        )
        self._write("elasticsearch.yml", settings)
        self._write("log4j2.properties", LOGGING)
        self._write("jvm.options", JVM_OPTIONS)
        self._write("jvm.options.d/heap.options", f"-Xms{HEAP}\n-Xmx{HEAP}\n")
        self._write("roles.yml", "".join(f"{name}: {json.dumps(role.body())}\n" for name, role in ROLES.items()))
        self._write("users_roles", "".join(f"{name}:{name}\n" for name in ROLES))
        self._write("users", self._users())
        if self.account is not None:
            self.account.own(self.root, self._configuration, self._configuration / "jvm.options.d", *self._writable)

    def spec(self) -> ChildSpec:
        """Say how the server is run: the launcher that the distribution's own script would start."""
        java = str(self.jdk / "bin" / "java")
        temporary = str(self.root / "tmp")
        return ChildSpec(
            name="elasticsearch",
            title="Elasticsearch",
            kind=Kind.SERVER,
            command=(
                *(java, "-Xms4m", "-Xmx32m", "-XX:+UseSerialGC"),
                *("-cp", f"{self.distribution}/lib/tools/server-launcher/*"),
                "org.elasticsearch.server.launcher.ServerLauncher",
            ),
            environment={
                "JAVA": java,
                "ES_HOME": str(self.distribution),
                "ES_PATH_CONF": str(self._configuration),
                "ES_TMPDIR": temporary,
                "ES_DISTRIBUTION_TYPE": "tar",
                "JAVA_TYPE": "JAVA_HOME",
                "CLI_JAVA_OPTS": "-Xms4m -Xmx64m -XX:+UseSerialGC",
                "HOME": temporary,
                "PATH": "/usr/bin:/bin",
            },
            folder=self.distribution,
            log=self.log,
            account=self.account,
            ready=self.is_ready,
        )

    def is_ready(self) -> bool:
        """Tell whether the server knows its users and has all its indices at hand."""
        url = f"{self.url}/_cluster/health?wait_for_status=yellow&timeout=1s"
        return ask(url, PROBE_S, (OPERATOR, self.passwords[OPERATOR])) == HTTPStatus.OK

    @property
    def _configuration(self) -> Path:
        return self.root / "config"

    @property
    def _writable(self) -> tuple[Path, ...]:
        return tuple(self.root / name for name in ("data", "logs", "tmp"))

    def _users(self) -> str:
        """Hash the passwords, keeping former hashes that still fit: hashing is slow on purpose."""
        path = self._configuration / "users"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        before = dict(line.split(":", 1) for line in lines if ":" in line)
        return "".join(f"{user}:{_hash(self.passwords[user], before.get(user))}\n" for user in ROLES)

    def _write(self, name: str, text: str) -> None:
        path = self._configuration / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            write_atomically(path, text, mode=0o600)
        if self.account is not None:
            self.account.own(path)


def _hash(password: str, before: str | None) -> str:
    if before and bcrypt.checkpw(password.encode(), before.encode()):
        return before
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(BCRYPT_ROUNDS, prefix=b"2a")).decode()
