"""Errors in OpenAPI documents: what an operation is refused with, as problem documents (RFC 9457)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import validation_error_definition, validation_error_response_definition

from framework.runtime.errors import OperationError
from framework.runtime.openapi_corrections import correct
from framework.runtime.problems import MEDIA_TYPE, Problem

_REFERENCE: Final = "#/components/schemas/"
_SCHEMAS: Final = {
    Problem.__name__: Problem.model_json_schema(),
    "ValidationError": validation_error_definition,
    "HTTPValidationError": validation_error_response_definition,
}
_PROBLEM: Final = {MEDIA_TYPE: {"schema": {"$ref": _REFERENCE + Problem.__name__}}}
_BODY_REFUSALS: Final = {
    "400": {"description": "The body is no JSON text", "content": _PROBLEM},
    "408": {"description": "The body did not arrive in time", "content": _PROBLEM},
    "413": {"description": "The body is too large", "content": _PROBLEM},
}
"""What a request with a body may be refused with before it is looked at."""
_REPLAYED: Final = {
    "description": "`true` on the answer of an earlier request with the same key.",
    "schema": {"type": "string"},
}


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
            correct(document)
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def _complete(document: dict[str, Any]) -> None:
    is_refused = False
    for operation in _operations(document):
        responses = operation["responses"]
        if "requestBody" in operation:
            responses |= {status: each for status, each in _BODY_REFUSALS.items() if status not in responses}
        if any(each["name"] == "Idempotency-Key" for each in operation.get("parameters", ())):
            _tell_replays(responses)
        if not any(MEDIA_TYPE in response.get("content", {}) for response in responses.values()):
            continue
        is_refused = True
        content = responses.get("422", {}).get("content", {})
        if content and (operation.get("parameters") or operation.get("requestBody")):
            content.setdefault("application/json", {"schema": {"$ref": _REFERENCE + "HTTPValidationError"}})
            if MEDIA_TYPE in content:
                responses["422"]["description"] += "; or the request is not valid"
    if is_refused:
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        document["components"]["schemas"] = dict(sorted({**_SCHEMAS, **schemas}.items()))


def _tell_replays(responses: dict[str, Any]) -> None:
    for status, response in responses.items():
        if status.startswith("2"):
            response["headers"] = {**response.get("headers", {}), "Idempotent-Replayed": _REPLAYED}


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in document.get("paths", {}).values():
        yield from methods.values()
