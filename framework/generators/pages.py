"""`pages.py` of a service: the orders in which its lists are read page by page."""

from __future__ import annotations

from collections.abc import Iterator

from framework.files import File, banner
from framework.generators.annotations import Annotations
from framework.generators.features import order
from framework.generators.imports import Imports
from framework.generators.methods import folder, specs
from framework.generators.python_types import validated
from framework.generators.templating import render
from framework.generators.text import literal
from framework.naming import field_identifier
from framework.system import Operation, Pagination, Service, System


def generate(system: System) -> Iterator[File]:
    """One module for each service with lists in pages."""
    for service in system.services:
        operations = [each for domain in service.domains for each in domain.operations if each.pagination]
        if operations:
            yield File(f"{folder(service)}/generated/pages.py", _module(service, operations))


def _module(service: Service, operations: list[Operation]) -> str:
    imports = Imports("from framework.runtime.pages import PageOrder")
    annotations = Annotations(imports, validated)
    orders = [
        (order(each), ", ".join(_arguments(each, each.pagination, annotations)))
        for each in operations
        if each.pagination
    ]
    return render(
        "codegen/pages.py.j2", banner=banner(specs(service)), service=service, imports=imports, orders=orders
    )


def _arguments(operation: Operation, pagination: Pagination, annotations: Annotations) -> Iterator[str]:
    keys = (
        f"{literal(field_identifier(field.name))}: {annotations(field.type)}" for field in pagination.keys
    )
    yield literal(operation.qualified_name)
    yield f"{{{', '.join(keys)}}}"
    if pagination.is_descending:
        yield "descending=True"
