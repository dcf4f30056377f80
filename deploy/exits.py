"""This module is the one table of exit statuses: all commands end by it, and all their help texts show it."""

from enum import IntEnum

from deploy.local.faults import AlreadyUp, DownloadFailed, NotUp, ServerFailed
from deploy.mistyped import Mistyped
from hub.errors import IsthmusError, Misconfigured, Retryable


class Exit(IntEnum):
    """How a command ended, for scripts."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    ABSENT = 3
    BUSY = 4
    PARTLY = 5
    INTERRUPTED = 130


MEANINGS = {
    Exit.DONE: "done, or all is well; also a search that finds nobody, and the clean stop of what runs until Ctrl-C",
    Exit.FAILED: "it failed, was refused, or `biometrics verify` finds no match",
    Exit.USAGE: "typed or set up wrongly; nothing was done",
    Exit.ABSENT: "something that it needs is not there: the stack is not up, a server does not answer",
    Exit.BUSY: "another process is at the same work",
    Exit.PARTLY: "in part: an answer lacks a system, a process of the stack is not ready, a file or finger was refused",
    Exit.INTERRUPTED: "interrupted by Ctrl-C before its end",
}

TOLD = f"Exit status: {'; '.join(f'{status.value} {meaning}' for status, meaning in MEANINGS.items())}."

_OF_ERRORS: tuple[tuple[type[IsthmusError], Exit], ...] = (
    (AlreadyUp, Exit.BUSY),
    (NotUp, Exit.ABSENT),
    (DownloadFailed, Exit.ABSENT),
    (ServerFailed, Exit.FAILED),
    (Misconfigured, Exit.USAGE),
    (Mistyped, Exit.USAGE),
    (Retryable, Exit.ABSENT),
)
"""The first that fits counts."""


def exit_of(error: IsthmusError) -> Exit:
    """Give the exit status of a failure: what no other row says has failed, or was refused."""
    return next((status for kind, status in _OF_ERRORS if isinstance(error, kind)), Exit.FAILED)
