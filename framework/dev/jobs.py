"""How each service of a project is run on a developer's machine."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from framework.deployment import SERVING
from framework.dev.child import Command
from framework.dev.environment import Environment, operations_port_of, port_of, service_environment
from framework.dev.errors import DevelopmentError
from framework.dev.supervisor import Job
from framework.node.programs import find_node
from framework.servers.ports import HOST, is_free
from framework.system import Service, ServiceType


def ports_of(services: Iterable[Service], environment: Environment) -> frozenset[int]:
    """Where services are going to listen. Raises `DevelopmentError` when a setting is malformed."""
    ports = [(_listens_on(each, environment), operations_port_of(each, environment)) for each in services]
    return frozenset(port for pair in ports for port in pair if port is not None)


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


def jobs_of(
    root: Path, chosen: Iterable[Service], services: Sequence[Service], environment: Environment
) -> list[Job]:
    """How each of the `chosen` services of a project is run.

    They are told of the others as well, which may come later. Raises `DevelopmentError` when a setting is
    malformed.
    """
    return [_job(root, service, services, environment) for service in chosen]


def _job(root: Path, service: Service, services: Sequence[Service], environment: Environment) -> Job:
    port = _listens_on(service, environment)
    own = service_environment(root, service, services, environment)
    if service.type is ServiceType.NODE:
        node, folder = find_node(), root / "services" / service.name
        command = Command(node.script_command(folder, "dev"), folder, node.environment(folder, own))
        return Job(name=service.name, command=command, migrate=None, port=port, reloads_itself=True)
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
    return ["uvicorn", f"{module}:app", "--host", HOST, "--port", str(port), *SERVING]


def migration(root: Path, environment: Environment, *services: str) -> Command:
    """What migrates the databases of `services`, or of all: a process of its own, to see what was saved."""
    return Command([sys.executable, "-m", "framework", "migrate", *services], root, environment)
