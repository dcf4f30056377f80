"""This module decides what becomes of a row: an event, the end of a record, a poison row, or nothing. Pure rules."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from adapters.clock import LATEST
from adapters.declaration import Adapter, Ended, Stream
from adapters.mapping_faults import fault_of
from adapters.row import Row, WatchedRow
from adapters.state import Known, Token, intended
from contracts.records import ErasureReason, ErasureV1
from contracts.references import record_ref
from hub.errors import Rejected
from hub.message import MAX_MESSAGE_BYTES

ERASURE = "erasure"
ENDED_MARK = "-ended"
ABSENT_MARK = "-none"
_MARKS = r"[\s:.,/0+\u2010-\u2015\u2212-]*"  # of dates and numbers, with the dashes of Unicode
_WORDS = r"f|false|n|no|off|none|nil|null|\(null\)|<null>|n/a|#n/a|nan|nat|\\N"
_NOTHING = re.compile(rf"{_MARKS}(?:(?<=0)[TZ]{_MARKS})*|{_WORDS}", re.IGNORECASE)
_LONGEST_NUMBER = 8  # bytes of a BIT(64)


@dataclass(slots=True)
class SourceRow:
    """A row with what the adapter knows of it.

    `changed_at` is the source's time of change in microseconds; `token` is what tells that the row changed; `place` is
    where a person finds the row in its source, besides its reference.
    """

    key: str
    token: Token
    changed_at: int
    row: Row
    place: str
    fault: Rejected | None = None


@dataclass(slots=True)
class Change:
    """What is to be published of one record: an event of `contract`, or a dead letter where there is a `fault`."""

    source: SourceRow
    version: int
    contract: str
    value: bytes | None = None
    subject: str | None = None
    fault: Rejected | None = None
    live: bool = True

    @property
    def kept(self) -> Token:
        """What is remembered of the row: also that it holds no record, where no mark of an end tells that."""
        token = self.source.token
        return token if self.live or says_end(token) else f"{token}{ABSENT_MARK}"

    @property
    def is_silent(self) -> bool:
        """Whether nothing is to be sent: stores know it already, and only the memory is made whole."""
        return self.value is None and self.fault is None

    @property
    def is_behind(self) -> bool:
        """Whether what was published before (`version`) stays in force, though the row says something else now."""
        return self.fault is not None and self.live


class Changes:
    """Makes changes of the rows of one stream."""

    def __init__(self, adapter: Adapter, stream: Stream) -> None:
        self._system = adapter.system
        self._stream = stream
        self._contract = stream.contract_name
        self._ended = stream.source.ended

    def has_ended(self, columns: Mapping[str, Any]) -> bool:
        """Tell whether a row is marked as ended: its record is erased then, whatever else stands in it."""
        return self._ended is not None and says_ended(self._ended, columns.get(self._ended.column))

    def row(self, key: str, token: Token, changed_at: int, columns: dict[str, Any], place: str = "") -> SourceRow:
        """Give the row that was read under `key`, at `place` of a list or else in the stream's source."""
        record = record_ref(self._system, self._stream.name, key)
        row = Row(columns, system=self._system, record=record)
        return SourceRow(key, token, changed_at, row, place or self._stream.source.kind)

    def of(self, source: SourceRow, known: Known | None) -> Change:
        """Tell what becomes of a row.

        An ended row ends its record even where that is not known to be held: a crash may have come between publishing
        and remembering.
        """
        version = _version(source, known)
        if source.fault is not None:
            return self._poison(source, known, source.fault)
        try:
            reason = ended(self._ended, source.row)
            record = None if reason else self._stream.map(source.row)
            if record is None:
                return self._end(source, version, reason) if reason else self._withdrawn(source, version, known)
            self._check(record, source)
            value = record.__pydantic_serializer__.to_json(record, exclude_defaults=False, exclude_none=True)
        except Rejected as error:
            return self._poison(source, known, error)
        except Exception as error:  # noqa: BLE001  the mapping is the agency's: what it raises is about this row
            return self._poison(source, known, fault_of(error, self._reads(source.row), self._stream.lookup))
        if len(value) > MAX_MESSAGE_BYTES:
            fault = Rejected("The row makes an event of more than 1 MB; publish less of it.", code="too-large")
            return self._poison(source, known, fault)
        return Change(source, version, self._contract, value, record.subject)

    def vanished(self, key: str, known: Known, seen_at: int) -> Change:
        """End a record whose row is no more; `seen_at` is when that was seen, in microseconds."""
        source = self.row(key, "", seen_at, {})
        return self._end(source, known.version + 1, ErasureReason.DELETED)

    def marked(self, key: str, token: Token, known: Known, seen_at: int) -> Change:
        """End a record whose row, of that token, is marked as ended; `seen_at` as in `vanished`."""
        source = self.row(key, token, seen_at, {})
        reason = self._ended.reason if self._ended else ErasureReason.DELETED
        return self._end(source, _version(source, known), reason)

    def _withdrawn(self, source: SourceRow, version: int, known: Known | None) -> Change:
        """End a record of which the mapping makes nothing, unless an earlier memory ended it by this very row."""
        if known is not None and known.token == source.token and not known.live and known.version > 0:
            return Change(source, known.version, ERASURE, live=False)
        return self._end(source, version, ErasureReason.WITHDRAWN)

    def _end(self, source: SourceRow, version: int, reason: ErasureReason) -> Change:
        record = ErasureV1(**source.row.own, erased=self._contract, reason=reason)
        return Change(source, version, ERASURE, record.model_dump_json().encode(), live=False)

    def _poison(self, source: SourceRow, known: Known | None, fault: Rejected) -> Change:
        """Leave what was published before as it is: the row is looked at again when it changes."""
        return Change(
            source,
            known.version if known else 0,
            self._contract,
            fault=fault,
            live=known.live if known else False,
        )

    def _reads(self, row: Row) -> dict[str, Any]:
        """Give what the mapping reads of a row before it stumbles, by mapping once more."""
        watched = WatchedRow(row)
        with suppress(Exception):
            self._stream.map(watched)
        return watched.reads

    def _check(self, record: BaseModel, source: SourceRow) -> None:
        if not isinstance(record, self._stream.contract):
            raise Rejected(
                "The mapping made another contract than the stream declares.", code="unmapped", field="contract"
            )
        if record.record != source.row.record:
            raise Rejected("The mapping gave the record another reference.", code="unmapped", field="record")


