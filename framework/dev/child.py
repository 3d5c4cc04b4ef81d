"""A child of an event loop whose lines are written to the console, and that leaves nothing behind."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from framework.dev.console import Console
from framework.servers.child import end_with_parent

GRACE = 10.0  # seconds to end after SIGTERM
CHUNK = 65536  # bytes
LAST_WORDS = 1.0  # seconds; a process that escaped from its session may keep the pipe open


@dataclass(frozen=True, slots=True)
class Command:
    """What is run, where, and with which environment."""

    arguments: Sequence[str]
    root: Path
    environment: Mapping[str, str]


class Child:
    """A running process. Make one with `start`."""

    def __init__(self, process: asyncio.subprocess.Process, copying: asyncio.Task[None]) -> None:
        self._process = process
        self._copying = copying

    @classmethod
    async def start(cls, name: str, command: Command, console: Console) -> Child:
        """Start `command` in a session of its own: Ctrl-C reaches us alone, and we stop it."""
        # A pipe of ours: with one of asyncio's, `wait()` would wait for everybody who holds its other end.
        reading, writing = os.pipe()
        copying = asyncio.create_task(_copy(reading, name, console))
        try:
            process = await asyncio.create_subprocess_exec(
                *command.arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=writing,
                stderr=asyncio.subprocess.STDOUT,
                cwd=command.root,
                env=dict(command.environment),
                start_new_session=True,
                preexec_fn=end_with_parent(),
            )
        finally:
            os.close(writing)
        return cls(process, copying)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    async def wait(self) -> int:
        """Wait for its end and for its last words; the exit code, or the negative number of a signal."""
        code = await self._process.wait()
        self.kill()  # what it started and did not stop
        await asyncio.wait({self._copying}, timeout=LAST_WORDS)
        return code

    async def stop(self, grace: float) -> bool:
        """Ask it to end, and kill it after `grace` seconds; whether it ended by itself."""
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(asyncio.shield(self.wait()), grace)
        except TimeoutError:
            self.kill()
            await self.wait()
            return False
        return True

    def kill(self) -> None:
        """Kill it, and all that it started. Harmless after its end."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)


async def run_to_end(name: str, command: Command, console: Console) -> int:
    """Run a command that ends by itself; its exit code. When cancelled, the command is stopped."""
    child = await Child.start(name, command, console)
    try:
        return await child.wait()
    finally:
        await child.stop(GRACE)


async def _copy(descriptor: int, name: str, console: Console) -> None:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), FileIO(descriptor)
    )
    rest = b""
    while chunk := await reader.read(CHUNK):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            console.line(name, line.decode(errors="replace").rstrip("\r"))
    if rest:
        console.line(name, rest.decode(errors="replace"))
