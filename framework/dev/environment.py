"""What each service is told by its environment on a developer's machine.

The settings of the project come from `.env`, and from the environment of the command, which wins. A variable
that is empty counts as not set.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from framework.dev.errors import DevelopmentError
from framework.load import load
from framework.resolve import resolve
from framework.servers.ports import HOST, NOBODY
from framework.system import Service, ServiceType

Environment = Mapping[str, str]

STATE = ".dev"
"""The folder of a project that holds what development leaves behind: databases, above all."""


def read_environment(root: Path) -> dict[str, str]:
    """The settings of the project at `root`. Raises `DevelopmentError` when its `.env` is no text."""
    from dotenv import dotenv_values

    try:
        file = dotenv_values(root / ".env", encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DevelopmentError(f".env cannot be read: {error}") from error
    return {**{name: value for name, value in file.items() if value is not None}, **os.environ}


_NOT_FOR_ALL = {"DATABASE_URL", "OPERATIONS_PORT"}
"""Settings of a single service, which services on one machine cannot share."""


def port_of(service: Service, environment: Environment) -> int:
    """The port of `service`: `<SERVICE>_PORT`, else what services.yml says.

    Raises `DevelopmentError` when that variable is no port.
    """
    return _port(f"{service.name.upper()}_PORT", environment) or service.port


def operations_port_of(service: Service, environment: Environment) -> int | None:
    """The port where `service` is operated: `<SERVICE>_OPERATIONS_PORT`; None if that is the service's own.

    A bot or a process has no port but this one, so its `<SERVICE>_PORT` is meant too. Raises what `port_of`
    raises.
    """
    port = _port(f"{service.name.upper()}_OPERATIONS_PORT", environment)
    if port is None and service.type in {ServiceType.TELEGRAM, ServiceType.PYTHON}:
        return port_of(service, environment)
    return port


def _port(variable: str, environment: Environment) -> int | None:
    value = environment.get(variable)
    if not value:
        return None
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise DevelopmentError(f"{variable} must be a port between 1 and 65535, not {value!r}")
    return int(value)


def database_url(root: Path, service: str, environment: Environment) -> str:
    """The URL of the database of `service`.

    `<SERVICE>_DATABASE_URL` if set; else a database on the server of DATABASE_URL, called `<service>`, or
    `<name>_<service>` when that URL has a name; else an SQLite file. Raises `DevelopmentError` when
    DATABASE_URL is not the URL of a PostgreSQL server.
    """
    own = f"{service.upper()}_DATABASE_URL"
    if environment.get(own):
        return environment[own]
    if not environment.get("DATABASE_URL"):
        return f"sqlite:///{root / STATE / service}.db"
    server = _server(environment["DATABASE_URL"])
    prefix = server.path.strip("/")
    return server._replace(path=f"/{prefix}_{service}" if prefix else f"/{service}").geturl()


def _server(url: str) -> SplitResult:
    try:
        server = urlsplit(url)
        _ = server.port  # read only now
    except ValueError as error:
        raise DevelopmentError(f"DATABASE_URL is no URL: {error}") from error
    if not server.scheme.startswith("postgres"):
        raise DevelopmentError(
            "DATABASE_URL must name a PostgreSQL server, where every service gets a database of its own; "
            "for SQLite files leave it out, or give a service its own in <SERVICE>_DATABASE_URL"
        )
    return server


def unanswered(root: Path) -> dict[str, str]:
    """For the project at `root` an address of each service that others call, where nobody answers."""
    specs, diagnostics = load(root)
    services = resolve(specs, diagnostics).services
    settings = {client.setting.upper() for service in services for client in service.clients}
    return dict.fromkeys(sorted(settings), f"http://{HOST}:{NOBODY}")


def service_environment(
    root: Path, service: Service, services: Sequence[Service], environment: Environment
) -> dict[str, str]:
    """The environment that `service` is started with, one of `services`, which are all of the project's.

    Raises what `database_url` and `port_of` raise.
    """
    own = {name: value for name, value in environment.items() if name not in _NOT_FOR_ALL}
    if service.database:
        own["DATABASE_URL"] = database_url(root, service.name, environment)
    if service.type is ServiceType.NODE:
        own["PORT"] = str(port_of(service, environment))
    elif port := operations_port_of(service, environment):
        own["OPERATIONS_PORT"] = str(port)
    ports = {target.name: port_of(target, environment) for target in services}
    for client in service.clients:
        if not own.get(client.setting.upper()):
            own[client.setting.upper()] = f"http://{HOST}:{ports[client.target]}"
    own["PYTHONUNBUFFERED"] = "1"
    for name in ("NO_PROXY", "no_proxy"):  # a proxy could not reach the other services
        own[name] = ",".join(filter(None, [own.get(name), HOST, "localhost"]))
    return own
