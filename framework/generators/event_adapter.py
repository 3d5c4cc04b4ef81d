"""`event_adapter.py` of a service: which operation handles which event."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from framework.files import File, banner
from framework.generators.annotations import Annotations
from framework.generators.handlers import declaration, default_arguments
from framework.generators.imports import Imports
from framework.generators.methods import PAYLOAD, describe, folder, operations_class, package, specs
from framework.generators.python_values import PythonValues
from framework.generators.templating import render
from framework.system import Domain, Service, System


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
                [operation.subscription.constant, *declaration(service, operation)],
                annotations(operation.input),
                # An event brings no parameters, so that these have their defaults.
                [f"{PAYLOAD}={PAYLOAD}", *default_arguments(operation, defaults)],
                describe(operation),
            )
