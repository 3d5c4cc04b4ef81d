"""`event_adapter.py` of a service: which operation handles which event."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from framework.files import File, banner
from framework.generators.annotations import Annotations
from framework.generators.imports import Imports
from framework.generators.methods import PAYLOAD, describe, folder, operations_class, package, specs
from framework.generators.python_values import PythonValues
from framework.generators.templating import render
from framework.generators.text import literal
from framework.naming import argument_identifier
from framework.system import Domain, Event, Operation, Service, System


class _Handler(NamedTuple):
    """One function; `subscription` are the arguments of its decorator, `passed` those of the operation."""

    name: str
    subscription: list[str]
    message: str
    passed: list[str]
    docstring: str


def generate(system: System) -> Iterator[File]:
    """One module for each service that subscribes to events, one function for each domain that does."""
    for service in system.services:
        if service.event_domains:
            yield File(f"{folder(service)}/generated/event_adapter.py", _module(system, service))


def _module(system: System, service: Service) -> str:
    imports = Imports(
        "from framework.runtime.broker import EventBroker",
        *(
            f"from {package(service)}.generated.operations import {operations_class(domain)}"
            for domain in service.event_domains
        ),
    )
    defaults = PythonValues(imports, system.members)
    return render(
        "codegen/event_adapter.py.j2",
        banner=banner(specs(service)),
        service=service,
        imports=imports,
        domains=[
            (domain, operations_class(domain), list(_handlers(service, domain, defaults, imports)))
            for domain in service.event_domains
        ],
    )


def _handlers(
    service: Service, domain: Domain, defaults: PythonValues, imports: Imports
) -> Iterator[_Handler]:
    annotations = Annotations(imports)
    for operation in domain.subscriptions:
        if operation.subscription and operation.input:
            imports.add(f"from shared.generated.events import {operation.subscription.constant}")
            yield _Handler(
                operation.name,
                _subscription(service, operation, operation.subscription),
                annotations(operation.input),
                _passed(operation, defaults),
                describe(operation),
            )


def _subscription(service: Service, operation: Operation, event: Event) -> list[str]:
    arguments = [
        event.constant,
        f"group={literal(service.name)}",
        f"operation={literal(operation.qualified_name)}",
    ]
    if operation.retry:
        seconds = [f"{delay.total_seconds()}" for delay in operation.retry]
        arguments.append(f"retry=({', '.join(seconds)}{',' if len(seconds) == 1 else ''})")
    return arguments


def _passed(operation: Operation, defaults: PythonValues) -> list[str]:
    """The message as the input; an event brings no parameters, so that these have their defaults."""
    values = (
        f"{argument_identifier(param.name)}={defaults(param.type, param.default)}"
        for param in operation.params
    )
    return [f"{PAYLOAD}={PAYLOAD}", *values]
