"""Why containers did not start, where Docker's own words leave a person alone."""

from __future__ import annotations

import errno
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from framework.shipping.engine import Way, asked, asked_compose

_POOLS: Final = '{"default-address-pools": [{"base": "172.16.0.0/12", "size": 24}]}'
"""Room for four thousand networks in those addresses that Docker takes for fifteen."""


def obstacles(root: Path, way: Way) -> Iterator[str]:
    """What stood in the way of a start that failed, a sentence each, with what helps."""
    described = asked_compose(root, way, "config", "--format=json")
    if described.returncode:
        return
    services: dict[str, Any] = json.loads(described.stdout)["services"]
    running = asked_compose(root, way, "ps", "--services", "--status=running").stdout.split()
    yield from _taken_ports({name: each for name, each in services.items() if name not in running})
    yield from _no_room(root, way, services)
    if asked_compose(root, way, "ps", "--all", "--quiet").stdout:
        yield f"What the containers said: make {way}-logs. Stop those that run: make {way}-stop."


def _taken_ports(services: dict[str, Any]) -> Iterator[str]:
    for name, service in services.items():
        for port in service.get("ports", []):
            published = int(port["published"])
            if _is_taken(port.get("host_ip", "0.0.0.0"), published):  # noqa: S104
                yield (
                    f"Port {published}, which {name} is to have, is taken by another program: stop that, "
                    f"or choose another port with {name.upper()}_PORT."
                )


def _is_taken(address: str, port: int) -> bool:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((address, port))
        except OSError as error:
            return error.errno == errno.EADDRINUSE
    return False


def _no_room(root: Path, way: Way, services: dict[str, Any]) -> Iterator[str]:
    """Docker is asked for one more network: its words for having none left differ between its versions."""
    name = f"{way.project(root)}_room"
    attempt = asked("docker", "network", "create", name)
    if attempt.returncode == 0:
        asked("docker", "network", "rm", name)
    elif "address pool" in attempt.stderr:
        needed = {network for each in services.values() for network in each.get("networks", {})}
        yield (
            f"Docker has no room for another network, and this project needs {len(needed)}. "
            "`docker network prune` removes those that nobody uses. To have more of them, smaller, write "
            "into the settings of Docker's engine (on Linux /etc/docker/daemon.json), and start it anew:\n"
            f"  {_POOLS}"
        )
