"""The OpenAPI document of an application, with the errors as they are really answered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from fastapi import FastAPI

from framework.runtime.problems import MEDIA_TYPE, Problem

_FASTAPIS_OWN: Final = ("HTTPValidationError", "ValidationError")
"""What FastAPI would answer to a request that is not valid."""
_PROBLEM: Final = {"schema": {"$ref": "#/components/schemas/Problem"}}


def describe_problems(app: FastAPI) -> None:
    """Make `app` describe its errors as problem documents."""
    describe = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            _rewrite(describe())
        document: dict[str, Any] = describe()
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # as FastAPI documents it


def _rewrite(document: dict[str, Any]) -> None:
    schemas = document.get("components", {}).get("schemas", {})
    if all(name in schemas for name in _FASTAPIS_OWN):
        for name in _FASTAPIS_OWN:
            del schemas[name]
        schemas["Problem"] = Problem.model_json_schema()
        for response in _validation_errors(document):
            response["content"] = {MEDIA_TYPE: _PROBLEM}
        document["components"]["schemas"] = dict(sorted(schemas.items()))


def _validation_errors(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        for operation in path.values():
            response = operation.get("responses", {}).get("422")
            if response is not None:
                yield response
