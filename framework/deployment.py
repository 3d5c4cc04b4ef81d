"""How a service runs where it is deployed: its ports, its settings, its secrets, the processes of its image.

Dockerfiles, the files of Compose and those of Kubernetes say this in three languages. A host is called as its
service or server is, unless the platform wants other names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from framework.connectivity import Connectivity
from framework.system import Service, ServiceType

LIVE = "/health/live"
"""Answered with 200 as long as the process works, on the port of the operators."""

READY = "/health/ready"
"""Answered with 200 as long as the service can do its work, on the port of the operators."""

USER = 10001
"""The user and the group of the process in an image: a number, so that nothing needs a list of users."""

REQUEST_SECONDS = 10
"""What running requests get when a service stops."""

SERVING = (
    *("--http", "framework.runtime.http_protocol:HttpProtocol"),
    *("--no-access-log", "--no-server-header"),
)
"""How uvicorn serves a service wherever that runs: within limits, and with no log of requests but ours."""

STOP_SECONDS = 40
"""What a service gets to stop: its requests 10 seconds, its handlers 15, its relay 5, and some to spare."""

DATABASE_PASSWORD = "DATABASE_PASSWORD"  # noqa: S105
"""The secret of every service with a database, which completes its DATABASE_URL."""

POSTGRES_PASSWORD = "POSTGRES_PASSWORD"  # noqa: S105
"""The secret of the database server: the password of its administrator."""

POSTGRES_IMAGE = "postgres:18-alpine"
REDIS_IMAGE = "redis:8.2-alpine"
POSTGRES_PORT = 5432
REDIS_PORT = 6379

_OPERATIONS_PORTS = (9_000, 9_001)
"""Where a service with an API answers its operators: on the first of them that is not its API's."""


class Setting(NamedTuple):
    """A setting that is no secret."""

    name: str
    value: str


def operations_port(service: Service) -> int:
    """The port where a service answers health checks, metrics and administration.

    An API has another one, since it may be published, and what operators ask is nobody else's business.
    """
    if service.type is ServiceType.FASTAPI:
        return next(port for port in _OPERATIONS_PORTS if port != service.port)
    return service.port


def image_settings(service: Service) -> tuple[Setting, ...]:
    """The settings that are part of an image: operators are answered from wherever they ask."""
    own = [Setting("OPERATIONS_HOST", "0.0.0.0")]  # noqa: S104
    if operations_port(service) != service.port:
        own.append(Setting("OPERATIONS_PORT", str(operations_port(service))))
    return tuple(own)


def settings(service: Service, lines: Connectivity, host: Callable[[str], str] = str) -> tuple[Setting, ...]:
    """Where a service finds what it speaks to. Its user of the database is called as itself."""
    return tuple(_settings(service, lines, host))


def _settings(service: Service, lines: Connectivity, host: Callable[[str], str]) -> Iterator[Setting]:
    servers = lines.servers(service.name)
    if "postgres" in servers:
        address = f"{host('postgres')}:{POSTGRES_PORT}"
        yield Setting("DATABASE_URL", f"postgresql://{service.name}@{address}/{service.name}")
    if "redis" in servers:
        yield Setting("REDIS_URL", f"redis://{host('redis')}:{REDIS_PORT}/0")
    ports = {each.name: each.port for each in lines.services}
    for client in service.clients:
        yield Setting(client.setting.upper(), f"http://{host(client.target)}:{ports[client.target]}")


def secrets(service: Service) -> tuple[str, ...]:
    """The names of the settings that come as files, sorted."""
    own = {DATABASE_PASSWORD} if service.database else set()
    return tuple(sorted(own.union(service.secrets)))


def secret_file(service: Service, name: str) -> str:
    """The name of the file that holds a secret, in the folder of those of all services.

    Every service has a password of its own; another secret of the same name is the same for all.
    """
    return f"{service.name}_{name}" if name == DATABASE_PASSWORD else name


def has_dockerfile(service: Service) -> bool:
    """Whether its folder has a `Dockerfile`: a generated one, or the user's own that `custom:` names."""
    return service.type.is_python or "Dockerfile" in service.custom


def extras(service: Service) -> tuple[str, ...]:
    """The parts of the framework's requirements that a Python service needs, sorted."""
    found = ["runtime"]
    if service.database:
        found.append("database")
    if service.type is ServiceType.TELEGRAM:
        found.append("telegram")
    return tuple(sorted(found))


def command(service: Service) -> tuple[str, ...]:
    """What a Python service is started with, in the folder of the project.

    It listens where `LISTEN_ON` says, and without that on every address.
    """
    module = f"services.{service.name}.src.main"
    if not service.type.is_application:
        return ("python", "-m", module)
    server = ("python", "-m", "framework.runtime.serve", f"{module}:app", "--port", str(service.port))
    return (*server, "--timeout-graceful-shutdown", str(REQUEST_SECONDS), *SERVING)


def migration(service: Service) -> tuple[str, ...]:
    """What brings the database of a service up to date: a process that ends."""
    return ("python", "-m", "framework.runtime.migrate_process", service.name)


def probe(service: Service) -> tuple[str, ...]:
    """What asks a Python service from within its image whether it is ready."""
    return ("python", "-m", "framework.runtime.operations.probe", str(operations_port(service)))
