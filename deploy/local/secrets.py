"""This module makes the stack's secrets at its first start and keeps them in files that their owner alone can read."""

import datetime as dt
import secrets
from collections.abc import Iterable
from pathlib import Path

from deploy.local.atomic import write_atomically
from hub.security.tokens import issue_token, new_signing_key, public_keys

ISSUER = "isthmus-local"
AUDIENCE = "isthmus"
PASSWORD_BYTES = 24
OWNER_ONLY = 0o600


class Secrets:
    """The folder of secrets: one file each, made when first asked for and never changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def file(self, name: str) -> Path:
        """Give the file that holds the password `name`."""
        path = self.folder / name
        if not path.exists():
            write_atomically(path, secrets.token_urlsafe(PASSWORD_BYTES) + "\n", OWNER_ONLY)
        return path

    def password(self, name: str) -> str:
        """Give the password `name`."""
        return self.file(name).read_text(encoding="utf-8").strip()

    def keep(self, name: str, text: str) -> Path:
        """Keep a secret made elsewhere; written only when it changed."""
        path = self.folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            write_atomically(path, text, OWNER_ONLY)
        return path

    def signing_key(self) -> str:
        """Give the token issuer's private key, as JWK text."""
        path = self.folder / "issuer.jwk"
        if not path.exists():
            write_atomically(path, new_signing_key(), OWNER_ONLY)
        return path.read_text(encoding="utf-8")

    def publish_keys(self, path: Path) -> None:
        """Write the public half of the signing key as a JWK set, which everyone may read."""
        keys = public_keys(self.signing_key())
        if not path.exists() or path.read_text(encoding="utf-8") != keys:
            write_atomically(path, keys, 0o644)

    def token(
        self, user: str, scopes: Iterable[str], systems: Iterable[str], now: dt.datetime, lifetime: dt.timedelta
    ) -> str:
        """Issue a bearer token of the local issuer."""
        return issue_token(
            self.signing_key(),
            issuer=ISSUER,
            audience=AUDIENCE,
            user=user,
            scopes=scopes,
            systems=systems,
            now=now,
            lifetime=lifetime,
        )
