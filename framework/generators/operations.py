"""`operations.py` of a service: the one place where units of work are opened and events published."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from framework.files import File, banner
from framework.generators.features import asked, passed, tag
from framework.generators.imports import Imports
from framework.generators.methods import (
    IDEMPOTENCY_KEY,
    PAYLOAD,
    Argument,
    Method,
    folder,
    methods,
    operations_class,
    package,
    protocol,
    specs,
    takes_session,
)
from framework.generators.templating import render
from framework.generators.text import called, literal
from framework.naming import argument_identifier, field_identifier
from framework.system import Domain, Operation, OperationKind, Publication, Service, System
from framework.types import SchemaType


class _Step(NamedTuple):
    """How one operation is carried out, in Python, empty where there is nothing to do.

    `contexts` are entered around the lines of `body`.
    """

    method: Method
    warning: str
    contexts: list[str]
    body: list[str]
    returns_result: bool


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
    found = zip(domain.operations, methods(domain, imports), strict=True)
    steps = [_step(service, operation, plain, imports) for operation, plain in found]
    has_failures = not service.database and any(operation.on_error for operation in domain.operations)
    if service.database:
        imports.add("from framework.runtime.unit_of_work import UnitOfWorkFactory")
    if has_failures:
        imports.add("from framework.runtime.direct import DirectFailures")
    imports.add(f"from {package(service)}.generated.protocols import {protocol(domain)}")
    return _Mediator(
        operations_class(domain), domain.name, protocol(domain), service.database, has_failures, steps
    )


def _step(service: Service, operation: Operation, plain: Method, imports: Imports) -> _Step:
    in_work = takes_session(service, operation)
    opened = _opened(operation, in_work, imports)
    # A query has nothing to take back.
    is_checked = in_work and operation.kind is not OperationKind.QUERY
    checked = f"work.checked(result, {plain.returns})" if is_checked else ""
    late_work = "" if in_work or not service.database else opened
    claims, keeps = _once(operation, plain, imports)
    afterwards = [*_publication(service, operation, late_work, imports), *keeps]
    contexts = [*_reports(service, operation, imports), *([opened] if in_work else [])]
    result, end = _end(operation, checked, afterwards)
    arguments = [f"{argument.name}={argument.name}" for argument in plain.arguments]
    call = called(
        f"{result}await self._controller.{plain.name}",
        [*(["work.session"] if in_work else []), *arguments, *passed(service, operation, imports)],
        depth=12 if contexts else 8,
    )
    return _Step(
        method=_asked(operation, plain, imports),
        warning=_warning(operation, imports),
        contexts=contexts,
        body=[*claims, call, *end],
        returns_result=bool(operation.output and afterwards),
    )


def _end(operation: Operation, checked: str, afterwards: list[str]) -> tuple[str, list[str]]:
    """What becomes of the result of the controller, and the lines behind its call."""
    if operation.output is None:
        return "", afterwards
    if checked:
        return "result = ", [f"result = {checked}", *afterwards] if afterwards else [f"return {checked}"]
    return ("result = ", afterwards) if afterwards else ("return ", [])


def _once(operation: Operation, plain: Method, imports: Imports) -> tuple[list[str], list[str]]:
    """The lines before the call of the controller, and after it, that make a repetition take effect once."""
    if operation.rest is None or not operation.idempotent:
        return [], []
    imports.add("from framework.runtime.idempotency.answers import claim_key, keep_answer")
    answer = (
        f"{operation.rest.status}, result, {plain.returns}" if operation.output else operation.rest.status
    )
    if operation.has_tag:
        answer = f"{answer}, etag={tag(operation, imports)}"
    return (
        [f"await claim_key(work, {IDEMPOTENCY_KEY})"],
        [f"await keep_answer(work, {IDEMPOTENCY_KEY}, {answer})"],
    )


def _asked(operation: Operation, plain: Method, imports: Imports) -> Method:
    """The method with the arguments that other keys than `params` have brought along."""
    last = asked(operation, imports)
    if operation.idempotent:
        imports.add("from framework.runtime.idempotency.key import IdempotencyKey")
        last.append(Argument(IDEMPOTENCY_KEY, "IdempotencyKey | None", "None"))
    return plain.ending(last) if last else plain


def _warning(operation: Operation, imports: Imports) -> str:
    if not operation.deprecated:
        return ""
    imports.add("from framework.runtime.deprecation import tell_deprecated")
    return f"tell_deprecated({literal(operation.qualified_name)})"


def _opened(operation: Operation, in_work: bool, imports: Imports) -> str:
    """The unit of work; it is told which event it ends with where that tells of a row written in it."""
    arguments = [literal(operation.qualified_name)]
    publication = operation.on_success
    if in_work and publication and publication.arguments is None and publication.event.key:
        imports.add(f"from shared.generated.events import {publication.event.constant}")
        arguments.append(f"tells={publication.event.constant}")
    return f"self._work.{_kind(operation)}({', '.join(arguments)}) as work"


def _kind(operation: Operation) -> str:
    return "query" if operation.kind is OperationKind.QUERY else "command"


def _reports(service: Service, operation: Operation, imports: Imports) -> list[str]:
    if operation.on_error is None:
        return []
    imports.add(f"from shared.generated.events import {operation.on_error.function}")
    owner = "self._work" if service.database else "self._failures"
    return [f"{owner}.report_failure({literal(operation.qualified_name)}, {operation.on_error.function})"]


def _publication(service: Service, operation: Operation, late_work: str, imports: Imports) -> list[str]:
    """The lines that publish, in `late_work` if the controller is called outside of any transaction."""
    if operation.on_success is None:
        return []
    function = operation.on_success.event.function
    imports.add(f"from shared.generated.events import {function}")
    session = ", session=work.session" if service.database else ""
    line = f"await {function}({_message(operation, operation.on_success, imports)}{session})"
    return [f"async with {late_work}:", f"    {line}"] if late_work else [line]


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
