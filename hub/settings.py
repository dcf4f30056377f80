"""This module holds the settings that services share; each service composes its own class of them.

Everything comes from the environment: prefix `ISTHMUS_`, parts joined by `__`, as in `ISTHMUS_KAFKA__BOOTSTRAP`.
Secrets are never values there, but files that only their owner can read.
"""

from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from hub.errors import Misconfigured


def read_secret(path: Path) -> str:
    """Read a one-line secret.

    Raises:
        Misconfigured: the file is absent, empty or unreadable.
    """
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except OSError:
        raise Misconfigured(
            f"The secret file {path} cannot be read; create it, readable by the service's account."
        ) from None
    if not secret:
        raise Misconfigured(f"The secret file {path} is empty; write the secret on its first line.")
    return secret


class KafkaSettings(BaseModel):
    """Where Kafka is and who this service is there; without a user name the connection is plain, for tests."""

    bootstrap: str = "127.0.0.1:9092"
    username: str | None = None
    password_file: Path | None = None
    ca_file: Path | None = Field(
        default=None, description="Certificate authority of the brokers; with it, TLS is used."
    )

    @property
    def password(self) -> str:
        """The SCRAM password, read when it is needed."""
        if self.password_file is None:
            raise Misconfigured("Kafka has a user name but no password file; set ISTHMUS_KAFKA__PASSWORD_FILE.")
        return read_secret(self.password_file)


class ElasticsearchSettings(BaseModel):
    """Where Elasticsearch is and who this service is there."""

    url: str = "http://127.0.0.1:9200"
    username: str | None = None
    password_file: Path | None = None
    ca_file: Path | None = None

    @property
    def basic_auth(self) -> tuple[str, str] | None:
        """User name and password, or nothing where security is off."""
        if self.username is None or self.password_file is None:
            return None
        return self.username, read_secret(self.password_file)


class TokenSettings(BaseModel):
    """Whose tokens are believed (RFC 7519)."""

    issuer: str = "isthmus-local"
    audience: str = "isthmus"
    jwks_file: Path = Path("jwks.json")


class HttpSettings(BaseModel):
    """Where the service listens."""

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)


class LogSettings(BaseModel):
    """How the log is written: lines of JSON for machines, or columns for a person."""

    format: Literal["json", "console"] = "json"
    level: Literal["debug", "info", "warning", "error"] = "info"


class ServiceSettings(BaseSettings):
    """What every service needs to know."""

    model_config = SettingsConfigDict(env_prefix="ISTHMUS_", env_nested_delimiter="__", extra="ignore", frozen=True)

    kafka: KafkaSettings = KafkaSettings()
    log: LogSettings = LogSettings()
    state: Path = Field(default=Path("var/state"), description="The folder that this service alone writes.")

    @classmethod
    def load(cls) -> Self:
        """Read the environment.

        Raises:
            Misconfigured: a variable is missing or has no sense; the text names it.
        """
        try:
            return cls()
        except ValidationError as error:
            names = ", ".join(
                "ISTHMUS_" + "__".join(str(step).upper() for step in detail["loc"])
                for detail in error.errors(include_url=False, include_input=False)
            )
            raise Misconfigured(
                f"The environment of {cls.__name__} is not complete or not right; look at {names}."
            ) from None
