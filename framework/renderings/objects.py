"""For programs of one's own: a list of JSON objects."""

from __future__ import annotations

import json
from collections.abc import Iterable

from framework.diagnostics import Diagnostic, Place


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """A list of objects; lines and columns count from 1 and are null for a whole file."""
    return json.dumps([_object(found) for found in diagnostics], indent=2)


def _object(found: Diagnostic) -> dict[str, object]:
    return {
        "code": found.code,
        "severity": found.severity.value,
        **_place_object(found.place),
        "message": found.message,
        "hint": found.hint,
        "related": {**_place_object(found.related), "note": found.note} if found.related else None,
        "paste": found.paste,
    }


def _place_object(place: Place) -> dict[str, object]:
    return {
        "path": place.path,
        "line": place.line or None,
        "column": place.column or None,
        "end_column": place.column + place.width if place.line else None,
    }
