"""Which addresses of this machine some names mean: that of a container on one of its networks, say."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Final

_HELP: Final = "Write names or addresses of this machine."


class HostError(ValueError):
    """A name of no address of this machine; the message says what to do."""


def own_addresses(hosts: str) -> list[str]:
    """The addresses to listen on, each once, for `hosts`: names or addresses, separated by commas.

    A name may mean other machines as well: that of a service does which runs more than once.
    Raises HostError for a name that means none of this machine.
    """
    return list(dict.fromkeys(address for host in hosts.split(",") for address in _found(host.strip())))


def _found(host: str) -> list[str]:
    try:
        addresses = list(_own(host))
    except (OSError, UnicodeError) as error:
        raise HostError(f"{host!r} means nothing: {error}. {_HELP}") from error
    if not addresses:
        raise HostError(f"{host!r} is another machine. {_HELP}")
    return addresses


def _own(host: str) -> Iterator[str]:
    for family, _, _, _, place in socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM):
        with socket.socket(family, socket.SOCK_STREAM) as tried:
            try:
                tried.bind(place)
            except OSError:
                continue
        yield str(place[0])
