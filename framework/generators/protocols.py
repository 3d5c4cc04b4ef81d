"""`protocols.py` of a service: what each controller must be able to do, whatever calls it."""

from __future__ import annotations

from collections.abc import Iterator

from framework.files import File, banner
from framework.generators.features import handed
from framework.generators.imports import Imports
from framework.generators.methods import Argument, Method, folder, methods, protocol, specs, takes_session
from framework.generators.templating import render
from framework.system import Domain, Operation, Service, System

_SESSION = Argument("session", "AsyncSession")


def generate(system: System) -> Iterator[File]:
    """One module for each service with operations, one Protocol for each domain."""
    for service in system.services:
        if service.domains:
            yield File(f"{folder(service)}/generated/protocols.py", _module(service))


def _module(service: Service) -> str:
    imports = Imports("from typing import Protocol")
    protocols = [
        (protocol(domain), domain.name, controller_methods(service, domain, imports))
        for domain in service.domains
    ]
    return render(
        "codegen/protocols.py.j2",
        banner=banner(specs(service)),
        service=service,
        imports=imports,
        protocols=protocols,
    )


def controller_methods(service: Service, domain: Domain, imports: Imports) -> list[Method]:
    """The methods of a domain's controller; the session, where there is one, stands first."""
    found = zip(domain.operations, methods(domain, imports), strict=True)
    return [_method(service, operation, plain, imports) for operation, plain in found]


def _method(service: Service, operation: Operation, plain: Method, imports: Imports) -> Method:
    if last := handed(operation, imports):
        plain = plain.ending(last)
    if not takes_session(service, operation):
        return plain
    imports.add("from sqlalchemy.ext.asyncio import AsyncSession")
    return plain.taking(_SESSION)
