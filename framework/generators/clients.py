"""`clients/<service>.py` of a service: what it calls of another service, typed and with retries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from framework.files import File, banner
from framework.generators.annotations import Annotations
from framework.generators.features import has_filled_default
from framework.generators.imports import Imports
from framework.generators.methods import (
    IDEMPOTENCY_KEY,
    PAYLOAD,
    Argument,
    document,
    folder,
    parameters,
    returns,
    specs,
)
from framework.generators.templating import render
from framework.generators.text import literal, quoted
from framework.naming import argument_identifier
from framework.system import Client, Operation, Param, ParamRole, ParamSource, RestBinding, Service, System
from framework.types import PageType

_PLACEHOLDER = re.compile(r"\{(\w+)\}")

_KEYWORDS = {ParamSource.QUERY: "query", ParamSource.HEADER: "headers", ParamSource.COOKIE: "cookies"}
"""The arguments of a request that take parameters, by the place that these have in it."""


_CONDITIONS = {
    ParamRole.IF_MATCH: ('int | Literal["*"]', ""),
    ParamRole.IF_NONE_MATCH: ("int | None", "None"),
}
"""Parameters that callers give as versions: their annotations and defaults."""


class _Items(NamedTuple):
    """The method that goes through the pages of a call; `passed` is what it hands to that."""

    name: str
    parameters: str
    passed: list[str]
    type: str


class _Call(NamedTuple):
    """One method of a client; `request` are the arguments of the HTTP request."""

    name: str
    parameters: str
    returns: str
    docstring: str
    deprecation: str
    request: list[str]
    items: _Items | None


def generate(system: System) -> Iterator[File]:
    """One module for each service that a Python service calls, in the folder of the caller."""
    for service in system.services:
        for client in service.clients if service.type.is_python else ():
            path = f"{folder(service)}/generated/clients/{client.target}.py"
            yield File(path, _module(system, service, client))


def _module(system: System, service: Service, client: Client) -> str:
    target = next(found for found in system.services if found.name == client.target)
    imports = Imports(
        "from pydantic import Field",
        "from framework.runtime.http_client import HttpClient, RetryPolicy",
        "from framework.runtime.settings import ServiceSettings, load",
    )
    annotations = Annotations(imports)
    calls = [
        _call(operation, operation.rest, annotations, imports)
        for operation in client.operations
        if operation.rest
    ]
    if any(operation.output for operation in client.operations):
        imports.add("from framework.runtime.schema import decode")
    if any(param.role is ParamRole.IF_MATCH for each in client.operations for param in each.params):
        imports.add("from typing import Literal")
    if any(operation.deprecated for operation in client.operations):
        imports.add("from typing_extensions import deprecated")
    return render(
        "codegen/client.py.j2",
        banner=banner(specs(target)),
        imports=imports,
        service=service,
        client=client,
        port=target.port,
        calls=calls,
    )


def _call(operation: Operation, rest: RestBinding, annotations: Annotations, imports: Imports) -> _Call:
    path = literal(rest.path)
    if _PLACEHOLDER.search(rest.path):
        imports.add("from framework.runtime.http_client import segment")
        path = "f" + quoted(_PLACEHOLDER.sub(_segment, rest.path))
    request = [literal(rest.method), path, f"idempotent={rest.is_idempotent}"]
    for source, keyword in _KEYWORDS.items():
        sent = [
            f"{literal(param.wire_name)}: {_sent(param, imports)}"
            for param in operation.params
            if param.source is source
        ]
        if sent:
            request.append(f"{keyword}={{{', '.join(sent)}}}")
    if operation.input is not None:
        request.append(f"content={PAYLOAD}")
    if operation.idempotent:
        imports.add("from framework.runtime.http_client import new_idempotency_key")
        # An empty one is sent, and refused: who has lost a key must hear of it.
        made = f"new_idempotency_key() if {IDEMPOTENCY_KEY} is None else {IDEMPOTENCY_KEY}"
        request.append(f"idempotency_key={made}")
    if operation.errors:
        imports.add_errors(operation.errors)
        names = [error.name for error in operation.errors]
        request.append(f"errors=[{', '.join(names)}]")
    return _Call(
        operation.name,
        parameters(_arguments(operation, annotations)),
        returns(operation, annotations),
        document(operation, *_unchanged(operation)),
        f"{operation.qualified_name} is deprecated" if operation.deprecated else "",
        request,
        _items(operation, annotations, imports),
    )


def _unchanged(operation: Operation) -> Iterator[str]:
    """What a client raises where the caller has the answer already."""
    if any(param.role is ParamRole.IF_NONE_MATCH for param in operation.params):
        yield "NotModified: `if_none_match` is the version that it has; of `framework.runtime.http_client`."


def _items(operation: Operation, annotations: Annotations, imports: Imports) -> _Items | None:
    if not isinstance(operation.output, PageType):
        return None
    imports.add("from collections.abc import AsyncIterator", "from framework.runtime.pages import items_of")
    kept = operation._replace(params=_without_cursor(operation))
    arguments = _arguments(kept, annotations)
    return _Items(
        f"iter_{operation.name}",
        parameters(arguments),
        [f"{argument.name}={argument.name}" for argument in arguments],
        annotations(operation.output.item),
    )


def _without_cursor(operation: Operation) -> tuple[Param, ...]:
    return tuple(param for param in operation.params if param.role is not ParamRole.CURSOR)


def _sent(param: Param, imports: Imports) -> str:
    """What is sent for an argument."""
    name = argument_identifier(param.name)
    if has_filled_default(param):
        imports.add("from framework.runtime.http_client import at_least_one")
        return f"at_least_one({name})"
    if param.role not in _CONDITIONS:
        return name
    imports.add("from framework.runtime.versions import EntityTag")
    return f"EntityTag.sent({name})"


def _segment(placeholder: re.Match[str]) -> str:
    return f"{{segment({argument_identifier(placeholder[1])})}}"


def _arguments(operation: Operation, annotations: Annotations) -> list[Argument]:
    """The input, and the parameters; one that is left out is not sent, and the service takes its default."""
    arguments = [_argument(param, annotations) for param in operation.params]
    if operation.input is not None:
        arguments.insert(0, Argument(PAYLOAD, annotations(operation.input)))
    if operation.idempotent:
        arguments.append(Argument(IDEMPOTENCY_KEY, "str | None", "None"))
    return arguments


def _argument(param: Param, annotations: Annotations) -> Argument:
    if param.role in _CONDITIONS:
        return Argument(param.name, *_CONDITIONS[param.role])
    text = annotations(param.type, nullable=not param.required or param.nullable)
    return Argument(argument_identifier(param.name), text, "" if param.required else "None")
