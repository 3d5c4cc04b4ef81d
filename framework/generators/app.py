"""`app.py` of a service: `create_app()`, which wires everything that its `main.py` runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from framework.files import File, banner
from framework.generators.imports import Imports
from framework.generators.methods import folder, package
from framework.generators.templating import render
from framework.generators.text import literal
from framework.system import Service, ServiceType, System


class _Kind(NamedTuple):
    """How an app of one type of service is made: by which function of the runtime, with which arguments."""

    function: str
    arguments: tuple[str, ...]
    result: str
    imports: tuple[str, ...]
    parameter: str = ""
    """What `create_app()` is given by the service's `main.py`."""


_KINDS = {
    ServiceType.FASTAPI: _Kind(
        function="create_fastapi_app",
        arguments=("service", "description", "broker", "database", "api_router", "register"),
        result="FastAPI",
        imports=(
            "from fastapi import FastAPI",
            "from framework.runtime.service import create_fastapi_app",
        ),
    ),
    ServiceType.FASTSTREAM: _Kind(
        function="create_worker_app",
        arguments=("service", "broker", "database", "register"),
        result="FastAPI",
        imports=(
            "from fastapi import FastAPI",
            "from framework.runtime.service import create_worker_app",
        ),
    ),
    ServiceType.TELEGRAM: _Kind(
        function="create_bot",
        arguments=("service", "broker", "handlers", "port"),
        result="Bot",
        imports=(
            "from framework.runtime.telegram import Bot",
            "from framework.runtime.telegram import create_bot",
        ),
    ),
    ServiceType.PYTHON: _Kind(
        function="create_process",
        arguments=("service", "broker", "database", "port", "work"),
        result="Process",
        imports=(
            "from framework.runtime.process import Process",
            "from framework.runtime.process import Work",
            "from framework.runtime.process import create_process",
        ),
        parameter="work: Work",
    ),
}


def generate(system: System) -> Iterator[File]:
    """One module for each service that runs on the runtime."""
    for service in system.services:
        if service.type in _KINDS:
            yield File(f"{folder(service)}/generated/app.py", _module(service))


def _module(service: Service) -> str:
    kind = _KINDS[service.type]
    imports = Imports("from shared.generated.events import broker", *kind.imports)
    return render(
        "codegen/app.py.j2",
        banner=banner("services.yml"),
        imports=imports,
        service=service,
        kind=kind,
        settings=_settings(service, imports),
        arguments=[f"{name}={_value(name, service, imports)}" for name in kind.arguments],
    )


def _settings(service: Service, imports: Imports) -> list[str]:
    """The settings of the clients, which are read here so that a missing one is told at the start."""
    for client in service.clients:
        module = f"{package(service)}.generated.clients.{client.target}"
        imports.add(
            "from framework.runtime.settings import load", f"from {module} import {client.settings_class}"
        )
    return [client.settings_class for client in service.clients]


def _value(argument: str, service: Service, imports: Imports) -> str:
    """The expression for an argument of the runtime's function, None for what the service does not have."""
    if argument in {"service", "description"}:
        return literal(service.name if argument == "service" else service.description)
    if argument == "port":
        return str(service.port)
    if argument in {"broker", "work"}:
        return argument
    if argument == "handlers":
        imports.add(f"from {package(service)} import handlers")
        return "handlers"
    parts = {
        "database": ("database", service.database),
        "api_router": ("create_api_router()", bool(service.rest_domains)),
        "register": ("register_event_handlers", service.handles_events),
    }
    expression, is_there = parts[argument]
    if is_there:
        imports.add(f"from {package(service)}.generated.registry import {expression.removesuffix('()')}")
    return expression if is_there else "None"
