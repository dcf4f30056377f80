"""This module holds what the search service needs to know."""

import datetime as dt
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, Field, StringConstraints, TypeAdapter, field_validator

from contracts.query import Purpose
from contracts.references import SystemName
from hub.settings import ElasticsearchSettings, HttpSettings, ServiceSettings, TokenSettings


class Deadlines(BaseModel):
    """How long each source may take, in milliseconds; the answer waits for none of them longer."""

    repository_ms: int = Field(default=500, ge=10)
    live_ms: int = Field(default=800, ge=10)
    biometrics_ms: int = Field(default=3_000, ge=10)


class SearchSettings(ServiceSettings):
    """Where everything is that a single search asks."""

    elasticsearch: ElasticsearchSettings = ElasticsearchSettings()
    http: HttpSettings = HttpSettings(port=8030)
    tokens: TokenSettings = TokenSettings()
    deadlines: Deadlines = Deadlines()
    instance: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")] = Field(
        default="search-1", description="Names the topic of answers to this process."
    )
    thresholds: dict[Purpose, Annotated[float, Field(gt=0, lt=1)]] = Field(
        default={},
        description="By purpose, the probability from which on a record is shown, as JSON.",
    )
    live_systems: str = Field(
        default="entry-exit,alerts,asylum", description="Systems that answer live questions, parted by commas."
    )
    linkage_rules: Path | None = Field(
        default=None,
        description="The authority's own rules of linkage, TOML, read at start; those of the package unless set.",
    )
    linkage_judgements: Path | None = Field(
        default=None,
        description="What people judged of who is one person: CSV of one, other, decision, by.",
    )
    biometrics_url: str | None = Field(default=None, description="Without it no finger can be searched with.")
    token_file: Path = Field(default=Path("search.token"), description="The token to ask biometrics with.")
    time_zone: str = Field(
        default="UTC",
        description="By whose clock it is today, as an IANA name such as Europe/Paris: stays end by it.",
    )

    @field_validator("time_zone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        _zone(name)
        return name

    @property
    def zone(self) -> dt.tzinfo:
        """The time zone of the authority."""
        return _zone(self.time_zone)

    @field_validator("live_systems")
    @classmethod
    def _are_names_of_systems(cls, text: str) -> str:
        """Refuse at the start what no question could be put to."""
        _NAMES.validate_python(_parted(text))
        return text

    @property
    def systems(self) -> tuple[str, ...]:
        """The live systems, in the order in which the answer names them."""
        return _parted(self.live_systems)


_NAMES: TypeAdapter[tuple[str, ...]] = TypeAdapter(tuple[SystemName, ...])


def _parted(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def _zone(name: str) -> dt.tzinfo:
    """Give a time zone by its name; that of UTC wants no data of the machine.

    Raises:
        ValueError: nobody calls a zone so.
    """
    try:
        return dt.UTC if name == "UTC" else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("no time zone has this name; give one such as Europe/Paris") from None
