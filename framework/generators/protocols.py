"""`protocols.py` of a service: what each controller must be able to do, whatever calls it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from weakref import WeakKeyDictionary

from framework.files import File, banner
from framework.generators.features import handed
from framework.generators.imports import Imports
from framework.generators.methods import (
    Argument,
    Method,
    Methods,
    folder,
    methods,
    protocol,
    specs,
    takes_session,
)
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


# Protocols and controllers have the same ones.
_known: WeakKeyDictionary[Domain, Methods] = WeakKeyDictionary()


def controller_methods(service: Service, domain: Domain, imports: Imports) -> Sequence[Method]:
    """The methods of a domain's controller; the session, where there is one, stands first."""
    known = _known.get(domain)
    if known is None:
        used = Imports()
        found = zip(domain.operations, methods(domain, used), strict=True)
        known = Methods([_method(service, operation, plain, used) for operation, plain in found], used)
        _known[domain] = known
    imports.include(known.imports)
    return known.methods


def _method(service: Service, operation: Operation, plain: Method, imports: Imports) -> Method:
    if last := handed(operation, imports):
        plain = plain.ending(last)
    if not takes_session(service, operation):
        return plain
    imports.add("from sqlalchemy.ext.asyncio import AsyncSession")
    return plain.taking(_SESSION)
