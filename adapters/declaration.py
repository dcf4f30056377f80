"""This module holds what an agency's engineer writes: the declaration of an adapter, about 30 lines of Python.

Everything else (paging, cursor, versions, deletes, dead letters, audit, live answers) follows from it.
"""

import codecs
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from adapters.row import Row
from contracts.records import ErasureReason, Record
from contracts.references import SYSTEM_PATTERN
from hub.errors import Misconfigured

Mapping = Callable[[Row], Record | None]
"""Makes a contract of a row, or nothing when it is no longer to be published. What it raises makes it a poison row."""

STREAM_PATTERN = r"^[a-z][a-z0-9-]{0,40}$"


class Clock(StrEnum):
    """How a source writes the time of change of a row."""

    TIMESTAMP = "timestamp"  # with time zone, or without one and then in the adapter's zone
    TEXT = "text"  # ISO text that sorts as its times do, in the adapter's zone
    EPOCH_S = "epoch-s"
    EPOCH_MS = "epoch-ms"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a row says that its record is no more: a column that is filled, or that holds one of `values`.

    Not filled is what is empty or zero in any type; a text of blanks, zeros and the marks of dates and numbers alone
    (`0`, `0000-00-00`, `  /  /  `); and, in any case, `f`, `false`, `n`, `no`, `none`, `off`, `nil`, `null`, `(null)`,
    `n/a`, `#n/a`, `nan`, `nat` and the null of MySQL's exports. Everything else is filled, also `nein` or a day to
    come: name the values that end. Text counts without the blanks around it; bytes are text where all are characters of
    ASCII, two at least, and else filled if one is not zero. With `values` they count as text and as a number.

    No mark is looked at again when a day comes. A row with a day on which its record ends has no mark by that day: it
    goes where the contract has one, such as an alert's `expires_at`.
    """

    column: str
    values: tuple[object, ...] = ()
    reason: ErasureReason = ErasureReason.DELETED


@dataclass(frozen=True, slots=True)
class Sql:
    """A table or view of a database.

    `updated` is the column with the time of change. A table without one is read as a whole every `compare_s` seconds,
    and rows are compared by digest. `settle_s` is how long a row must be unchanged before it is read: it covers what
    commits a little late, and the steps of a clock that is coarser than seconds. `overlap_s` covers transactions that
    stay open longer: rows that changed so lately are looked at again. Every `compare_s` seconds all keys and times
    are compared with what was published: this sees deleted rows and whatever slipped through.
    """

    table: str
    updated: str | None = "updated_at"
    clock: Clock = Clock.TIMESTAMP
    columns: tuple[str, ...] = ()
    schema: str | None = None
    ended: Ended | None = None
    settle_s: float = 0.5
    overlap_s: float = 60.0
    compare_s: float = 300.0

    @property
    def kind(self) -> str:
        """What the list of adapters calls it."""
        return f"table {self.name}"

    @property
    def name(self) -> str:
        """The table's name with its schema, for a person."""
        return self.table if self.schema is None else f"{self.schema}.{self.table}"


@dataclass(frozen=True, slots=True)
class File:
    """A folder in which whole lists are dropped: of the files that match, the last by name is the list.

    Runs of digits in names count as numbers: `list-10.csv` comes after `list-9.csv`.

    CSV (also `.gz`) or Excel (`.xlsx`, first sheet), with headings in the first line. A file is read once it has not
    changed for `settle_s` seconds. A row that is no longer in the list has ended.

    A list without the headings of the key and of `columns` is not read. One that would end more than the share
    `max_ended_share` of more than 20 held records, because they are missing or marked as ended, ends none, until a
    person puts an empty file beside it, of the same name with `.confirmed` added.
    """

    pattern: str
    delimiter: str = ","
    encoding: str = "utf-8-sig"
    columns: tuple[str, ...] = ()
    max_ended_share: float = 0.5
    ended: Ended | None = None
    settle_s: float = 1.0

    def __post_init__(self) -> None:
        """Refuse an encoding that nobody can read.

        Raises:
            Misconfigured: Python knows none of this name.
        """
        try:
            codecs.lookup(self.encoding)
        except LookupError:
            raise Misconfigured(
                f"The encoding {self.encoding!r} of {self.pattern} is not known; write it as Python does, like cp1252."
            ) from None

    @property
    def kind(self) -> str:
        """What the list of adapters calls it."""
        return f"file {self.pattern}"


