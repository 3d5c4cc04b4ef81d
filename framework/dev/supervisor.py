"""One service kept running: started again on save, and after a kill; a crash waits for the next save."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from dataclasses import dataclass

from framework.dev.child import GRACE, Child, Command, run_to_end
from framework.dev.console import Console
from framework.servers.ports import HOST

FIRST_DELAY = 1.0  # seconds before a killed service is started again; doubled each time
LONGEST_DELAY = 30.0  # seconds
STEADY = 10.0  # seconds after which a service counts as running well
POLL_INTERVAL = 0.05  # seconds


@dataclass(frozen=True, slots=True)
class Job:
    """What it takes to run one service; `migrate` comes first when its migrations changed."""

    name: str
    command: Command
    migrate: Command | None
    port: int
    reloads_itself: bool = False


class Supervisor:
    """Runs one job until it is cancelled; a failure of the job is told and never ends the others."""

    def __init__(self, job: Job, console: Console) -> None:
        self.name = job.name
        self._job = job
        self._console = console
        self._changed = asyncio.Event()
        self._must_migrate = False
        self._child: Child | None = None

    def restart(self, *, migrate: bool) -> None:
        """Start the service again now, whatever state it is in, and migrate its database first if told to."""
        self._must_migrate |= migrate
        self._changed.set()

    @property
    def is_running(self) -> bool:
        """Whether there is a process of it."""
        return self._child is not None

    def kill(self) -> None:
        """Give up waiting for its graceful end."""
        if self._child:
            self._child.kill()

    async def run(self) -> None:
        """Keep the service running; ends only by cancellation, after the service has ended."""
        delay = FIRST_DELAY
        while True:
            self._changed.clear()
            began = time.monotonic()
            code = await self._run_once()
            if code is None:
                self._tell("changed, starting it again")
                continue
            delay = FIRST_DELAY if time.monotonic() - began > STEADY else delay
            if code >= 0:
                self._tell(f"ended with exit code {code}; it is started again when its files are saved")
                await self._changed.wait()
                continue
            self._tell(f"was killed by {signal.Signals(-code).name}; starting it again in {delay:.0f} s")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), delay)
            delay = min(2 * delay, LONGEST_DELAY)

    async def _run_once(self) -> int | None:
        """Run the service to its end: its exit code, or None when it was stopped because of a change."""
        job = self._job
        if self._must_migrate and job.migrate:
            self._must_migrate = False  # unless it is told again meanwhile
            if code := await run_to_end(job.name, job.migrate, self._console):
                self._must_migrate = True
                return code
        self._child = child = await Child.start(job.name, job.command, self._console)
        self._tell(f"started, pid {child.pid}")
        announcing = asyncio.create_task(self._announce())
        ended = asyncio.create_task(child.wait())
        changed = asyncio.create_task(self._changed.wait())
        try:
            await asyncio.wait({ended, changed}, return_when=asyncio.FIRST_COMPLETED)
            return ended.result() if ended.done() else None
        finally:
            announcing.cancel()
            changed.cancel()
            await self._stop(child)

    async def _stop(self, child: Child) -> None:
        """Wait for its end, also when cancelled meanwhile: nobody else would."""
        stopping = asyncio.create_task(child.stop(GRACE))
        try:
            await asyncio.shield(stopping)
        finally:
            if not await stopping:
                self._tell(f"did not end within {GRACE:.0f} s and was killed")
            self._child = None

    async def _announce(self) -> None:
        """Tell the URL once the service listens."""
        while True:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection(HOST, self._job.port)
                writer.close()
                self._tell(f"listens on http://{HOST}:{self._job.port}")
                return
            await asyncio.sleep(POLL_INTERVAL)

    def _tell(self, words: str) -> None:
        self._console.tell(f"{self.name} {words}")
