"""This module goes through the files of an `isthmus biometrics` command, and tells what became of each."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import typer

from deploy.bench.telling import Teller
from deploy.exits import Exit, exit_of
from deploy.fingers import FingerFile, FingerFiles
from hub.errors import Rejected


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
    error: Rejected
    which: Which | None = None
    others: tuple[Path, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Tell of it."""
        which = {"finger": self.which.finger, "number": self.which.number} if self.which else {}
        others = {"sent_with": [str(path) for path in self.others]} if self.others else {}
        return {"file": str(self.path), **which, **others, "code": self.error.reason, "detail": str(self.error)}

    def __str__(self) -> str:
        others = f" (sent with {', '.join(map(str, self.others))})" if self.others else ""
        return f"{self.path}{f', {self.which.said}' if self.which else ''}: {self.error}{others}"


Result = dict[str, Any] | Refused
"""What became of a file, or of one finger of it."""


@dataclass(slots=True)
class Outcome:
    """What became of files: what was done of them, which were refused and why, how many of folders were passed over."""

    passed_over: int
    done: list[dict[str, Any]] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    def add(self, results: Iterable[Result]) -> None:
        """Take what became of a file, and name what was refused."""
        for each in results:
            if isinstance(each, Refused):
                self.refused.append(each)
                typer.echo(str(each), err=True)
            else:
                self.done.append(each)

    def as_json(self, name: str) -> dict[str, Any]:
        """Tell of all; `name` is what the done ones are called."""
        return {name: self.done, "refused": [each.as_json() for each in self.refused], "passed_over": self.passed_over}

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
        """
        if as_json:
            typer.echo(json.dumps(self.as_json(name), ensure_ascii=False))
        else:
            for each in self.done:
                typer.echo(lines(each))
            over = f", {self.passed_over:,} passed over" if self.passed_over else ""
            typer.echo(f"{len(self.done):,} {name}, {len(self.refused):,} refused{over}.", err=True)
        if not self.done:
            # What was typed wrongly is refused for every file alike.
            ends = {exit_of(each.error) for each in self.refused}
            raise typer.Exit(ends.pop() if len(ends) == 1 else Exit.FAILED)
        if any(failed(each) for each in self.done):
            raise typer.Exit(Exit.FAILED)
        if self.refused:
            raise typer.Exit(Exit.PARTLY)


def work_on(
    found: FingerFiles,
    work: Callable[[FingerFile], Sequence[Result]],
    label: str = "Files",
    at_once: int = 1,
    sent: Callable[[FingerFile], Mapping[str, Path]] = lambda _: {},
) -> Outcome:
    """Do the same with every file, and show how far it is; one that is refused is named, and the others go on.

    Args:
        found: the files.
        work: what is done with one; it gives what is told of it, or of each of its fingers.
        label: what the progress bar counts.
        at_once: how many files are worked on at a time.
        sent: by field of the request, which files are sent with one, so that a refusal names the file that it is of.
    """
    outcome = Outcome(found.passed_over)
    for folder in found.empty:
        typer.echo(f"{folder}: The folder holds no files.", err=True)
    running: list[Future[Sequence[Result]]] = []
    pool = ThreadPoolExecutor(at_once, thread_name_prefix="file")
    try:
        with Teller().counting(label, len(found.files)) as tell:
            running += [pool.submit(work, file) for file in found.files]
            for count, (file, each) in enumerate(zip(found.files, running, strict=True), start=1):
                try:
                    outcome.add(each.result())
                except Rejected as error:
                    outcome.add([_refused(file.path, error, sent(file))])
                tell(count)
    except KeyboardInterrupt:
        pool.shutdown(wait=True, cancel_futures=True)  # what is under way comes to its end, and is told of
        _tell_interrupted(found.files, running)
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    return outcome


def _refused(path: Path, error: Rejected, sent: Mapping[str, Path]) -> Refused:
    """Name the file that was sent in the field, such as `samples.1`, of which a refusal is; else the one worked on."""
    field = error.field or ""
    while field and field not in sent:
        field = field.rpartition(".")[0]
    fault = sent.get(field, path)
    return Refused(fault, error, others=tuple(each for each in sent.values() if each != fault))


def _tell_interrupted(files: Sequence[FingerFile], running: Sequence[Future[Sequence[Result]]]) -> None:
    """Name the files that were done before an end by Ctrl-C; those that were refused have been named."""
    ended = [(file, each) for file, each in zip(files, running, strict=False) if each.done() and not each.cancelled()]
    done = [str(file.path) for file, each in ended if each.exception() is None and _is_done(each.result())]
    told = f": {', '.join(done)}" if done else ""
    typer.echo(f"Interrupted; {len(done):,} of {len(files):,} files were done{told}.", err=True)


def _is_done(results: Sequence[Result]) -> bool:
    return any(not isinstance(each, Refused) for each in results)
