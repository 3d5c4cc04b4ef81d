"""`shared/spec/.schema`: what editors check specs by and complete them with, names of the project too."""

from __future__ import annotations

import json
from collections.abc import Iterator

from framework.files import File, banner
from framework.generators.templating import TEMPLATES
from framework.system import FAILURE, RUNTIME_ERRORS, SERVERS, System
from framework.types import Scalar

FOLDER = "shared/spec/.schema"

NAMES = "names.schema.json"
"""The one schema that depends on the project; the others refer to it."""

_LINES = json.JSONEncoder(separators=(",\n        ", ": "))
"""Has each item of a list on a line of its own."""

_VARIANTS = ("Create", "Read", "Update")
"""The variants that mean something by themselves."""


def generate(system: System) -> Iterator[File]:
    """The schema of each kind of spec, and that of the names in them."""
    for path in sorted((TEMPLATES / "schemas").glob("*.json")):
        yield File(f"{FOLDER}/{path.name}", path.read_text("utf-8"))
    definitions = [f'    "{kind}": {_enum(names)}' for kind, names in _names(system).items()]
    lines = [
        "{",
        f'  "$comment": "{banner("services.yml, shared/spec and services/*/spec", "")}",',
        '  "$schema": "https://json-schema.org/draft/2020-12/schema",',
        '  "$defs": {',
        ",\n".join(definitions),
        "  }",
        "}",
    ]
    yield File(f"{FOLDER}/{NAMES}", "\n".join(lines) + "\n")


def _enum(names: list[str]) -> str:
    # As `json.dumps` does it with an indent, for which it takes several times as long.
    items = f"\n        {_LINES.encode(names)[1:-1]}\n      " if names else ""
    return f'{{\n      "enum": [{items}]\n    }}'


def _names(system: System) -> dict[str, list[str]]:
    """What may be named where; the kinds are those of `framework.spec.base.NAMES`."""
    models = sorted({name for schema in system.schemas for name in (schema.name, schema.model)})
    return {
        "error": sorted({*RUNTIME_ERRORS, *(error.name for error in system.errors)}),
        "event": [event.name for event in system.events],
        "operation": [
            *_called_by_hand(system),
            *(
                f"{service.name}.{operation.name}"
                for service in system.services
                for domain in service.domains
                for operation in domain.rest_operations
            ),
        ],
        "schema": [*models, FAILURE.name],
        "service": [*(service.name for service in system.services), *SERVERS],
        "type": [
            *(scalar.value for scalar in Scalar),
            "enum",
            *models,
            *(f"list[{name}]" for name in models),
        ],
        "variant": sorted({*_VARIANTS, *(schema.variant for schema in system.schemas if schema.variant)}),
    }


def _called_by_hand(system: System) -> list[str]:
    """The services that a node service may call without naming an operation."""
    if all(service.type.is_python for service in system.services):
        return []
    return [service.name for service in system.services if service.type.is_application]