@dataclass(frozen=True, slots=True)
class Surrogate:
    """A key that says nothing of its subject (a number of the source, a UUID): it becomes the record's key as it is."""

    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The key columns."""
        return (self.column,)


@dataclass(frozen=True, slots=True)
class Natural:
    """A key made of meaning (a document number): the record's key becomes a keyed digest of it."""

    columns: tuple[str, ...]

    def __init__(self, *columns: str) -> None:
        object.__setattr__(self, "columns", columns)


@dataclass(frozen=True, slots=True)
class Images:
    """A column with images of fingers, of which templates are made before the mapping sees the row.

    `dpi` is their resolution; without it each file has to tell its own.
    """

    column: str
    dpi: int | None = None


@dataclass(frozen=True, slots=True)
class NameColumns:
    """Where a name stands: parted into family and given names, or whole in `full`."""

    family: str | None = None
    given: str | None = None
    full: str | None = None


@dataclass(frozen=True, slots=True)
class Lookup:
    """Which columns answer a live question.

    `birth` narrows names to a year: a column, and the pattern of SQL's LIKE that a year makes of it (`{year}%`,
    `%.{year}`), or `{year}` alone for a column that holds the year as a number.
    """

    names: tuple[NameColumns, ...] = ()
    document: str | None = None
    birth: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Stream:
    """One kind of record of a system: where it is, what tells one from another, what it becomes."""

    name: str
    contract: type[Record]
    source: Sql | File
    key: Surrogate | Natural
    map: Mapping
    images: Images | None = None
    lookup: Lookup | None = None

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns without which no row can be understood: key, end, images, and those that a list declares."""
        wanted = [*self.key.columns]
        if self.source.ended:
            wanted.append(self.source.ended.column)
        if self.images:
            wanted.append(self.images.column)
        return tuple(dict.fromkeys((*wanted, *self.source.columns)))

    @property
    def contract_name(self) -> str:
        """The name of the contract on topics."""
        return str(self.contract.model_fields["contract"].default)


@dataclass(frozen=True, slots=True)
class Adapter:
    """One agency's system: who owns it, for what it may publish, and its streams."""

    system: str
    owner: str
    purpose: str
    legal_basis: str
    streams: tuple[Stream, ...]
    time_zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))

    def __post_init__(self) -> None:
        """Refuse what could not run.

        Raises:
            Misconfigured: a name is not as topics and references need it, or stands twice.
        """
        if not re.match(SYSTEM_PATTERN, self.system):
            raise Misconfigured(f"The system name {self.system!r} must be lower-case letters, digits and hyphens.")
        names = [stream.name for stream in self.streams]
        wrong = [name for name in names if not re.match(STREAM_PATTERN, name) or names.count(name) > 1]
        if wrong or not names:
            raise Misconfigured(
                f"The streams of {self.system} need names of their own, in lower case: {wrong or 'none'}."
            )

    @property
    def contracts(self) -> list[str]:
        """What the system publishes: the contracts of its streams, and erasure."""
        return sorted({stream.contract_name for stream in self.streams} | {"erasure"})

    @property
    def answers_live(self) -> bool:
        """Whether live questions can be answered at all."""
        return any(stream.lookup and isinstance(stream.source, Sql) for stream in self.streams)

    def stream(self, name: str) -> Stream:
        """Give a stream by name."""
        return next(stream for stream in self.streams if stream.name == name)


def agreements(adapters: Sequence[Adapter]) -> list[dict[str, Any]]:
    """Write what the router holds against every message: what a system may publish, for which purpose, by which law."""
    return [
        {
            "system": adapter.system,
            "owner": adapter.owner,
            "purpose": adapter.purpose,
            "legal_basis": adapter.legal_basis,
            "contracts": adapter.contracts,
        }
        for adapter in adapters
    ]
