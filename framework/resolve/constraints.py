"""Constraints against the types that they belong to, and against each other."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING, Any

from framework.diagnostics import Diagnostics
from framework.resolve import patterns
from framework.source import Spot, short
from framework.system import NO_LIMITS, Constraints
from framework.types import DictType, EnumType, ListType, Scalar, ScalarType, SchemaType, SetType, Type

if TYPE_CHECKING:
    from framework.spec.base import Constrained

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1
"""What an `int` can be."""

DECIMAL_DIGITS = 15
"""How many digits a `decimal` can have."""

_NUMBERS = frozenset({Scalar.INT, Scalar.FLOAT, Scalar.DECIMAL})
_TEXTS = frozenset({Scalar.STRING, Scalar.EMAIL, Scalar.BYTES})
_LIMITS = ("ge", "gt", "le", "lt", "multiple_of")
_LENGTHS = ("min_length", "max_length")
_COUNTS = ("min_items", "max_items")
_LOWER = ("ge", "gt", "min_length", "min_items")
_UPPER = ("le", "lt", "max_length", "max_items")

CONSTRAINTS = (*_LIMITS, *_LENGTHS, "pattern", *_COUNTS)
"""The keys of a field or parameter that limit its values."""

_CONSTRAINTS = frozenset(CONSTRAINTS)


def resolve_constraints(spec: Constrained, type_: Type, spot: Spot, diagnostics: Diagnostics) -> Constraints:
    """The constraints of a field or parameter, those that cannot hold told and left out."""
    given = spec.model_fields_set
    # Most fields have none.
    if _CONSTRAINTS.isdisjoint(given):
        return NO_LIMITS
    limits = {
        name: limit
        for name in CONSTRAINTS
        if name in given
        and (limit := getattr(spec, name)) is not None
        and _fits(name, limit, type_, spot, diagnostics)
    }
    if limits:
        _check_range(limits, type_, spot, diagnostics)
    return Constraints(**limits)


def missing_limits(given: Constraints, wanted: Constraints) -> dict[str, int | float | str]:
    """The constraints of `wanted` that a value within `given` may break, by name."""
    if wanted == NO_LIMITS:
        return {}
    limits = wanted._asdict()
    return {
        name: limit for name, limit in limits.items() if not (limit is None or _holds(name, limit, given))
    }


def _holds(name: str, limit: Any, given: Constraints) -> bool:
    """Whether every value within `given` keeps to one limit."""
    own = getattr(given, name)
    if own == limit:
        return True
    strict = {"ge": given.gt, "le": given.lt, "gt": given.ge, "lt": given.le}.get(name)
    if name in _LOWER:
        is_past = strict is not None and (strict > limit or (strict == limit and name == "ge"))
        return is_past or (own is not None and own > limit)
    if name in _UPPER:
        is_past = strict is not None and (strict < limit or (strict == limit and name == "le"))
        return is_past or (own is not None and own < limit)
    return False


_ALIKE = (("ge", "gt", "min_length", "min_items"), ("le", "lt", "max_length", "max_items"))
"""Constraints that mean the same of values of different types."""


def _instead(name: str, type_: Type, scalar: Scalar | None) -> str:
    """The constraint that was probably meant, as a hint; empty if there is none."""
    alike = (other for row in _ALIKE if name in row for other in row)
    fitting = next((other for other in alike if _belongs(other, type_, scalar)), None)
    return f"write {fitting}" if fitting else ""


def _fits(name: str, limit: Any, type_: Type, holder: Spot, diagnostics: Diagnostics) -> bool:
    scalar = type_.scalar if isinstance(type_, ScalarType) else None
    if not _belongs(name, type_, scalar):
        hint = _instead(name, type_, scalar)
        message = f"{name} does not fit {_described(type_)}"
        diagnostics.add("bad-constraint", (holder / name).key, message, hint=hint)
        return False
    if name == "pattern":
        return _compiles(limit, holder / name, diagnostics)
    if name == "multiple_of" and limit <= 0:
        diagnostics.add("bad-constraint", (holder / name).place, "multiple_of is greater than 0")
        return False
    if (scalar is Scalar.INT or name not in _LIMITS) and not _is_int64(limit):
        message = f"{name} is a whole number of 64 bits here, not {short(limit)}"
        diagnostics.add("bad-constraint", (holder / name).place, message)
        return False
    if scalar is Scalar.DECIMAL and _digits(limit) > DECIMAL_DIGITS:
        message = f"a decimal has at most {DECIMAL_DIGITS} digits, and so has {name}, not {short(limit)}"
        diagnostics.add("bad-constraint", (holder / name).place, message)
        return False
    return True


def _digits(limit: float) -> int:
    """How many digits it takes to write a number, zeros beside the point included."""
    number = Decimal(str(limit)).normalize().as_tuple()
    exponent = int(number.exponent)
    return len(number.digits) + exponent if exponent > 0 else max(len(number.digits), -exponent)


def _is_int64(limit: float) -> bool:
    return isinstance(limit, int) and INT64_MIN <= limit <= INT64_MAX


def _belongs(name: str, type_: Type, scalar: Scalar | None) -> bool:
    if name in _LIMITS:
        return scalar in _NUMBERS
    if name in _LENGTHS:
        return scalar in _TEXTS
    if name in _COUNTS:
        return isinstance(type_, ListType | SetType | DictType)
    return scalar is Scalar.STRING


def _compiles(pattern: str, spot: Spot, diagnostics: Diagnostics) -> bool:
    if (reason := patterns.problem(pattern)) is None:
        return True
    diagnostics.add("bad-pattern", spot.place, f"the pattern does not compile: {reason}")
    return False


def _check_range(limits: Mapping[str, Any], type_: Type, spot: Spot, diagnostics: Diagnostics) -> None:
    is_whole = type_ == ScalarType(Scalar.INT)
    lower = [name for name in _LOWER if name in limits]
    upper = [name for name in _UPPER if name in limits]
    for low, high in product(lower, upper):
        least = limits[low] + (1 if is_whole and low == "gt" else 0)
        most = limits[high] - (1 if is_whole and high == "lt" else 0)
        is_open = not is_whole and (low == "gt" or high == "lt")
        if least > most or (is_open and least == most):
            message = f"no value satisfies both {low}: {limits[low]} and {high}: {limits[high]}"
            diagnostics.add("empty-range", (spot / high).place, message, related=(spot / low).place)
            return
    if is_whole:
        _check_whole_range(limits, spot, diagnostics)


def _check_whole_range(limits: Mapping[str, Any], spot: Spot, diagnostics: Diagnostics) -> None:
    """Tell of limits of an `int` between which none lies, since it has 64 bits or must be a multiple."""
    least = max(limits.get("ge", INT64_MIN), limits.get("gt", INT64_MIN - 1) + 1)
    most = min(limits.get("le", INT64_MAX), limits.get("lt", INT64_MAX + 1) - 1)
    step = limits.get("multiple_of", 1)
    if least > most:
        name = "gt" if least > INT64_MAX else "lt"
        diagnostics.add("empty-range", (spot / name).place, f"no whole number of 64 bits satisfies {name}")
    elif most < -(-least // step) * step:
        message = f"there is no multiple of {step} from {least} to {most}"
        diagnostics.add("empty-range", (spot / "multiple_of").place, message)


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
