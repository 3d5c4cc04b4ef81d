"""`routers/<domain>.py` of a service: the operations of a domain on HTTP, as plain and flat FastAPI."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from framework.files import File, banner
from framework.generators.annotations import Annotations, call, constraints
from framework.generators.imports import Imports
from framework.generators.methods import (
    PAYLOAD,
    Argument,
    describe,
    folder,
    operations_class,
    package,
    returns,
)
from framework.generators.python_types import VALIDATED
from framework.generators.python_values import PythonValues
from framework.generators.templating import render
from framework.generators.text import literal
from framework.system import Domain, Operation, Param, ParamSource, RestBinding, Service, System
from framework.types import ListType, SchemaType

_FUNCTIONS = {ParamSource.PATH: "Path", ParamSource.QUERY: "Query"}
"""What FastAPI is told with, by the place that a parameter has in a request."""

_BODILESS = frozenset({204, 205, 304})
"""Statuses for which FastAPI knows by itself that there is no body."""


@dataclass(frozen=True, slots=True)
class _Route:
    """One decorated function; `passed` is what it hands to the operation."""

    method: str
    path: str
    options: list[str]
    name: str
    arguments: list[Argument]
    passed: list[str]
    returns: str
    docstring: str


def generate(system: System) -> Iterator[File]:
    """One module for each domain with operations on HTTP."""
    for service in system.services:
        for domain in service.rest_domains:
            path = f"{folder(service)}/generated/routers/{domain.name}.py"
            yield File(path, _Router(system, service, domain).text())


class _Router:
    """Writes the router of one domain."""

    def __init__(self, system: System, service: Service, domain: Domain) -> None:
        self._service = service
        self._domain = domain
        self._imports = Imports("from fastapi import APIRouter")
        self._imports.add(f"from {package(service)}.generated.operations import {operations_class(domain)}")
        self._annotations = Annotations(self._imports, VALIDATED)
        self._defaults = PythonValues(self._imports, system.enums)

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
        return _Route(
            method=rest.method.lower(),
            path=rest.path,
            options=self._options(operation, rest),
            name=operation.name,
            arguments=arguments,
            passed=[f"{argument.name}={argument.name}" for argument in arguments],
            returns=returns(operation, self._annotations),
            docstring=describe(operation),
        )

    def _options(self, operation: Operation, rest: RestBinding) -> list[str]:
        options = [f"operation_id={literal(operation.name)}"]
        if rest.status != 200:
            options.append(f"status_code={rest.status}")
        if operation.output is None and rest.status not in _BODILESS:
            # Without it FastAPI would answer with the JSON text `null`.
            self._imports.add("from fastapi import Response")
            options.append("response_class=Response")
        if operation.deprecated:
            options.append("deprecated=True")
        return options

    def _arguments(self, operation: Operation) -> list[Argument]:
        """Those that must be given stand first, as Python wants it."""
        arguments = [self._argument(param) for param in operation.params]
        if operation.input is not None:
            text = self._annotations(operation.input)
            if not isinstance(operation.input, SchemaType):
                self._imports.add("from fastapi import Body")
                text = self._annotations.with_metadata(text, ["Body()"])
            arguments.insert(0, Argument(PAYLOAD, text))
        places = [param.name for param in operation.params if param.source is ParamSource.PATH]
        return sorted(arguments, key=lambda found: (bool(found.default), found.name not in places))

    def _argument(self, param: Param) -> Argument:
        arguments: dict[str, Any] = constraints(param.constraints)
        if param.description:
            arguments["description"] = param.description
        text = self._annotations(param.type, nullable=param.nullable)
        default = "" if param.required else self._defaults(param.type, param.default)
        is_list = isinstance(param.type, ListType)
        if not (arguments or is_list):  # FastAPI would look for a list in the body
            return Argument(param.name, text, default)
        function = _FUNCTIONS[param.source]
        self._imports.add(f"from fastapi import {function}")
        if is_list and param.default is not None:
            metadata = call(function, arguments, f"default_factory=lambda: {default}")
            return Argument(param.name, self._annotations.with_metadata(text, [metadata]))
        return Argument(
            param.name, self._annotations.with_metadata(text, [call(function, arguments)]), default
        )
