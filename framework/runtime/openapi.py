"""Errors in OpenAPI documents: what an operation is refused with, as problem documents (RFC 9457)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import validation_error_definition, validation_error_response_definition

from framework.runtime.errors import OperationError
from framework.runtime.problems import MEDIA_TYPE, Problem
from framework.runtime.types import BASE64, INT64_MAX, INT64_MIN

_REFERENCE: Final = "#/components/schemas/"
_SCHEMAS: Final = {
    Problem.__name__: Problem.model_json_schema(),
    "ValidationError": validation_error_definition,
    "HTTPValidationError": validation_error_response_definition,
}
_DECIMAL: Final = r"^-?\d{1,13}(\.\d{1,2})?$"
"""How a decimal is written as text, as a pattern for documents; more digits behind the point may be taken."""
_PROBLEM: Final = {MEDIA_TYPE: {"schema": {"$ref": _REFERENCE + Problem.__name__}}}
_BODY_REFUSALS: Final = {
    "400": {"description": "The body is no JSON text", "content": _PROBLEM},
    "408": {"description": "The body did not arrive in time", "content": _PROBLEM},
    "413": {"description": "The body is too large", "content": _PROBLEM},
}
"""What a request with a body may be refused with before it is looked at."""


def refusals(*errors: type[OperationError]) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may raise these errors: for each status the codes it may have."""
    codes: defaultdict[int | str, list[str]] = defaultdict(list)
    for error in errors:
        codes[error.status].append(error.code)
    return {
        status: {
            "description": f"Refused: {', '.join(codes[status])}",
            "content": dict(_PROBLEM),
        }
        for status in codes
    }


def describe_refusals(app: FastAPI) -> None:
    """Complete the document of `app`: schemas that `refusals` speaks of, what any body may be refused with.

    FastAPI leaves its own 422, a request that is not valid, out of a route that says another. What it says of
    parameters and bodies is corrected where a service takes less, or more.
    """
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        is_new = app.openapi_schema is None
        document = plain()
        if is_new:
            _complete(document)
            _correct(document)
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def _complete(document: dict[str, Any]) -> None:
    is_refused = False
    for operation in _operations(document):
        responses = operation["responses"]
        if "requestBody" in operation:
            responses |= {status: each for status, each in _BODY_REFUSALS.items() if status not in responses}
        if not any(MEDIA_TYPE in response.get("content", {}) for response in responses.values()):
            continue
        is_refused = True
        content = responses.get("422", {}).get("content", {})
        if content and (operation.get("parameters") or operation.get("requestBody")):
            content.setdefault("application/json", {"schema": {"$ref": _REFERENCE + "HTTPValidationError"}})
    if is_refused:
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        document["components"]["schemas"] = dict(sorted({**_SCHEMAS, **schemas}.items()))


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in document.get("paths", {}).values():
        yield from methods.values()


def _correct(document: dict[str, Any]) -> None:
    for operation in _operations(document):
        for parameter in operation.get("parameters", ()):
            _forget_null(parameter["schema"])
            _forget_text(parameter["schema"])
    for options in _choices(document):
        _describe_text(options)
    for schema in _schemas(document):
        if schema.get("format") == "base64url":
            schema.setdefault("pattern", BASE64)
        # What is sent twice is taken once.
        schema.pop("uniqueItems", None)
        if schema["type"] == "integer":
            _name_int64(schema)


def _forget_text(schema: dict[str, Any]) -> None:
    """A decimal in a parameter is a number; as text and as number it looks the same there."""
    options = schema.get("anyOf", ())
    if len(options) == 2 and options[0].get("type") == "number" and options[1] == {"type": "string"}:
        del schema["anyOf"]
        schema.update(options[0])


def _name_int64(schema: dict[str, Any]) -> None:
    """Limits that no reader with floating-point numbers knows exactly have a name."""
    limits = {"minimum": INT64_MIN, "maximum": INT64_MAX}
    if is_int64 := [name for name, limit in limits.items() if schema.get(name) == limit]:
        schema["format"] = "int64"
        for name in is_int64:
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