def ended(rule: Ended | None, row: Row) -> ErasureReason | None:
    """Tell why the row's record is no more, if it is."""
    return rule.reason if rule is not None and says_ended(rule, row[rule.column]) else None


def says_ended(rule: Ended, value: object) -> bool:
    """Tell whether the value of the rule's column says that the record is no more.

    Text counts without the blanks around it, with which a CHAR(n) is filled up; bytes count as the text and as the
    number that they may be.
    """
    if not rule.values:
        return is_filled(value)
    if isinstance(value, bytes | bytearray | memoryview):
        raw = bytes(value)
        forms: list[object] = [raw, raw.decode("latin-1").strip()]
        if 0 < len(raw) <= _LONGEST_NUMBER:
            forms.append(int.from_bytes(raw))
        return any(form in rule.values for form in forms)
    return value in rule.values or (isinstance(value, str) and value.strip() in rule.values)


def is_filled(value: object) -> bool:
    """Tell whether a column says anything: not where it is empty, zero, or a text that stands for no or for nothing.

    Lists hold all as text, MySQL writes no date as `0000-00-00` and a bit as bytes, dBase an empty date as `  /  /  `,
    Excel as midnight: any other type is judged by its text, except bytes that are none.
    """
    if isinstance(value, bytes | bytearray | memoryview):
        raw = bytes(value)
        is_text = len(raw) > 1 and raw.isascii() and raw.decode().isprintable()
        return is_filled(raw.decode()) if is_text else any(raw)
    if not value or isinstance(value, list | tuple | dict | set | frozenset):
        return bool(value)
    return _NOTHING.fullmatch(str(value).replace("\0", " ").strip()) is None


def row_token(of: Token, *, is_ended: bool) -> Token:
    """Give what tells that a row changed: its time of change or digest, and that it is marked as ended.

    Not every system touches the time of change when it sets the mark, and what counts as one may be declared anew.
    """
    return f"{of}{ENDED_MARK}" if is_ended else of


def says_end(token: Token) -> bool:
    """Tell whether the row of a token is marked as ended."""
    return isinstance(token, str) and token.endswith(ENDED_MARK)


def same(known: Known, token: Token) -> bool:
    """Tell whether a row is as it was seen last, and its record held or ended as it was.

    Earlier memories hold the time or digest alone for whatever had ended: it is no change if the row is marked as ended
    now, and else it is looked at again. A row that was poison from the first has no version here: stores may hold what
    a lost memory published of it.
    """
    was_ended = not known.live and known.version > 0
    if says_end(token):
        return was_ended and token in {known.token, f"{known.token}{ENDED_MARK}"}
    return known.token == f"{token}{ABSENT_MARK}" or (known.token == token and not was_ended)


def _version(source: SourceRow, known: Known | None) -> int:
    """Give the version of what becomes of a row: that under which it was sent already, perhaps, or the next one."""
    if known is not None and known.token == intended(source.token):
        return known.version
    return next_version(source.changed_at, known)


def next_version(changed_at: int, known: Known | None) -> int:
    """Give the version of a change: the source's time of change, or one more than the last where that would not rise.

    It does not rise after an erasure that we numbered ourselves, when a clock was set back, when a backup was restored,
    or where the source keeps no time.
    """
    last = known.version if known else 0
    return changed_at if last < changed_at <= LATEST else last + 1
