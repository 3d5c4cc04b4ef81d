"""The process that imports a service and writes what it says of itself to standard output, as JSON.

Arguments: the module of the application, or nothing; the names of messages. What the service prints goes to
standard error.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from framework.dev.errors import in_words


def main(module: str, messages: Sequence[str]) -> int:
    """Describe; 1 after saying on standard error what went wrong."""
    output = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        described = {"openapi": _openapi(module) if module else None, "schemas": _schemas(messages)}
    except SystemExit:
        print("What it must be told may stand in .env.example, with a harmless value.", file=sys.stderr)
        return 1
    except Exception as error:
        print(in_words(error, Path.cwd()), file=sys.stderr)
        return 1
    with os.fdopen(output, "w", encoding="utf-8") as stream:
        json.dump(described, stream)
    return 0


def _openapi(module: str) -> dict[str, Any] | None:
    """The document that the service answers, hand-written routes included; None if it answers none."""
    app = import_module(module).app
    document: dict[str, Any] | None = app.openapi() if app.openapi_url else None
    return document


def _schemas(messages: Sequence[str]) -> dict[str, Any]:
    """The messages as they are written, and what they refer to."""
    if not messages:
        return {}
    from pydantic.json_schema import models_json_schema

    generated = import_module("shared.generated.schemas")
    models: list[tuple[Any, Any]] = [(getattr(generated, name), "serialization") for name in messages]
    _, found = models_json_schema(models, ref_template="#/components/schemas/{model}")
    schemas: dict[str, Any] = found["$defs"]
    return schemas


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
