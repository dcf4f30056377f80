"""This module issues and verifies bearer tokens: JWT (RFC 7519), Ed25519 (RFC 8037), keys as a JWK set (RFC 7517)."""

import datetime as dt
import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from hub.errors import Misconfigured, NotAuthenticated
from hub.security.principal import Principal
from hub.settings import TokenSettings

ALGORITHM = "Ed25519"
LEEWAY_S = 5  # clocks of two hosts may differ a little
TOKENS = 1_024
"""Valid tokens whose signature is not checked again: an officer sends one with every search, for hours."""


def new_signing_key() -> str:
    """Make a private signing key, as JWK text with a thumbprint as its id (RFC 7638)."""
    key = OKPKey.generate_key("Ed25519", {"use": "sig", "alg": ALGORITHM}, private=True)
    key.ensure_kid()
    return json.dumps(key.as_dict(private=True))


def public_keys(signing_key: str) -> str:
    """Give the JWK set that verifies what `signing_key` signs."""
    key = OKPKey.import_key(json.loads(signing_key))
    return json.dumps({"keys": [key.as_dict(private=False)]})


def issue_token(
    signing_key: str,
    *,
    issuer: str,
    audience: str,
    user: str,
    scopes: Iterable[str],
    systems: Iterable[str],
    now: dt.datetime,
    lifetime: dt.timedelta,
) -> str:
    """Sign a token for `user`: the scopes as in RFC 8693, 4.2, and the systems whose data they may see."""
    key = OKPKey.import_key(json.loads(signing_key))
    claims = {
        "iss": issuer,
        "aud": audience,
        "sub": user,
        "iat": int(now.timestamp()),
        "exp": int((now + lifetime).timestamp()),
        "scope": " ".join(sorted(scopes)),
        "systems": sorted(systems),
    }
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid}, claims, key, algorithms=[ALGORITHM])


class TokenVerifier:
    """Verifies tokens against a JWK set that is read once."""

    def __init__(self, settings: TokenSettings) -> None:
        keys = _key_set(settings.jwks_file)
        self._signed = lru_cache(TOKENS)(lambda token: jwt.decode(token, keys, algorithms=[ALGORITHM]).claims)
        self._claims = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_S,
            iss={"essential": True, "value": settings.issuer},
            aud={"essential": True, "value": settings.audience},
            sub={"essential": True},
            exp={"essential": True},
        )

    def verify(self, token: str) -> Principal:
        """Tell whose token this is.

        Raises:
            NotAuthenticated: the token is not ours, not for us, or no longer valid.
        """
        try:
            claims = self._signed(token)
            self._claims.validate(claims)  # each time: what was valid may have expired
        except (JoseError, ValueError, TypeError, KeyError):
            raise NotAuthenticated("The bearer token is not valid here, or no longer; get a new one.") from None
        scope, systems = claims.get("scope"), claims.get("systems")
        return Principal(
            user=str(claims["sub"]),
            scopes=frozenset(scope.split() if isinstance(scope, str) else ()),
            systems=frozenset(str(system) for system in systems) if isinstance(systems, list) else frozenset(),
        )


def _key_set(path: Path) -> KeySet:
    try:
        return KeySet.import_key_set(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, JoseError):
        raise Misconfigured(
            f"The key set {path} cannot be read; point ISTHMUS_TOKENS__JWKS_FILE to a JWK set."
        ) from None
