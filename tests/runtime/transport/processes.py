"""Services as processes of their own, for the tests that kill, stop and pause them."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import httpx

from framework.deployment import SERVING
from framework.servers.ports import free_port

ROOT = Path(__file__).parents[3]
START = 240
"""Seconds that a process may take to start on a machine that does much else."""
STOPPED = -signal.SIGTERM
"""How uvicorn ends after an orderly stop: by the signal that asked for it."""


class Gate:
    """What a service that is run with `GATE` waits for: a file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __str__(self) -> str:
        return str(self._path)

    def open(self) -> None:
        self._path.touch()


class Process:
    """A running service; `log` is what it has written so far."""

    def __init__(self, directory: Path, environment: dict[str, str], module: str = "worker") -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._log = directory / f"{self.port}.log"
        application = f"tests.runtime.transport.{module}:app"
        with self._log.open("wb") as output:
            self.popen = subprocess.Popen(
                [sys.executable, "-m", "uvicorn", application, "--port", str(self.port), *SERVING],
                env=environment,
                cwd=ROOT,
                stdout=output,
                stderr=output,
            )

    @property
    def log(self) -> str:
        return self._log.read_text()

    def send(self, number: signal.Signals) -> None:
        self.popen.send_signal(number)

    def pause(self, database: Path) -> None:
        """Stop it where it does not write to this SQLite database: else nobody could, until it goes on."""
        with closing(sqlite3.connect(database, timeout=START, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            self.send(signal.SIGSTOP)
            os.waitid(os.P_PID, self.popen.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)

    def stop(self) -> None:
        """Ask it to end, and return when it has: all that it was about to do and to log is done."""
        self.send(signal.SIGTERM)
        assert self.popen.wait(60) == STOPPED

    async def get(self, path: str) -> httpx.Response:
        async with self._client() as client:
            return await client.get(path)

    async def post(self, path: str, headers: Mapping[str, str]) -> httpx.Response:
        async with self._client() as client:
            return await client.post(path, headers=headers)

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.address, trust_env=False, timeout=60)

    async def is_live(self) -> bool:
        return await self._answers("/health/live")

    async def is_ready(self) -> bool:
        return await self._answers("/health/ready")

    async def is_unready(self) -> bool:
        return not await self.is_ready()

    async def _answers(self, path: str) -> bool:
        try:
            return (await self.get(path)).status_code == 200
        except httpx.TransportError:
            return False


def kept(database: Path) -> Counter[int]:
    """How often each note has been kept."""
    with closing(sqlite3.connect(database, timeout=START)) as connection:
        return Counter(note for (note,) in connection.execute("SELECT note_id FROM kept"))
