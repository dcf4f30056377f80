"""This module writes small files wholly or not at all, with their access rights from the first byte."""

import os
import secrets
from pathlib import Path


def write_atomically(path: Path, text: str, mode: int) -> None:
    """Write `text` to `path` so that a reader, or a crash, never sees half of it, nor anyone a secret meanwhile."""
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        partial.chmod(mode)  # the account's umask may have taken rights away
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
