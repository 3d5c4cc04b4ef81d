"""Free TCP ports on the loopback interface."""

from __future__ import annotations

import os
import random
import socket
from collections.abc import Container, Iterator, Mapping
from functools import cache
from itertools import cycle

HOST = "127.0.0.1"

# Below what Linux and the other systems hand to outgoing connections (from 32768 and 49152 on). A client that
# keeps trying to reach a server that is down could otherwise be given the server's port, and meet itself.
FIRST, LAST = 20000, 32767

NOBODY = 9
"""A port where nobody listens: that of the discard protocol (RFC 863)."""


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as candidate:
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port(reserved: Container[int] = ()) -> int:
    """A port that nothing listens on, nor will: `reserved` are ports of what is to be started.

    It is not given again before all others were, nor to another process of the same run of pytest-xdist.
    Any other process may take it first: be ready to try again.
    """
    return next(port for port in _turns() if port not in reserved and is_free(port))


def share(environment: Mapping[str, str]) -> range:
    """The ports for a process: all, or those of its number among the processes of pytest-xdist."""
    number = environment.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    count = environment.get("PYTEST_XDIST_WORKER_COUNT", "")
    if not (number.isdecimal() and count.isdecimal()):
        return range(FIRST, LAST + 1)
    return range(FIRST + int(number) % int(count), LAST + 1, int(count))


@cache
def _turns() -> Iterator[int]:
    """The ports of this process in some order, round and round."""
    ports = share(os.environ)
    return cycle(random.sample(ports, len(ports)))
