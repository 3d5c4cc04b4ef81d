"""What keys of an operation add to its functions: parameters of a request, arguments of a controller.

The mediator takes them as a request has them, and hands them on as a controller wants them.
"""

from __future__ import annotations

from collections.abc import Sequence

from framework.generators.annotations import Annotations
from framework.generators.imports import Imports
from framework.generators.methods import Argument, package
from framework.system import Operation, Param, ParamRole, Service

_TYPES = {
    ParamRole.LIMIT: ("int", ""),
    ParamRole.CURSOR: ("Cursor", "from framework.runtime.pages import Cursor"),
}
"""What a parameter is once it has been read, and the import that this needs."""


def annotation(param: Param, role: ParamRole, imports: Imports) -> str:
    """The type of a parameter that was brought along."""
    text, statement = _TYPES[role]
    if statement:
        imports.add(statement)
    return f"{text} | None" if param.nullable else text


def asked(operation: Operation, imports: Imports) -> list[Argument]:
    """The arguments in which the mediator takes what the request says."""
    return [
        Argument(param.name, annotation(param, param.role, imports))
        for param in operation.params
        if param.role
    ]


def handed(operation: Operation, imports: Imports) -> list[Argument]:
    """The arguments in which the controller gets the same."""
    if not operation.pagination:
        return []
    imports.add("from framework.runtime.pages import PageRequest")
    return [Argument("page", "PageRequest")]


def passed(service: Service, operation: Operation, imports: Imports) -> list[str]:
    """How the mediator makes the second of the first."""
    if not operation.pagination:
        return []
    name = order(operation)
    imports.add(f"from {package(service)}.generated.pages import {name}")
    return [f"page={name}.request(limit, cursor)"]


def read_cursor(
    service: Service,
    operation: Operation,
    param: Param,
    metadata: Sequence[str],
    annotations: Annotations,
    imports: Imports,
) -> str:
    """The annotation by which a request is read; the order of the operation refuses cursors of others."""
    name = order(operation)
    imports.add(f"from {package(service)}.generated.pages import {name}")
    text = annotation(param, ParamRole.CURSOR, imports)
    return annotations.with_metadata(text, [*metadata, name])


def order(operation: Operation) -> str:
    """The name of the order in which an operation gives its pages."""
    return f"{operation.name.upper()}_ORDER"
