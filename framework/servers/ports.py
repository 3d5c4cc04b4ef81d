"""Free TCP ports on the loopback interface."""

from __future__ import annotations

import random
import socket
from collections.abc import Container

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

    Another process may take it first: be ready to try again.
    """
    while True:
        port = random.randint(FIRST, LAST)  # noqa: S311
        if port not in reserved and is_free(port):
            return port
