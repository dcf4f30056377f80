"""This module holds the settings of an adapter's process."""

from pathlib import Path

from pydantic import Field, HttpUrl

from adapters.declaration import Adapter, Sql
from hub.errors import Misconfigured
from hub.settings import ServiceSettings, read_secret


class AdapterSettings(ServiceSettings):
    """What an adapter needs to know besides its declaration."""

    source: str | None = Field(
        default=None, description="The source: a folder of drops, or a database URL without secrets."
    )
    source_file: Path | None = Field(default=None, description="A file that holds the source, for URLs with passwords.")
    interval_s: float = Field(default=1.0, gt=0, description="The pause between two looks at the source.")
    biometrics_url: HttpUrl | None = None
    token_file: Path | None = Field(default=None, description="The token for the biometrics service.")
    live: bool = Field(default=True, description="Whether live questions are answered.")

    def location(self, adapter: Adapter) -> str:
        """Give the URL or folder of the source.

        Raises:
            Misconfigured: it is not set.
        """
        if self.source_file is not None:
            return read_secret(self.source_file)
        if self.source is None:
            kind = "a database URL" if any(isinstance(s.source, Sql) for s in adapter.streams) else "a folder"
            raise Misconfigured(
                f"The source of {adapter.system} is not set; set ISTHMUS_SOURCE_FILE to a file that holds {kind}."
            )
        return self.source
