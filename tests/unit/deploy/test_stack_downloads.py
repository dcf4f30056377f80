"""This module holds the cache of downloads to its promises, against a repository on the loopback address."""

import errno
import hashlib
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import pytest

from deploy.local import downloads, fetch, unpack
from deploy.local.artifacts import LOCK, Artifact, Bundle, digest, of_bundle, parse, read_lock
from deploy.local.downloads import Downloads
from deploy.local.faults import DiskFull, DownloadFailed
from deploy.local.progress import Silence

CONTENT = bytes(range(256)) * 4096


class Repository(ThreadingHTTPServer):
    """A Maven repository that holds one file, and may break off or lie."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.asked: list[str | None] = []
        self.breaks_off_after: int | None = None
        self.content = CONTENT


class Answer(BaseHTTPRequestHandler):
    server: Repository

    def do_GET(self) -> None:
        asked = self.headers.get("Range")
        self.server.asked.append(asked)
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
        body = self.server.content[start:]
        self.send_response(206 if asked else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.server.breaks_off_after is not None:
            body, self.server.breaks_off_after = body[: self.server.breaks_off_after], None
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def repository(monkeypatch: pytest.MonkeyPatch) -> Iterator[Repository]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = Repository()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def artifact(content: bytes = CONTENT) -> Artifact:
    sha256 = hashlib.sha256(content).hexdigest()
    return Artifact(Bundle.KAFKA, "org.test", "thing", "1.0", "jar", len(content), sha256)


def cache(folder: Path, repository: Repository, wanted: Artifact | None = None) -> Downloads:
    remotes = {"test": f"http://127.0.0.1:{repository.server_port}"}
    return Downloads(folder, Silence(), (wanted or artifact(),), remotes)


def test_what_arrives_is_verified_and_kept(tmp_path: Path, repository: Repository) -> None:
    folder = cache(tmp_path, repository).jars(Bundle.KAFKA)
    assert (folder / "thing-1.0.jar").read_bytes() == CONTENT


def test_a_complete_cache_asks_nobody(tmp_path: Path, repository: Repository) -> None:
    cache(tmp_path, repository).jars(Bundle.KAFKA)
    asked = len(repository.asked)
    cache(tmp_path, repository).jars(Bundle.KAFKA)
    assert len(repository.asked) == asked


def test_a_broken_download_is_taken_up_where_it_stopped(
    tmp_path: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "CHUNK", 1024)
    repository.breaks_off_after = 500_000
    folder = cache(tmp_path, repository).jars(Bundle.KAFKA)
    assert (folder / "thing-1.0.jar").read_bytes() == CONTENT
    assert repository.asked[0] is None
    assert repository.asked[1] is not None


def test_a_file_that_was_damaged_on_disk_is_fetched_again(tmp_path: Path, repository: Repository) -> None:
    path = cache(tmp_path, repository).jars(Bundle.KAFKA) / "thing-1.0.jar"
    path.write_bytes(b"half of i")
    cache(tmp_path, repository).jars(Bundle.KAFKA)
    assert path.read_bytes() == CONTENT


def test_what_is_not_as_the_lock_says_is_never_taken(
    tmp_path: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "ATTEMPTS", 1)
    repository.content = CONTENT[::-1]
    with pytest.raises(DownloadFailed, match=r"org\.test:thing:1\.0:jar .* not what the lock says.* thrown away"):
        cache(tmp_path, repository).jars(Bundle.KAFKA)
    assert not list(tmp_path.rglob("*.jar*"))


def test_a_repository_that_is_away_is_one_sentence(
    tmp_path: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "ATTEMPTS", 1)
    away = Downloads(tmp_path, Silence(), (artifact(),), {"test": "http://127.0.0.1:9"})
    with pytest.raises(DownloadFailed, match="check the network and start again; what has arrived is kept"):
        away.jars(Bundle.KAFKA)


def test_a_full_disk_is_said_before_anything_is_fetched(
    tmp_path: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "SPARE", 1 << 60)
    with pytest.raises(DiskFull, match="make room there"):
        cache(tmp_path, repository).jars(Bundle.KAFKA)
    assert repository.asked == []


def carrier() -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("carrier-1/elasticsearch/lib/a.jar", "a")
    return made.getvalue()


def elasticsearch(folder: Path, repository: Repository) -> Downloads:
    repository.content = carrier()
    return cache(folder, repository, replace(artifact(repository.content), bundle=Bundle.ELASTICSEARCH))


def test_a_disk_that_fills_up_while_unpacking_is_one_sentence_and_what_has_arrived_is_kept(
    tmp_path: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(unpack.shutil, "copyfileobj", full)
        with pytest.raises(DiskFull, match=r"The disk is full at .*: make room there and start again"):
            elasticsearch(tmp_path, repository).elasticsearch()
    asked = len(repository.asked)
    assert (elasticsearch(tmp_path, repository).elasticsearch() / "lib" / "a.jar").read_text() == "a"
    assert len(repository.asked) == asked


def test_room_to_unpack_is_asked_for_also_where_the_archive_is_there(
    tmp_path: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    downloading = elasticsearch(tmp_path, repository)
    (tmp_path / "arriving").mkdir()
    (tmp_path / "arriving" / "thing-1.0.jar").write_bytes(repository.content)
    monkeypatch.setattr(downloads, "UNPACKED_ELASTICSEARCH", 1 << 60)
    with pytest.raises(DiskFull, match="make room there"):
        downloading.elasticsearch()


def test_an_interrupted_download_keeps_what_has_arrived(
    tmp_path: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "CHUNK", 1024)

    class Impatient(Silence):
        @contextmanager
        def bar(self, label: str, total: int) -> Iterator[fetch.Advance]:
            def advance(added: int) -> None:
                if added:
                    raise KeyboardInterrupt

            yield advance

    remotes = {"test": f"http://127.0.0.1:{repository.server_port}"}
    with pytest.raises(KeyboardInterrupt):
        Downloads(tmp_path, Impatient(), (artifact(),), remotes).jars(Bundle.KAFKA)
    (partial,) = tmp_path.rglob("*.partial")
    assert CONTENT.startswith(partial.read_bytes())
    assert (cache(tmp_path, repository).jars(Bundle.KAFKA) / "thing-1.0.jar").read_bytes() == CONTENT


def test_a_changed_lock_never_meets_the_former_files() -> None:
    assert digest((artifact(),)) != digest((artifact(b"other"),))


def test_the_lock_names_coordinates_and_sums_and_no_addresses() -> None:
    assert "://" not in LOCK.read_text(encoding="utf-8")
    assert all(len(each.sha256) == 64 and each.size > 0 for each in read_lock())
    assert all(parse(each.line()) == each for each in read_lock())


def test_the_lock_holds_one_version_of_each_kafka_jar() -> None:
    """Two versions of one library on a class path fail at the first call that only one of them has."""
    for bundle in Bundle:
        names = [(each.group, each.name) for each in of_bundle(read_lock(), bundle)]
        assert len(names) == len(set(names))
    kafka = {each.version for each in of_bundle(read_lock(), Bundle.KAFKA) if each.group == "org.apache.kafka"}
    assert len(kafka) == 1


def test_a_line_that_is_not_one_of_a_lock_is_refused() -> None:
    with pytest.raises(DownloadFailed, match=r"restore artifacts\.lock"):
        parse("kafka org.test:thing sha256:0")
