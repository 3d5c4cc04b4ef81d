"""All services of a project at once, on one machine, with one log."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from framework.dev.checks import check_on_save
from framework.dev.child import Command, run_to_end
from framework.dev.console import Console
from framework.dev.environment import Environment, operations_port_of, port_of, service_environment
from framework.dev.errors import DevelopmentError
from framework.dev.servers import keep_running
from framework.dev.supervisor import Job, Supervisor
from framework.dev.watching import watch, watch_settings
from framework.lock import wait_for_generation
from framework.servers.ports import HOST, is_free
from framework.servers.process import ServerProcess
from framework.system import Service, ServiceType
from framework.watching import regenerate_on_save

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def check_ports(services: Iterable[Service], environment: Environment) -> None:
    """Raise `DevelopmentError` when a service could not listen, because something else does."""
    for service in services:
        port = _listens_on(service, environment)
        if not is_free(port):
            raise DevelopmentError(
                f"{service.name} cannot listen on port {port}: something else does. Stop that, or choose "
                f"another: `port:` of {service.name} in services.yml, or {service.name.upper()}_PORT in .env"
            )


def _listens_on(service: Service, environment: Environment) -> int:
    if service.type.is_python and not service.type.is_application:
        return operations_port_of(service, environment) or service.port
    return port_of(service, environment)


def jobs_of(root: Path, services: Sequence[Service], environment: Environment) -> list[Job]:
    """How each service is run. Raises `DevelopmentError` when a setting is malformed."""
    return [_job(root, service, services, environment) for service in services]


def _job(root: Path, service: Service, services: Sequence[Service], environment: Environment) -> Job:
    port = _listens_on(service, environment)
    own = service_environment(root, service, services, environment)
    if service.type is ServiceType.NODE:
        # Vite and its kin reload by themselves; whoever listens elsewhere than at PORT is not announced.
        command = Command(["npm", "run", "dev"], root / "services" / service.name, own)
        return Job(name=service.name, command=command, migrate=None, port=port)
    return Job(
        name=service.name,
        command=Command([sys.executable, "-m", "framework.dev.entry", *_module(service, port)], root, own),
        migrate=migration(root, environment, service.name) if service.database else None,
        port=port,
    )


def _module(service: Service, port: int) -> list[str]:
    """What Python runs, and with which arguments."""
    module = f"services.{service.name}.src.main"
    if not service.type.is_application:
        return [module]
    return ["uvicorn", f"{module}:app", "--host", HOST, "--port", str(port), "--no-access-log"]


def migration(root: Path, environment: Environment, *services: str) -> Command:
    """What migrates the databases of `services`, or of all: a process of its own, to see what was saved."""
    return Command([sys.executable, "-m", "framework", "migrate", *services], root, environment)


async def run(
    root: Path,
    environment: Environment,
    jobs: Sequence[Job],
    servers: Sequence[ServerProcess],
    console: Console,
) -> None:
    """Migrate all databases, run all jobs, and start them again on save, until a signal asks to stop.

    When a spec is saved, code is generated anew, which starts again what it concerns; a mistake in a spec is
    told, and everything goes on with the code that is there.

    SIGINT, SIGTERM or SIGHUP stop everything gracefully; a second one kills what has not ended yet. Raises
    `DevelopmentError` when the migrations fail.
    """
    supervisors = {job.name: Supervisor(job, console) for job in jobs}
    stopping = _stop_on_signal(list(supervisors.values()), console)
    if any(job.migrate for job in jobs):
        await _until(stopping, [_migrate(migration(root, environment), console)])
    if not stopping.is_set():
        saved = asyncio.Event()
        helpers = [
            _restart_on_save(root, supervisors, saved, console),
            regenerate_on_save(root, console.tell),
            check_on_save(root, saved, console.tell),
            _tell_of_settings(root, console),
            keep_running(servers, console),
        ]
        await _until(stopping, [*(supervisor.run() for supervisor in supervisors.values()), *helpers])


def _stop_on_signal(supervisors: Sequence[Supervisor], console: Console) -> asyncio.Event:
    """The event that the first signal sets; the next ones kill."""
    stopping = asyncio.Event()

    def stop() -> None:
        if stopping.is_set():
            for supervisor in supervisors:
                supervisor.kill()
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


async def _restart_on_save(
    root: Path, supervisors: Mapping[str, Supervisor], saved: asyncio.Event, console: Console
) -> None:
    """Start services again whose files were saved; `saved` is set for every save."""
    try:
        async for changes in watch(root, supervisors):
            # Not in the middle of a generation, which may be that of another process.
            await asyncio.to_thread(wait_for_generation, root)
            for name in changes.services:
                supervisors[name].restart(migrate=name in changes.migrated)
            saved.set()
    except OSError as error:  # the system's limit of watched files
        console.tell(f"saved files are not noticed any more, start again by hand: {error}")


async def _tell_of_settings(root: Path, console: Console) -> None:
    # The limit of watched files is told by `_restart_on_save`, which needs many more.
    with contextlib.suppress(OSError):
        async for name in watch_settings(root):
            console.tell(f"{name} has changed: press Ctrl-C and run make dev again to have it read")
