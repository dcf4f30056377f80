"""This module goes through the files of an `isthmus biometrics` command, and tells what became of each."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import typer

from biometrics.rejections import GalleryBehind
from deploy.bench.telling import Teller
from deploy.exits import Exit, exit_of
from deploy.finger_words import as_typed
from deploy.fingers import FingerFile, FingerFiles
from deploy.harmless import harmless, json_line, say
from deploy.operator import NotNow
from hub.errors import IsthmusError, Rejected

SEVERAL = frozenset({"samples", "probes"})
"""Fields of a request that hold several files."""
AT_ONCE = 2
"""Files at a time where their quality is measured, which takes longest, while another is read. With three, one whose
result is written in the order of files could wait for one that is not begun any more."""
PUBLISHED = "published but not in the gallery yet"
"""Says that an enrolment will be there, where the service cannot wait for it any longer."""
MOST_IN_A_ROW = 3
"""Of so many files one after the other a service may answer that it cannot do them now: then no more are sent."""


@dataclass(frozen=True, slots=True)
class Which:
    """One finger of a file.

    Attributes:
        finger: what the file tells that it is, in words.
        number: which of those of the file that are told to be the same finger, from 1.
        ending: what tells it from the others in names of files; nothing where it is the only one.
    """

    finger: str
    number: int
    ending: str

    @property
    def said(self) -> str:
        """The finger in words that tell it from the others of its file."""
        return said(self.finger, self.number)


def said(finger: str, number: int) -> str:
    """Say which of the fingers of a file that are told to be the same is meant."""
    return finger if number == 1 else f"{finger} ({number})"


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was refused, or one finger of it, and why.

    Attributes:
        path: where the file is.
        error: why.
        which: the finger, where the file is not refused as a whole.
        others: files that were sent with it, and of which nothing came for its sake.
    """

    path: Path
    error: IsthmusError
    which: Which | None = None
    others: tuple[Path, ...] = ()

    @property
    def detail(self) -> str:
        """Why, and what to do."""
        return as_typed(str(self.error))

    @property
    def is_published(self) -> bool:
        """Whether it is no refusal: it is on its way to the gallery, and not there yet."""
        return isinstance(self.error, NotNow) and self.error.reason == GalleryBehind.code and PUBLISHED in self.detail

    def as_json(self) -> dict[str, Any]:
        """Tell of it."""
        which = {"finger": self.which.finger, "number": self.which.number} if self.which else {}
        others = {"sent_with": [str(path) for path in self.others]} if self.others else {}
        code = self.error.reason if isinstance(self.error, Rejected | NotNow) else self.error.code
        return {"file": str(self.path), **which, **others, "code": code, "detail": self.detail}

    def __str__(self) -> str:
        others = f" (sent with {', '.join(map(str, self.others))})" if self.others else ""
        return f"{self.path}{f', {self.which.said}' if self.which else ''}: {self.detail}{others}"


Result = dict[str, Any] | Refused
"""What became of a file, or of one finger of it."""
Ended = Future[Sequence[Result] | None]
"""What is done with a file; nothing where it was not tried."""


