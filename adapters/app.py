"""This module starts an adapter: `python -m adapters.app NAME`, NAME being a system or the path of a declaration."""

import sys

from adapters.process import serve
from hub.errors import Misconfigured
from hub.service import run_to_the_end


def main() -> None:
    """Run as a process, until a signal. Exit status 0: told to stop; 1: it failed; 2: something must be set up.

    Raises:
        IsthmusError: it cannot run as it is called or set up.
    """
    if len(sys.argv) != 2:  # noqa: PLR2004  the program and one name
        raise Misconfigured("An adapter is started by one name; write python -m adapters.app NAME.")
    serve(sys.argv[1])


if __name__ == "__main__":
    run_to_the_end(main)
