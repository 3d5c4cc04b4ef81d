"""Constraints against the types that they belong to, and against each other."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pydantic_core import SchemaError, SchemaValidator, core_schema

from framework.diagnostics import Diagnostics
from framework.source import Spot, short
from framework.spec.base import Constrained
from framework.system import NO_LIMITS, Constraints
from framework.types import DictType, EnumType, ListType, Scalar, ScalarType, SchemaType, SetType, Type

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1
"""What an `int` can be."""

DECIMAL_DIGITS = 15
"""How many digits a `decimal` can have."""

_NUMBERS = frozenset({Scalar.INT, Scalar.FLOAT, Scalar.DECIMAL})
_TEXTS = frozenset({Scalar.STRING, Scalar.EMAIL, Scalar.BYTES})
_LIMITS = ("ge", "gt", "le", "lt", "multiple_of")
_LENGTHS = ("min_length", "max_length")
_COUNTS = ("min_items", "max_items")

CONSTRAINTS = (*_LIMITS, *_LENGTHS, "pattern", *_COUNTS)
"""The keys of a field or parameter that limit its values."""


def resolve_constraints(spec: Constrained, type_: Type, spot: Spot, diagnostics: Diagnostics) -> Constraints:
    """The constraints of a field or parameter, those that cannot hold told and left out."""
    is_set = spec.model_fields_set
    given = {
        name: limit for name in CONSTRAINTS if name in is_set and (limit := getattr(spec, name)) is not None
    }
    if not given:
        return NO_LIMITS
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
    if type_ == ScalarType(Scalar.DECIMAL) and _digits(limit) > DECIMAL_DIGITS:
        message = f"a decimal has at most {DECIMAL_DIGITS} digits, and so has {name}, not {short(limit)}"
        diagnostics.add("bad-constraint", spot.place, message)
        return False
    return True


def _digits(limit: float) -> int:
    """How many digits it takes to write a number, zeros beside the point included."""
    number = Decimal(str(limit)).normalize().as_tuple()
    exponent = int(number.exponent)
    return len(number.digits) + exponent if exponent > 0 else max(len(number.digits), -exponent)


def _is_int64(limit: float) -> bool:
    return isinstance(limit, int) and INT64_MIN <= limit <= INT64_MAX


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
        SchemaValidator(core_schema.str_schema(pattern=pattern))
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
