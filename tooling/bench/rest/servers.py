"""The servers that are measured, each a process of its own on the core of the servers."""

from __future__ import annotations

import http.client
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from framework.deployment import SERVING
from framework.servers.ports import HOST
from framework.servers.process import Launch, ServerProcess, start_on_free_port
from tooling.bench.rest.cores import servers_core

Command = Callable[[int], Sequence[str]]
"""What starts a server that listens on a port."""

_PATIENCE: Final = 5.0
"""Seconds in which an answer comes."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A server to be measured: what starts it, in which folder, and what it finds in its environment."""

    name: str
    command: Command
    folder: Path
    environment: Mapping[str, str]
    prefix: str = ""
    """What the paths of all requests begin with."""


def uvicorn(application: str, *options: str, python: str = sys.executable) -> Command:
    """What serves an ASGI application: uvicorn as it comes, but for its log of requests."""

    def command(port: int) -> Sequence[str]:
        listening = ("--host", HOST, "--port", str(port), "--no-access-log")
        return (python, "-m", "uvicorn", application, *listening, *options)

    return command


def generated(application: str) -> Command:
    """What serves a generated service: uvicorn as its image and `make dev` start it."""
    return uvicorn(application, *SERVING)


class Server:
    """A subject at work, until `stop`."""

    def __init__(self, subject: Subject, logs: Path, probe: str) -> None:
        """Start it, and wait until it answers `probe`, a whole path, with 200. Raises `ServerError`."""
        self.name = subject.name
        self._prefix = subject.prefix
        log = logs / f"{subject.name.replace(' ', '-').replace('/', '-')}.log"
        with servers_core():
            self._process = start_on_free_port(
                lambda port: ServerProcess(
                    Launch(
                        name=subject.name,
                        command=subject.command(port),
                        directory=subject.folder,
                        log=log,
                        port=port,
                        is_ready=lambda pid: _answers(port, probe),
                        environment=subject.environment,
                    )
                )
            )
        self.url = f"http://{HOST}:{self._process.port}{subject.prefix}"

    @property
    def pid(self) -> int:
        """Its process."""
        pid = self._process.pid
        assert pid is not None  # noqa: S101
        return pid

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        """Send one request; the status and the body of the answer. Raises `OSError`."""
        return _ask(self._process.port, method, self._prefix + path, body)

    def stop(self) -> None:
        """End it: it has nothing to lose."""
        self._process.kill()


def _answers(port: int, path: str) -> bool:
    try:
        return _ask(port, "GET", path, None)[0] == 200
    except (OSError, http.client.HTTPException):
        return False


def _ask(port: int, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(HOST, port, timeout=_PATIENCE)
    try:
        headers = {"Content-Type": "application/json"} if body is not None else {}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()
