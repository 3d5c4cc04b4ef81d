"""Defaults and examples against the types that they belong to."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from framework.diagnostics import Place
from framework.resolve.constraints import INT64_MAX, INT64_MIN
from framework.resolve.patterns import matches
from framework.resolve.scope import Scope
from framework.source import Spot, short
from framework.system import NO_LIMITS, Constraints, Field, Param
from framework.types import (
    DictType,
    EnumType,
    ListType,
    Scalar,
    ScalarType,
    SchemaType,
    references,
)

if TYPE_CHECKING:
    from pydantic import JsonValue


def check_default(slot: Field | Param, holder: Spot, scope: Scope) -> None:
    """Tell what is wrong with the default of the field or parameter at `holder`."""
    default = slot.default
    models = references(slot.type).difference(scope.enums)
    if models - scope.schemas or (models and isinstance(slot.type, EnumType)):
        return  # an enum whose values could not be read, which was told
    if models and default not in (None, [], *(() if isinstance(slot.type, SchemaType) else ({},))):
        message = "a model is no default"
        hint = "give its own fields defaults, or allow null here"
        scope.diagnostics.add("bad-default", (holder / "default").place, message, hint=hint)
    elif not _is_right(default, slot, scope):
        _check("bad-default", default, slot, holder / "default", holder, scope)


def check_examples(field: Field, holder: Spot, scope: Scope) -> None:
    """Tell what is wrong with the examples of the field at `holder`."""
    for index, example in enumerate(field.examples):
        if not _is_right(example, field, scope):
            spot = holder / "examples" / index
            _check("bad-example", example, field, spot, holder, scope)


def _is_right(value: JsonValue, slot: Field | Param, scope: Scope) -> bool:
    """Whether a value is right at first sight, as most are; if not, Pydantic has to tell."""
    return (value is None and slot.nullable) or _is_plain(value, slot, scope)


def _check(code: str, value: JsonValue, slot: Field | Param, spot: Spot, holder: Spot, scope: Scope) -> None:
    # Imported only now: few values need it, and it takes longer than to read most specs.
    from pydantic_core import ValidationError

    from framework.resolve.value_types import adapter

    enums = tuple(scope.enums[name] for name in sorted(references(slot.type)) if name in scope.enums)
    try:
        adapter(slot.type, slot.constraints, enums).validate_json(json.dumps(value))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        reason = first["msg"]
        if not reason[:2].isupper():
            reason = reason[:1].lower() + reason[1:]
        message = f"{short(value)} is not possible here: {reason}"
        related = _constraint(first["type"], holder)
        hint = _hint(value, first["type"])
        scope.diagnostics.add(code, spot.place, message, hint=hint, related=related, note="the constraint")


_COMPUTED = r"(?i:(?:utc)?now|today|current_(?:date|time|timestamp)|auto|uuid[1-8]?)"


def _hint(value: JsonValue, kind: str) -> str:
    """What to write instead of a value that gives Pydantic's `kind` of error; empty if nobody knows."""
    if value is None:
        return "allow it with type: … | null"
    if isinstance(value, str) and re.fullmatch(_COMPUTED, value.removesuffix("()")):
        return "a default is one fixed value; what is computed is set by the controller"
    if kind.startswith("time_delta"):
        return "a duration in JSON is written like PT90S, PT5M or P1DT2H"
    from framework.shapes import shape_hint  # by mistakes only

    return shape_hint(kind, value, None)


def _is_plain(value: JsonValue, slot: Field | Param, scope: Scope) -> bool:
    limits = slot.constraints
    match slot.type:
        case ScalarType(Scalar.BOOL):
            return isinstance(value, bool)
        case ScalarType(Scalar.INT):
            return isinstance(value, int) and not isinstance(value, bool) and _is_within(value, limits)
        case ScalarType(Scalar.FLOAT):
            return isinstance(value, int | float) and type(value) is not bool and _is_within(value, limits)
        case ScalarType(Scalar.STRING):
            return isinstance(value, str) and value.isprintable() and _is_text_within(value, limits)
        case ListType():
            return value == [] and not limits.min_items
        case DictType():
            return value == {} and not limits.min_items
        case EnumType(name) if enum := scope.enums.get(name):
            return any(value == member for _, member in enum.members)
        case _:
            return False


def _is_within(number: float, limits: Constraints) -> bool:
    at_least = INT64_MIN if limits.ge is None else limits.ge
    at_most = INT64_MAX if limits.le is None else limits.le
    is_bounded_only = limits == Constraints(ge=limits.ge, le=limits.le)
    return is_bounded_only and at_least <= number <= at_most


def _is_text_within(text: str, limits: Constraints) -> bool:
    if limits == NO_LIMITS:
        return True
    at_most = len(text) if limits.max_length is None else limits.max_length
    is_as_long = (limits.min_length or 0) <= len(text) <= at_most
    return is_as_long and (limits.pattern is None or matches(limits.pattern, text))


_CONSTRAINT_OF: Mapping[str, str] = {
    "greater_than_equal": "ge",
    "greater_than": "gt",
    "less_than_equal": "le",
    "less_than": "lt",
    "multiple_of": "multiple_of",
    "string_too_short": "min_length",
    "string_too_long": "max_length",
    "bytes_too_short": "min_length",
    "bytes_too_long": "max_length",
    "string_pattern_mismatch": "pattern",
    "too_short": "min_items",
    "too_long": "max_items",
    "literal_error": "values",
}
"""The key behind each of Pydantic's errors."""


def _constraint(kind: str, holder: Spot) -> Place | None:
    """Where the constraint stands that a value breaks; None if it breaks none that the spec says."""
    spot = holder / _CONSTRAINT_OF.get(kind, "")
    return spot.key if spot.is_there else None
