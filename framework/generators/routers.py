"""`routers/<domain>.py` of a service: the operations of a domain on HTTP, as plain and flat FastAPI."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

from framework.files import File, banner
from framework.generators.annotations import Annotations, OfParams, call
from framework.generators.features import OF_HTTP, heeds_versions, read_type, tag
from framework.generators.imports import Imports
from framework.generators.methods import (
    IDEMPOTENCY_KEY,
    PAYLOAD,
    Argument,
    folder,
    key_places,
    operations_class,
    package,
    parameters,
    returns,
    summary,
)
from framework.generators.python_types import carried, requested
from framework.generators.python_values import Members, PythonValues
from framework.generators.templating import render
from framework.naming import argument_identifier
from framework.system import (
    Domain,
    Operation,
    Param,
    ParamSource,
    RestBinding,
    Service,
    System,
)
from framework.types import ListType, Scalar, ScalarType, SchemaType, SetType, Type

_FUNCTIONS = {
    ParamSource.PATH: "Path",
    ParamSource.QUERY: "Query",
    ParamSource.HEADER: "Header",
    ParamSource.COOKIE: "Cookie",
}
"""What FastAPI is told with, by the place that a parameter has in a request."""

_TOLD = frozenset({ParamSource.HEADER, ParamSource.COOKIE})
"""Places that FastAPI must be told; it finds out by itself what stands in the path or the query."""

_MADE_ANEW = frozenset({ScalarType(Scalar.URL), ScalarType(Scalar.UUID)})
"""Scalars whose values a linter does not know to be immutable."""

_BODILESS = frozenset({204, 304})
"""Statuses for which FastAPI knows by itself that there is no body, and speaks of none."""


_RESPONSE = "response"
"""The argument in which FastAPI gives a route the headers of its answer."""


class _Route(NamedTuple):
    """One decorated function; `passed` is what it hands to the operation."""

    method: str
    path: str
    options: list[str]
    name: str
    parameters: str
    passed: list[str]
    returns: str
    tag: str
    docstring: str


def generate(system: System) -> Iterator[File]:
    """One module for each domain with operations on HTTP."""
    arguments = OfParams(partial(_argument, members=system.members))
    for service in system.services:
        for domain in service.rest_domains:
            path = f"{folder(service)}/generated/routers/{domain.name}.py"
            yield File(path, _Router(service, domain, arguments).text())


class _Router:
    """Writes the router of one domain."""

    def __init__(self, service: Service, domain: Domain, arguments: OfParams[Argument]) -> None:
        self._service = service
        self._domain = domain
        self._imports = Imports("from fastapi import APIRouter")
        self._imports.add(f"from {package(service)}.generated.operations import {operations_class(domain)}")
        self._annotations = Annotations(self._imports, requested)
        self._bodies = Annotations(self._imports, carried)
        self._read = arguments

    def text(self) -> str:
        """The module."""
        routes = [
            self._route(operation, operation.rest) for operation in self._domain.operations if operation.rest
        ]
        tags = next(operation.rest.tags for operation in self._domain.operations if operation.rest)
        return render(
            "codegen/router.py.j2",
            banner=banner(self._domain.source),
            service=self._service,
            domain=self._domain,
            imports=self._imports,
            operations_class=operations_class(self._domain),
            tags=tags,
            routes=routes,
        )

    def _route(self, operation: Operation, rest: RestBinding) -> _Route:
        arguments = self._arguments(operation)
        of_http = {param.name for param in operation.params if param.role in OF_HTTP} | {_RESPONSE}
        return _Route(
            method=rest.method.lower(),
            path=rest.path,
            options=self._options(operation, rest),
            name=operation.name,
            parameters=parameters(arguments),
            passed=[
                f"{argument.name}={argument.name}" for argument in arguments if argument.name not in of_http
            ],
            returns=returns(operation, self._annotations),
            tag=self._tag(operation),
            docstring=summary(operation),
        )

    def _options(self, operation: Operation, rest: RestBinding) -> list[str]:
        options = [f'operation_id="{operation.name}"']
        if rest.status != 200:
            options.append(f"status_code={rest.status}")
        if operation.output is None and rest.status not in _BODILESS:
            # Without it FastAPI would answer with the JSON text `null`.
            self._imports.add("from fastapi import Response")
            options.append("response_class=Response")
        responses = []
        if refusals := self._refusals(operation):
            self._imports.add("from framework.runtime.openapi import refusals")
            responses.append(f"refusals({', '.join(refusals)})")
        if operation.has_tag:
            self._imports.add("from framework.runtime.versions import EntityTag")
            responses.append(f"EntityTag.answers({rest.status}{', is_read=True' if rest.is_safe else ''})")
        if responses:
            options.append(f"responses={' | '.join(responses)}")
        if operation.deprecated:
            options.append("deprecated=True")
        return options

    def _tag(self, operation: Operation) -> str:
        """The expression for the tag of the answer, if it has one."""
        return tag(operation, self._imports) if operation.has_tag else ""

    def _refusals(self, operation: Operation) -> list[str]:
        self._imports.add_errors(operation.errors)
        names = [error.name for error in operation.errors]
        if operation.idempotent:
            own = ["IdempotencyKeyInUse", "IdempotencyKeyReused"]
            self._imports.add(f"from framework.runtime.idempotency.refusals import {', '.join(own)}")
            names += own
        if heeds_versions(operation):
            self._imports.add("from framework.runtime.versions import PreconditionRequired")
            names.append("PreconditionRequired")
        return names

    def _arguments(self, operation: Operation) -> list[Argument]:
        """Those that must be given stand first, as Python wants it."""
        in_path: list[Argument] = []
        given: list[Argument] = []
        optional: list[Argument] = []
        if operation.input is not None:
            given.append(Argument(PAYLOAD, self._body(operation.input)))
        for param in operation.params:
            argument = self._added(operation, param) if param.role else self._read(param, self._imports)
            places = optional if argument.default else in_path if param.source is ParamSource.PATH else given
            places.append(argument)
        if operation.idempotent:
            optional.append(self._key(operation))
        if operation.has_tag:
            self._imports.add("from fastapi import Response")
            given.append(Argument(_RESPONSE, "Response"))
        return [*in_path, *given, *optional]

    def _body(self, type_: Type) -> str:
        text = self._bodies(type_)
        if isinstance(type_, SchemaType):
            return text
        self._imports.add("from fastapi import Body")
        return self._bodies.with_metadata(text, ["Body()"])

    def _key(self, operation: Operation) -> Argument:
        """What is read with the key: all that the request says, its headers and cookies if they matter."""
        told = key_places(operation)
        module = "framework.runtime.idempotency.key"
        if not told:
            self._imports.add(f"from {module} import SentIdempotencyKey")
            return Argument(IDEMPOTENCY_KEY, "SentIdempotencyKey", "None")
        self._imports.add("from fastapi import Depends")
        self._imports.add(f"from {module} import IdempotencyKey, IdempotencyKeyReader")
        reader = f"Depends({call('IdempotencyKeyReader', told)})"
        text = self._annotations.with_metadata("IdempotencyKey | None", [reader])
        return Argument(IDEMPOTENCY_KEY, text, "None")

    def _added(self, operation: Operation, param: Param) -> Argument:
        """A parameter that another key than `params` has brought along: what it says is read by the way."""
        function = _FUNCTIONS[param.source]
        told = [call(function, {"description": param.description})]
        text = read_type(self._service, operation, param, told, self._annotations, self._imports)
        if text is None:
            return self._read(param, self._imports)
        self._imports.add(f"from fastapi import {function}")
        return Argument(param.name, text, "None")


def _argument(param: Param, imports: Imports, members: Members) -> Argument:
    """The argument that a parameter is read into."""
    annotations, values = Annotations(imports, requested), PythonValues(imports, members)
    name = argument_identifier(param.name)
    default = "" if param.required else values(param.type, param.default)
    arguments: dict[str, Any] = {"alias": param.wire_name} if name != param.name else {}
    arguments |= annotations.constraints(param.type, param.constraints)
    if param.description:
        arguments["description"] = param.description
    rendered = []
    is_collection = isinstance(param.type, ListType | SetType)
    if param.default is not None and (is_collection or param.type in _MADE_ANEW):
        # It is made anew for each request; FastAPI does not show what a function makes.
        arguments["json_schema_extra"] = {"default": param.default}
        rendered = [f"default_factory={values.factory(param.type, param.default)}"]
        default = ""
    metadata = []
    if arguments or rendered or is_collection or param.source in _TOLD:
        imports.add(f"from fastapi import {_FUNCTIONS[param.source]}")
        metadata = [call(_FUNCTIONS[param.source], arguments, *rendered)]
    text = annotations.limited(param.type, param.constraints, metadata, nullable=param.nullable)
    return Argument(name, text, default)
