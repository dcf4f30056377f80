"""This module has a command end well, with all that it started, also where nobody types Ctrl-C."""

import signal


def end_as_by_ctrl_c() -> None:
    """Let a command that is told to stop, or whose terminal goes, end as by Ctrl-C: stopping and clearing away."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
