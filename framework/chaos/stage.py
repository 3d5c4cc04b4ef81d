"""Servers, databases and processes of a run: all temporary, none of them the user's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Final

from framework.chaos.cast import Cast, Replica
from framework.chaos.strikes import Blow, Target
from framework.chaos.victims import Victim
from framework.dev.environment import STATE
from framework.dev.errors import DevelopmentError
from framework.dev.project import Project
from framework.servers.directories import TemporaryDirectory
from framework.servers.postgres import start_postgres
from framework.servers.process import ServerProcess
from framework.servers.redis import start_redis
from framework.servers.telegram import TelegramApi
from framework.system import Service

LEASE: Final = 3.0
"""Seconds: short, so that a run of seconds sees leases end."""
# What is acknowledged must outlive the process of the server, or losses would be the server's own.
_REDIS: Final = ("--appendonly", "yes", "--appendfsync", "always")
_POSTGRES: Final = {"synchronous_commit": "on", "max_connections": "300"}
_ALL: Final = (Blow.KILL, Blow.STOP, Blow.END)
_SERVER: Final = (Blow.KILL, Blow.STOP)


class Servers:
    """Redis, a Bot API and a database for each service that has one, until `until` is left."""

    def __init__(self, services: Sequence[Service], database: str, until: ExitStack) -> None:
        """`database` is `postgres` or `sqlite`. Raises `ServerError` when a server cannot be had."""
        self.telegram = until.enter_context(closing(TelegramApi()))
        redis = start_redis(_REDIS)
        until.callback(redis.close)
        self.redis_url = redis.url
        self.victims = [_server("redis", redis)]
        names = [service.name for service in services if service.database]
        if database == "postgres":
            postgres = start_postgres(settings=_POSTGRES)
            until.callback(postgres.close)
            self.victims.append(_server("postgres", postgres))
            self.databases = {name: postgres.create_database(name) for name in names}
        else:
            files = TemporaryDirectory("chaos")
            until.callback(files.remove)
            self.databases = {name: f"sqlite:///{files.path / name}.db" for name in names}

    def environment(self) -> dict[str, str]:
        """What tells the services of them."""
        return {
            "REDIS_URL": self.redis_url,
            "TELEGRAM_BOT_TOKEN": self.telegram.token,
            "TELEGRAM_API_URL": self.telegram.url,
            **{f"{name.upper()}_DATABASE_URL": url for name, url in self.databases.items()},
        }


class Stage:
    """Everything that runs, until `until` is left."""

    def __init__(self, servers: Servers, cast: Cast, services: Sequence[Service], until: ExitStack) -> None:
        self.redis_url = servers.redis_url
        self.databases: Mapping[str, str] = servers.databases
        """The URL of the database of each service that has one."""
        self.logs = cast.logs
        self.replicas = cast.replicas(services)
        self.relays = [cast.relay(service) for service in services if service.database]
        self._servers = servers.victims
        until.callback(self.stop)

    @property
    def processes(self) -> list[Victim]:
        """Those of the services."""
        return [*(replica.victim for replica in self.replicas), *self.relays]

    @property
    def victims(self) -> list[Victim]:
        """All that may be hit."""
        return [*self.processes, *self._servers]

    @property
    def targets(self) -> list[Target]:
        """The same, for the plan."""
        return [
            *(Target(process.name, _ALL) for process in self.processes),
            *(Target(server.name, _SERVER) for server in self._servers),
        ]

    def addresses(self) -> dict[str, list[str]]:
        """Where the replicas answer, by service."""
        found: dict[str, list[str]] = {}
        for replica in self.replicas:
            found.setdefault(replica.service.name, []).append(replica.address)
        return found

    def start(self, is_chosen: Callable[[Service], bool]) -> list[Replica]:
        """Start the replicas of some services; returns them."""
        chosen = [replica for replica in self.replicas if is_chosen(replica.service)]
        for replica in chosen:
            replica.victim.start()
        return chosen

    def start_relays(self) -> None:
        """Start them all."""
        for relay in self.relays:
            relay.start()

    def stop(self) -> None:
        """Let all processes of the services end."""
        for process in self.processes:
            process.stop()


def open_stage(
    project: Project,
    services: Sequence[Service],
    database: str,
    environment: Mapping[str, str],
    until: ExitStack,
) -> Stage:
    """Start servers, make databases, prepare the processes; `database` is `postgres` or `sqlite`.

    `environment` is what the services are told besides. Raises `ServerError` when a server cannot be had,
    `DevelopmentError` when the databases cannot be migrated.
    """
    logs = project.root / STATE / "chaos"
    shutil.rmtree(logs, ignore_errors=True)
    logs.mkdir(parents=True)
    servers = Servers(services, database, until)
    settings = {
        **settings_of(project.root),
        **servers.environment(),
        "EVENTS_LEASE": f"{LEASE:g}",
        "EVENTS_GRACE": f"{LEASE:g}",
        "LOG_LEVEL": "info",
        **environment,
    }
    for service in servers.databases:
        migrate(project.root, service, settings)
    return Stage(servers, Cast(project, settings, logs), services, until)


def settings_of(root: Path) -> dict[str, str]:
    """What `.env.example` and the environment say; `.env` may hold credentials of real servers."""
    from dotenv import dotenv_values

    examples = {name: value for name, value in dotenv_values(root / ".env.example").items() if value}
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    own.pop("DATABASE_URL", None)
    return {**examples, **own}


def _server(name: str, process: ServerProcess) -> Victim:
    return Victim(name, lambda _: process, running=process)


def migrate(root: Path, service: str, environment: Mapping[str, str]) -> None:
    """Make the tables of a service. Raises `DevelopmentError`, with the reason, when that fails."""
    done = subprocess.run(
        [sys.executable, "-m", "framework", "migrate", service],
        cwd=root,
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise DevelopmentError(f"the database cannot be migrated:\n{(done.stdout + done.stderr).strip()}")


def worth_hurting(services: Sequence[Service]) -> list[Service]:
    """The services that can be reached over HTTP or handle events; all others stay at home."""
    return [service for service in services if service.rest_domains or service.event_domains]