@dataclass(slots=True)
class Outcome:
    """What became of files.

    Attributes:
        passed_over: how many files of folders hold no finger, or are results.
        done: what was done of files.
        refused: which were refused, or could not be done, and why.
        published: which are on their way to the gallery, and not there yet.
        not_tried: which were not begun, for the work was over, or came to no end.
        files: of which something was done.
        is_interrupted: whether it ended by Ctrl-C.
        ended_by: what ended the work before anything was done, which is the command's own failure.
    """

    passed_over: int
    done: list[dict[str, Any]] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    not_tried: list[Path] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    is_interrupted: bool = False
    ended_by: IsthmusError | None = None
    published: list[Refused] = field(default_factory=list)

    def take(self, file: Path, ended: Ended, sent: Mapping[str, Path]) -> None:
        """Take what became of a file.

        Args:
            file: where it is.
            ended: what was done with it.
            sent: by field of the request, the files that were sent with it.
        """
        try:
            results = ended.result()
        except IsthmusError as error:
            results = [_refused(file, error, sent)]
        together = _together(file, sent)
        if results is None:
            self.not_tried += together
            return
        if any(not isinstance(each, Refused) for each in results):
            self.files += together
        self.add(results)

    def add(self, results: Iterable[Result]) -> None:
        """Take what became of a file, and name what was refused."""
        for each in results:
            if isinstance(each, Refused):
                (self.published if each.is_published else self.refused).append(each)
                say(str(harmless(str(each))), err=True)
            else:
                self.done.append(each)

    def as_json(self, name: str) -> dict[str, Any]:
        """Tell of all; `name` is what the done ones are called."""
        refused, not_tried = [each.as_json() for each in self.refused], [str(path) for path in self.not_tried]
        published = {"published": [each.as_json() for each in self.published]} if self.published else {}
        return {
            name: self.done,
            **published,
            "refused": refused,
            "not_tried": not_tried,
            "passed_over": self.passed_over,
        }

    def take_ended(
        self, running: Sequence[tuple[FingerFile, Ended]], sent: Callable[[FingerFile], Mapping[str, Path]]
    ) -> None:
        """Take what became of files after the work was broken off; of those that were not begun nothing did."""
        for file, ended in running:
            if not ended.cancelled() and isinstance(ended.exception(), IsthmusError | None):
                self.take(file.path, ended, sent(file))
            else:
                self.not_tried += _together(file.path, sent(file))

    def tell(
        self,
        name: str,
        lines: Callable[[dict[str, Any]], str],
        *,
        as_json: bool,
        failed: Callable[[dict[str, Any]], bool] = lambda _: False,
    ) -> None:
        """Print what was done, one object of JSON or a line each, and end with the status that says how it went.

        Args:
            name: what the done ones are called.
            lines: what is printed of one, where it is not JSON.
            as_json: whether it is.
            failed: tells of one whether it ended as a failure, such as fingers that do not match.

        Raises:
            typer.Exit: nothing was done, or not all, or one failed.
            IsthmusError: what ended the work, where there is nothing to tell besides.
        """
        if self.ended_by:
            if as_json:
                say(json_line(self.as_json(name)))
            raise self.ended_by
        if self.is_interrupted:
            typer.echo("Interrupted; what was done is told.", err=True)
        if as_json:
            say(json_line(self.as_json(name)))
        else:
            for each in self.done:
                say(lines(harmless(each)))
            left = f", {len(self.not_tried):,} not tried" if self.not_tried else ""
            over = f", {self.passed_over:,} passed over" if self.passed_over else ""
            later = f", {len(self.published):,} {PUBLISHED}" if self.published else ""
            typer.echo(f"{len(self.done):,} {name}{later}, {len(self.refused):,} refused{left}{over}.", err=True)
        if self.is_interrupted:
            raise typer.Exit(Exit.INTERRUPTED)
        if not self.done:
            # What was typed wrongly is refused for every file alike.
            ends = {exit_of(each.error) for each in self.refused + self.published}
            raise typer.Exit(ends.pop() if len(ends) == 1 else Exit.FAILED)
        if any(failed(each) for each in self.done):
            raise typer.Exit(Exit.FAILED)
        if self.refused or self.published:
            raise typer.Exit(Exit.PARTLY)


class _UntilOver:
    """Works on files until nothing more can be done, as where a service is away: then no other is tried."""

    def __init__(self, work: Callable[[FingerFile], Sequence[Result]]) -> None:
        self._work = work
        self._is_over = False
        self._in_a_row = 0

    def __call__(self, file: FingerFile) -> Sequence[Result] | None:
        if self._is_over:
            return None
        try:
            results = self._work(file)
        except Rejected:
            self._in_a_row = 0
            raise
        except NotNow:
            self._in_a_row += 1
            self._is_over = self._in_a_row >= MOST_IN_A_ROW
            raise
        except BaseException:
            self._is_over = True
            raise
        self._in_a_row = 0
        self._is_over |= any(isinstance(each, Refused) and not _is_its_own(each.error) for each in results)
        return results


