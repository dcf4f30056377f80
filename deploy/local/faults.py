"""This module lists what can go wrong with the local stack, each told in one sentence that says what to do."""

import errno
from pathlib import Path

from hub.errors import Misconfigured

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


class StackFault(Misconfigured):
    """The local stack cannot go on as it is set up."""


class DownloadFailed(StackFault):
    """Something the stack needs could not be fetched, or is not what the lock says."""


class DiskFull(StackFault):
    """There is less room on the disk than the next step needs."""


class NoJava(StackFault):
    """No Java of the kind a server needs was found."""


class PortTaken(StackFault):
    """A port that was set by hand is in use by another program."""


class AlreadyUp(StackFault):
    """The stack is up already, started by another process."""


class NotUp(StackFault):
    """The stack is not up, and something needs it."""


class NoSuchStack(NotUp):
    """No stack of this name was ever started here."""


class ServerFailed(StackFault):
    """A server or service ended, or did not become ready in time."""


def disk_fault(error: OSError, folder: Path) -> DiskFull | DownloadFailed:
    """Say what keeps a download from being written into `folder`."""
    if error.errno in NO_ROOM:
        return DiskFull(f"The disk is full at {folder}: make room there and start again; what has arrived is kept.")
    return DownloadFailed(f"{folder} cannot be written ({error.strerror}): give this account the right to write there.")
