"""`shared.generated.schemas`: every model and variant as a Pydantic class, every enum as a `StrEnum`."""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any, NamedTuple

from framework.files import File, banner
from framework.generators.annotations import Annotations, call
from framework.generators.imports import SCHEMAS, Imports
from framework.generators.python_types import sent, validated
from framework.generators.python_values import PythonValues
from framework.generators.schema_order import in_order
from framework.generators.templating import render
from framework.generators.text import quoted
from framework.naming import field_identifier
from framework.system import Field, Schema, System
from framework.types import Scalar, ScalarType, references

PATH = "shared/shared/generated/schemas.py"

_JSON = ScalarType(Scalar.JSON)

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
    if system.speaks_of_failures:
        # The repeated name says that it is meant to be imported from here, too.
        imports.add(f"from framework.runtime.failures import {FAILURE} as {FAILURE}")
    if system.enums:
        imports.add("from enum import StrEnum")
    if system.schemas:
        imports.add("from framework.runtime.schema import Schema")
    writer = _Writer(imports, PythonValues(imports, system.members), system.sent)
    order = in_order(system)
    text = render(
        "codegen/schemas.py.j2",
        banner=banner("shared/spec"),
        imports=imports,
        enums=system.enums,
        schemas=[writer.schema(schema, order.ahead.get(schema.name)) for schema in order.schemas],
        incomplete=order.incomplete,
    )
    yield File(PATH, text)


class _Writer:
    """Writes the fields of schemas; numbers and booleans of those named in `in_requests` are strict."""

    def __init__(self, imports: Imports, values: PythonValues, in_requests: Set[str]) -> None:
        self._imports = imports
        self._lenient = Annotations(imports, validated)
        self._strict = Annotations(imports, sent)
        self._values = values
        self._in_requests = in_requests
        self._lines: dict[Annotations, dict[int, str]] = {self._lenient: {}, self._strict: {}}

    def schema(self, schema: Schema, ahead: frozenset[str] | None) -> _Class:
        """One class; those named in `ahead` are not defined before it, and must be quoted."""
        annotations = self._strict if schema.name in self._in_requests else self._lenient
        # Most fields stand in several schemas.
        known = self._lines[annotations]
        lines = [
            self._line_ahead(field, annotations, ahead)
            if ahead
            else known.get(id(field)) or self._line(field, annotations)
            for field in schema.fields
        ]
        return _Class(schema.name, _docstring(schema), lines)

    def _line_ahead(self, field: Field, annotations: Annotations, ahead: frozenset[str]) -> str:
        if ahead.isdisjoint(references(field.type)):
            return self._line(field, annotations)
        return self._write(field, annotations, is_ahead=True)

    def _line(self, field: Field, annotations: Annotations) -> str:
        # Few types are written in another way where they are strict.
        is_same = annotations is self._strict and sent(field.type) == validated(field.type)
        written = self._lines[self._lenient if is_same else annotations]
        line = written.get(id(field)) or self._write(field, annotations)
        written[id(field)] = self._lines[annotations][id(field)] = line
        return line

    def _write(self, field: Field, annotations: Annotations, *, is_ahead: bool = False) -> str:
        name = field_identifier(field.name)
        may_be_absent = not (field.required or field.nullable or field.has_default)
        # Any JSON may be null, too: what was left out is told from null by `exclude_unset` alone.
        is_marked = may_be_absent and field.type != _JSON
        arguments = self._arguments(field, annotations, name)
        metadata = [call("Field", arguments)] if arguments else []
        if is_marked:
            self._imports.add("from framework.runtime.types import NotNull")
            metadata.insert(0, "NotNull()")
        default = self._default(field)
        if arguments or default.startswith("Field("):
            self._imports.add("from pydantic import Field")
        is_nullable = field.nullable or is_marked
        if is_ahead:
            text = quoted(annotations(field.type, nullable=is_nullable))
            annotation = annotations.with_metadata(text, metadata)
        else:
            annotation = annotations.limited(field.type, field.constraints, metadata, nullable=is_nullable)
        return f"{name}: {annotation} = {default}" if default else f"{name}: {annotation}"

    def _arguments(self, field: Field, annotations: Annotations, name: str) -> dict[str, Any]:
        """What `Field` is told about a field, besides its type and default."""
        found: dict[str, Any] = {} if name == field.name else {"alias": field.name}
        found |= annotations.constraints(field.type, field.constraints)
        if field.description:
            found["description"] = field.description
        if field.examples:
            found["examples"] = list(field.examples)
        if field.deprecated:
            found["deprecated"] = True
        return found

    def _default(self, field: Field) -> str:
        if field.required:
            return ""
        value = field.default if field.has_default else None
        if not isinstance(value, (list, dict)):
            return self._values(field.type, value)
        return f"Field(default_factory={self._values.factory(field.type, value)})"


def _docstring(schema: Schema) -> str:
    role = f"The variant `{schema.variant}` of `{schema.model}`." if schema.variant else ""
    description = schema.description.strip()
    if description and role:
        return f"{description}\n\n{role}"
    return description or role or f"The model `{schema.name}`."
