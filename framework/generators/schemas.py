"""`shared.generated.schemas`: every model and variant as a Pydantic class, every enum as a `StrEnum`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from framework.files import File, banner
from framework.generators.annotations import Annotations, call
from framework.generators.imports import SCHEMAS, Imports
from framework.generators.python_types import validated
from framework.generators.python_values import PythonValues
from framework.generators.templating import render
from framework.naming import field_identifier
from framework.system import Field, Schema, System
from framework.types import references

PATH = "shared/shared/generated/schemas.py"

FAILURE = "OperationFailed"
"""The one message that no spec describes: the runtime has it."""


class _Class(NamedTuple):
    """A schema as it is written in the module, one line for each field."""

    name: str
    docstring: str
    lines: list[str]


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
    writer = _Writer(imports, PythonValues(imports, system.members), positions)
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
        self._annotations = Annotations(imports, validated)
        self._values = values
        self._positions = positions

    def schema(self, schema: Schema) -> _Class:
        """One class."""
        position = self._positions[schema.name]
        lines = [self._line(field, position) for field in schema.fields]
        return _Class(schema.name, _docstring(schema), lines)

    def _line(self, field: Field, position: int) -> str:
        name = field_identifier(field.name)
        is_marked = not (field.required or field.nullable or field.has_default)
        arguments = self._arguments(field, name)
        metadata = [call("Field", arguments)] if arguments else []
        if is_marked:
            self._imports.add("from framework.runtime.types import NotNull")
            metadata.insert(0, "NotNull()")
        default = self._default(field)
        if arguments or default.startswith("Field("):
            self._imports.add("from pydantic import Field")
        is_nullable = field.nullable or is_marked
        if self._is_ahead(field, position):
            text = repr(self._annotations(field.type, nullable=is_nullable))
            annotation = self._annotations.with_metadata(text, metadata)
        else:
            annotation = self._annotations.limited(
                field.type, field.constraints, metadata, nullable=is_nullable
            )
        return f"{name}: {annotation} = {default}" if default else f"{name}: {annotation}"

    def _arguments(self, field: Field, name: str) -> dict[str, Any]:
        """What `Field` is told about a field, besides its type and default."""
        found: dict[str, Any] = {} if name == field.name else {"alias": field.name}
        found |= self._annotations.constraints(field.type, field.constraints)
        if field.description:
            found["description"] = field.description
        if field.examples:
            found["examples"] = list(field.examples)
        if field.deprecated:
            found["deprecated"] = True
        return found

    def _is_ahead(self, field: Field, position: int) -> bool:
        """Whether the field refers to a class that is not defined before `position`, and must be quoted."""
        names = references(field.type)
        return bool(names) and any(self._positions.get(name, -1) >= position for name in names)

    def _default(self, field: Field) -> str:
        if field.required:
            return ""
        value = field.default if field.has_default else None
        if not isinstance(value, (list, dict)):
            return self._values(field.type, value)
        return f"Field(default_factory={self._values.factory(field.type, value)})"


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
