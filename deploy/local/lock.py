"""This module remakes the lock of downloads from the pinned roots: `python -m deploy.local.lock`."""

import hashlib
import sys
from pathlib import Path

from jgo.maven import Artifact as MavenArtifact
from jgo.maven import MavenContext

from deploy.local.artifacts import LOCK, ROOTS, Artifact, Bundle
from deploy.local.home import cache_folder

HEADER = """\
# What the local stack downloads from Maven Central: bundle, coordinates, bytes, SHA-256.
# Made by `python -m deploy.local.lock` from the versions pinned in artifacts.py; do not edit by hand.
"""

TIMEOUT_S = 60


def resolve(context: MavenContext, bundle: Bundle) -> list[Artifact]:
    """Download a bundle with all that it needs at run time, and describe each file."""
    roots = [root if root.count(":") > 2 else f"{root}:jar" for root in ROOTS[bundle]]  # noqa: PLR2004 - group:name:version
    found: list[MavenArtifact]
    if bundle is Bundle.ELASTICSEARCH:
        # The archive is wanted for what lies in it, not for what its build once depended on.
        group, name, version, packaging = roots[0].split(":")
        found = [context.project(group, name).at_version(version).artifact(packaging=packaging)]
    else:
        # Raw: the versions that one root manages for its own build must not rule over the others.
        dependencies = [context.create_dependency(f"{root}!") for root in ROOTS[bundle]]
        inputs, transitive = context.resolver.resolve(dependencies)
        found = [d.artifact for d in (*inputs, *transitive) if d.scope in {"compile", "runtime", None}]
    return [describe(bundle, artifact) for artifact in found]


def describe(bundle: Bundle, artifact: MavenArtifact) -> Artifact:
    """Download one file and take its size and sum."""
    path = artifact.resolve()
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    name = artifact.artifactId + (f"-{artifact.classifier}" if artifact.classifier else "")
    size = path.stat().st_size
    return Artifact(bundle, artifact.groupId, name, artifact.version, artifact.packaging, size, sha256)


def main(scratch: Path | None = None, lock: Path = LOCK) -> int:
    """Resolve every bundle anew and write the lock."""
    context = MavenContext(repo_cache=scratch or cache_folder() / "lock", local_repos=[], timeout=TIMEOUT_S)
    artifacts = sorted(artifact for bundle in Bundle for artifact in resolve(context, bundle))
    lock.write_text(HEADER + "".join(artifact.line() + "\n" for artifact in artifacts), encoding="utf-8")
    sys.stdout.write(f"{lock.name}: {len(artifacts)} artifacts\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
