"""This module holds what was agreed with each agency: what its system may publish, for which purpose, by which law."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from contracts.references import SystemName
from hub.errors import Misconfigured
from hub.logs import get_logger


class Agreement(BaseModel):
    """One system's agreement. What is not in it is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    system: SystemName
    owner: Annotated[str, Field(min_length=1)]
    purpose: Annotated[str, Field(min_length=1)]
    legal_basis: Annotated[str, Field(min_length=1)]
    contracts: frozenset[str]


_FILE = TypeAdapter(list[Agreement])


class Agreements:
    """The agreements in force, read again when their file changes, so that a new agency needs no restart."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._stamp: tuple[int, int] | None = None
        self._by_system: dict[str, Agreement] = {}
        self._log = get_logger()

    def current(self) -> dict[str, Agreement]:
        """Give the agreements by system; costs one look at the file's time.

        A file that was spoilt while the router runs changes nothing: the last good agreements stay in force.

        Raises:
            Misconfigured: the file is absent or is not what it should be, and never was.
        """
        try:
            status = self._file.stat()
            stamp = (status.st_mtime_ns, status.st_size)
            if stamp != self._stamp:
                agreed = _FILE.validate_json(self._file.read_bytes())
                self._by_system = {agreement.system: agreement for agreement in agreed}
                self._stamp = stamp
        except (OSError, ValidationError):
            if self._by_system:
                self._log.error("agreements unreadable, the last good ones stay in force")
                return self._by_system
            raise Misconfigured(
                f"The agreements {self._file} cannot be read; point ISTHMUS_AGREEMENTS to a JSON list of agreements."
            ) from None
        return self._by_system
