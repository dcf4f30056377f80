"""This module makes record keys: surrogates as they are, keys with a meaning as keyed digests that tell nothing."""

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from adapters.declaration import Natural, Surrogate

SECRET_FILE = "key-secret"  # noqa: S105  a file's name
SECRET_BYTES = 32
_PLAIN = re.compile(r"^[A-Za-z0-9._-]{1,80}$", re.ASCII)

KeyMaker = Callable[[Sequence[Any]], str]
"""Makes the key part of a record reference of the values of the key columns."""


def key_maker(key: Surrogate | Natural, stream: str, secret: bytes) -> KeyMaker:
    """Give the function that makes the keys of a stream.

    A surrogate that does not fit into a reference (a blank, a slash) is digested as well.
    """

    def digest(values: Sequence[Any]) -> str:
        text = "\x1f".join((stream, *(str(value) for value in values)))
        return "~" + hmac.new(secret, text.encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()[:40]

    def surrogate(values: Sequence[Any]) -> str:
        text = str(values[0])
        return text if _PLAIN.match(text) else digest(values)

    return surrogate if isinstance(key, Surrogate) else digest


def key_secret(state: Path) -> bytes:
    """Give the adapter's secret, made at the first start. Without it, nothing published before is found again."""
    file = state / SECRET_FILE
    if not file.exists():
        state.mkdir(parents=True, exist_ok=True)
        aside = file.with_name(f".{SECRET_FILE}.{os.getpid()}")
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(secrets.token_bytes(SECRET_BYTES))
        aside.replace(file)
    return file.read_bytes()
