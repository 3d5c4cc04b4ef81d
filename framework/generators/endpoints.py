"""`endpoints/<domain>.py` of a service: the good case of each of its routes, without FastAPI's machinery."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache, partial
from typing import NamedTuple

from framework.files import File, banner
from framework.generators.annotations import Annotations, OfParams, call
from framework.generators.features import IN_LINES, OF_HTTP, read_type, tag
from framework.generators.imports import Imports
from framework.generators.methods import (
    IDEMPOTENCY_KEY,
    PAYLOAD,
    folder,
    key_places,
    operations_class,
    package,
    summary,
)
from framework.generators.python_types import carried, requested
from framework.generators.python_values import Members, PythonValues
from framework.generators.templating import render
from framework.generators.text import called, literal
from framework.naming import argument_identifier, snake_case
from framework.system import (
    NO_LIMITS,
    Domain,
    Operation,
    Param,
    ParamRole,
    ParamSource,
    RestBinding,
    Service,
    System,
)
from framework.types import Algebra, ListType, Scalar, ScalarType, SetType, Type, fold

_READERS = {
    ParamSource.PATH: "path",
    ParamSource.QUERY: "query",
    ParamSource.HEADER: "header",
    ParamSource.COOKIE: "cookie",
}
"""The method of a request that reads a parameter, by the place that it has."""

_PLAIN = frozenset({Scalar.INT, Scalar.FLOAT, Scalar.BOOL, Scalar.STRING, Scalar.EMAIL})
"""Scalars whose values are written as literals, so that making one costs nothing."""


_COLLECTIONS = (ListType, SetType)


class _Reading(NamedTuple):
    """The annotation by which a parameter is read, and what follows it in the call if there is a default."""

    annotation: str
    default: str


class _Endpoint(NamedTuple):
    """One function; `call` is how it calls the operation, `read` what it reads besides, before."""

    name: str
    summary: str
    read: list[str]
    call: str
    tag: str
    response: str


def generate(system: System) -> Iterator[File]:
    """One module for each domain with operations on HTTP."""
    readings = OfParams(partial(_reading, members=system.members))
    for service in system.services:
        for domain in service.rest_domains:
            path = f"{folder(service)}/generated/endpoints/{domain.name}.py"
            yield File(path, _Module(system, service, domain, readings).text())


class _Module:
    """Writes the endpoints of one domain."""

    def __init__(
        self, system: System, service: Service, domain: Domain, readings: OfParams[_Reading]
    ) -> None:
        self._service = service
        self._domain = domain
        self._imports = Imports("from framework.runtime.endpoints import Endpoints")
        self._imports.add(f"from {package(service)}.generated.operations import {operations_class(domain)}")
        self._annotations = Annotations(self._imports, requested)
        self._bodies = Annotations(self._imports, carried)
        self._values = PythonValues(self._imports, system.members)
        self._types: dict[str, str] = {}
        """The names of the types, by their annotations."""
        self._taken: set[str] = set()
        self._readings = readings

    def text(self) -> str:
        """The module."""
        endpoints = [
            self._endpoint(operation, operation.rest)
            for operation in self._domain.operations
            if operation.rest
        ]
        if endpoints:
            self._imports.add("from framework.runtime.endpoints import Request, Response")
        if self._types:
            self._imports.add("from framework.runtime.endpoints import WireType")
        return render(
            "codegen/endpoints.py.j2",
            banner=banner(self._domain.source),
            domain=self._domain,
            imports=self._imports,
            operations_class=operations_class(self._domain),
            types=[(name, annotation) for annotation, name in self._types.items()],
            endpoints=endpoints,
        )

    def _endpoint(self, operation: Operation, rest: RestBinding) -> _Endpoint:
        arguments = [
            f"{argument_identifier(param.name)}={self._param(operation, param)}"
            for param in operation.params
            if param.role not in OF_HTTP
        ]
        read = [
            f"{param.name} = {self._param(operation, param)}"
            for param in operation.params
            if param.role in OF_HTTP
        ]
        if operation.input is not None:
            input_ = self._type(self._bodies(operation.input), _words(operation.input))
            arguments.append(f"{PAYLOAD}=await request.body({input_})")
        if operation.idempotent:
            arguments.append(
                f"{IDEMPOTENCY_KEY}=await {call('request.idempotency_key', key_places(operation))}"
            )
        result = ""
        response = [str(rest.status)]
        if operation.output is not None:
            result = "result = "
            answer = self._type(self._annotations(operation.output), _words(operation.output))
            response.append(f"{answer}.encode(result)")
        found_tag = ""
        if operation.has_tag:
            found_tag = tag(operation, self._imports)
            response.append("tag.headers")
        passed = called(f"{result}await operations.{operation.name}", arguments, 8)
        return _Endpoint(operation.name, summary(operation), read, passed, found_tag, ", ".join(response))

    def _param(self, operation: Operation, param: Param) -> str:
        """The expression that reads a parameter."""
        words = _words(param.type)
        text = read_type(self._service, operation, param, [], self._annotations, self._imports)
        if text is not None:
            default = _default(param, self._values)
            words = f"{operation.name}_{param.name}" if param.role is ParamRole.CURSOR else param.name
        else:
            text, default = self._readings(param, self._imports)
            if param.constraints != NO_LIMITS:
                words = f"{operation.name}_{param.name}"
            elif param.nullable:
                words += "_or_none"
        reader = _READERS[param.source]
        if isinstance(param.type, _COLLECTIONS):
            reader = "queries"
        elif param.role in IN_LINES:
            reader = "headers"
        return f"request.{reader}({literal(param.wire_name)}, {self._type(text, words)}{default})"

    def _type(self, annotation: str, words: str) -> str:
        """The name of a type of the module; two of the same words are told apart by a number."""
        known = self._types.get(annotation)
        if known is None:
            known = self._types[annotation] = self._free(f"_{words.upper()}")
            self._taken.add(known)
        return known

    def _free(self, wanted: str) -> str:
        name, number = wanted, 1
        while name in self._taken:
            number += 1
            name = f"{wanted}_{number}"
        return name


def _reading(param: Param, imports: Imports, members: Members) -> _Reading:
    annotations, values = Annotations(imports, requested), PythonValues(imports, members)
    limits = annotations.constraints(param.type, param.constraints)
    if limits:
        imports.add("from pydantic import Field")
    metadata = [call("Field", limits)] if limits else []
    text = annotations.limited(param.type, param.constraints, metadata, nullable=param.nullable)
    return _Reading(text, _default(param, values))


def _default(param: Param, values: PythonValues) -> str:
    if param.required:
        return ""
    if param.default is None or _is_cheap(param.type):
        return f", default={values(param.type, param.default)}"
    return f", default_factory={values.factory(param.type, param.default)}"


def _is_cheap(type_: Type) -> bool:
    is_collection = isinstance(type_, _COLLECTIONS)
    return not is_collection and not (isinstance(type_, ScalarType) and type_.scalar not in _PLAIN)


@lru_cache(maxsize=16_384)  # the operations of a domain are about the same types
def _words(type_: Type) -> str:
    """What a type says, as part of a name: `list_of_user_read`."""
    return fold(type_, _WORDS)


_WORDS: Algebra[str] = Algebra(
    scalar=lambda scalar: scalar.value,
    list=lambda item: f"list_of_{item}",
    set=lambda item: f"set_of_{item}",
    dict=lambda value: f"dict_of_{value}",
    nullable=lambda inner: f"{inner}_or_none",
    schema=snake_case,
    enum=snake_case,
    page=lambda item: f"page_of_{item}",
)
