"""One server process: started, waited for, stopped, killed, started again on the same port."""

from __future__ import annotations

import fcntl
import signal
import subprocess
import time
from collections.abc import Callable, Container, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from framework.servers.accounts import Account
from framework.servers.child import at_exit, start_child
from framework.servers.ports import free_port, is_free

START_TIMEOUT = 60.0  # seconds
STOP_TIMEOUT = 10.0  # seconds
POLL_INTERVAL = 0.005  # seconds
ATTEMPTS = 5
LOG_TAIL = 2000  # characters


class ServerError(Exception):
    """A server could not be had; the message says why and is meant for the person who wanted it."""


class PortTaken(ServerError):
    """Somebody else listens on the port that the server was given."""


@dataclass(frozen=True, slots=True)
class Launch:
    """How a server is started, recognised as ready (given its process id) and asked to stop."""

    name: str
    command: Sequence[str | Path]
    directory: Path
    log: Path
    port: int
    is_ready: Callable[[int], bool]
    stop_signal: signal.Signals = signal.SIGTERM
    environment: Mapping[str, str] | None = None
    account: Account | None = None


class ServerProcess:
    """A server that lives until `stop()`, `kill()` or the end of this process, whichever comes first."""

    def __init__(self, launch: Launch) -> None:
        self._launch = launch
        self._process: subprocess.Popen[bytes] | None = None
        self._cancel: Callable[[], None] = lambda: None

    @property
    def name(self) -> str:
        """What it is, for people."""
        return self._launch.name

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return self._launch.port

    @property
    def pid(self) -> int | None:
        """The process id; None while it does not run."""
        return self._process.pid if self._process else None

    @property
    def is_running(self) -> bool:
        """Whether it was started and has not ended by itself since."""
        return self._process is not None and self._process.poll() is None

    @property
    def is_ready(self) -> bool:
        """Whether it runs and answers."""
        pid = self.pid
        return pid is not None and self.is_running and self._launch.is_ready(pid)

    @property
    def exit_status(self) -> int | None:
        """What it ended with, negative for a signal; None while it runs, or before it was started."""
        return self._process.poll() if self._process else None

    def start(self) -> None:
        """Start it, wait until it answers. Raises `PortTaken`, or `ServerError` with the end of its log."""
        process = self.spawn()
        try:
            self._wait_until_ready(process)
        except BaseException:
            self.kill()
            raise

    def spawn(self) -> subprocess.Popen[bytes]:
        """Start it, and do not wait until it answers. Raises `ServerError` when it cannot be run."""
        launch = self._launch
        try:
            with launch.log.open("wb") as output:
                with suppress(OSError):  # not on every disk
                    fcntl.flock(output, fcntl.LOCK_SH)  # held as long as somebody is there who writes to it
                process = start_child(
                    launch.command,
                    output=output,
                    directory=launch.directory,
                    environment=launch.environment,
                    account=launch.account,
                )
        except OSError as error:
            raise ServerError(f"{launch.name} cannot be started: {error}") from error
        self._process = process
        self._cancel = at_exit(self.kill)
        return process

    def stop(self) -> None:
        """Ask it to end and wait; kill it after ten seconds. Harmless when it is not running."""
        self._end(self._launch.stop_signal)

    def kill(self) -> None:
        """End it with SIGKILL, as a crash would. Harmless when it is not running."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop it if it runs and start it again on the same port. Raises what `start` raises."""
        self.stop()
        self.start()

    def log_tail(self) -> str:
        """The end of what it has written."""
        return self._launch.log.read_text(errors="replace")[-LOG_TAIL:].strip()

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        launch = self._launch
        deadline = time.monotonic() + START_TIMEOUT
        while process.poll() is None:
            if launch.is_ready(process.pid):
                return
            if time.monotonic() > deadline:
                raise ServerError(
                    f"{launch.name} did not answer within {START_TIMEOUT:.0f} s:\n{self.log_tail()}"
                )
            time.sleep(POLL_INTERVAL)
        if not is_free(launch.port):
            raise PortTaken(f"{launch.name} cannot listen on port {launch.port}: it is taken")
        raise ServerError(
            f"{launch.name} ended while starting (exit code {process.returncode}):\n{self.log_tail()}"
        )

    def _end(self, number: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        self._cancel()
        process.send_signal(number)
        try:
            process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Startable(Protocol):
    """What `start_on_free_port` starts."""

    def start(self) -> None:
        """Start it. Raises `PortTaken` when its port is not free."""


S = TypeVar("S", bound=Startable)


def start_on_free_port(make: Callable[[int], S], reserved: Container[int] = ()) -> S:
    """Start what `make` makes for a free port, none of `reserved`, with another when somebody was quicker.

    Raises `ServerError` when it cannot be started.
    """
    for _ in range(ATTEMPTS - 1):
        server = make(free_port(reserved))
        try:
            server.start()
        except PortTaken:
            continue
        return server
    server = make(free_port(reserved))
    server.start()
    return server
