"""`shared.generated.schemas`: every model and variant as a Pydantic class, every enum as a `StrEnum`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from framework.files import File, banner
from framework.generators.annotations import Annotations, call, constraints
from framework.generators.imports import SCHEMAS, Imports
from framework.generators.python_types import VALIDATED
from framework.generators.python_values import PythonValues
from framework.generators.templating import render
from framework.naming import field_identifier
from framework.system import Field, Schema, System
from framework.types import references

PATH = "shared/shared/generated/schemas.py"

FAILURE = "OperationFailed"
"""The one message that no spec describes: the runtime has it."""


class _Line(NamedTuple):
    """A field as it is written in its class."""

    name: str
    annotation: str
    default: str


class _Class(NamedTuple):
    """A schema as it is written in the module."""

    name: str
    docstring: str
    lines: list[_Line]


def generate(system: System) -> Iterator[File]:
    """The module of all schemas, each after those that it refers to."""
    imports = Imports(module=SCHEMAS)
    if any(event.message == FAILURE for event in system.events):
        # The repeated name says that it is meant to be imported from here, too.
        imports.add(f"from framework.runtime.failures import {FAILURE} as {FAILURE}")
    if system.enums:
        imports.add("from enum import StrEnum")
    if system.schemas:
        imports.add("from framework.runtime.schema import Schema")
    ordered, late = in_order(system.schemas)
    positions = {schema.name: position for position, schema in enumerate(ordered)}
    writer = _Writer(imports, PythonValues(imports, system.enums), positions)
    classes = [writer.schema(schema) for schema in ordered]
    text = render(
        "codegen/schemas.py.j2",
        banner=banner("shared/spec"),
        imports=imports,
        enums=system.enums,
        schemas=classes,
        late=late,
    )
    yield File(PATH, text)


class _Writer:
    """Writes the fields of schemas; knows which of them are defined already."""

    def __init__(self, imports: Imports, values: PythonValues, positions: Mapping[str, int]) -> None:
        self._imports = imports
        self._annotations = Annotations(imports, VALIDATED)
        self._values = values
        self._positions = positions

    def schema(self, schema: Schema) -> _Class:
        """One class."""
        return _Class(schema.name, _docstring(schema), [self._line(schema, field) for field in schema.fields])

    def _line(self, schema: Schema, field: Field) -> _Line:
        is_marked = not (field.required or field.nullable or field.has_default)
        arguments = _arguments(field)
        metadata = [call("Field", arguments)] if arguments else []
        if is_marked:
            self._imports.add("from framework.runtime.types import NotNull")
            metadata.insert(0, "NotNull()")
        default = self._default(field)
        if arguments or default.startswith("Field("):
            self._imports.add("from pydantic import Field")
        if any(isinstance(argument, Decimal) for argument in arguments.values()):
            self._imports.add("from decimal import Decimal")
        is_nullable = field.nullable or is_marked
        if self._is_ahead(schema, field):
            text = repr(self._annotations(field.type, nullable=is_nullable))
            annotation = self._annotations.with_metadata(text, metadata)
        else:
            annotation = self._annotations.limited(
                field.type, field.constraints, metadata, nullable=is_nullable
            )
        return _Line(field_identifier(field.name), annotation, default)

    def _is_ahead(self, schema: Schema, field: Field) -> bool:
        """Whether the field refers to a class that is not yet defined, and must be quoted."""
        here = self._positions[schema.name]
        return any(self._positions.get(name, -1) >= here for name in references(field.type))

    def _default(self, field: Field) -> str:
        if field.required:
            return ""
        value = field.default if field.has_default else None
        if not isinstance(value, (list, dict)):
            return self._values(field.type, value)
        return f"Field(default_factory={self._values.factory(field.type, value)})"


def _arguments(field: Field) -> dict[str, Any]:
    """What `Field` is told about a field, besides its type and default."""
    found: dict[str, Any] = {} if field_identifier(field.name) == field.name else {"alias": field.name}
    found |= constraints(field.type, field.constraints)
    if field.description:
        found["description"] = field.description
    if field.examples:
        found["examples"] = list(field.examples)
    if field.deprecated:
        found["deprecated"] = True
    return found


def _docstring(schema: Schema) -> str:
    role = f"The variant `{schema.variant}` of `{schema.model}`." if schema.variant else ""
    description = schema.description.strip() or ("" if role else f"The model `{schema.name}`.")
    return "\n\n".join(part for part in (description, role) if part)


def in_order(schemas: Iterable[Schema]) -> tuple[list[Schema], list[str]]:
    """Schemas after those that they refer to, and the names of those for which a cycle makes that impossible.

    The order given is kept as far as that allows. Walks without recursion: chains may be long.
    """
    known = {schema.name: schema for schema in schemas}
    needs = {name: _needs(schema, known) for name, schema in known.items()}
    positions: dict[str, int] = {}
    entered: set[str] = set()
    for first in known:
        stack = [first]
        while stack:
            name = stack[-1]
            ahead = [] if name in entered else [need for need in needs[name] if need not in entered]
            entered.add(name)
            stack.extend(reversed(ahead))
            if not ahead:
                positions.setdefault(stack.pop(), len(positions))
    return [known[name] for name in positions], _incomplete(positions, needs)


def _needs(schema: Schema, known: Mapping[str, Schema]) -> list[str]:
    names = {name: None for field in schema.fields for name in sorted(references(field.type))}
    return [name for name in names if name in known and name != schema.name]


def _incomplete(positions: Mapping[str, int], needs: Mapping[str, list[str]]) -> list[str]:
    """Those that refer, directly or through others, to a class defined after them."""
    late: dict[str, None] = {}
    for name, position in positions.items():
        if any(positions[need] > position or need in late for need in needs[name]):
            late[name] = None
    return list(late)
