"""Values that fit the types of the specs, for requests and events that nobody has written."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

from framework.system import NO_LIMITS, Constraints, Field, Param, System
from framework.types import (
    DictType,
    EnumType,
    ListType,
    NullableType,
    PageType,
    Scalar,
    ScalarType,
    SchemaType,
    SetType,
    Type,
)

_DEEPEST: Final = 4
"""From this depth on what may be left out is left out, so that models which contain themselves end."""
_OFTEN: Final = 0.8
"""How often an optional field is given."""
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyzéøж"
_BEGIN: Final = datetime(2020, 1, 1, tzinfo=UTC)


class NoSample(Exception):
    """No value can be thought of; the message says which field and why."""


class Samples:
    """Makes JSON values at random; equal generators make equal ones."""

    def __init__(self, system: System, random: Random) -> None:
        self._schemas = {schema.name: schema for schema in system.schemas}
        self._enums = {enum.name: [value for _, value in enum.members] for enum in system.enums}
        self._random = random

    def of(self, type_: Type) -> Any:
        """A value of a type, as JSON has it. Raises `NoSample`."""
        return self._value(type_, NO_LIMITS, 0)

    def of_param(self, param: Param) -> Any:
        """A value for a parameter. Raises `NoSample`."""
        if param.constraints.pattern is not None and param.has_default:
            return param.default
        value = self._value(param.type, param.constraints, 0)
        if not _fits(value, param.constraints):
            raise NoSample(f"the parameter {param.name} has a pattern and no default")
        return value

    def _object(self, name: str, depth: int) -> dict[str, Any]:
        fields = self._schemas[name].fields
        return {field.name: self._field(field, depth) for field in fields if self._is_given(field, depth)}

    def _is_given(self, field: Field, depth: int) -> bool:
        return field.required or (depth < _DEEPEST and self._random.random() < _OFTEN)

    def _field(self, field: Field, depth: int) -> Any:
        if field.constraints.pattern is not None and (field.examples or field.has_default):
            return self._random.choice(field.examples or (field.default,))
        if field.nullable and depth >= _DEEPEST:
            return None
        value = self._value(field.type, field.constraints, depth)
        if not _fits(value, field.constraints):
            raise NoSample(f"the field {field.name} has a pattern and no examples")
        return value

    def _value(self, type_: Type, limits: Constraints, depth: int) -> Any:
        match type_:
            case ScalarType(scalar):
                return _SCALARS[scalar](self._random, limits)
            case EnumType(name):
                return self._random.choice(self._enums[name])
            case SchemaType(name):
                return self._object(name, depth + 1)
            case NullableType(inner):
                return None if depth >= _DEEPEST else self._value(inner, limits, depth)
            case DictType(value):
                keys = [_string(self._random, NO_LIMITS) for _ in range(self._count(limits, depth))]
                return {key: self._value(value, limits, depth) for key in keys}
            case SetType(item):
                values = [self._value(item, limits, depth) for _ in range(self._count(limits, depth))]
                return list({json.dumps(value, sort_keys=True): value for value in values}.values())
            case PageType(item):
                return {"items": self._value(ListType(item), limits, depth), "next_cursor": None}
            case ListType(item):
                return [self._value(item, limits, depth) for _ in range(self._count(limits, depth))]

    def _count(self, limits: Constraints, depth: int) -> int:
        least = limits.min_items or 0
        wanted = least if depth >= _DEEPEST else max(least, self._random.randint(1, 3))
        return wanted if limits.max_items is None else min(wanted, limits.max_items)


def _fits(value: Any, limits: Constraints) -> bool:
    """Whether a value happens to have the pattern that it should."""
    return limits.pattern is None or (isinstance(value, str) and bool(re.search(limits.pattern, value)))


def _integer(random: Random, limits: Constraints) -> int:
    low = _whole(limits.ge, limits.gt, +1, 1)
    high = _whole(limits.le, limits.lt, -1, max(low, 0) + 2**31 - 2)
    low = min(low, high)
    step = int(limits.multiple_of or 1)
    return random.randint(-(-low // step), high // step) * step


def _whole(inclusive: float | None, exclusive: float | None, inward: int, otherwise: int) -> int:
    if inclusive is not None:
        return int(inclusive)
    return otherwise if exclusive is None else int(exclusive) + inward


def _number(random: Random, limits: Constraints) -> float:
    low = next((float(limit) for limit in (limits.ge, limits.gt) if limit is not None), 0.0)
    high = next((float(limit) for limit in (limits.le, limits.lt) if limit is not None), low + 1000)
    low = min(low, high)
    if limits.multiple_of:
        return round(random.uniform(low, high) / limits.multiple_of) * limits.multiple_of
    return round(low + (high - low) * random.uniform(0.01, 0.99), 2)


def _decimal(random: Random, limits: Constraints) -> str:
    return f"{_number(random, limits):.2f}"


def _string(random: Random, limits: Constraints) -> str:
    length = max(limits.min_length or 0, 12)
    if limits.max_length is not None:
        length = min(length, limits.max_length)
    return "".join(random.choices(_LETTERS, k=length))


def _bytes(random: Random, limits: Constraints) -> str:
    return base64.urlsafe_b64encode(_string(random, limits).encode()[: limits.max_length]).decode()


def _moment(random: Random) -> datetime:
    return _BEGIN + timedelta(seconds=random.randrange(10**8))


def _day(random: Random, _: Constraints) -> str:
    return (date(2020, 1, 1) + timedelta(days=random.randrange(2000))).isoformat()


def _address(random: Random, _: Constraints) -> str:
    return "".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=14))


_SCALARS: Final[Mapping[Scalar, Callable[[Random, Constraints], Any]]] = {
    Scalar.INT: _integer,
    Scalar.FLOAT: _number,
    Scalar.DECIMAL: _decimal,
    Scalar.BOOL: lambda random, _: random.random() < 0.5,
    Scalar.STRING: _string,
    Scalar.BYTES: _bytes,
    Scalar.DATE: _day,
    Scalar.TIME: lambda random, _: f"{_moment(random):%H:%M:%S}",
    Scalar.DATETIME: lambda random, _: f"{_moment(random):%Y-%m-%dT%H:%M:%SZ}",
    Scalar.DURATION: lambda random, _: f"PT{random.randint(1, 59)}M",
    Scalar.UUID: lambda random, _: str(UUID(int=random.getrandbits(128), version=4)),
    Scalar.EMAIL: lambda random, limits: f"{_address(random, limits)}@example.org",
    Scalar.URL: lambda random, limits: f"https://example.org/{_address(random, limits)}",
    Scalar.JSON: lambda random, limits: {"value": _string(random, NO_LIMITS), "number": random.randint(0, 9)},
}
