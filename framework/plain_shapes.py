"""The table that `framework.plain_spec` reads specs by, made from the models.

Its text lies ready in `spec/plain.json`, so that it costs generation nothing. A test compares, and renders it
anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MethodType
from typing import Any

from framework.spec import base, operations
from framework.spec.base import Spec
from framework.spec.events import EventsFile
from framework.spec.models import ModelsFile
from framework.spec.operations import DomainFile
from framework.spec.services import ServicesFile, WrittenLike

MODELS: tuple[type[Spec], ...] = (ServicesFile, ModelsFile, EventsFile, DomainFile)
"""The kinds of files."""

_CHECKS: Mapping[Callable[..., Any], str] = {
    base._without_repetition: "once",
    operations._distinct: "distinct",
    operations._short: "short",
}
_READ: Mapping[Callable[..., Any], list[Any]] = {
    base._duration: ["duration"],
    base._is_number: ["number"],
}


def render() -> str:
    """The table as text: a line for each field."""
    shapes = _Shapes()
    for model in MODELS:
        shapes.add(model)
    models = (
        f"{json.dumps(name)}: {{\n"
        + ",\n".join(f"  {json.dumps(field)}: {json.dumps(shape)}" for field, shape in fields.items())
        + "\n}"
        for name, fields in sorted(shapes.models.items())
    )
    return "{\n" + ",\n".join(models) + "\n}\n"


class _Shapes:
    def __init__(self) -> None:
        self.models: dict[str, dict[str, list[Any]]] = {}

    def add(self, model: type[Spec]) -> None:
        model.model_rebuild()
        schema: Any = model.__pydantic_core_schema__
        self._shape(schema["schema"] if schema["type"] == "definitions" else schema)

    def _shape(self, schema: Any) -> list[Any]:
        """The shape of what one of Pydantic's core schemas lets through."""
        return self._of_function(schema) or self._of_parts(schema) or _of_value(schema)

    def _of_function(self, schema: Any) -> list[Any] | None:
        match schema:
            case {"type": "function-wrap", "schema": inner, "function": {"function": MethodType()}}:
                return self._shape(inner)  # validates once what stands in many places
            case {
                "type": "function-after",
                "schema": inner,
                "function": {"function": base._without_controls},
            }:
                return self._shape(inner)  # no text has any that is plain
            case {"type": "function-after", "schema": inner, "function": {"function": check}}:
                return ["checked", self._shape(inner), _CHECKS[check]]
            case {"type": "function-plain", "function": {"function": WrittenLike(pattern, _)}}:
                return ["written like", pattern]
            case {"type": "function-plain", "function": {"function": read}}:
                return _READ[read]
        return None

    def _of_parts(self, schema: Any) -> list[Any] | None:
        match schema:
            case {"type": "model", "cls": model, "schema": {"fields": fields}}:
                shapes = {name: self._field(field["schema"]) for name, field in fields.items()}
                self.models[model.__name__] = shapes
                return ["model", model.__name__]
            case {"type": "nullable", "schema": inner}:
                return ["null", self._shape(inner)]
            case {"type": "union", "choices": choices}:
                return ["either", *map(self._shape, choices)]
            case {"type": "dict", "keys_schema": key, "values_schema": value}:
                return ["dict", self._shape(key), self._shape(value)]
            case {"type": "tuple", "items_schema": [item], "min_length": least, "max_length": most}:
                return ["of length", ["list", self._shape(item)], least, most]
            case {"type": "tuple", "items_schema": [item]}:
                return ["list", self._shape(item)]
        return None

    def _field(self, schema: Any) -> list[Any]:
        if schema["type"] != "default":
            return [self._shape(schema)]
        default = schema["default_factory"]() if "default_factory" in schema else schema["default"]
        return [self._shape(schema["schema"]), {} if isinstance(default, Spec) else default]


def _of_value(schema: Any) -> list[Any]:
    match schema:
        case {"type": "str", "pattern": pattern, "max_length": longest}:
            return ["written like", f"(?=.{{0,{longest}}}\\Z)(?:{pattern})"]
        case {"type": "str"}:
            return ["text", schema.get("max_length")]
        case {"type": "literal", "expected": expected}:
            return ["one of", *expected]
        case {"type": "int" | "float" as kind}:
            return [kind, schema.get("ge"), schema.get("le")]
        case {"type": "bool" | "any" as kind}:
            return [kind]
        case {"type": "definition-ref", "schema_ref": str(name)} if "JsonValue" in name:
            return ["json"]
    raise TypeError(f"there is no shape for {schema['type']}")
