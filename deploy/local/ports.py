"""This module chooses the loopback ports of a stack, and says when one set by hand is taken."""

import random
import socket
from collections.abc import Iterable, Mapping

from deploy.local.faults import FORBIDDEN, PortTaken, StackFault

LOOPBACK = "127.0.0.1"
# Below the range from which systems take the ports of outgoing connections (32768 and up on Linux, 49152 on macOS): a
# client that keeps calling a server that is down would otherwise, one day, take that server's port itself.
FIRST, LAST = 15_000, 32_000
TRIES = 200


def is_free(port: int) -> bool:
    """Tell whether a server could listen on `port` of the loopback address now."""
    return _refusal(port) is None


def _refusal(port: int) -> OSError | None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # Servers set it too: connections of a server that has just ended do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            return error
    return None


def choose_ports(names: Iterable[str], by_hand: Mapping[str, int], remembered: Mapping[str, int]) -> dict[str, int]:
    """Give each name a port: set by hand, else the one remembered while it is free, else a new one.

    Raises:
        PortTaken: a port set by hand is in use.
        StackFault: a port set by hand is not for this account, or no free port was found.
    """
    chosen: dict[str, int] = {}
    for name in names:
        if name in by_hand:
            chosen[name] = _wanted(name, by_hand[name])
        elif is_free(before := remembered.get(name, 0)) and before not in {0, *chosen.values(), *by_hand.values()}:
            chosen[name] = before
        else:
            chosen[name] = _new({*chosen.values(), *by_hand.values(), *remembered.values()})
    return chosen


def _wanted(name: str, port: int) -> int:
    refusal = _refusal(port)
    if refusal is not None and refusal.errno in FORBIDDEN:
        message = (
            f"Port {port}, set by hand for {name}, is one that this account may not listen on, as most below 1024: "
            "choose another port."
        )
        raise StackFault(message)
    if refusal is not None:
        message = (
            f"Port {port}, set by hand for {name}, is in use: end the program that has it, or choose another port."
        )
        raise PortTaken(message)
    return port


def _new(taken: set[int]) -> int:
    for _ in range(TRIES):
        port = random.randint(FIRST, LAST)  # noqa: S311 - nothing secret about a port
        if port not in taken and is_free(port):
            return port
    raise StackFault(f"No free port was found between {FIRST} and {LAST}: end some programs that listen there.")
