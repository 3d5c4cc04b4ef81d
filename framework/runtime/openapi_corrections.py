"""OpenAPI documents held to what services take: no more, and no less."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from framework.runtime.types import INT64_MAX, INT64_MIN

_BASE64: Final = r"^([A-Za-z0-9+/_-]{4})*([A-Za-z0-9+/_-]{2}(==)?|[A-Za-z0-9+/_-]{3}=?)?$"
"""What Pydantic reads as the bytes of a model, as a pattern for documents: the padding may be missing."""
_DECIMAL: Final = r"^-?\d{1,13}(\.\d{1,2})?$"
"""How a decimal is written as text, as a pattern for documents; more digits behind the point may be taken."""
_LIMITS: Final = {
    "ge": "minimum",
    "gt": "exclusiveMinimum",
    "le": "maximum",
    "lt": "exclusiveMaximum",
    "multiple_of": "multipleOf",
}
"""What Pydantic calls limits where a check of ours stands before them, and what JSON Schema calls them."""


def correct(document: dict[str, Any]) -> None:
    """Put right what Pydantic and FastAPI say in general, and services do not do so."""
    for methods in document.get("paths", {}).values():
        for operation in methods.values():
            for parameter in operation.get("parameters", ()):
                _forget_null(parameter["schema"])
                _forget_text(parameter["schema"])
    for options in _choices(document):
        _describe_text(options)
    for schema in _schemas(document):
        if schema.get("format") == "base64url" or schema.get("contentEncoding") == "base64":
            schema.setdefault("pattern", _BASE64)
        # What is sent twice is taken once.
        schema.pop("uniqueItems", None)
        if schema["type"] == "integer":
            _name_limits(schema)
            _name_int64(schema)


def _forget_text(schema: dict[str, Any]) -> None:
    """A decimal in a parameter is a number; as text and as number it looks the same there."""
    options = schema.get("anyOf", ())
    if len(options) == 2 and options[0].get("type") == "number" and options[1] == {"type": "string"}:
        del schema["anyOf"]
        schema.update(options[0])


def _name_limits(schema: dict[str, Any]) -> None:
    """A limit of the spec is narrower than that of 64 bits, whose place it takes."""
    for name in _LIMITS.keys() & schema.keys():
        schema[_LIMITS[name]] = schema.pop(name)


def _name_int64(schema: dict[str, Any]) -> None:
    """Limits that no reader with floating-point numbers knows exactly have a name; FastAPI is one."""
    limits = {"minimum": INT64_MIN, "maximum": INT64_MAX}
    for name, limit in limits.items():
        if schema.get(name) in {limit, float(limit)}:
            schema["format"] = "int64"
            del schema[name]


def _forget_null(schema: dict[str, Any]) -> None:
    """A parameter that is not given is absent: no text means null."""
    options = [option for option in schema.get("anyOf", ()) if option != {"type": "null"}]
    if len(options) == 1:
        del schema["anyOf"]
        schema.update(options[0])
    elif options:
        schema["anyOf"] = options


def _describe_text(options: list[Any]) -> None:
    """Not any text is a decimal."""
    kinds = [option.get("type") for option in options if isinstance(option, dict)]
    if "number" in kinds and {"type": "string"} in options:
        options[options.index({"type": "string"})] = {"type": "string", "pattern": _DECIMAL}


def _choices(part: object) -> Iterator[list[Any]]:
    if isinstance(part, dict):
        if isinstance(part.get("anyOf"), list):
            yield part["anyOf"]
        for each in part.values():
            yield from _choices(each)
    elif isinstance(part, list):
        for each in part:
            yield from _choices(each)


def _schemas(part: object) -> Iterator[dict[str, Any]]:
    """Every schema in a part of a document: each object that says a type."""
    if isinstance(part, dict):
        if isinstance(part.get("type"), str):
            yield part
        for each in part.values():
            yield from _schemas(each)
    elif isinstance(part, list):
        for each in part:
            yield from _schemas(each)
