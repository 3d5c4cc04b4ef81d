"""`operations.py` of a service: the one place where units of work are opened and events published."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from framework.files import File, banner
from framework.generators.annotations import Annotations
from framework.generators.imports import Imports
from framework.generators.methods import (
    PAYLOAD,
    Method,
    folder,
    method,
    operations_class,
    package,
    protocol,
    specs,
    takes_session,
)
from framework.generators.templating import render
from framework.generators.text import literal
from framework.naming import argument_identifier, field_identifier
from framework.system import Domain, Operation, OperationKind, Publication, Service, System
from framework.types import SchemaType


class _Step(NamedTuple):
    """How one operation is carried out, in Python expressions, empty where there is nothing to do.

    `contexts` are entered around the whole; `late_work` around the publication alone, after the controller
    has been called outside of any transaction.
    """

    method: Method
    warning: str
    contexts: list[str]
    call: str
    has_result: bool
    publication: str
    late_work: str

    @property
    def returns_at_once(self) -> bool:
        """Whether nothing happens after the controller's answer, so that it needs no name."""
        return self.has_result and not self.publication


class _Mediator(NamedTuple):
    """The class of one domain."""

    name: str
    domain: str
    protocol: str
    has_work: bool
    has_failures: bool
    steps: list[_Step]


def generate(system: System) -> Iterator[File]:
    """One module for each service with operations, one class for each domain."""
    for service in system.services:
        if service.domains:
            yield File(f"{folder(service)}/generated/operations.py", _module(service))


def _module(service: Service) -> str:
    imports = Imports()
    mediators = [_mediator(service, domain, imports) for domain in service.domains]
    if service.database:
        imports.add("from framework.runtime.database import SessionFactory")
    return render(
        "codegen/operations.py.j2",
        banner=banner(specs(service)),
        service=service,
        imports=imports,
        mediators=mediators,
    )


def _mediator(service: Service, domain: Domain, imports: Imports) -> _Mediator:
    annotations = Annotations(imports)
    steps = [_step(service, operation, annotations, imports) for operation in domain.operations]
    has_failures = not service.database and any(operation.on_error for operation in domain.operations)
    if service.database:
        imports.add("from framework.runtime.unit_of_work import UnitOfWorkFactory")
    if has_failures:
        imports.add("from framework.runtime.direct import DirectFailures")
    imports.add(f"from {package(service)}.generated.protocols import {protocol(domain)}")
    return _Mediator(
        operations_class(domain), domain.name, protocol(domain), service.database, has_failures, steps
    )


def _step(service: Service, operation: Operation, annotations: Annotations, imports: Imports) -> _Step:
    plain = method(operation, annotations)
    opened = f"self._work.{_kind(operation)}({literal(operation.qualified_name)}) as work"
    in_work = takes_session(service, operation)
    return _Step(
        method=plain,
        warning=_warning(operation, imports),
        contexts=[*_reports(service, operation, imports), *([opened] if in_work else [])],
        call=_call(plain, "work.session" if in_work else ""),
        has_result=operation.output is not None,
        publication=_publication(service, operation, imports),
        late_work="" if in_work or not service.database else opened,
    )


def _warning(operation: Operation, imports: Imports) -> str:
    if not operation.deprecated:
        return ""
    imports.add("from framework.runtime.deprecation import tell_deprecated")
    return f"tell_deprecated({literal(operation.qualified_name)})"


def _kind(operation: Operation) -> str:
    return "query" if operation.kind is OperationKind.QUERY else "command"


def _reports(service: Service, operation: Operation, imports: Imports) -> list[str]:
    if operation.on_error is None:
        return []
    imports.add(f"from shared.generated.events import {operation.on_error.function}")
    owner = "self._work" if service.database else "self._failures"
    return [f"{owner}.report_failure({literal(operation.qualified_name)}, {operation.on_error.function})"]


def _call(plain: Method, session: str) -> str:
    arguments = [f"{argument.name}={argument.name}" for argument in plain.arguments]
    given = ", ".join([session, *arguments] if session else arguments)
    return f"await self._controller.{plain.name}({given})"


def _publication(service: Service, operation: Operation, imports: Imports) -> str:
    if operation.on_success is None:
        return ""
    function = operation.on_success.event.function
    imports.add(f"from shared.generated.events import {function}")
    session = ", session=work.session" if service.database else ""
    return f"await {function}({_message(operation, operation.on_success, imports)}{session})"


def _message(operation: Operation, publication: Publication, imports: Imports) -> str:
    if publication.arguments is None:
        return "result"
    message = publication.event.message
    is_input = all(argument.source == f"{PAYLOAD}.{argument.field}" for argument in publication.arguments)
    if is_input and operation.input == SchemaType(message):
        return PAYLOAD
    imports.add_schemas([message])
    arguments = (
        f"{field_identifier(argument.field)}={_source(argument.source)}" for argument in publication.arguments
    )
    return f"{message}({', '.join(arguments)})"


def _source(source: str) -> str:
    """A parameter, or a field of the input or the output."""
    holder, _, name = source.rpartition(".")
    return f"{holder}.{field_identifier(name)}" if holder else argument_identifier(name)
