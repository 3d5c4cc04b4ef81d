"""All services of a project at once, on one machine, with one log."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Coroutine, Iterable, Sequence
from pathlib import Path
from typing import Any

from framework.dev.checks import check_on_save
from framework.dev.child import Command, run_to_end
from framework.dev.console import Console
from framework.dev.crew import Crew
from framework.dev.environment import Environment
from framework.dev.errors import DevelopmentError
from framework.dev.jobs import migration
from framework.dev.listing import keep_in_step
from framework.dev.servers import keep_running
from framework.dev.supervisor import Job
from framework.dev.watching import watch, watch_settings
from framework.lock import wait_for_generation
from framework.servers.process import ServerProcess
from framework.watching import regenerate_on_save

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


async def run(
    root: Path,
    environment: Environment,
    jobs: Sequence[Job],
    servers: Sequence[ServerProcess],
    console: Console,
) -> None:
    """Migrate all databases, run all jobs, and start them again on save, until a signal asks to stop.

    When a spec is saved, code is generated anew, which starts again what it concerns; a mistake in a spec is
    told, and everything goes on with the code that is there. What services.yml lists anew is started, and
    what it does not list any more is stopped.

    SIGINT, SIGTERM or SIGHUP stop everything gracefully; a second one kills what has not ended yet. Raises
    `DevelopmentError` when the migrations fail.
    """
    crew = Crew(console)
    stopping = _stop_on_signal(crew, console)
    if any(job.migrate for job in jobs):
        await _until(stopping, [_migrate(migration(root, environment), console)])
    if not stopping.is_set():
        saved = asyncio.Event()
        helpers = [
            _restart_on_save(root, crew, saved, console),
            keep_in_step(root, environment, crew, console),
            regenerate_on_save(root, console.tell),
            check_on_save(root, saved, console.tell),
            _tell_of_settings(root, console),
            keep_running(servers, console),
        ]
        await _until(stopping, [crew.run(jobs), *helpers])


def _stop_on_signal(crew: Crew, console: Console) -> asyncio.Event:
    """The event that the first signal sets; the next ones kill."""
    stopping = asyncio.Event()

    def stop() -> None:
        if stopping.is_set():
            crew.kill()
        else:
            stopping.set()
            console.tell("stopping; press Ctrl-C again to kill what does not end")

    for number in STOP_SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, stop)
    return stopping


async def _until(stopping: asyncio.Event, work: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Do all the work at once, to its end or until `stopping`; then cancel the rest and wait for that."""
    everything = asyncio.create_task(_together(work))
    stop = asyncio.create_task(stopping.wait())
    await asyncio.wait({everything, stop}, return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    everything.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await everything


async def _together(work: Iterable[Coroutine[Any, Any, None]]) -> None:
    try:
        async with asyncio.TaskGroup() as group:
            for part in work:
                group.create_task(part)
    except BaseExceptionGroup as errors:  # the first one ended all
        raise errors.exceptions[0] from None


async def _migrate(command: Command, console: Console) -> None:
    if await run_to_end("migrate", command, console):
        raise DevelopmentError("the databases could not be migrated")


async def _restart_on_save(root: Path, crew: Crew, saved: asyncio.Event, console: Console) -> None:
    """Start services again whose files were saved; `saved` is set for every save."""
    try:
        async for changes in watch(root, crew.names):
            # Not in the middle of a generation, which may be that of another process.
            await asyncio.to_thread(wait_for_generation, root)
            for name in changes.services:
                crew.restart(name, migrate=name in changes.migrated)
            saved.set()
    except OSError as error:  # the system's limit of watched files
        console.tell(f"saved files are not noticed any more, start again by hand: {error}")


async def _tell_of_settings(root: Path, console: Console) -> None:
    # The limit of watched files is told by `_restart_on_save`, which needs many more.
    with contextlib.suppress(OSError):
        async for name in watch_settings(root):
            console.tell(f"{name} has changed: press Ctrl-C and run make dev again to have it read")
