"""This module sets the garbage collector for services that make many short-lived objects and keep few."""

import gc

YOUNG = 20_000
"""Objects between two collections of the youngest; Python's own 700 runs one in the middle of every batch and answer.

Measured: a fifth of the processor time of a search.
"""


def collect_rarely() -> None:
    """Leave what is loaded now out of collections, and collect the rest less often; call it once, after all imports."""
    leave_alone()
    gc.set_threshold(YOUNG, 20, 50)


def leave_alone() -> None:
    """Leave what is there now out of collections, for good; what nobody names any more goes all the same.

    For what is kept by the hundred thousand and never in circles: a full collection would look at all of it.
    """
    gc.collect()
    gc.freeze()
