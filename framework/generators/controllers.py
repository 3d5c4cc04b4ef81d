"""`controllers/<domain>.py` of a service: stubs to write the business logic into, made once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from framework.files import File
from framework.generators.imports import Imports
from framework.generators.methods import controller, folder
from framework.generators.protocols import controller_methods
from framework.generators.templating import render
from framework.system import Domain, Operation, Service, System

_STUB = 'raise NotImplementedError("not written yet")'


class Body(NamedTuple):
    """What a method does, if it is no stub: a statement, and the imports that it needs."""

    statement: str
    imports: tuple[str, ...] = ()


def generate(system: System) -> Iterator[File]:
    """One module for each domain."""
    for service in system.services:
        for domain in service.domains:
            yield File(path(service, domain), module(service, domain), once=True)


def path(service: Service, domain: Domain) -> str:
    """Where the controller of a domain is."""
    return f"{folder(service)}/controllers/{domain.name}.py"


def module(service: Service, domain: Domain, bodies: Mapping[str, Body] = MappingProxyType({})) -> str:
    """The module of a domain's controller, unformatted; a method without a body is a stub."""
    imports = Imports(*(line for body in bodies.values() for line in body.imports))
    statements = {name: body.statement for name, body in bodies.items()}
    methods = [
        (method, statements.get(method.name, _STUB))
        for method in controller_methods(service, domain, imports)
    ]
    return render(
        "scaffold/controller.py.j2",
        methods=methods,
        imports=str(imports),
        domain=domain,
        controller=controller(domain),
    )


def stub(service: Service, domain: Domain, operation: Operation) -> tuple[str, str]:
    """One method of a domain's controller as its module would begin with it, and the imports it needs."""
    imports = Imports()
    [method] = controller_methods(service, replace(domain, operations=(operation,)), imports)
    return f"    {method.text}\n        {_STUB}\n", str(imports)
