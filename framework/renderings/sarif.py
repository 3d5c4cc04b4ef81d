"""For code scanning and editors: SARIF 2.1.0, https://docs.oasis-open.org/sarif/sarif/v2.1.0/."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from framework.catalogue import CATALOGUE, Severity
from framework.diagnostics import Diagnostic, Place
from framework.explanations import explanation

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """A log of one run; its rules are the codes that were found, with their explanations as help."""
    found = list(diagnostics)
    codes = sorted({each.code for each in found})
    run = {
        "tool": {"driver": {"name": "framework", "rules": [_rule(code) for code in codes]}},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The folder of the project."}}},
        "results": [_result(each, codes.index(each.code)) for each in found],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule(code: str) -> dict[str, Any]:
    severity, meaning = CATALOGUE[code]
    help_ = explanation(code) or meaning
    return {
        "id": code,
        "shortDescription": {"text": meaning},
        "help": {"text": help_, "markdown": help_},
        "defaultConfiguration": {"level": _level(severity)},
    }


def _result(found: Diagnostic, rule: int) -> dict[str, Any]:
    lines = (found.message, found.hint, found.paste)
    result: dict[str, Any] = {
        "ruleId": found.code,
        "ruleIndex": rule,
        "level": _level(found.severity),
        "message": {"text": "\n".join(filter(None, lines))},
        "locations": [{"physicalLocation": _location(found.place)}],
    }
    if found.related:
        other = {"id": 1, "physicalLocation": _location(found.related)}
        result["relatedLocations"] = [{**other, "message": {"text": found.note}}]
    return result


def _location(place: Place) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": quote(place.path), "uriBaseId": _ROOT}}
    if place.line:
        location["region"] = {
            "startLine": place.line,
            "startColumn": place.column,
            "endLine": place.line,
            "endColumn": place.column + place.width,
        }
    return location


def _level(severity: Severity) -> str:
    # The catalogue's words are those of the standard.
    return severity.value
