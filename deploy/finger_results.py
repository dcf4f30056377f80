"""This module writes what `isthmus biometrics` makes of files: wholly or not at all, over nothing that is wanted."""

import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_IMODE
from threading import Condition
from typing import Annotated

import typer

from deploy.fingers import UnreadableFile, read_bytes
from deploy.mistyped import Mistyped
from hub.errors import Misconfigured

Overwrite = Annotated[bool, typer.Option("--overwrite", help="Write over what is there, such as other results.")]


class UnwritableFile(Misconfigured):
    """What is made cannot be written where it was asked for."""

    code = "unwritable-file"


class NameTaken(Mistyped):
    """What is made of a file would be written over one that is read, or over something else that is there."""

    code = "name-taken"


class Results:
    """Writes what a command makes of files: nothing over a file that it reads, and nothing twice.

    What else is there is kept, too, unless it is the same: it may be the print of another person.

    Arguments:
        read: the files that the command reads.
        overwrite: whether what is there, and is not read, may be written over.
        may_go: tells of what is there whether it may be written over all the same.
    """

    def __init__(
        self, read: Iterable[Path], *, overwrite: bool = False, may_go: Callable[[bytes], bool] = lambda _: False
    ) -> None:
        self._open = list(read)
        self._taken = {_real(path) for path in self._open}
        self._turn = Condition()
        self._overwrite = overwrite
        self._may_go = may_go

    @contextmanager
    def of(self, file: Path) -> Iterator[Callable[[Path, bytes], str]]:
        """Give what writes the results of one of the files, like `write`, once all files before it are done.

        So the first of those that would become one does, however many are worked on at a time. They are begun in order.
        """

        def write(path: Path, data: bytes) -> str:
            with self._turn:
                self._turn.wait_for(lambda: self._open[0] == file)
            return self.write(path, data)

        try:
            yield write
        finally:
            with self._turn:
                self._open.remove(file)
                self._turn.notify_all()

    def write(self, path: Path, data: bytes) -> str:
        """Write a file, and the folders above it; give its name.

        Raises:
            NameTaken: something would be written over.
            UnwritableFile: there is no room, or no right.
        """
        self.must_be_free(path, data)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _put(path, data)
        except OSError:
            raise UnwritableFile(f"{path} cannot be written; name another place with --out.") from None
        self._taken.add(_real(path))
        return str(path)

    def must_be_free(self, path: Path, data: bytes | None = None) -> None:
        """Look whether a name may be taken.

        Args:
            path: the name.
            data: what is to be written, where that is known already.

        Raises:
            NameTaken: it is that of a file that is read, or was written before, or of one that holds something else.
        """
        if _real(path) in self._taken:
            raise NameTaken(
                f"{path.name} is read or was just written, and would be written over; name another place with --out."
            )
        if not self._overwrite and _is_file(path) and not self._is_no_loss(path, data):
            raise NameTaken(
                f"{path} is there already and holds something else; name another place with --out, or say --overwrite."
            )

    def _is_no_loss(self, path: Path, data: bytes | None) -> bool:
        try:
            held = read_bytes(path)
        except UnreadableFile:
            return False
        return held in (b"", data) or self._may_go(held)


def _real(path: Path) -> Path:
    """Give what a name stands for; of links that lead in a circle, one of them."""
    return Path(os.path.realpath(path))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # told when it is written
        return False


def _put(path: Path, data: bytes) -> None:
    """Write a file so that its name stands for what it held, or for all of the new; its rights stay.

    Raises:
        OSError: there is no room, or no right.
    """
    if path.exists() and not path.is_file():  # such as a pipe, which has no way to it
        path.write_bytes(data)
        return
    path = _real(path)
    is_there = path.exists()
    if is_there and not os.access(path, os.W_OK):
        raise PermissionError
    partial = path.with_name(f".{secrets.token_hex(8)}")
    try:
        partial.touch(0o600 if is_there else 0o666, exist_ok=False)
        partial.write_bytes(data)
        if is_there:
            partial.chmod(S_IMODE(path.stat().st_mode))
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
