"""The OpenAPI document that says what a project of the benchmark says, for generators that read one.

`python -m tooling.bench.openapi PROJECT DOCUMENT`: a process of its own, since it imports the framework.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from framework.load import load
from framework.resolve import resolve
from framework.system import Constraints, Field, Operation, Param, Schema, System
from framework.types import Algebra, Scalar, Type, fold

Json = dict[str, Any]

_SCALARS: dict[Scalar, Json] = {
    Scalar.INT: {"type": "integer"},
    Scalar.FLOAT: {"type": "number"},
    Scalar.DECIMAL: {"type": "string", "format": "decimal"},
    Scalar.BOOL: {"type": "boolean"},
    Scalar.STRING: {"type": "string"},
    Scalar.BYTES: {"type": "string", "format": "byte"},
    Scalar.DATE: {"type": "string", "format": "date"},
    Scalar.TIME: {"type": "string", "format": "time"},
    Scalar.DATETIME: {"type": "string", "format": "date-time"},
    Scalar.DURATION: {"type": "string", "format": "duration"},
    Scalar.UUID: {"type": "string", "format": "uuid"},
    Scalar.EMAIL: {"type": "string", "format": "email"},
    Scalar.URL: {"type": "string", "format": "uri"},
    Scalar.JSON: {},
}

_LIMITS = {
    "ge": "minimum",
    "le": "maximum",
    "gt": "exclusiveMinimum",
    "lt": "exclusiveMaximum",
    "multiple_of": "multipleOf",
    "min_length": "minLength",
    "max_length": "maxLength",
    "pattern": "pattern",
    "min_items": "minItems",
    "max_items": "maxItems",
}


def document(system: System) -> Json:
    """All operations that answer HTTP, and all models."""
    enums = {
        enum.name: {"type": "string", "enum": [value for _, value in enum.members]} for enum in system.enums
    }
    paths: Json = {}
    for service in system.services:
        for domain in service.domains:
            for operation in domain.operations:
                if rest := operation.rest:
                    methods = paths.setdefault(rest.path, {})
                    methods[rest.method.lower()] = _operation(operation, rest.status)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Shops", "version": "1"},
        "paths": paths,
        "components": {"schemas": {**enums, **{schema.name: _schema(schema) for schema in system.schemas}}},
    }


def _operation(operation: Operation, status: int) -> Json:
    content = {"application/json": {"schema": _type(operation.output)}} if operation.output else None
    success = {"description": "Done", **({"content": content} if content else {})}
    found: Json = {
        "operationId": operation.name,
        "description": operation.description,
        "tags": ["orders"],
        "parameters": [_parameter(param) for param in operation.params],
        "responses": {str(status): success},
    }
    if operation.input:
        found["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _type(operation.input)}},
        }
    return found


def _parameter(param: Param) -> Json:
    schema = {**_type(param.type), **_limits(param.type, param.constraints)}
    if param.has_default and param.default is not None:
        schema["default"] = param.default
    return {"name": param.name, "in": str(param.source), "required": param.required, "schema": schema}


def _schema(schema: Schema) -> Json:
    return {
        "type": "object",
        "description": schema.description,
        "properties": {field.name: _field(field) for field in schema.fields},
        "required": [field.name for field in schema.fields if field.required],
    }


def _field(field: Field) -> Json:
    found = {**_type(field.type), **_limits(field.type, field.constraints)}
    if field.nullable:
        found = {"anyOf": [found, {"type": "null"}]}
    if field.has_default and field.default is not None:
        found["default"] = field.default
    if field.description:
        found["description"] = field.description
    return found


def _type(type_: Type) -> Json:
    return fold(
        type_,
        Algebra(
            scalar=lambda scalar: _SCALARS[scalar],
            list=lambda item: {"type": "array", "items": item},
            set=lambda item: {"type": "array", "items": item, "uniqueItems": True},
            dict=lambda value: {"type": "object", "additionalProperties": value},
            nullable=lambda inner: {"anyOf": [inner, {"type": "null"}]},
            schema=_reference,
            enum=_reference,
            page=_page,
        ),
    )


def _page(item: Json) -> Json:
    cursor = {"anyOf": [{"type": "string"}, {"type": "null"}]}
    return {
        "type": "object",
        "properties": {"items": {"type": "array", "items": item}, "next_cursor": cursor},
        "required": ["items", "next_cursor"],
    }


def _reference(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _limits(type_: Type, constraints: Constraints) -> Json:
    if _type(type_).get("format") == "decimal":
        return {}
    given = {name: getattr(constraints, name) for name in _LIMITS}
    return {_LIMITS[name]: limit for name, limit in given.items() if limit is not None}


if __name__ == "__main__":
    specs, diagnostics = load(Path(sys.argv[1]))
    Path(sys.argv[2]).write_text(json.dumps(document(resolve(specs, diagnostics)), indent=1), "utf-8")
