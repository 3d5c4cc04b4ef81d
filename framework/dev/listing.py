"""What services.yml lists while the services run: what is new is started, what is gone is stopped."""

from __future__ import annotations

import asyncio
from pathlib import Path

from framework.dev.console import Console
from framework.dev.crew import Crew
from framework.dev.environment import Environment
from framework.dev.errors import DevelopmentError
from framework.dev.jobs import jobs_of
from framework.dev.project import open_project
from framework.dev.runnable import runnable
from framework.dev.supervisor import Job
from framework.lock import wait_for_generation
from framework.scaffold.stubs import landmark
from framework.system import ServiceType

_INTERVAL = 0.5  # seconds from look to look
_PATIENCE = 2.0  # seconds until what could not be run is tried again
_LANDMARKS = sorted({landmark(kind) for kind in ServiceType})


async def keep_in_step(root: Path, environment: Environment, crew: Crew, console: Console) -> None:
    """Exchange the services of `crew` after every change of what is listed or made; ends by cancellation.

    As long as the specs have mistakes, or their code is not generated, everything goes on as it is.
    """
    told: set[str] = set()
    seen = _state(root)
    while True:
        await asyncio.sleep(_INTERVAL)
        state = _state(root)
        if state == seen:
            continue
        try:
            jobs = await asyncio.to_thread(_jobs, root, environment, console, told)
        except DevelopmentError:  # told by generation, which may come first
            await asyncio.sleep(_PATIENCE)
            continue
        seen = state
        await crew.exchange(jobs)


def _jobs(root: Path, environment: Environment, console: Console, told: set[str]) -> list[Job]:
    def tell(words: str) -> None:
        if words not in told:
            console.tell(words)
        told.add(words)

    wait_for_generation(root)
    services = open_project(root).services
    return jobs_of(root, runnable(root, services, environment, tell), services, environment)


def _state(root: Path) -> object:
    """What differs as soon as another service is listed, or one of them is made."""
    made = {path for name in _LANDMARKS for path in root.glob(f"services/*/{name}")}
    try:
        listed = (root / "services.yml").stat()
    except OSError:
        return made
    return made, listed.st_mtime_ns, listed.st_ino, listed.st_size
