"""Errors in OpenAPI documents: what an operation is refused with, as problem documents (RFC 9457)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import validation_error_definition, validation_error_response_definition

from framework.runtime.errors import OperationError
from framework.runtime.problems import MEDIA_TYPE, Problem

_REFERENCE: Final = "#/components/schemas/"
_SCHEMAS: Final = {
    Problem.__name__: Problem.model_json_schema(),
    "ValidationError": validation_error_definition,
    "HTTPValidationError": validation_error_response_definition,
}


def refusals(*errors: type[OperationError]) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may raise these errors: for each status the codes it may have."""
    codes: defaultdict[int | str, list[str]] = defaultdict(list)
    for error in errors:
        codes[error.status].append(error.code)
    return {
        status: {
            "description": f"Refused: {', '.join(codes[status])}",
            "content": {MEDIA_TYPE: {"schema": {"$ref": _REFERENCE + Problem.__name__}}},
        }
        for status in codes
    }


def describe_refusals(app: FastAPI) -> None:
    """Complete the document of `app`: schemas that `refusals` speaks of, and both forms of a 422.

    FastAPI leaves its own 422, a request that is not valid, out of a route that says another.
    """
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        is_new = app.openapi_schema is None
        document = plain()
        if is_new:
            _complete(document)
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def _complete(document: dict[str, Any]) -> None:
    refused = [operation for operation in _operations(document) if _is_refused(operation)]
    for operation in refused:
        content = operation["responses"].get("422", {}).get("content", {})
        if content and (operation.get("parameters") or operation.get("requestBody")):
            content.setdefault("application/json", {"schema": {"$ref": _REFERENCE + "HTTPValidationError"}})
    if refused:
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        document["components"]["schemas"] = dict(sorted({**_SCHEMAS, **schemas}.items()))


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in document.get("paths", {}).values():
        yield from methods.values()


def _is_refused(operation: dict[str, Any]) -> bool:
    return any(MEDIA_TYPE in response.get("content", {}) for response in operation["responses"].values())
