"""The services that run, each under its supervisor; which they are may change while they run."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from framework.dev.console import Console
from framework.dev.supervisor import Job, Supervisor


class _Member(NamedTuple):
    job: Job
    supervisor: Supervisor
    task: asyncio.Task[None]


class Crew:
    """Runs a job for each service."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._members: dict[str, _Member] = {}
        self._group: asyncio.TaskGroup | None = None

    @property
    def names(self) -> Mapping[str, object]:
        """The services that run, by name; it follows what happens."""
        return self._members

    async def run(self, jobs: Iterable[Job]) -> None:
        """Run `jobs`, and whatever takes their places; ends only by cancellation, after all have ended."""
        async with asyncio.TaskGroup() as self._group:
            for job in jobs:
                self._begin(job)
            await asyncio.Event().wait()

    async def exchange(self, jobs: Iterable[Job]) -> None:
        """Run these jobs from now on: stop what differs, then start what is new, its database migrated."""
        wanted = {job.name: job for job in jobs}
        gone = [name for name, member in self._members.items() if member.job != wanted.get(name)]
        ending = [self._members.pop(name).task for name in gone]
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)
        for name in gone:
            if name not in wanted:
                self._console.tell(
                    f"{name} is stopped: services.yml does not list it any more, or it has no code"
                )
        for job in (job for name, job in wanted.items() if name not in self._members):
            self._begin(job).restart(migrate=True)

    def restart(self, name: str, *, migrate: bool) -> None:
        """Start a service again, unless it runs and looks after its files itself."""
        member = self._members.get(name)
        if member and not (member.job.reloads_itself and member.supervisor.is_running):
            member.supervisor.restart(migrate=migrate)

    def kill(self) -> None:
        """Give up waiting for the graceful end of any of them."""
        for member in self._members.values():
            member.supervisor.kill()

    def _begin(self, job: Job) -> Supervisor:
        if self._group is None:
            raise RuntimeError("the crew does not run")
        supervisor = Supervisor(job, self._console)
        self._members[job.name] = _Member(job, supervisor, self._group.create_task(supervisor.run()))
        return supervisor
