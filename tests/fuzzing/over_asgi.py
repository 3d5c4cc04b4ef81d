"""Asks the application of one service for all its operations, without a server: `… over_asgi desk 20`."""

from __future__ import annotations

import importlib
import json
import sys
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def main(service: str, examples: int) -> None:
    """Hold every answer to the document; raises what schemathesis raises where one does not keep to it."""
    application = importlib.import_module(f"services.{service}.src.main").app
    schema = schemathesis.openapi.from_asgi("/openapi.json", application)
    schema.config.generation.allow_x00 = False
    count = 0
    for result in schema.get_all_operations():
        if not isinstance(result, Ok):
            raise result.err()
        _examine(result.ok(), examples)
        count += 1
    print(json.dumps({"operations": count, "examples": examples}))


def _examine(operation: APIOperation[Any, Any, Any, Any], examples: int) -> None:
    @seed(1)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(checks=CHECKS)

    ask()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
