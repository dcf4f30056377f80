"""This module lists what can go wrong with the local stack, each told in one sentence that says what to do."""

from hub.errors import Misconfigured


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
