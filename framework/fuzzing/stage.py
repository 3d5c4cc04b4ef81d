"""The services of a project on servers and databases that are gone afterwards."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from framework.chaos.stage import Servers, migrate, settings_of
from framework.deployment import LIVE, SERVING
from framework.dev.environment import STATE, service_environment
from framework.dev.project import Project
from framework.servers.ports import HOST, free_port
from framework.servers.process import Launch, ServerProcess
from framework.system import Service

_TOLD: Final = {"REQUEST_ID": "on", "LOG_LEVEL": "info", "LOG_FORMAT": "text"}
"""What every service is told besides, so that its log can be asked about a request."""


@dataclass(frozen=True, slots=True)
class Running:
    """A service that answers."""

    service: Service
    address: str
    log: Path


def folder_of(project: Project) -> Path:
    """Where logs and the events of schemathesis go."""
    return project.root / STATE / "fuzz"


@contextmanager
def running(project: Project, services: Sequence[Service], database: str) -> Iterator[list[Running]]:
    """Run all of `services` for the block; they find one another. `database` is `postgres` or `sqlite`.

    Raises `ServerError`, with the end of its log, when something cannot be started, and `DevelopmentError`
    when a database cannot be migrated.
    """
    logs = folder_of(project)
    shutil.rmtree(logs, ignore_errors=True)
    logs.mkdir(parents=True)
    with ExitStack() as until:
        servers = Servers(services, database, until)
        ports = {service.name: free_port() for service in services}
        found = {f"{name.upper()}_PORT": str(port) for name, port in ports.items()}
        settings = {**settings_of(project.root), **servers.environment(), **found, **_TOLD}
        for name in servers.databases:
            migrate(project.root, name, settings)
        started = []
        for service in services:
            log = logs / f"{service.name}.log"
            process = ServerProcess(_launch(project, service, ports[service.name], log, settings))
            process.start()
            until.callback(process.stop)
            started.append(Running(service, f"http://{HOST}:{process.port}", log))
        yield started


def _launch(project: Project, service: Service, port: int, log: Path, settings: Mapping[str, str]) -> Launch:
    application = f"services.{service.name}.src.main:app"
    return Launch(
        name=service.name,
        command=[sys.executable, "-m", "uvicorn", application, "--host", HOST, "--port", str(port), *SERVING],
        directory=project.root,
        log=log,
        port=port,
        is_ready=lambda _: _answers(f"http://{HOST}:{port}{LIVE}"),
        environment=service_environment(project.root, service, project.services, settings),
    )


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, trust_env=False, timeout=1).is_success
    except httpx.HTTPError:
        return False
