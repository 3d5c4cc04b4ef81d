"""The processes of the services in a run: replicas that answer HTTP, and relays of their own."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from framework.chaos.victims import Victim
from framework.deployment import SERVING
from framework.dev.environment import service_environment
from framework.dev.project import Project
from framework.servers.ports import HOST, free_port
from framework.servers.process import Launch, ServerError, ServerProcess
from framework.system import Service

REPLICAS: Final = 2
_START_TIMEOUT: Final = 60.0


@dataclass(frozen=True, slots=True)
class Replica:
    """One process of a service."""

    service: Service
    address: str
    victim: Victim


@dataclass(frozen=True, slots=True)
class Cast:
    """How the processes of a project are started."""

    project: Project
    environment: Mapping[str, str]
    logs: Path

    def replicas(self, services: Sequence[Service]) -> list[Replica]:
        """Of each service the first publishes its outbox itself, the others leave that to relays."""
        ports = [{service.name: free_port() for service in services} for _ in range(REPLICAS)]
        # Who calls another service finds its first replica.
        found = {f"{name.upper()}_PORT": str(port) for name, port in ports[0].items()}
        return [
            self._replica(service, number, ports[number - 1][service.name], found)
            for service in services
            for number in range(1, REPLICAS + 1)
        ]

    def relay(self, service: Service) -> Victim:
        """A process that does nothing but publish the outbox of a service."""
        name = f"relay-{service.name}"
        command = [sys.executable, "-m", "framework.runtime.outbox.relay_process", service.name]
        environment = service_environment(
            self.project.root, service, self.project.services, {**self.environment, "OPERATIONS_PORT": ""}
        )

        def make(life: int) -> ServerProcess:
            log = self._log(name, life)
            return ServerProcess(
                Launch(
                    name=name,
                    command=command,
                    directory=self.project.root,
                    log=log,
                    port=0,
                    is_ready=lambda _: f"{service.name} is ready" in log.read_text(errors="replace"),
                    environment=environment,
                )
            )

        return Victim(name, make)

    def _replica(self, service: Service, number: int, port: int, found: Mapping[str, str]) -> Replica:
        name, address = f"{service.name}-{number}", f"http://{HOST}:{port}"
        application = f"services.{service.name}.src.main:app"
        arguments = ["uvicorn", application, "--host", HOST, "--port", str(port), *SERVING]
        environment = service_environment(
            self.project.root,
            service,
            self.project.services,
            {**self.environment, **found, "OUTBOX_RELAY": "inline" if number == 1 else "off"},
        )

        def make(life: int) -> ServerProcess:
            return ServerProcess(
                Launch(
                    name=name,
                    command=[sys.executable, "-m", *arguments],
                    directory=self.project.root,
                    log=self._log(name, life),
                    port=port,
                    is_ready=lambda _: _answers(address, "live"),
                    environment=environment,
                )
            )

        return Replica(service, address, Victim(name, make))

    def _log(self, name: str, life: int) -> Path:
        return self.logs / f"{name}.{life}.log"


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
