"""This module fetches one locked artifact: resumed where it stopped, and kept only when its sum is right."""

import hashlib
import threading
import time
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

import requests
from jgo.maven import MavenContext
from jgo.util import http

from deploy.local.artifacts import Artifact
from deploy.local.faults import DownloadFailed, disk_fault
from deploy.local.progress import Advance

ATTEMPTS = 4
CHUNK = 1 << 18
# Seconds without a single byte after which a connection is given up.
SILENCE_S = 30


class Interrupted(Exception):
    """The download was told to stop; what has arrived is kept."""


def is_right(path: Path, artifact: Artifact) -> bool:
    """Tell whether a file is there, whole, and what the lock says."""
    if not path.is_file() or path.stat().st_size != artifact.size:
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == artifact.sha256


class Fetcher:
    """Fetches artifacts from the Maven repositories that jgo knows, or from `remotes`. Threads may share it."""

    def __init__(self, stop: threading.Event, remotes: Mapping[str, str] | None = None) -> None:
        self._context = MavenContext(local_repos=[], remote_repos=dict(remotes) if remotes else None)
        self._stop = stop

    def fetch(self, artifact: Artifact, target: Path, advance: Advance) -> None:
        """Bring `artifact` to `target`; a partial file beside it is taken up again.

        Raises:
            DownloadFailed: it could not be had, or is not what the lock says.
            DiskFull: there was no room for it.
            Interrupted: the stop was set.
        """
        partial = target.with_name(target.name + ".partial")
        reason, kept = "", "what has arrived is kept"
        for attempt in range(ATTEMPTS):
            if attempt:
                self._stop.wait(2.0 ** (attempt - 1))
            try:
                self._append(artifact, partial, advance)
            except requests.RequestException as error:
                reason, kept = type(error).__name__, "what has arrived is kept"
                continue
            except OSError as error:
                raise disk_fault(error, partial.parent) from error
            if is_right(partial, artifact):
                partial.replace(target)
                return
            reason, kept = "what arrived is not what the lock says", "what has arrived was thrown away"
            advance(-partial.stat().st_size)
            partial.unlink()
        message = (
            f"{artifact.coordinates} could not be downloaded ({reason}): check the network and start again; {kept}."
        )
        raise DownloadFailed(message)

    def _append(self, artifact: Artifact, partial: Path, advance: Advance) -> None:
        have = partial.stat().st_size if partial.is_file() else 0
        if have > artifact.size:
            partial.unlink()
            have = 0
        if have == artifact.size:
            return
        headers = {"Range": f"bytes={have}-"} if have else {}
        with self._answer(artifact, headers) as answer:
            if have and answer.status_code != HTTPStatus.PARTIAL_CONTENT:
                advance(-have)
                have = 0
            started = time.monotonic()
            with partial.open("ab" if have else "wb") as file:
                for chunk in answer.iter_content(chunk_size=CHUNK):
                    file.write(chunk)
                    advance(len(chunk))
                    if self._stop.is_set():
                        raise Interrupted(f"after {time.monotonic() - started:.0f} s")

    def _answer(self, artifact: Artifact, headers: dict[str, str]) -> requests.Response:
        component = self._context.project(artifact.group, artifact.name).at_version(artifact.version)
        path = f"{component.path_prefix.as_posix()}/{artifact.file_name}"
        status = 0
        for remote in self._context.remote_repos.values():
            answer = http.get(f"{remote}/{path}", headers=headers, stream=True, timeout=SILENCE_S)
            if answer.status_code in {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT}:
                return answer
            status = answer.status_code
            answer.close()
        raise requests.HTTPError(f"status {status}")
