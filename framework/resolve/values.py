"""Defaults and examples against the types that they belong to."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

from pydantic import AfterValidator, AnyUrl, ConfigDict, JsonValue, TypeAdapter, ValidationError
from pydantic import Field as PydanticField
from pydantic_core import PydanticCustomError

from framework.diagnostics import Place
from framework.resolve.constraints import CONSTRAINTS, DECIMAL_DIGITS, INT64_MAX, INT64_MIN
from framework.resolve.scope import Scope
from framework.source import Spot, short
from framework.system import Constraints, Enum
from framework.types import Algebra, EnumType, Scalar, SchemaType, Type, fold, references


class Slot(NamedTuple):
    """What a value is put into: a field or a parameter."""

    type: Type
    nullable: bool
    constraints: Constraints


def check_default(default: JsonValue, slot: Slot, spot: Spot, scope: Scope) -> None:
    """Tell what is wrong with a default."""
    holds_models = any(name not in scope.enums for name in references(slot.type))
    if holds_models and default not in (None, [], *(() if isinstance(slot.type, SchemaType) else ({},))):
        message = "a model is no default"
        hint = "give its own fields defaults, or allow null here"
        scope.diagnostics.add("bad-default", spot.place, message, hint=hint)
    else:
        _check("bad-default", default, slot, spot, spot.parent, scope)


def check_example(example: JsonValue, slot: Slot, spot: Spot, scope: Scope) -> None:
    """Tell what is wrong with an example."""
    _check("bad-example", example, slot, spot, spot.parent.parent, scope)


def _check(code: str, value: JsonValue, slot: Slot, spot: Spot, holder: Spot, scope: Scope) -> None:
    if (value is None and slot.nullable) or _is_member(value, slot.type, scope):
        return
    enums = tuple(scope.enums[name] for name in sorted(references(slot.type)) if name in scope.enums)
    try:
        _adapter(slot.type, slot.constraints, enums).validate_json(json.dumps(value))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        reason = first["msg"]
        if not reason[:2].isupper():
            reason = reason[:1].lower() + reason[1:]
        message = f"{short(value)} is not possible here: {reason}"
        related = _constraint(first["type"], holder)
        hint = "allow it with type: … | null" if value is None else ""
        scope.diagnostics.add(code, spot.place, message, hint=hint, related=related, note="the constraint")


def _is_member(value: JsonValue, type_: Type, scope: Scope) -> bool:
    """Whether a value is one of an enum: most defaults are, and an adapter for every enum takes long."""
    enum = scope.enums.get(type_.name) if isinstance(type_, EnumType) else None
    return enum is not None and any(value == member for _, member in enum.members)


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


_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z")


def _require_address(text: str) -> str:
    # The library behind EmailStr takes longer to import than most specs to compile.
    if not _ADDRESS.match(text):
        raise PydanticCustomError("email", "value is not an email address")
    return text


_RUNTIME: Mapping[Scalar, Any] = {
    Scalar.INT: Annotated[int, PydanticField(ge=INT64_MIN, le=INT64_MAX)],
    Scalar.FLOAT: float,
    Scalar.DECIMAL: Annotated[Decimal, PydanticField(max_digits=DECIMAL_DIGITS)],
    Scalar.BOOL: bool,
    Scalar.STRING: Annotated[str, PydanticField(pattern="\\A[^\0]*\\z")],
    Scalar.BYTES: bytes,
    Scalar.DATE: date,
    Scalar.TIME: time,
    Scalar.DATETIME: datetime,
    Scalar.DURATION: timedelta,
    Scalar.UUID: UUID,
    Scalar.EMAIL: Annotated[str, AfterValidator(_require_address)],
    Scalar.URL: AnyUrl,
    Scalar.JSON: JsonValue,
}

_CONFIG = ConfigDict(strict=True, allow_inf_nan=False, val_json_bytes="base64")


@lru_cache(maxsize=1024)
def _adapter(type_: Type, constraints: Constraints, enums: tuple[Enum, ...]) -> TypeAdapter[Any]:
    values = {enum.name: tuple(value for _, value in enum.members) for enum in enums}
    python = fold(
        type_,
        Algebra(
            scalar=lambda scalar: _RUNTIME[scalar],
            list=lambda item: list[item],  # type: ignore[valid-type]
            set=lambda item: set[item],  # type: ignore[valid-type]
            dict=lambda value: dict[str, value],  # type: ignore[valid-type]
            nullable=lambda inner: inner | None,
            schema=lambda _: dict[str, Any],
            enum=lambda name: Literal[values[name]] if values.get(name) else str,
        ),
    )
    limits = {
        _PYDANTIC.get(name, name): limit
        for name in CONSTRAINTS
        if (limit := getattr(constraints, name)) is not None
    }
    return TypeAdapter(Annotated[python, PydanticField(**limits)] if limits else python, config=_CONFIG)


_PYDANTIC = {"min_items": "min_length", "max_items": "max_length"}
