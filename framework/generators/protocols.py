"""`protocols.py` of a service: what each controller must be able to do, whatever calls it."""

from __future__ import annotations

from collections.abc import Iterator

from framework.files import File, banner
from framework.generators.annotations import Annotations
from framework.generators.imports import Imports
from framework.generators.methods import Argument, Method, folder, method, protocol, specs, takes_session
from framework.generators.templating import render
from framework.system import Domain, Operation, Service, System


def generate(system: System) -> Iterator[File]:
    """One module for each service with operations, one Protocol for each domain."""
    for service in system.services:
        if service.domains:
            yield File(f"{folder(service)}/generated/protocols.py", _module(service))


def _module(service: Service) -> str:
    imports = Imports("from typing import Protocol")
    protocols = [
        (protocol(domain), domain.name, methods(service, domain, imports)) for domain in service.domains
    ]
    return render(
        "codegen/protocols.py.j2",
        banner=banner(specs(service)),
        service=service,
        imports=imports,
        protocols=protocols,
    )


def methods(service: Service, domain: Domain, imports: Imports) -> list[Method]:
    """The methods of a domain's controller; the session, where there is one, stands first."""
    annotations = Annotations(imports)
    return [_method(service, operation, annotations, imports) for operation in domain.operations]


def _method(service: Service, operation: Operation, annotations: Annotations, imports: Imports) -> Method:
    plain = method(operation, annotations)
    if not takes_session(service, operation):
        return plain
    imports.add("from sqlalchemy.ext.asyncio import AsyncSession")
    return plain._replace(arguments=[Argument("session", "AsyncSession"), *plain.arguments])
