"""This module has a command end well, with all that it started, also where nobody types Ctrl-C."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import typer


def end_as_by_ctrl_c() -> None:
    """Let a command that is told to stop, or whose terminal goes, end as by Ctrl-C: stopping and clearing away.

    One that was started to outlive its terminal, as by `nohup`, does.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.default_int_handler)


@contextmanager
def telling_of_ctrl_c(left: str) -> Iterator[None]:
    """Say what an interrupted command leaves; it decorates one that would end without a word.

    Raises:
        KeyboardInterrupt: as it was raised.
    """
    try:
        yield
    except KeyboardInterrupt:
        typer.echo(f"Interrupted; {left}.", err=True)
        raise
