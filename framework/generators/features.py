"""What keys of an operation add to its functions: parameters of a request, arguments of a controller.

The mediator takes them as a request has them, and hands them on as a controller wants them.
"""

from __future__ import annotations

from collections.abc import Sequence

from framework.generators.annotations import Annotations
from framework.generators.imports import Imports
from framework.generators.methods import Argument, package
from framework.system import Operation, Param, ParamRole, Service
from framework.types import ListType, SetType

_TYPES = {
    ParamRole.LIMIT: ("int", ""),
    ParamRole.CURSOR: ("Cursor", "from framework.runtime.pages import Cursor"),
    ParamRole.IF_MATCH: ("IfMatch", "from framework.runtime.versions import IfMatch"),
    ParamRole.IF_NONE_MATCH: ("IfNoneMatch", "from framework.runtime.versions import IfNoneMatch"),
}
"""What a parameter is once it has been read, and the import that this needs."""


OF_HTTP = frozenset({ParamRole.IF_NONE_MATCH})
"""What is a matter of the answer alone: no operation is asked for it."""

IN_LINES = frozenset({ParamRole.IF_MATCH, ParamRole.IF_NONE_MATCH})
"""Headers that are lists, and so may be sent in several lines."""


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
        if param.role and param.role not in OF_HTTP
    ]


def handed(operation: Operation, imports: Imports) -> list[Argument]:
    """The arguments in which the controller gets the same."""
    if operation.pagination:
        imports.add("from framework.runtime.pages import PageRequest")
        return [Argument("page", "PageRequest")]
    if heeds_versions(operation):
        imports.add("from framework.runtime.versions import IfMatch")
        return [Argument("if_match", "IfMatch")]
    return []


def passed(service: Service, operation: Operation, imports: Imports) -> list[str]:
    """How the mediator makes the second of the first."""
    if operation.pagination:
        name = order(operation)
        imports.add(f"from {package(service)}.generated.pages import {name}")
        return [f"page={name}.request(limit, cursor)"]
    return ["if_match=IfMatch.given(if_match)"] if heeds_versions(operation) else []


def has_filled_default(param: Param) -> bool:
    """Whether a service takes something else for a list of the query that is left out than an empty one."""
    return isinstance(param.type, ListType | SetType) and bool(param.default)


def heeds_versions(operation: Operation) -> bool:
    """Whether a request must say which version it is about."""
    return operation.versioned and any(param.role is ParamRole.IF_MATCH for param in operation.params)


def read_type(
    service: Service,
    operation: Operation,
    param: Param,
    metadata: Sequence[str],
    annotations: Annotations,
    imports: Imports,
) -> str | None:
    """The annotation by which a request is read, where the parameter is more than its type says.

    The order of the operation refuses cursors of others.
    """
    if param.role is None or param.role is ParamRole.LIMIT:
        return None
    text = annotation(param, param.role, imports)
    if param.role is not ParamRole.CURSOR:
        return annotations.with_metadata(text, metadata)
    name = order(operation)
    imports.add(f"from {package(service)}.generated.pages import {name}")
    return annotations.with_metadata(text, [*metadata, name])


def tag(operation: Operation, imports: Imports) -> str:
    """The expression for the tag of an answer; it raises where the caller has that version already."""
    imports.add("from framework.runtime.versions import EntityTag")
    is_read = any(param.role is ParamRole.IF_NONE_MATCH for param in operation.params)
    return f"EntityTag(result.version){'.unless(if_none_match)' if is_read else ''}"


def order(operation: Operation) -> str:
    """The name of the order in which an operation gives its pages."""
    return f"{operation.name.upper()}_ORDER"
