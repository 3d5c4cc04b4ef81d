"""Servers, databases and processes of a run: all temporary, none of them the user's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from framework.chaos.strikes import Blow, Target
from framework.chaos.victims import Victim
from framework.dev.environment import STATE, service_environment
from framework.dev.errors import DevelopmentError
from framework.dev.project import Project
from framework.servers.directories import TemporaryDirectory
from framework.servers.ports import HOST, free_port
from framework.servers.postgres import start_postgres
from framework.servers.process import Launch, ServerError, ServerProcess
from framework.servers.redis import RedisServer, start_redis
from framework.servers.telegram import TelegramApi
from framework.system import Service, ServiceType

LEASE: Final = 3.0
"""Seconds: short, so that a run of seconds sees leases end."""
REPLICAS: Final = 2
_START_TIMEOUT: Final = 60.0
# What is acknowledged must outlive the process of the server, or losses would be the server's own.
_REDIS: Final = ("--appendonly", "yes", "--appendfsync", "everysec")
_POSTGRES: Final = {"synchronous_commit": "on", "max_connections": "300"}
_ALL: Final = (Blow.KILL, Blow.STOP, Blow.END)
_SERVER: Final = (Blow.KILL, Blow.STOP)


@dataclass(frozen=True, slots=True)
class Replica:
    """One process of a service."""

    service: Service
    address: str
    victim: Victim


class Stage:
    """Everything that runs, from `open_stage` until the stack that it was given is left."""

    def __init__(
        self, redis: RedisServer, servers: Sequence[Victim], databases: Mapping[str, str], logs: Path
    ) -> None:
        self.redis_url = redis.url
        self.databases = databases
        """The URL of the database of each service that has one."""
        self.logs = logs
        self.servers = servers
        self.replicas: list[Replica] = []

    @property
    def victims(self) -> list[Victim]:
        """All that may be hit."""
        return [*(replica.victim for replica in self.replicas), *self.servers]

    @property
    def targets(self) -> list[Target]:
        """The same, for the plan."""
        return [
            *(Target(replica.victim.name, _ALL) for replica in self.replicas),
            *(Target(server.name, _SERVER) for server in self.servers),
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

    def stop(self) -> None:
        """Let all services end."""
        for replica in self.replicas:
            replica.victim.stop()


def open_stage(
    project: Project,
    services: Sequence[Service],
    database: str,
    environment: Mapping[str, str],
    until: ExitStack,
) -> Stage:
    """Start servers, make databases, prepare the replicas; `database` is `postgres` or `sqlite`.

    `environment` is what the services are told besides. Raises `ServerError` when a server cannot be had,
    `DevelopmentError` when the databases cannot be migrated.
    """
    logs = project.root / STATE / "chaos"
    shutil.rmtree(logs, ignore_errors=True)
    logs.mkdir(parents=True)
    files = TemporaryDirectory("chaos")
    until.callback(files.remove)
    telegram = until.enter_context(closing(TelegramApi()))
    redis = start_redis(_REDIS)
    until.callback(redis.close)
    servers = [_server("redis", redis)]
    databases = {
        service.name: f"sqlite:///{files.path / service.name}.db" for service in services if service.database
    }
    if database == "postgres":
        postgres = start_postgres(settings=_POSTGRES)
        until.callback(postgres.close)
        servers.append(_server("postgres", postgres))
        databases = {name: postgres.create_database(name) for name in databases}
    own = {
        **_settings(project.root),
        "REDIS_URL": redis.url,
        "TELEGRAM_BOT_TOKEN": telegram.token,
        "TELEGRAM_API_URL": telegram.url,
        "EVENTS_LEASE": f"{LEASE:g}",
        "EVENTS_GRACE": f"{LEASE:g}",
        "LOG_LEVEL": "info",
        **{f"{name.upper()}_DATABASE_URL": url for name, url in databases.items()},
        **environment,
    }
    stage = Stage(redis, servers, databases, logs)
    for number in range(REPLICAS):
        ports = {service.name: free_port() for service in services}
        if number == 0:  # where the others find a service
            own |= {f"{name.upper()}_PORT": str(port) for name, port in ports.items()}
        stage.replicas += [
            _replica(project, service, number, ports[service.name], own, logs) for service in services
        ]
    _migrate(project.root, own)
    until.callback(stage.stop)
    return stage


def _settings(root: Path) -> dict[str, str]:
    """What `.env.example` and the environment say; `.env` may hold credentials of real servers."""
    from dotenv import dotenv_values

    examples = {name: value for name, value in dotenv_values(root / ".env.example").items() if value}
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    own.pop("DATABASE_URL", None)
    return {**examples, **own}


def _server(name: str, process: ServerProcess) -> Victim:
    return Victim(name, lambda _: process, running=process)


def _replica(
    project: Project, service: Service, number: int, port: int, environment: Mapping[str, str], logs: Path
) -> Replica:
    name, address = f"{service.name}-{number + 1}", f"http://{HOST}:{port}"
    command = [sys.executable, "-m", "uvicorn", f"services.{service.name}.src.main:app", "--no-access-log"]

    def make(life: int) -> ServerProcess:
        return ServerProcess(
            Launch(
                name=name,
                command=[*command, "--host", HOST, "--port", str(port)],
                directory=project.root,
                log=logs / f"{name}.{life}.log",
                port=port,
                is_ready=lambda _: _answers(address, "live"),
                environment=service_environment(project.root, service, project.services, environment),
            )
        )

    return Replica(service, address, Victim(name, make))


def _migrate(root: Path, environment: Mapping[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "framework", "migrate"],
        cwd=root,
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise DevelopmentError(f"the databases cannot be migrated:\n{(done.stdout + done.stderr).strip()}")


def wait_until_ready(replicas: Sequence[Replica]) -> None:
    """Wait until every replica is ready. Raises `ServerError` if one ends, or is not within a minute."""
    deadline = time.monotonic() + _START_TIMEOUT
    waiting = list(replicas)
    while waiting:
        for replica in waiting:
            if (words := replica.victim.last_words) is not None:
                raise ServerError(f"{replica.victim.name} ended while starting:\n{words}")
        waiting = [replica for replica in waiting if not _answers(replica.address, "ready")]
        if waiting and time.monotonic() > deadline:
            raise ServerError(f"{waiting[0].victim.name} was not ready within {_START_TIMEOUT:.0f} s")
        time.sleep(0.1)


def _answers(address: str, check: str) -> bool:
    try:
        return httpx.get(f"{address}/health/{check}", trust_env=False, timeout=0.5).is_success
    except httpx.HTTPError:
        return False


def worth_hurting(services: Sequence[Service]) -> list[Service]:
    """The services that can be reached over HTTP or handle events; bots stay at home."""
    return [
        service
        for service in services
        if service.type is not ServiceType.TELEGRAM and (service.rest_domains or service.event_domains)
    ]
