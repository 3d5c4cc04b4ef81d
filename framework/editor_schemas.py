"""JSON Schemas of the spec files for editors, rendered from the models that parse them.

They do not depend on the project, so that their text lies ready in `templates/schemas` and costs generation
nothing. A test compares, and renders them anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from framework.files import banner
from framework.spec.base import NAMES, Spec
from framework.spec.events import EventsFile
from framework.spec.models import ModelsFile
from framework.spec.operations import DomainFile
from framework.spec.services import ServicesFile

DIALECT = "https://json-schema.org/draft/2020-12/schema"

FILES: Mapping[str, type[Spec]] = {
    "domain.schema.json": DomainFile,
    "events.schema.json": EventsFile,
    "models.schema.json": ModelsFile,
    "services.schema.json": ServicesFile,
}
"""The schemas by the names of their files."""

_NULL = {"type": "null"}
_UNWANTED = ("title", "default")
"""Keywords that editors would show or insert to no one's gain."""


def render(model: type[Spec]) -> str:
    """The schema of one kind of file, as text."""
    schema = {
        "$comment": banner("the spec language", ""),
        "$schema": DIALECT,
        **_for_editors(model.model_json_schema()),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _for_editors(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_for_editors(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {
        name: {key: _for_editors(part) for key, part in value.items()}
        if name in {"properties", "$defs"}
        else _for_editors(value)
        for name, value in schema.items()
        if name not in _UNWANTED
    }
    return _with_names(_without_union(kept))


def _without_union(schema: dict[str, Any]) -> dict[str, Any]:
    """`anyOf` of something and null in one: editors complete what is no union better."""
    match schema:
        case {"anyOf": [{"type": str(type_)} as inner, {"type": "null"}], **rest} if "enum" not in inner:
            return {**rest, **inner, "type": [type_, "null"]}
        case {"anyOf": [{"anyOf": [*choices]}, {"type": "null"}], **rest}:
            return {**rest, "anyOf": [*choices, _NULL]}
    return schema


def _with_names(schema: dict[str, Any]) -> dict[str, Any]:
    """The names of a kind that the project has, and beside them any other text."""
    if NAMES not in schema:
        return schema
    kind = schema.pop(NAMES)
    outer = {"description": schema.pop("description")} if "description" in schema else {}
    return {**outer, "anyOf": [{"$ref": f"names.schema.json#/$defs/{kind}"}, schema]}
