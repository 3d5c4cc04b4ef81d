"""`event_adapter.py` of a service: which operation handles which event."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from framework.files import File, banner
from framework.generators.annotations import Annotations, Defaults
from framework.generators.imports import Imports
from framework.generators.methods import PAYLOAD, describe, folder, operations_class, package, specs
from framework.generators.templating import render
from framework.system import Domain, Operation, Service, System


@dataclass(frozen=True, slots=True)
class _Handler:
    """One decorated function; `passed` are the arguments that it hands to the operation."""

    name: str
    operation: str
    event: str
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
    defaults = Defaults(imports, system.enums)
    return render(
        "codegen/event_adapter.py.j2",
        banner=banner(specs(service)),
        service=service,
        imports=imports,
        domains=[
            (domain, operations_class(domain), list(_handlers(domain, defaults, imports)))
            for domain in service.event_domains
        ],
    )


def _handlers(domain: Domain, defaults: Defaults, imports: Imports) -> Iterator[_Handler]:
    annotations = Annotations(imports)
    for operation in domain.subscriptions:
        if operation.subscription and operation.input:
            imports.add(f"from shared.generated.events import {operation.subscription.constant}")
            yield _Handler(
                operation.name,
                operation.qualified_name,
                operation.subscription.constant,
                annotations(operation.input),
                _passed(operation, defaults),
                describe(operation),
            )


def _passed(operation: Operation, defaults: Defaults) -> list[str]:
    """The message as the input; an event brings no parameters, so that these have their defaults."""
    values = (f"{param.name}={defaults(param.type, param.default)}" for param in operation.params)
    return [f"{PAYLOAD}={PAYLOAD}", *values]
