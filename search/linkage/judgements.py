"""This module keeps what people judged of who is one person, as a search heeds it: a table, read anew when changed."""

import csv
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from contracts.references import SubjectRef
from hub.errors import Misconfigured
from hub.logs import get_logger
from search.linkage.clusters import Clusters, Decision, Judgement, JudgementsContradict

JUDGED = ("one", "other", "decision", "by")
"""The columns of a table of judgements."""
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
        self._is_empty = not judgements

    def __bool__(self) -> bool:
        """Tell whether anything was judged."""
        return not self._is_empty

    def companions(self, subject: SubjectRef) -> tuple[SubjectRef, ...]:
        """Give all others that were judged to be one person with a subject."""
        return tuple(other for other in self._clusters.of(subject) if other != subject)

    def between(self, one: SubjectRef, other: SubjectRef) -> Judgement | None:
        """Give the judgement that joins two subjects, or that holds them apart; nothing where nobody judged."""
        why = self._clusters.why(one, other)
        joins = [tie for tie in why.path if isinstance(tie, Judgement)]
        return joins[-1] if joins else why.held_apart_by

    def held_apart(self, ones: Sequence[SubjectRef], others: Sequence[SubjectRef]) -> Judgement | None:
        """Give a judgement by which somebody of the ones is another person than somebody of the others."""
        if self._is_empty:
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
        return Judgements([_judgement(row, rows.line_num) for row in rows])
    except JudgementsContradict as contradiction:
        raise JudgementsUnreadable(str(contradiction)) from None
    except csv.Error:
        fault = f"After line {rows.line_num} the table of judgements is no CSV any more; mend it."
        raise JudgementsUnreadable(fault) from None


def _judgement(row: Mapping[str, str | None], line: int) -> Judgement:
    one, other, decision, by = ((row.get(column) or "").strip() for column in JUDGED)
    try:
        judged = Judgement(_SUBJECT.validate_python(one), _SUBJECT.validate_python(other), Decision(decision), by)
    except ValidationError:
        fault = "does not name two subjects as answers do, such as asylum:person:17"
    except ValueError:
        fault = "decides neither join nor split"
    else:
        if one != other and by:
            return judged
        fault = "does not say who judged" if one != other else "is of one subject alone"
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
        self._log = get_logger()

    def current(self) -> Judgements:
        """Give the judgements that stand now; that a changed file cannot be read is told in the log, once."""
        if self._file is not None and (stamp := _stamp(self._file)) != self._stamp:
            self._stamp = stamp
            try:
                self._current = _read(self._file)
            except JudgementsUnreadable as error:
                self._log.error("judgements stay as they were", reason=error.code, what_to_do=str(error))
            else:
                self._log.info("judgements read anew")
        return self._current


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