def work_on(
    found: FingerFiles,
    work: Callable[[FingerFile], Sequence[Result]],
    label: str = "Files",
    at_once: int = 1,
    sent: Callable[[FingerFile], Mapping[str, Path]] = lambda _: {},
) -> Outcome:
    """Do the same with every file, and show how far it is; one that is refused is named, and the others go on.

    What is no fault of a file, such as a service that is away, ends the work, and so does Ctrl-C; what was done is told
    all the same.

    Args:
        found: the files.
        work: what is done with one; it gives what is told of it, or of each of its fingers.
        label: what the progress bar counts.
        at_once: how many files are worked on at a time.
        sent: by field of the request, which files are sent with one, so that a refusal names the file that it is of.

    """
    outcome = Outcome(found.passed_over)
    for folder in found.empty:
        say(f"{folder}: The folder holds no files.", err=True)
    if found.results is not None:
        say(f"{found.results}: The folder of results is passed over.", err=True)
    running: list[tuple[FingerFile, Ended]] = []
    taken = tried = 0
    pool = ThreadPoolExecutor(at_once, thread_name_prefix="file")
    try:
        with Teller().counting(label, len(found.files)) as tell:
            until_over = _UntilOver(work)
            running.extend((file, pool.submit(until_over, file)) for file in found.files)
            outcome.ended_by = _cannot_begin([ended for _, ended in running])
            if outcome.ended_by:
                first, *others = (_together(file.path, sent(file)) for file, _ in running)
                outcome.refused = [Refused(first[0], outcome.ended_by, others=tuple(first[1:]))]
                outcome.not_tried = [path for each in others for path in each]
                tell(0, 0)
                return outcome
            for file, ended in running:
                outcome.take(file.path, ended, sent(file))
                taken += 1
                tried += ended.exception() is not None or ended.result() is not None
                tell(tried, tried if outcome.not_tried else None)
    except BaseException as error:
        pool.shutdown(wait=True, cancel_futures=True)  # what is under way comes to its end, and is told of
        outcome.take_ended(running[taken:], sent)
        outcome.is_interrupted = isinstance(error, KeyboardInterrupt)
        if not outcome.is_interrupted:
            # Nobody foresaw it, and it is told by itself.
            told = f": {', '.join(map(str, outcome.files))}" if outcome.files else ""
            say(f"Broken off; {len(outcome.files):,} files were done{told}.", err=True)
            raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    return outcome


def _together(file: Path, sent: Mapping[str, Path]) -> list[Path]:
    """Give the files of one finger, or of one person, that are sent at once."""
    return [path for field, path in sent.items() if field.partition(".")[0] in SEVERAL] or [file]


def _cannot_begin(running: Sequence[Ended]) -> IsthmusError | None:
    """Give what the first file fails for where all fail for it, as where a stack is not up, and nothing was done."""
    error = running[0].exception() if running else None
    if not isinstance(error, IsthmusError) or _is_its_own(error):
        return None
    if all(str(each.exception()) == str(error) if each.exception() else each.result() is None for each in running):
        return error
    return None


def _is_its_own(error: IsthmusError) -> bool:
    """Tell whether a failure is one of its file, or finger, and others can be done all the same."""
    return isinstance(error, Rejected | NotNow)


def _refused(path: Path, error: IsthmusError, sent: Mapping[str, Path]) -> Refused:
    """Name the file that was sent in the field, such as `samples.1`, of which a refusal is; else the one worked on."""
    field = (error.field if isinstance(error, Rejected) else None) or ""
    while field and field not in sent:
        field = field.rpartition(".")[0]
    fault = sent.get(field, path)
    return Refused(fault, error, others=tuple(each for each in sent.values() if each != fault))
