"""Constraints, defaults and examples against the types that they belong to."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, AnyUrl, ConfigDict, JsonValue, TypeAdapter, ValidationError
from pydantic import Field as PydanticField
from pydantic_core import PydanticCustomError, SchemaError

from framework.diagnostics import Diagnostics
from framework.resolve.scope import Scope
from framework.source import Spot, short
from framework.spec.base import Constrained
from framework.system import Constraints, Enum
from framework.types import (
    Algebra,
    DictType,
    EnumType,
    ListType,
    Scalar,
    ScalarType,
    SchemaType,
    SetType,
    Type,
    fold,
    references,
)

_INT64_MIN, _INT64_MAX = -(2**63), 2**63 - 1

_NUMBERS = frozenset({Scalar.INT, Scalar.FLOAT, Scalar.DECIMAL})
_TEXTS = frozenset({Scalar.STRING, Scalar.EMAIL, Scalar.BYTES})
_LIMITS = ("ge", "gt", "le", "lt", "multiple_of")
_LENGTHS = ("min_length", "max_length")
_COUNTS = ("min_items", "max_items")

_NAMES = (*_LIMITS, *_LENGTHS, "pattern", *_COUNTS)


def resolve_constraints(spec: Constrained, type_: Type, spot: Spot, diagnostics: Diagnostics) -> Constraints:
    """The constraints of a field or parameter, those that cannot hold told and left out."""
    given = {name: limit for name in _NAMES if (limit := getattr(spec, name)) is not None}
    fitting = {
        name: limit for name, limit in given.items() if _fits(name, limit, type_, spot / name, diagnostics)
    }
    constraints = Constraints(**fitting)
    _check_range(constraints, type_, spot, diagnostics)
    return constraints


def _fits(name: str, limit: Any, type_: Type, spot: Spot, diagnostics: Diagnostics) -> bool:
    if not _belongs(name, type_):
        hint = "a list counts its items: min_items, max_items" if isinstance(type_, ListType) else ""
        diagnostics.add("bad-constraint", spot.key, f"{name} does not fit {_described(type_)}", hint=hint)
        return False
    if name == "pattern":
        return _compiles(limit, spot, diagnostics)
    if name == "multiple_of" and limit <= 0:
        diagnostics.add("bad-constraint", spot.place, "multiple_of is greater than 0")
        return False
    if (type_ == ScalarType(Scalar.INT) or name in _LENGTHS + _COUNTS) and not _is_int64(limit):
        message = f"{name} is a whole number of 64 bits here, not {short(limit)}"
        diagnostics.add("bad-constraint", spot.place, message)
        return False
    return True


def _is_int64(limit: float) -> bool:
    return isinstance(limit, int) and _INT64_MIN <= limit <= _INT64_MAX


def _belongs(name: str, type_: Type) -> bool:
    scalar = type_.scalar if isinstance(type_, ScalarType) else None
    if name in _LIMITS:
        return scalar in _NUMBERS
    if name in _LENGTHS:
        return scalar in _TEXTS
    if name in _COUNTS:
        return isinstance(type_, ListType | SetType | DictType)
    return scalar is Scalar.STRING


def _compiles(pattern: str, spot: Spot, diagnostics: Diagnostics) -> bool:
    try:
        # The engine that will validate: it is Rust's, which knows no look-around and no back-references.
        TypeAdapter(Annotated[str, PydanticField(pattern=pattern)])
    except SchemaError as error:
        reason = str(error).strip().splitlines()[-1].strip().removeprefix("error: ")
        diagnostics.add("bad-pattern", spot.place, f"the pattern does not compile: {reason}")
        return False
    return True


def _check_range(limits: Constraints, type_: Type, spot: Spot, diagnostics: Diagnostics) -> None:
    is_whole = type_ == ScalarType(Scalar.INT)
    step = 1 if is_whole else 0
    lower = [("ge", limits.ge, 0), ("gt", limits.gt, step)]
    upper = [("le", limits.le, 0), ("lt", limits.lt, -step)]
    lower += [("min_length", limits.min_length, 0), ("min_items", limits.min_items, 0)]
    upper += [("max_length", limits.max_length, 0), ("max_items", limits.max_items, 0)]
    for low_name, low, low_step in lower:
        for high_name, high, high_step in upper:
            if low is None or high is None:
                continue
            is_open = not is_whole and (low_name == "gt" or high_name == "lt")
            least, most = low + low_step, high + high_step
            if least > most or (is_open and least == most):
                message = f"no value satisfies both {low_name}: {low} and {high_name}: {high}"
                diagnostics.add(
                    "empty-range", (spot / high_name).place, message, related=(spot / low_name).place
                )


@dataclass(frozen=True, slots=True)
class Slot:
    """What a value is put into: a field or a parameter."""

    type: Type
    nullable: bool
    constraints: Constraints


def check_default(default: JsonValue, slot: Slot, spot: Spot, scope: Scope) -> None:
    """Tell what is wrong with a default."""
    if not _is_literal(slot.type) and default is not None:
        message = "a default of this type is not supported yet"
        scope.diagnostics.add("not-supported", spot.key, message, hint="remove it, or allow null instead")
    else:
        _check("bad-default", default, slot, spot, scope)


def check_example(example: JsonValue, slot: Slot, spot: Spot, scope: Scope) -> None:
    """Tell what is wrong with an example."""
    _check("bad-example", example, slot, spot, scope)


def _check(code: str, value: JsonValue, slot: Slot, spot: Spot, scope: Scope) -> None:
    if value is None and slot.nullable:
        return
    enums = tuple(scope.enums[name] for name in sorted(references(slot.type)) if name in scope.enums)
    try:
        _adapter(slot.type, slot.constraints, enums).validate_json(json.dumps(value))
    except ValidationError as error:
        reason = error.errors(include_url=False)[0]["msg"]
        message = f"{short(value)} is not possible here: {reason[:1].lower()}{reason[1:]}"
        scope.diagnostics.add(code, spot.place, message)


_WRITTEN = frozenset({Scalar.INT, Scalar.FLOAT, Scalar.BOOL, Scalar.STRING, Scalar.EMAIL, Scalar.JSON})


def _is_literal(type_: Type) -> bool:
    """Whether a default of this type can stand in generated code as it stands in the spec."""
    match type_:
        case ScalarType(scalar):
            return scalar in _WRITTEN
        case EnumType() | ListType(EnumType()):
            return True
        case ListType(ScalarType(scalar)) | DictType(ScalarType(scalar)):
            return scalar in _WRITTEN
        case _:
            return False


_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z")


def _require_address(text: str) -> str:
    # The library behind EmailStr takes longer to import than most specs to compile.
    if not _ADDRESS.match(text):
        raise PydanticCustomError("email", "value is not an email address")
    return text


_RUNTIME: Mapping[Scalar, Any] = {
    Scalar.INT: Annotated[int, PydanticField(ge=_INT64_MIN, le=_INT64_MAX)],
    Scalar.FLOAT: float,
    Scalar.DECIMAL: Decimal,
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
        for name in _NAMES
        if (limit := getattr(constraints, name)) is not None
    }
    return TypeAdapter(Annotated[python, PydanticField(**limits)] if limits else python, config=_CONFIG)


_PYDANTIC = {"min_items": "min_length", "max_items": "max_length"}


def _described(type_: Type) -> str:
    match type_:
        case ScalarType(scalar):
            return f"the type {scalar.value}"
        case EnumType():
            return "an enum"
        case SchemaType():
            return "a model"
        case _:
            return "a list, set or dict"
