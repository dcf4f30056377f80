"""This module keeps what people judged of who is one person, as a search heeds it: a table, read anew when changed."""

import asyncio
import csv
import time
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from contracts.references import SubjectRef
from hub.errors import Misconfigured
from hub.logs import get_logger
from search.linkage.clusters import Clusters, Decision, Judgement, JudgementsContradict

JUDGED = ("one", "other", "decision", "by")
"""The columns of a table of judgements."""
LONGEST_NAME = 200
"""Characters of who judged, which answers show."""
RETRY_S = 10.0
"""How long a file that could not be read is left alone."""
PATIENCE_S = 0.05
"""How long a search waits for a file that has changed: a table of some hundred thousand lines takes seconds to read."""
_SUBJECT: TypeAdapter[str] = TypeAdapter(SubjectRef)


class JudgementsUnreadable(Misconfigured):
    """A table of judgements is not as it has to be."""

    code = "judgements-unreadable"


class Judgements:
    """What stands between subjects by the judgement of people, over however many others; no machine overrides it."""

    def __init__(self, judgements: Sequence[Judgement] = ()) -> None:
        """Take up judgements; of two on the same pair the later counts.

        Raises:
            JudgementsContradict: joins bring together what a split holds apart.
        """
        self._clusters = Clusters((), (), judgements)
        self._count = len(judgements)

    def __len__(self) -> int:
        """Tell how many there are."""
        return self._count

    def companions(self, subject: SubjectRef) -> tuple[SubjectRef, ...]:
        """Give all others that were judged to be one person with a subject."""
        return tuple(other for other in self._clusters.of(subject) if other != subject)

    def joining(self, one: SubjectRef, other: SubjectRef) -> tuple[Judgement, ...]:
        """Give the judgements by which two subjects are of one person; none where nobody judged so."""
        return tuple(tie for tie in self._clusters.why(one, other).path if isinstance(tie, Judgement))

    def held_apart(self, ones: Iterable[SubjectRef], others: Sequence[SubjectRef]) -> Judgement | None:
        """Give a judgement by which somebody of the ones is another person than somebody of the others."""
        if not self:
            return None
        judged = (self._clusters.why(one, other).held_apart_by for one in ones for other in others)
        return next((split for split in judged if split is not None), None)


def read_judgements(text: str) -> Judgements:
    """Read a table, CSV with a header: two subjects, `decision` (join or split), and who judged (`by`).

    A line that cannot be read makes the whole table unreadable: a judgement that is passed over is overridden.

    Raises:
        JudgementsUnreadable: the table lacks a column, a line is at fault, or two contradict; the message says which.
    """
    rows = csv.DictReader(StringIO(text.removeprefix("\ufeff")), strict=True)
    try:
        missing = [column for column in JUDGED if column not in (rows.fieldnames or ())]
        if missing:
            raise JudgementsUnreadable(
                f"The table of judgements lacks the column {missing[0]}; its first line names it."
            )
        twice = [column for column in JUDGED if list(rows.fieldnames or ()).count(column) > 1]
        if twice:
            raise JudgementsUnreadable(f"The table of judgements has the column {twice[0]} twice; leave one of them.")
        return Judgements([_judgement(row, rows.line_num) for row in rows])
    except JudgementsContradict as contradiction:
        raise JudgementsUnreadable(str(contradiction)) from None
    except csv.Error:
        fault = f"After line {rows.line_num} the table of judgements is no CSV any more; mend it."
        raise JudgementsUnreadable(fault) from None


def _judgement(row: Mapping[str | None, str | list[str] | None], line: int) -> Judgement:
    one, other, decision, by = (str(row.get(column) or "").strip() for column in JUDGED)
    try:
        judged = Judgement(_SUBJECT.validate_python(one), _SUBJECT.validate_python(other), Decision(decision), by)
    except ValidationError:
        fault = "does not name two subjects as answers do, such as asylum:person:17"
    except ValueError:
        fault = "decides neither join nor split"
    else:
        if None in row:
            fault = "has more cells than there are columns"
        elif one == other:
            fault = "is of one subject alone"
        elif not by.isprintable() or not 0 < len(by) <= LONGEST_NAME:
            fault = "does not say who judged in at most 200 characters that can be shown"
        else:
            return judged
    raise JudgementsUnreadable(f"Line {line} of the table of judgements {fault}; mend it.")


class JudgementFile:
    """The judgements of a file. Once read, they stand until the file can be read anew."""

    def __init__(self, file: Path | None = None) -> None:
        """Read the file; without one nobody judged anything.

        Raises:
            JudgementsUnreadable: it cannot be read, or is not as it has to be; the message says why.
        """
        self._file = file
        self._stamp = _stamp(file) if file else None
        self._current = _read(file) if file else Judgements()
        self._not_before = 0.0
        self._reading: asyncio.Task[None] | None = None
        self._log = get_logger()

    async def current(self) -> Judgements:
        """Give the judgements that stand now.

        A file that has changed is read in a thread; whoever asks meanwhile is given those before, and who asks first
        too, where it takes longer than `PATIENCE_S`. One that cannot be read is told in the log, and tried again after
        `RETRY_S`.
        """
        now = time.monotonic()
        if self._file is None or now < self._not_before or (stamp := _stamp(self._file)) == self._stamp:
            return self._current
        if self._reading is None or self._reading.done():
            self._not_before = now + RETRY_S  # nobody reads it a second time meanwhile
            self._reading = asyncio.create_task(self._read_anew(self._file, stamp))
            await asyncio.wait({self._reading}, timeout=PATIENCE_S)
        return self._current

    async def _read_anew(self, file: Path, stamp: tuple[int, int, int] | None) -> None:
        try:
            judged = await asyncio.to_thread(_read, file)
        except JudgementsUnreadable as error:
            self._log.error("judgements stay as they were", reason=error.code, what_to_do=str(error))
        else:
            if _stamp(file) != stamp:
                self._not_before = 0.0  # it was written to meanwhile, and may have been read by half
                return
            self._log.info("judgements read anew", count=len(judged), before=len(self._current))
            self._current, self._stamp, self._not_before = judged, stamp, 0.0


def _stamp(file: Path) -> tuple[int, int, int] | None:
    """Tell a file from what it was before; nothing where it is not there."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _read(file: Path) -> Judgements:
    try:
        return read_judgements(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as wrong:
        why = "it is no UTF-8 text" if isinstance(wrong, UnicodeDecodeError) else wrong.strerror
        raise JudgementsUnreadable(
            f"The judgements in {file} cannot be read ({why}); set ISTHMUS_LINKAGE_JUDGEMENTS to a readable file."
        ) from None
