"""This module starts an adapter: `python -m adapters.app NAME`, NAME being a system or the path of a declaration."""

import sys

from adapters.process import serve
from hub.service import run_to_the_end


def main() -> None:
    """Run as a process."""
    if len(sys.argv) != 2:  # noqa: PLR2004  the program and one name
        sys.exit("Usage: python -m adapters.app NAME")
    serve(sys.argv[1])


if __name__ == "__main__":
    run_to_the_end(main)
